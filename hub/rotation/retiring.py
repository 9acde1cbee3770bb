"""What must happen before the sealing key that is being retired may go, village by village."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import peewee

from hub.audit.log import AuditLog
from hub.jobs import OFF_SITE, HubJobs
from hub.keyring import Keyring
from hub.models import Down, Envelope, Epoch, Held, Node
from hub.outgoing import SETTING
from hub.retention.contents import ReportContents
from hub.rotation.keys import KnownKeys
from hub.rotation.models import LateEpoch, NodeHubKey
from hub.rotation.originals import Originals
from hub.services import COMMAND_LINE
from sync.clock import Clock
from sync.errors import SyncError
from sync.identifiers import Lane
from sync.link.ranges import RangeSet
from sync.scheduling import Job
from sync.sealing.derivation import spoken_fingerprint
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

KEEP_EVERY_S: Final = 86_400
_KEPT = "message-keys-kept"
"""Row of `JobRun`: when message keys were last added to those that are kept."""


class KeyStays(SyncError):
    """The old key cannot be destroyed yet; the text says what has to happen."""


@dataclass(frozen=True)
class NodeKey:
    """Where one node stands. `waits_for` is None when nothing of it needs the old key any more."""

    node: int
    village: str
    village_name: str
    last_heard_at: float | None
    waits_for: str | None


@dataclass(frozen=True)
class RotationStatus:
    """What the rotation waits for. Without a key that is being retired there is no `old`."""

    newest: str
    """Fingerprint of the key for which villages are to seal."""
    old: str | None
    nodes: tuple[NodeKey, ...] = ()
    before: tuple[str, ...] = ()
    """What else has to happen before the old key may go."""
    late: dict[int, int] = field(default_factory=dict)
    """Envelopes of a node that are sealed for a key that is destroyed, and are not here."""
    unopened: int = 0
    """Reports and pieces for the old key that do not open: once it is gone, nothing opens them any more."""

    @property
    def obstacles(self) -> list[str]:
        """Return all that must happen before the old key may go, in words."""
        waiting = [f"{n.village_name} (node {n.node}): {n.waits_for}" for n in self.nodes if n.waits_for]
        return [*waiting, *self.before]

    @property
    def next_step(self) -> str:
        """Return what to do now."""
        if self.old is None:
            return "nothing: one key is in use"
        if any(node.waits_for for node in self.nodes):
            return "wait for the villages, or send a courier; of a lost box: kentongan hub key lost DIR NODE"
        if self.before:
            return self.before[0]
        step = "stop the hub, then kentongan hub key retire DIR SHARES.pdf"
        if self.unopened:
            lost = f"{self.unopened} reports and pieces do not open, and never will once the old key is gone"
            return f"{lost}: if a file of their keys is left, restore with it; else {step}"
        return step

    def to_json(self) -> dict[str, Any]:
        """Return it as it is printed."""
        return {
            "fingerprint": self.newest,
            "retiring": self.old,
            "nodes": [vars(node) for node in self.nodes],
            "before_it_may_go": list(self.before),
            "sealed_for_a_destroyed_key": {str(node): count for node, count in self.late.items()},
            "does_not_open": self.unopened,
            "next": self.next_step,
        }


class Rotation:
    """Looks after it. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        keyring: Keyring,
        contents: ReportContents,
        keys: KnownKeys,
        jobs: HubJobs,
        audit: AuditLog,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._keyring = keyring
        self._keys = keys
        self._jobs = jobs
        self._audit = audit
        self._contents = contents
        self.originals = Originals(database, keyring, contents)

    def jobs(self) -> list[Job]:
        """Return the daily keeping of message keys: with many reports it takes long."""
        return [Job("message-keys", KEEP_EVERY_S, self._turn, longest_s=KEEP_EVERY_S // 2)]

    def _turn(self) -> None:
        self.keep_message_keys()

    def keep_message_keys(self, wanted: Callable[[], bool] = lambda: True) -> int:
        """Keep the message keys of what is sealed for the old key; return how many were kept now."""
        if self._keyring.newest == self._keyring.oldest:
            return 0
        kept = self.originals.keep(self._writer, self._keyring.oldest, wanted)
        if kept:
            self._jobs.set_job_ran(_KEPT, int(self._clock.wall_s()))
        return kept

    def status(self) -> RotationStatus:
        """Return what the rotation waits for."""
        publics = {bytes(row.id): bytes(row.public) for row in self._keys.rows()}
        newest, old = self._keyring.newest, self._keyring.oldest
        late: dict[int, int] = {}
        for row in LateEpoch.select().order_by(LateEpoch.node).execute(self._db):
            late[int(row.node)] = late.get(int(row.node), 0) + int(row.envelopes)
        if newest == old:
            return RotationStatus(spoken_fingerprint(publics[newest]), None, late=late)
        return RotationStatus(
            spoken_fingerprint(publics[newest]),
            spoken_fingerprint(publics[old]),
            tuple(self._nodes(newest)),
            tuple(self._before(old)),
            late,
            self.originals.unopened(old),
        )

    def check(self) -> None:
        """Raise KeyStays, with all that has to happen first, unless the old key may go."""
        if self._keyring.newest == self._keyring.oldest:
            raise KeyStays("no key is being retired: see kentongan hub key rotate")
        if obstacles := self.status().obstacles:
            raise KeyStays("the old key stays: " + "; ".join(obstacles))
        if again := self.originals.open_again(self._keyring.oldest):
            raise KeyStays(
                f"the old key stays: {again} reports and pieces open that did not: kentongan hub key keep DIR"
            )

    def declare_lost(self, number: int, reason: str) -> None:
        """Count nothing any more of what a node says: its box is lost, and nobody waits for it."""
        connect(self._db)
        in_use = (Node.number == number) & ~Node.retired
        if not Node.select().where(in_use).exists(self._db):
            raise KeyStays(f"no node {number} is in use: see kentongan hub key status")

        def job() -> None:
            self._audit.note(COMMAND_LINE, "node declared lost", f"node {number}", reason)
            Node.update(retired=True).where(in_use).execute(self._db)

        self._writer.run(job)

    # -- villages ---------------------------------------------------------------------------------

    def _nodes(self, newest: bytes) -> list[NodeKey]:
        connect(self._db)
        told = {
            row.node: row for row in NodeHubKey.select().where(NodeHubKey.key == newest).execute(self._db)
        }
        missing = self._missing()
        setting = Down.select(Down.node).where((Down.what == SETTING) & ~Down.delivered).distinct()
        on_its_way = {int(row.node) for row in setting.execute(self._db)}
        return [
            NodeKey(
                int(node.number),
                node.village,
                node.village_name,
                node.last_heard_at,
                self._waits_for(node, told.get(node.number), newest, missing, on_its_way),
            )
            for node in Node.select().where(~Node.retired).order_by(Node.number).execute(self._db)
        ]

    def _waits_for(
        self, node: Any, row: Any, newest: bytes, missing: dict[int, int], on_its_way: set[int]
    ) -> str | None:
        number = int(node.number)
        if row is not None and row.enrolled:
            return None
        if node.static_public is None:
            return "enrolled with the old key, has never spoken"
        if node.hub_key is None or bytes(node.hub_key) != newest:
            if row is None or row.told_at is None:
                return "not told yet: the hub does that within ten minutes of serving"
            if number in on_its_way:
                return "the new key is on its way"
            return "has the new key and does not use it: update its program"
        if row is None or row.epoch is None:
            return "uses the new key, and has not told what it sealed before"
        lacking = self._lacking(row) + missing.get(number, 0)
        return f"{lacking} envelopes that it sealed have not come" if lacking else None

    def _lacking(self, row: Any) -> int:
        """Return how many of the envelopes that tell the ends of earlier epochs are not here."""
        lacking = 0
        for lane, end in ((Lane.REPORT, row.counter), (Lane.BULK, row.bulk)):
            held = Held.select().where((Held.epoch == row.epoch) & (Held.lane == int(lane))).first(self._db)
            settled = RangeSet() if held is None else RangeSet.from_bytes(bytes(held.settled))
            lacking += sum(counter not in settled for counter in range(int(end)))
        return lacking

    def _missing(self) -> dict[int, int]:
        """Return, by node, how many envelopes of ended epochs are not here."""
        nodes = dict(Epoch.select(Epoch.id, Epoch.node).tuples().execute(self._db))
        of_epoch = {bytes(epoch): int(node) for epoch, node in nodes.items()}
        missing: dict[int, int] = {}
        for row in Held.select().where(Held.committed.is_null(False)).execute(self._db):
            node = of_epoch.get(bytes(row.epoch), row.told_by)
            settled = RangeSet.from_bytes(bytes(row.settled))
            lacking = sum(counter not in settled for counter in RangeSet.from_bytes(bytes(row.committed)))
            if lacking and node is not None:
                missing[int(node)] = missing.get(int(node), 0) + lacking
        return missing

    # -- the hub itself ---------------------------------------------------------------------------

    def _before(self, old: bytes) -> list[str]:
        found = []
        if not self._keys.newest_is_here():
            found.append("this hub.key is an older copy: put the newest one in its place")
        if not self._contents.fits():
            found.append("put back the hub.key that belongs to this database: it opens no report of it")
        if lacking := self.originals.lacking(old):
            found.append(
                f"{lacking} reports and pieces are still to be made readable without the old key: "
                "kentongan hub key keep DIR, or wait a day"
            )
        elif self._backed_up_at() <= self._changed_at(old):
            found.append("back up to another disk what came last: kentongan hub backup DIR FILE --off-site")
        return found

    def _backed_up_at(self) -> float:
        return self._jobs.job_ran_at(OFF_SITE) or 0

    def _changed_at(self, old: bytes) -> float:
        """Return when the last came that was sealed for the old key, or a message key was kept."""
        connect(self._db)
        came = (
            Envelope.select(peewee.fn.MAX(Envelope.received_at))
            .join(Epoch, on=(Epoch.id == Envelope.epoch))
            .where(Epoch.hub_key == old)
            .scalar(self._db)
        )
        return max(float(came or 0), float(self._jobs.job_ran_at(_KEPT) or 0))
