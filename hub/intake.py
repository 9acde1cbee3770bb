"""Take envelopes once: open, check, store in one transaction; only what is committed is receipted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from hub.attachments import Attachments
from hub.follow_ups import FollowUps, report_id
from hub.keyring import Keyring
from hub.models import Envelope, Epoch, Held, Node, Report
from hub.taking_time import Between, start_from_claim
from hub.village_sessions import VillageSessions
from sync.errors import MalformedWire, SealBroken
from sync.identifiers import EnvelopeId, Lane
from sync.link.hearing import KnownEpoch
from sync.link.ranges import RangeSet
from sync.records import Report as RecordedReport
from sync.records import is_urgent_on
from sync.sealing.epoch import LAST_COUNTER
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.content_pieces import ContentHeld
from sync.wire.control_records import (
    FIRST_REPORT_BYTE,
    EpochClosed,
    Void,
    decode_up_control,
    split_age,
)
from sync.wire.followups import Addition, Withdrawal, decode_addition, decode_withdrawal
from sync.wire.notices import BulletinSeen
from sync.wire.numbers import UpRecord
from sync.wire.report_codec import decode_report


@dataclass(frozen=True)
class Offered:
    """One sealed envelope and the epochs that it may belong to."""

    candidates: Sequence[KnownEpoch]
    lane: Lane
    counter: int
    sealed: bytes


@dataclass(frozen=True)
class TakenIn:
    """An envelope that is committed now; `new` is false for a copy of one that was."""

    id: EnvelopeId
    epoch: KnownEpoch
    new: bool


class Intake:
    """Opens and stores. Threads may share it; the writer serialises what is stored."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        keyring: Keyring,
        attachments: Attachments,
        sessions: VillageSessions,
        follow_ups: FollowUps,
    ) -> None:
        self._db = database
        self._writer = writer
        self._keyring = keyring
        self._attachments = attachments
        self._sessions = sessions
        self._follow_ups = follow_ups
        self._reading = threading.Lock()
        self.on_told: Callable[[int, BulletinSeen | ContentHeld, float], None] = lambda node, record, at: None
        """Keeps what a node tells of itself, in the transaction of its envelope."""
        self.on_text: Callable[[str, float], None] = lambda report, at: None
        """Notes that a report came or grew, in the transaction of its envelope; the report may come later."""
        self.on_changed: Callable[[str], None] = lambda report_id: None
        """Told of the report to which something was added, in the transaction of the envelope."""
        self.on_added: Callable[[str, str, int, str, float], None] = lambda *addition: None
        """Told of an addition: its id, its report, the node, the text, when it came; in that transaction."""
        self.on_arrived: Callable[[str, int, RecordedReport, float], None] = lambda *report: None
        """Told of a new report, its node, what it says and when it came, in that transaction."""

    def take(self, offered: Sequence[Offered], *, via: str, at: float) -> list[TakenIn | None]:
        """Commit all that opens, in one transaction; None for what does not open under any candidate.

        Raises StorageError when nothing was committed.
        """
        opened = [self._open(envelope) for envelope in offered]
        if not any(opened):
            return [None] * len(offered)
        # A dense text takes long to read: here, and not in the writer, for which all others wait.
        opened = [o and replace(o, told=self._read(o)) for o in opened]

        def job() -> list[TakenIn | None]:
            return [None if o is None else self._store(o, via, at) for o in opened]

        results = self._writer.run(job)
        for result in results:
            if result is not None:
                self._keyring.proven(result.epoch)
        return results

    def _open(self, envelope: Offered) -> _Opened | None:
        for epoch in envelope.candidates:
            try:
                opened = epoch.opening.open(envelope.lane, envelope.counter, envelope.sealed)
            except SealBroken:
                continue
            return _Opened(
                epoch, EnvelopeId(epoch.id, envelope.lane, envelope.counter), envelope.sealed, opened.plain
            )
        return None

    def _read(self, opened: _Opened) -> RecordedReport | Addition | None:
        """Return the report or addition in an envelope that is new here; None for anything else.

        One at a time: it would be no faster otherwise, and the first loads the model for all.
        """
        connect(self._db)
        if self._is_stored(opened.id):
            return None
        try:
            _, record = split_age(opened.plain)
            if record[0] < FIRST_REPORT_BYTE and record[0] != UpRecord.ADDITION:
                return None
            with self._reading:
                return decode_addition(record) if record[0] == UpRecord.ADDITION else _decoded(record)
        except MalformedWire:
            return None

    def _store(self, opened: _Opened, via: str, at: float) -> TakenIn:
        place = opened.id
        if self._is_stored(place):
            return TakenIn(place, opened.epoch, False)  # a copy, or a replay: nothing was heard anew
        self._keep_epoch(opened.epoch, at)
        readable = self._apply(opened, via, at)
        Envelope.insert(
            epoch=place.epoch,
            lane=int(place.lane),
            counter=place.counter,
            sealed=opened.sealed,
            via=via,
            received_at=at,
            readable=readable,
        ).execute(self._db)
        settled = self._settled(place.epoch, place.lane)
        settled.add(place.counter)
        self._keep_settled(place.epoch, place.lane, settled)
        return TakenIn(place, opened.epoch, True)

    def _is_stored(self, place: EnvelopeId) -> bool:
        found: bool = (
            Envelope.select()
            .where(
                (Envelope.epoch == place.epoch)
                & (Envelope.lane == int(place.lane))
                & (Envelope.counter == place.counter)
            )
            .exists(self._db)
        )
        return found

    def _apply(self, opened: _Opened, via: str, at: float) -> bool:
        """Store what the record says; False when this version cannot read it (it is kept as it came)."""
        try:
            age_minutes, record = split_age(opened.plain)
            if record[0] == UpRecord.ATTACHMENT_PIECE:
                self._attachments.add(opened.id, record)
            elif record[0] == UpRecord.SESSION_SUMMARY:
                self._sessions.add(opened.epoch.node_number, record, via=via, at=at)
            elif record[0] == UpRecord.WITHDRAWAL:
                self._follow(opened, decode_withdrawal(record), age_minutes, via, at)
            elif isinstance(opened.told, Addition):
                self._follow(opened, opened.told, age_minutes, via, at)
            elif opened.told is not None:
                self._add_report(opened, age_minutes, opened.told, via, at)
                self.on_text(str(opened.id), at)
            elif record[0] >= FIRST_REPORT_BYTE or record[0] == UpRecord.ADDITION:
                return False
            else:
                self._control(opened, record, at)
        except MalformedWire:
            return False
        return True

    def _follow(
        self, opened: _Opened, record: Addition | Withdrawal, age_minutes: int, via: str, at: float
    ) -> None:
        self._follow_ups.add(opened.id, opened.epoch.node_number, record, age_minutes, via, at)
        if isinstance(record, Addition):
            told = report_id(opened.id, record.report)
            self.on_added(str(opened.id), told, opened.epoch.node_number, record.text, at)
            self.on_text(told, at)
        self.on_changed(report_id(opened.id, record.report))

    def _add_report(
        self, opened: _Opened, age_minutes: int, report: RecordedReport, via: str, at: float
    ) -> None:
        urgent = is_urgent_on(report, datetime.fromtimestamp(at, UTC).date())
        Report.insert(
            id=str(opened.id),
            epoch=opened.id.epoch,
            counter=opened.id.counter,
            node=opened.epoch.node_number,
            urgent_unread=urgent or self._follow_ups.has_urgent(str(opened.id), opened.epoch.node_number),
            kind=report.kind,
            body=json.dumps(report.to_json(), ensure_ascii=False),
            age_minutes=age_minutes,
            via=via,
            received_at=at,
        ).execute(self._db)
        self.on_arrived(str(opened.id), opened.epoch.node_number, report, at)

    def _control(self, opened: _Opened, record: bytes, at: float) -> None:
        control = decode_up_control(record)
        if isinstance(control, Void):
            place = opened.id
            settled = self._settled(place.epoch, place.lane)
            settled.update(RangeSet.from_bytes(control.counters))
            self._keep_settled(place.epoch, place.lane, settled)
        elif isinstance(control, EpochClosed):
            self._close_epoch(opened.epoch.node_number, control)
        else:
            self.on_told(opened.epoch.node_number, control, at)

    def _close_epoch(self, node_number: int, closed: EpochClosed) -> None:
        row = Epoch.select().where(Epoch.id == closed.epoch).first(self._db)
        if row is not None and row.node != node_number:
            return  # only the node itself can end its epochs
        committed = RangeSet.from_bytes(closed.committed)
        if committed.last() > LAST_COUNTER:
            raise MalformedWire("an epoch has no such counters")
        settled = self._settled(closed.epoch, closed.lane)
        if row is not None:
            # What lies between was given out and never committed: it is void, and nobody waits for it.
            settled.update(_gaps(committed))
        # A card restored from backup may say less than what is here: what is here stays.
        committed.update(settled)
        self._keep_settled(closed.epoch, closed.lane, settled, committed)

    # -- what is held -----------------------------------------------------------------------------

    def _settled(self, epoch: bytes, lane: Lane) -> RangeSet:
        row = Held.select().where((Held.epoch == epoch) & (Held.lane == int(lane))).first(self._db)
        return RangeSet() if row is None else RangeSet.from_bytes(bytes(row.settled))

    def _keep_settled(
        self, epoch: bytes, lane: Lane, settled: RangeSet, committed: RangeSet | None = None
    ) -> None:
        row: dict[str, object] = {"epoch": epoch, "lane": int(lane), "settled": settled.to_bytes()}
        changes: dict[Any, object] = {Held.settled: row["settled"]}
        if committed is not None:
            row["committed"] = changes[Held.committed] = committed.to_bytes()
        Held.insert(row).on_conflict(conflict_target=[Held.epoch, Held.lane], update=changes).execute(
            self._db
        )

    def held(self, epoch: bytes, lane: Lane = Lane.REPORT) -> RangeSet:
        """Return the committed counters of a lane."""
        connect(self._db)
        return self._settled(epoch, lane)

    def was_asked(self, epoch: KnownEpoch, lane: Lane, at: float) -> None:
        """A node asks what is held of a lane: it reads lane receipts, so couriers bring them from now on."""

        def job() -> None:
            self._keep_epoch(epoch, at)
            row = {"epoch": epoch.id, "lane": int(lane), "settled": b""}
            Held.insert(row).on_conflict_ignore().execute(self._db)

        connect(self._db)
        if lane not in self.lanes_to_tell(epoch.id):
            self._writer.run(job)

    def lanes_to_tell(self, epoch: bytes) -> list[Lane]:
        """Return the lanes beside that of the reports of which something came or was asked."""
        connect(self._db)
        rows = Held.select(Held.lane).where((Held.epoch == epoch) & (Held.lane != int(Lane.REPORT)))
        return [Lane(row.lane) for row in rows.execute(self._db)]

    # -- epochs and claims ------------------------------------------------------------------------

    def _keep_epoch(self, epoch: KnownEpoch, at: float) -> None:
        node = self._keyring.node(epoch.node_number)
        enrolled_at = 0.0 if node is None else float(node.enrolled_at)
        Epoch.insert(
            id=epoch.id,
            node=epoch.node_number,
            enc=epoch.opening.enc,
            tag=epoch.id[0],
            start_earliest=enrolled_at,
            start_latest=max(at, enrolled_at),
            heard_at=at,
        ).on_conflict(conflict_target=[Epoch.id], update={Epoch.heard_at: at}).execute(self._db)

    def claim(self, epoch: KnownEpoch, age_s: int, *, via: str, at: float) -> None:
        """Take an authenticated claim of an epoch's age; narrows when its reports were taken."""

        def job() -> None:
            self._keep_epoch(epoch, at)
            Node.update(last_heard_at=int(at)).where(Node.number == epoch.node_number).execute(self._db)
            if age_s == 0:
                return  # an earlier start of the node does not know its age any more
            row = Epoch.select().where(Epoch.id == epoch.id).first(self._db)
            node = self._keyring.node(epoch.node_number)
            if row is None or node is None:
                return
            claimed = start_from_claim(age_s, at, via, float(node.enrolled_at))
            start = Between(row.start_earliest, row.start_latest).narrowed(claimed.earliest, claimed.latest)
            if (start.earliest, start.latest) != (row.start_earliest, row.start_latest):
                Epoch.update(start_earliest=start.earliest, start_latest=start.latest).where(
                    Epoch.id == epoch.id
                ).execute(self._db)

        self._writer.run(job)
        self._keyring.proven(epoch)

    def missing(self) -> int:
        """Return how many envelopes nodes say they committed, in closed epochs, that are not here."""
        connect(self._db)
        count = 0
        for row in Held.select().where(Held.committed.is_null(False)).execute(self._db):
            settled = RangeSet.from_bytes(bytes(row.settled))
            count += sum(1 for counter in RangeSet.from_bytes(bytes(row.committed)) if counter not in settled)
        return count

    def unreadable(self) -> int:
        """Return how many envelopes opened but hold a record that this version cannot read."""
        connect(self._db)
        count: int = Envelope.select().where(~Envelope.readable).count(self._db)
        return count


def _gaps(committed: RangeSet) -> RangeSet:
    gaps, end = RangeSet(), 0
    for start, stop in committed.ranges():
        gaps.add_range(end, start)
        end = stop
    return gaps


def _decoded(record: bytes) -> RecordedReport:
    try:
        return decode_report(record)
    except (ValueError, LookupError, ArithmeticError) as error:
        # One record that this version cannot read must not keep back all that came with it.
        raise MalformedWire("a report that cannot be read") from error


@dataclass(frozen=True, repr=False)
class _Opened:
    epoch: KnownEpoch
    id: EnvelopeId
    sealed: bytes
    plain: bytes
    told: RecordedReport | Addition | None = None
