"""Take envelopes once: open, check, store in one transaction; only what is committed is receipted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from hub.attachments import Attachments
from hub.follow_ups import FollowUps, report_id
from hub.intake_batch import Batch, report_row
from hub.keyring import Keyring
from hub.models import Envelope, Epoch, Held, Node, Report
from hub.record_reading import READ_BEFORE, read_told
from hub.retention.contents import ReportContents
from hub.retention.owners import Owned
from hub.settled import SettledSets
from hub.storage.statements import insert_rows, places, run
from hub.taking_time import Between, start_from_claim, was_just_made
from hub.village_sessions import VillageSessions
from sync.errors import MalformedWire, SealBroken
from sync.identifiers import EnvelopeId, Lane
from sync.link.hearing import KnownEpoch
from sync.link.ranges import RangeSet
from sync.records import Report as RecordedReport
from sync.sealing.epoch import LAST_COUNTER
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.beacons import Beacon
from sync.wire.box_settings import SettingsHeld
from sync.wire.content_pieces import ContentHeld
from sync.wire.control_records import (
    FIRST_REPORT_BYTE,
    EpochClosed,
    HubKeyHeld,
    Void,
    decode_up_control,
    split_age,
)
from sync.wire.followups import Addition, Withdrawal, decode_withdrawal
from sync.wire.notices import BulletinSeen
from sync.wire.numbers import UpRecord
from sync.wire.open_questions import Question
from sync.wire.subscriptions import Subscription
from sync.wire.update_records import UpdateHeld


@dataclass(frozen=True)
class Offered:
    """One sealed envelope and the epochs that it may belong to."""

    candidates: Sequence[KnownEpoch]
    lane: Lane
    counter: int
    sealed: bytes


@dataclass(frozen=True, repr=False)
class Opened:
    """An envelope that opened under an epoch's chain, and what it tells once it is read."""

    epoch: KnownEpoch
    id: EnvelopeId
    sealed: bytes
    plain: bytes
    told: RecordedReport | Addition | Question | Subscription | None = None


@dataclass(frozen=True)
class TakenIn:
    """An envelope that is committed now; `new` is false for a copy of one that was."""

    id: EnvelopeId
    epoch: KnownEpoch
    new: bool


