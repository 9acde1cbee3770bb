"""The hub's regular work: backups, which move the mark up to which nodes may forget (design D1c)."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub.models import Epoch, Held, JobRun
from hub.outgoing import Outgoing
from sync.clock import Clock
from sync.identifiers import Lane
from sync.link.ranges import RangeSet
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

BACKUP_FOLDER = "backups"
KEPT_BACKUPS = 7
DAY_S = 86_400
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
        self._writer.run(lambda: JobRun.insert(row).on_conflict_replace().execute(self._db))

    def all(self) -> list[Job]:
        """Return the jobs."""
        return [Job("backup", DAY_S, self.nightly_backup)]

    def nightly_backup(self) -> None:
        """Write today's copy beside the database and drop the oldest.

        It helps against mistakes, not against the loss of the disk: villages keep what it holds.
        """
        folder = self._folder / BACKUP_FOLDER
        folder.mkdir(mode=0o700, exist_ok=True)
        day = datetime.fromtimestamp(self._clock.wall_s(), UTC).strftime("%Y%m%d")
        self.copy(folder / f"hub-{day}.sqlite3")
        for old in sorted(folder.glob("hub-*.sqlite3"))[:-KEPT_BACKUPS]:
            old.unlink()

    def backup(self, file: Path) -> int:
        """Copy the database and tell nodes what is in the copy: they may forget it.

        Only for a copy that outlives this disk. Returns how many marks went out. Raises BackupFailed.
        """
        self.copy(file)
        marks = self._mark(file)
        self.set_job_ran(OFF_SITE, int(self._clock.wall_s()))
        return marks

    def copy(self, file: Path) -> None:
        """Copy the database into `file`, whole or not at all; raise BackupFailed."""
        partial = file.with_name(file.name + ".part")
        connect(self._db)
        try:
            partial.unlink(missing_ok=True)
            partial.touch(0o600, exist_ok=False)  # SQLite fills an empty file; opened reports are in it
            self._db.execute_sql("VACUUM INTO ?", (str(partial),))
            descriptor = os.open(partial, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            partial.replace(file)
        except Exception as error:  # sqlite3, peewee or the disk: nothing may count as backed up
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise BackupFailed(
                f"no backup was written ({type(error).__name__}): is there such a folder, may this user "
                "write there, and is there room?"
            ) from error
        self.set_job_ran(WRITTEN, int(self._clock.wall_s()))

    def _mark(self, file: Path) -> int:
        # What the copy holds counts, read from the copy: the live database may have grown meanwhile.
        copy = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
        try:
            rows = copy.execute(  # S608: the names are our own models', nothing from outside
                f'SELECT h.epoch, h.lane, h.settled, e.node FROM "{Held._meta.table_name}" h '  # noqa: S608
                f'JOIN "{Epoch._meta.table_name}" e ON e.id = h.epoch'
            ).fetchall()
        finally:
            copy.close()
        marks = 0
        for epoch, lane, settled, node_number in rows:
            base = RangeSet.from_bytes(bytes(settled)).first_missing()
            marks += self._outgoing.queue_backup_mark(bytes(epoch), Lane(lane), base, node_number)
        return marks
