"""The hub's regular work: backups, which move the mark up to which nodes may forget (design D1c)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.models import Epoch, Held, JobRun
from hub.outgoing import Outgoing
from hub.retention.key_copies import KEYS_FILE, LEFT_OUT, keys_file_of, write_keys
from hub.storage.copies import CopyFailed, copy_store, ending
from hub.storage.statements import put
from sync.clock import Clock
from sync.identifiers import Lane
from sync.link.ranges import RangeSet
from sync.scheduling import JUMP_S, Job, is_due
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

BACKUP_FOLDER = "backups"
KEPT_BACKUPS = 7
DAY_S = 86_400
BACKUP_WITHIN_S = DAY_S // 4
"""A backup that took longer is begun again by whoever comes first."""
OFF_SITE = "off-site-backup"
"""Name under which the last copy that outlives this disk is kept."""
WRITTEN = "backup-written"
"""The row that tells when a backup was last written: that the job ran does not say that it went well."""


class BackupFailed(Exception):
    """No backup was made; the text says why."""


class HubJobs:
    """Backups and the memory of when jobs ran (`sync.scheduling.JobMemory`)."""

    def __init__(
        self, *, folder: Path, database: Any, writer: GroupCommitWriter, outgoing: Outgoing, clock: Clock
    ) -> None:
        self._folder = folder
        self._db = database
        self._writer = writer
        self._outgoing = outgoing
        self._clock = clock

    def job_ran_at(self, name: str) -> int | None:
        """Return when a job ran last, Unix seconds."""
        connect(self._db)
        row = JobRun.select().where(JobRun.name == name).first(self._db)
        return None if row is None else int(row.wall_s)

    def set_job_ran(self, name: str, wall_s: int) -> None:
        """Keep when a job ran."""
        row = {"name": name, "wall_s": wall_s}
        self._writer.run(lambda: put(JobRun, row).execute(self._db))

    def claim_job(self, job: Job, now_s: float) -> bool:
        """Keep that a job runs now, if it is due; return whether it was. The writer's transaction makes one
        step of it for all processes of the hub. A claim that outlived its end is of a process that died.
        """

        def claim() -> bool:
            row = JobRun.select().where(JobRun.name == job.name).first(self._db)
            if row is not None and row.claimed_until is not None:
                # One that ends later than any could comes from a clock that was wrong.
                free = not now_s < row.claimed_until <= now_s + job.longest_s + JUMP_S
            else:
                free = is_due(job, None if row is None else row.wall_s, now_s)
            if free:
                until = now_s + job.longest_s
                put(JobRun, {"name": job.name, "wall_s": int(now_s), "claimed_until": until}).execute(
                    self._db
                )
            return free

        return self._writer.run(claim)

    def end_job(self, job: Job, claimed_s: float) -> None:
        """Give a claim back; not another's, that began when this one had outlived its end."""
        mine = (JobRun.name == job.name) & (JobRun.wall_s == int(claimed_s))
        self._writer.run(lambda: JobRun.update(claimed_until=None).where(mine).execute(self._db))

    def all(self) -> list[Job]:
        """Return the jobs."""
        return [Job("backup", DAY_S, self.nightly_backup, longest_s=BACKUP_WITHIN_S)]

    def nightly_backup(self) -> None:
        """Write today's copy beside the database and drop the oldest.

        It helps against mistakes, not against the loss of the disk: villages keep what it holds.
        """
        folder = self._folder / BACKUP_FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        day = datetime.fromtimestamp(self._clock.wall_s(), UTC).strftime("%Y%m%d")
        end = ending(self._db)
        # Seven copies and one file of keys: what is forgotten tonight cannot be read in any of them tomorrow.
        self.copy(folder / f"hub-{day}{end}", keys=folder / KEYS_FILE)
        for old in sorted(folder.glob(f"hub-*{end}"))[:-KEPT_BACKUPS]:
            old.unlink()

    def backup(self, file: Path, *, keys: Path | None = None) -> int:
        """Copy the database and tell nodes what is in the copy: they may forget it.

        Only for a copy that outlives this disk, its keys with it (see `copy`). Returns how many marks went
        out. Raises BackupFailed.
        """
        # What was held before the copy began is in it: counters only come to what is held.
        held, begun_s = self._held(), int(self._clock.wall_s())
        self.copy(file, keys=keys)
        marks = sum(self._outgoing.queue_backup_mark(*place) for place in held)
        self.set_job_ran(OFF_SITE, begun_s)  # what came meanwhile may not be in it
        return marks

    def copy(self, file: Path, *, keys: Path | None = None) -> None:
        """Copy the database into `file`, whole or not at all, and its keys into `keys`; raise BackupFailed.

        By default keys go beside it. Older copies are opened by the newest keys: delete the older keys.
        """
        try:
            copy_store(self._db, file, LEFT_OUT)
            write_keys(self._db, keys or keys_file_of(file))
        except CopyFailed as error:
            raise BackupFailed(str(error)) from error
        self.set_job_ran(WRITTEN, int(self._clock.wall_s()))

    def _held(self) -> list[tuple[bytes, Lane, int, int]]:
        """Return (epoch, lane, first counter that is missing, node) of all lanes."""
        connect(self._db)
        rows = (
            Held.select(Held.epoch, Held.lane, Held.settled, Epoch.node)
            .join(Epoch, on=(Epoch.id == Held.epoch))
            .where(Epoch.tag >= 0)  # what came by a door is in no box that could forget it
            .tuples()
            .execute(self._db)
        )
        return [
            (bytes(epoch), Lane(lane), RangeSet.from_bytes(bytes(settled)).first_missing(), int(node))
            for epoch, lane, settled, node in rows
        ]