Told = BulletinSeen | ContentHeld | Beacon | SettingsHeld | UpdateHeld


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
        contents: ReportContents,
        zone: tzinfo,
    ) -> None:
        self._zone = zone
        self._db = database
        self._writer = writer
        self._keyring = keyring
        self._attachments = attachments
        self._sessions = sessions
        self._follow_ups = follow_ups
        self._contents = contents
        self._reading = threading.Lock()
        self.on_told: Callable[[int, Told, float], None] = lambda node, record, at: None
        """Keeps what a node tells of itself, in the transaction of its envelope."""
        self.on_text: Callable[[str, float], None] = lambda report, at: None
        """Notes that a report grew, in the transaction of its envelope; the report may come later."""
        self.on_changed: Callable[[str], None] = lambda report_id: None
        """Told of the report to which something was added, in the transaction of the envelope."""
        self.on_added: Callable[[str, str, int, str, float], None] = lambda *addition: None
        """Told of an addition: its id, its report, the node, the text, when it came; in that transaction."""
        self.on_asked: Callable[[EnvelopeId, int, Question, str, float], None] = lambda *asked: None
        """Keeps a question that a village's material does not answer, in the transaction of its envelope."""
        self.on_wished: Callable[[EnvelopeId, Subscription, int, float], None] = lambda *wished: None
        """Keeps or ends a subscription (place, minutes of its epoch, when it came), in that transaction."""
        self.on_arrived: Callable[[Sequence[tuple[str, bool]]], None] = lambda reports: None
        """Notes which reports are new and whether each is urgent, in their transaction, for all that is done
        with them after it."""
        self.on_committed: Callable[[], None] = lambda: None
        """Told that something was committed, after the transaction; must not raise."""
        self.on_epoch: Callable[[KnownEpoch, float], None] = lambda epoch, at: None
        """Told of an epoch that has proven itself, in a job of the writer."""
        self.on_key_held: Callable[[int, EnvelopeId, HubKeyHeld, float], None] = lambda *told: None
        """Keeps that a node seals for another key, in the transaction of its envelope."""
        self.on_dropped: Callable[[str], object] = lambda owner: None
        """Told of a forgotten report of which something came that is not kept, in that transaction."""
        self.on_narrowed: Callable[[bytes, Between, Between], None] = lambda epoch, before, after: None
        """Told that an epoch began at another time than was known, in that transaction."""

    def take(self, offered: Sequence[Offered], *, via: str, at: float) -> list[TakenIn | None]:
        """Commit all that opens, in one transaction; None for what does not open under any candidate.

        Raises StorageError when nothing was committed.
        """
        return self.store(self.read(self.verify(offered)), via=via, at=at)

    def verify(self, offered: Sequence[Offered]) -> list[Opened | None]:
        """Return what opens, in the places of its envelopes; nothing is stored."""
        return [self._open(envelope) for envelope in offered]

    def read(self, opened: Sequence[Opened | None]) -> list[Opened | None]:
        """Read the reports and additions that are new here.

        A dense text takes long to read: here, and not in the writer, for which all others wait.
        """
        if not any(opened):
            return list(opened)
        connect(self._db)
        known = self._stored_of(opened)
        return [o if o is None or o.id in known else replace(o, told=self._read(o)) for o in opened]

    def store(
        self,
        opened: Sequence[Opened | None],
        *,
        via: str,
        at: float,
        beside: Callable[[], None] = lambda: None,
    ) -> list[TakenIn | None]:
        """Commit what was verified and read, in one transaction; raise StorageError.

        `beside` is done first in that transaction; what it raises undoes all.
        """
        if not any(opened):
            return [None] * len(opened)

        def job() -> list[TakenIn | None]:
            beside()
            return self._store(opened, via, at)

        results = self._writer.run(job)
        self.on_committed()
        for result in results:
            if result is not None:
                self._keyring.proven(result.epoch)
        return results

    def _open(self, envelope: Offered) -> Opened | None:
        for epoch in envelope.candidates:
            try:
                opened = epoch.opening.open(envelope.lane, envelope.counter, envelope.sealed)
            except SealBroken:
                continue
            return Opened(
                epoch, EnvelopeId(epoch.id, envelope.lane, envelope.counter), envelope.sealed, opened.plain
            )
        return None

    def _read(self, opened: Opened) -> RecordedReport | Addition | Question | Subscription | None:
        """One at a time: it would be no faster otherwise, and the first loads the model for all."""
        try:
            _, record = split_age(opened.plain)
            with self._reading:
                return read_told(record, opened.id.lane)
        except MalformedWire:
            return None

    def _store(self, offered: Sequence[Opened | None], via: str, at: float) -> list[TakenIn | None]:
        """Store what is new; a statement for all envelopes of the batch where one is enough."""
        batch = Batch(SettledSets(self._db), today=datetime.fromtimestamp(at, self._zone).date())
        # What is stored is settled: only for what is settled, stored or void, the envelopes must be asked.
        known = self._stored_of([o for o in offered if o is not None and batch.has(o.id)])
        new_ones = [(o.id, o.plain, o.told) for o in offered if o is not None and o.id not in known]
        batch.owned = Owned.find(self._db, new_ones)
        taken: list[TakenIn | None] = []
        for opened in offered:
            if opened is None:
                taken.append(None)
                continue
            place = opened.id
            new = place not in known  # else a copy, or a replay: nothing was heard anew
            if new:
                known.add(place)
                self._store_one(opened, via, at, batch)
            taken.append(TakenIn(place, opened.epoch, new))
        batch.owned.encrypt(self._contents, batch.reports, batch.envelopes)
        insert_rows(self._db, Envelope, batch.envelopes)
        self._add_reports(batch.reports)
        batch.settled.write()
        return taken

    def _store_one(self, opened: Opened, via: str, at: float, batch: Batch) -> None:
        place = opened.id
        if place.epoch not in batch.epochs:
            self._keep_epoch(opened.epoch, at)
            batch.epochs.add(place.epoch)
        owner = batch.owned.of(place)
        gone = owner is not None and owner in batch.owned.gone
        if gone:
            self.on_dropped(str(owner))
        readable = gone or self._apply(opened, via, at, batch)
        batch.envelopes.append(
            {
                "epoch": place.epoch,
                "lane": int(place.lane),
                "counter": place.counter,
                # Of who subscribes nothing is kept where stopping would not wipe it.
                "sealed": b"" if gone or isinstance(opened.told, Subscription) else opened.sealed,
                "owner": None if gone else owner,
                "via": via,
                "received_at": at,
                "readable": readable,
            }
        )
        batch.settled.settle(place.epoch, place.lane, RangeSet([(place.counter, place.counter + 1)]))

    def _stored_of(self, offered: Sequence[Opened | None]) -> set[EnvelopeId]:
        """Return which of these places hold an envelope; a question for each lane."""
        asked: dict[tuple[bytes, Lane], list[int]] = {}
        for opened in offered:
            if opened is not None:
                asked.setdefault((opened.id.epoch, opened.id.lane), []).append(opened.id.counter)
        return {
            EnvelopeId(epoch, lane, int(counter))
            for (epoch, lane), counters in asked.items()
            for (counter,) in run(
                self._db,
                "SELECT counter FROM envelope WHERE epoch = ? AND lane = ? AND counter IN "  # noqa: S608
                + places(len(counters)),
                [epoch, int(lane), *counters],
            ).fetchall()
        }

    def _apply(self, opened: Opened, via: str, at: float, batch: Batch) -> bool:
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
            elif isinstance(opened.told, Question):
                self.on_asked(opened.id, opened.epoch.node_number, opened.told, via, at)
            elif isinstance(opened.told, Subscription):
                self.on_wished(opened.id, opened.told, age_minutes, at)
            elif opened.told is not None:
                batch.reports.append(
                    report_row(
                        opened.id,
                        opened.epoch.node_number,
                        age_minutes,
                        opened.told,
                        via,
                        at,
                        batch.today,
                        from_shut_out=self._keyring.is_late(opened.epoch.node_number),
                    )
                )
            elif record[0] >= FIRST_REPORT_BYTE or record[0] in READ_BEFORE:
                return False
            else:
                self._control(opened, record, at, batch.settled)
        except MalformedWire:
            return False
        return True

    def _follow(
        self, opened: Opened, record: Addition | Withdrawal, age_minutes: int, via: str, at: float
    ) -> None:
        node = opened.epoch.node_number
        late = self._keyring.is_late(node)
        self._follow_ups.add(opened.id, node, record, age_minutes, via, at, from_shut_out=late)
        if isinstance(record, Addition):
            told = report_id(opened.id, record.report)
            self.on_added(str(opened.id), told, node, record.text, at)
            self.on_text(told, at)
        self.on_changed(report_id(opened.id, record.report))

    def _add_reports(self, rows: list[dict[str, Any]]) -> None:
        """Store reports, after whatever came with them: an urgent addition may have come first."""
        if not rows:
            return
        urgent = self._follow_ups.urgent_of([row["id"] for row in rows])
        for row in rows:
            row["urgent_unread"] = row["urgent_unread"] or (row["id"], row["node"]) in urgent
        insert_rows(self._db, Report, rows)
        self.on_arrived([(row["id"], row["urgent_unread"]) for row in rows])

    def _control(self, opened: Opened, record: bytes, at: float, settled: SettledSets) -> None:
        control = decode_up_control(record)
        if isinstance(control, Void):
            settled.settle(opened.id.epoch, opened.id.lane, RangeSet.from_bytes(control.counters))
        elif isinstance(control, EpochClosed):
            self._close_epoch(opened.epoch.node_number, control, settled)
        elif isinstance(control, HubKeyHeld):
            self.on_key_held(opened.epoch.node_number, opened.id, control, at)
        else:
            self.on_told(opened.epoch.node_number, control, at)

    def _close_epoch(self, node_number: int, closed: EpochClosed, settled: SettledSets) -> None:
        row = Epoch.select().where(Epoch.id == closed.epoch).first(self._db)
        if row is not None and row.node != node_number:
            return  # only the node itself can end its epochs
        committed = RangeSet.from_bytes(closed.committed)
        if committed.last() > LAST_COUNTER:
            raise MalformedWire("an epoch has no such counters")
        if row is not None:
            # What lies between was given out and never committed: it is void, and nobody waits for it.
            settled.settle(closed.epoch, closed.lane, _gaps(committed))
        # A card restored from backup may say less than what is here: what is here stays.
        committed.update(settled.of(closed.epoch, closed.lane))
        settled.close(closed.epoch, closed.lane, committed, node_number)

    # -- what is held -----------------------------------------------------------------------------

    def held(self, epoch: bytes, lane: Lane = Lane.REPORT) -> RangeSet:
        """Return the committed counters of a lane."""
        connect(self._db)
        return SettledSets(self._db).of(epoch, lane)

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
        self.on_epoch(epoch, at)
        if run(self._db, "UPDATE epoch SET heard_at = ? WHERE id = ?", (at, epoch.id)).rowcount:
            return
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
            hub_key=epoch.hub_key,
        ).on_conflict(conflict_target=[Epoch.id], update={Epoch.heard_at: at}).execute(self._db)

    def claim(self, epoch: KnownEpoch, age_s: int, *, via: str, at: float) -> bool:
        """Take an authenticated claim of an epoch's age; narrows when its reports were taken. Return whether
        it was made just now: what somebody recorded, or a courier brings again, says nothing of today."""

        def job() -> bool:
            self._keep_epoch(epoch, at)
            made_at = self._start_by(epoch, age_s, via, at).latest + age_s
            is_news = was_just_made(made_at, age_s, via, at)
            if is_news:
                Node.update(last_heard_at=int(at)).where(Node.number == epoch.node_number).execute(self._db)
            return is_news

        is_news = self._writer.run(job)
        self._keyring.proven(epoch)
        return is_news

    def _start_by(self, epoch: KnownEpoch, age_s: int, via: str, at: float) -> Between:
        """Return when an epoch began, narrowed by a claim of its age."""
        row = Epoch.select().where(Epoch.id == epoch.id).get(self._db)
        node = self._keyring.node(epoch.node_number)
        before = Between(row.start_earliest, row.start_latest)
        if age_s == 0 or node is None:  # an earlier start of the node does not know its age any more
            return before
        claimed = start_from_claim(age_s, at, via, float(node.enrolled_at))
        start = before.narrowed(claimed.earliest, claimed.latest)
        if start != before:
            changes = {"start_earliest": start.earliest, "start_latest": start.latest}
            Epoch.update(changes).where(Epoch.id == epoch.id).execute(self._db)
            self.on_narrowed(epoch.id, before, start)
        return start

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
