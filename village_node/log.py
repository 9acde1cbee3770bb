"""The node's append-only log of sealed envelopes, its receipts and answers, on SQLite."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from sync.identifiers import EnvelopeId, Lane
from sync.link.ranges import RangeSet
from sync.scheduling import Job, is_due
from sync.sealing.epoch import Sealed
from sync.wire.control_records import FIND_BYTES, AnswerRecord, BackedUp, Down, StatusRecord
from village_node.log_rows import ROW, reads
from village_node.models import (
    Answer,
    Attached,
    DownSeen,
    Envelope,
    Epoch,
    FollowUp,
    JobRun,
    Receipt,
)
from village_node.receipt_rows import (
    STEP_ACTED_ON,
    STEP_ON_ITS_WAY,
    STEP_READ,
    STEP_RECEIVED,
    STEP_SAVED,
    ReceiptRows,
)
from village_node.taken_rows import TakenRows
from village_node.timekeeping import Stamp
from village_node.waiting import WaitingRows, Window

_BATCH = 500


@dataclass(frozen=True, repr=False)
class StoredEnvelope:
    """One envelope as it lies in the log."""

    id: EnvelopeId
    sealed: bytes
    urgent: bool
    boot: int
    mono_s: int


class NodeLog(TakenRows, WaitingRows, ReceiptRows):
    """The log of a node, from any thread: what is taken, carried, receipted, and what came down."""

    def begin_boot(self) -> int:
        """Count this start and return its number."""

        def job() -> int:
            boot = self.number("boot") + 1
            self.set_number("boot", boot)
            # An epoch that sealed nothing leaves nothing to announce.
            used = Envelope.select(Envelope.epoch).distinct()
            Epoch.delete().where(Epoch.id.not_in(used)).execute(self._db)
            return boot

        return self.writer.run(job)

    # -- taking -----------------------------------------------------------------------------------

    def add_epoch(self, epoch: bytes, enc: bytes, boot: int, hub_key: bytes | None = None) -> None:
        """Keep the public half of a new epoch, and for which key of the hub it is."""
        row = {"id": epoch, "enc": enc, "boot": boot, "hub_key": hub_key}
        self.writer.run(lambda: Epoch.insert(row).execute(self._db))

    def add_report(
        self,
        place: EnvelopeId,
        sealed: bytes,
        *,
        find: bytes,
        urgent: bool,
        token_hash: bytes | None,
        stamp: Stamp,
        pieces: Sequence[Sealed] = (),
        sign: tuple[int, bytes] | None = None,
        shown: bool = True,
    ) -> None:
        """Commit one report with its receipt, form token and pieces of attachments, or nothing of it.

        `sign` is the receipt's pictures as one number and the find of its duress code. `shown`: it may show
        in the village as waiting.

        Raises FormUsedBefore, or StorageError when nothing was committed.
        """

        def job() -> Window | None:
            window = self._show_waiting(stamp) if shown else None
            self._insert_taken(place, sealed, urgent, token_hash, stamp, STEP_SAVED, find, sign)
            self._insert_pieces(find, pieces, stamp)
            return window

        window = self.writer.run(job, repeatable=True)
        self._taken_committed()
        if window is not None:
            self._remember(window)

    def add_follow_up(
        self,
        place: EnvelopeId,
        sealed: bytes,
        *,
        find: bytes,
        kind: int,
        urgent: bool,
        token_hash: bytes | None,
        stamp: Stamp,
        pieces: Sequence[Sealed] = (),
    ) -> None:
        """Commit an addition or a withdrawal under the receipt `find`, with a ladder of its own, or nothing.

        It never shows as waiting: the box cannot tell whether its report may. Raises as `add_report` does.
        """
        key = hashlib.sha256(b"kentongan/1/follow-up" + str(place).encode()).digest()[:FIND_BYTES]

        def job() -> None:
            self._insert_taken(place, sealed, urgent, token_hash, stamp, STEP_SAVED, key, None)
            self._insert_pieces(key, pieces, stamp)
            FollowUp.insert(key=key, find=find, kind=kind).execute(self._db)

        self.writer.run(job)
        self._taken_committed()

    def _insert_pieces(self, key: bytes, pieces: Sequence[Sealed], stamp: Stamp) -> None:
        for piece in pieces:
            self._insert_envelope(piece.id, piece.ciphertext, False, stamp)
        if pieces:
            first, last = pieces[0].id, pieces[-1].id
            Attached.insert(key=key, epoch=first.epoch, first=first.counter, last=last.counter).execute(
                self._db
            )

    def add_control(
        self, place: EnvelopeId, sealed: bytes, stamp: Stamp, *, closes: Iterable[bytes] = ()
    ) -> None:
        """Commit a record of the protocol itself; `closes` are the epochs that it announces as ended."""
        closed = list(closes)

        def job() -> None:
            self._insert_envelope(place, sealed, False, stamp)
            if closed:
                Epoch.update(closed=True).where(Epoch.id.in_(closed)).execute(self._db)

        self.writer.run(job)

    def _insert_envelope(self, place: EnvelopeId, sealed: bytes, urgent: bool, stamp: Stamp) -> None:
        self._insert(
            Envelope,
            epoch=place.epoch,
            lane=int(place.lane),
            counter=place.counter,
            sealed=sealed,
            urgent=urgent,
            boot=stamp.boot,
            mono_s=stamp.mono_s,
        )

    @reads
    def form_used(self, token_hash: bytes) -> EnvelopeId | None:
        """Return the envelope that a form's report became, or None."""
        row = self._row("SELECT epoch, counter FROM form_use WHERE token_hash = ?", token_hash)
        return None if row is None else EnvelopeId(bytes(row[0]), Lane.REPORT, row[1])

    # -- what is carried --------------------------------------------------------------------------

    @reads
    def epochs(self) -> list[tuple[bytes, bytes]]:
        """Return (id, enc) of all epochs that are kept, oldest first."""
        return [
            (bytes(row.id), bytes(row.enc))
            for row in Epoch.select().order_by(Epoch.boot, peewee.SQL("rowid")).execute(self._db)
        ]

    @reads
    def epoch_keys(self) -> dict[bytes, bytes]:
        """Return the ids of the hub's keys for which epochs are sealed, where that is told."""
        rows = Epoch.select().where(Epoch.hub_key.is_null(False)).execute(self._db)
        return {bytes(row.id): bytes(row.hub_key) for row in rows}

    @reads
    def open_epochs(self, running: bytes) -> list[bytes]:
        """Return earlier epochs whose end was not announced yet."""
        rows = Epoch.select(Epoch.id).where((~Epoch.closed) & (Epoch.id != running)).execute(self._db)
        return [bytes(row.id) for row in rows]

    @reads
    def committed(self, epoch: bytes, lane: Lane) -> RangeSet:
        """Return the counters of an epoch that are in the log."""
        found = RangeSet()
        rows = (
            Envelope.select(Envelope.counter)
            .where((Envelope.epoch == epoch) & (Envelope.lane == int(lane)))
            .order_by(Envelope.counter)
        )
        for row in rows.execute(self._db):
            found.add(row.counter)
        return found

    @reads
    def pending(
        self,
        limit: int | None = None,
        *,
        lane: Lane = Lane.REPORT,
        most_bytes: int | None = None,
        skip: int = 0,
    ) -> list[StoredEnvelope]:
        """Return the envelopes of a lane that no receipt covers, without the first `skip`.

        Reports: urgent ones first, then in the order taken. Bulk: in the order taken. With `most_bytes` at
        least one, and as many as fit.
        """
        # Chosen by size alone, then read: a sort would drag hundreds of pictures through the memory.
        query = (
            Envelope.select(ROW, peewee.fn.LENGTH(Envelope.sealed))
            .where(Envelope.receipted_in.is_null() & (Envelope.lane == int(lane)))
            .limit(-1 if limit is None else limit)
            .offset(skip)
        )
        if lane is Lane.REPORT:
            query = query.order_by(Envelope.urgent.desc(), Envelope.boot, Envelope.mono_s, Envelope.counter)
        else:
            query = query.order_by(ROW)
        chosen: list[int] = []
        total = 0
        for row, size in query.tuples().iterator(self._db):
            total += size
            if most_bytes is not None and chosen and total > most_bytes:
                break
            chosen.append(row)
        return self._by_row(chosen)

    def _by_row(self, rows: list[int]) -> list[StoredEnvelope]:
        found: dict[int, StoredEnvelope] = {}
        for start in range(0, len(rows), _BATCH):
            part = Envelope.select(Envelope, ROW.alias("place_in_log")).where(
                ROW.in_(rows[start : start + _BATCH])
            )
            found.update((row.place_in_log, _stored(row)) for row in part.execute(self._db))
        return [found[row] for row in rows]

    @reads
    def has_pending(self, lane: Lane) -> bool:
        """Return whether any envelope of a lane waits for a receipt."""
        waits = Envelope.receipted_in.is_null() & (Envelope.lane == int(lane))
        return bool(Envelope.select().where(waits).exists(self._db))

    @reads
    def pending_count(self) -> int:
        """Return how many envelopes of all lanes wait for a receipt."""
        return int(Envelope.select().where(Envelope.receipted_in.is_null()).count(self._db))

    @reads
    def pending_epochs(self) -> set[bytes]:
        """Return the epochs with envelopes of the report lane that no receipt covers."""
        waits = Envelope.receipted_in.is_null() & (Envelope.lane == int(Lane.REPORT))
        rows = Envelope.select(Envelope.epoch).where(waits).distinct()
        return {bytes(row.epoch) for row in rows.execute(self._db)}

    @reads
    def to_verify(self, generation: int, lane: Lane = Lane.REPORT) -> list[bytes]:
        """Return epochs with envelopes of a lane that only an older generation of the hub has receipted."""
        rows = (
            Envelope.select(Envelope.epoch)
            .where((Envelope.receipted_in < generation) & (Envelope.lane == int(lane)))
            .distinct()
        )
        return [bytes(row.epoch) for row in rows.execute(self._db)]

    def carried(self, places: Iterable[EnvelopeId], stamp: Stamp) -> None:
        """Move the ladders of these envelopes to "on its way"."""
        chosen = list(places)

        def job() -> None:
            for place in chosen:
                self._reach_of(place, STEP_ON_ITS_WAY, stamp)

        if chosen:
            self.writer.run(job)

    def _reach_of(self, place: EnvelopeId, step: int, stamp: Stamp) -> None:
        if place.lane is not Lane.REPORT:
            return
        row = (
            Receipt.select(Receipt.find)
            .where((Receipt.epoch == place.epoch) & (Receipt.counter == place.counter))
            .first(self._db)
        )
        if row is not None:
            self._reach(bytes(row.find), step, stamp)

    def apply_held(
        self, epoch: bytes, lane: Lane, held: RangeSet, generation: int, stamp: Stamp
    ) -> tuple[list[EnvelopeId], list[StoredEnvelope], int]:
        """Take what the hub holds of a lane of an epoch, as of `generation`.

        Returns (envelopes that are receipted now, reports that an older generation had receipted and this one
        does not hold: they wait again, how many envelopes of the lane wait again).
        """

        def job() -> tuple[list[EnvelopeId], list[StoredEnvelope], int]:
            receipted, again, rows = [], [], []
            for row, counter, receipted_before in self._not_receipted_in(epoch, lane, generation):
                place = EnvelopeId(epoch, lane, counter)
                if counter in held:
                    receipted.append(place)
                    self._reach_of(place, STEP_ON_ITS_WAY, stamp)
                    self._reach_of(place, STEP_RECEIVED, stamp)
                elif receipted_before:
                    again.append(place)
                    rows.append(row)
            self._mark(receipted, generation)
            self._mark(again, None)
            # Only the radio needs them at once; bulk is read when a bundle is made.
            return receipted, self._by_row(rows) if lane is Lane.REPORT else [], len(again)

        return self.writer.run(job)

    def _not_receipted_in(self, epoch: bytes, lane: Lane, generation: int) -> list[tuple[int, int, bool]]:
        """Return (row, counter, whether an older generation receipted it), by the index of what is receipted.

        The primary key would be the wrong index: `receipted_in` stands behind 32 KiB in each row of bulk.
        """
        found = []
        for before, condition in (
            (False, Envelope.receipted_in.is_null()),
            (True, Envelope.receipted_in < generation),
        ):
            rows = Envelope.select(ROW, Envelope.counter).where(
                condition & (peewee.SQL("+epoch") == epoch) & (peewee.SQL("+lane") == int(lane))
            )
            found += [(row, counter, before) for row, counter in rows.tuples().execute(self._db)]
        return found

    def _mark(self, places: list[EnvelopeId], generation: int | None) -> None:
        self._receipts_came()
        for start in range(0, len(places), _BATCH):
            part = places[start : start + _BATCH]
            Envelope.update(receipted_in=generation).where(
                (Envelope.epoch == part[0].epoch)
                & (Envelope.lane == int(part[0].lane))
                & Envelope.counter.in_([place.counter for place in part])
            ).execute(self._db)

    # -- what comes down --------------------------------------------------------------------------

    @reads
    def down_seen(self, generation: int) -> RangeSet:
        """Return which hub envelopes of a generation are here."""
        row = DownSeen.select().where(DownSeen.generation == generation).first(self._db)
        return RangeSet() if row is None else RangeSet.from_bytes(bytes(row.ranges))

    def add_down(
        self,
        generation: int,
        counter: int,
        record: Down | None,
        stamp: Stamp,
        act: Callable[[], None] = lambda: None,
    ) -> bool:
        """Commit one hub envelope with the fact that it came; return False when it came before.

        None stands for a record of a later version: it is acknowledged and otherwise left alone. `act` does
        what else the record asks for, in the same commit. Notices and pieces of material are kept elsewhere,
        before.
        """

        def job() -> bool:
            seen = self.down_seen(generation)
            if not seen.add(counter):
                return False
            DownSeen.insert(generation=generation, ranges=seen.to_bytes()).on_conflict_replace().execute(
                self._db
            )
            if isinstance(record, AnswerRecord):
                Answer.insert(
                    generation=generation,
                    counter=counter,
                    find=record.find,
                    asks=record.asks,
                    written_at_s=record.written_at_s,
                    sealed=record.sealed_text,
                ).on_conflict_ignore().execute(self._db)
            elif isinstance(record, StatusRecord):
                told = Stamp(stamp.boot, stamp.mono_s, record.at_s)
                for step in (STEP_ON_ITS_WAY, STEP_RECEIVED):
                    self._reach(record.find, step, stamp)
                self._reach(record.find, STEP_READ if record.step == 1 else STEP_ACTED_ON, told)
            elif isinstance(record, BackedUp):
                self._drop_backed_up(record, stamp)
            act()
            return True

        return self.writer.run(job)

    def _drop_backed_up(self, mark: BackedUp, stamp: Stamp) -> None:
        """Forget what is in a backup; where its receipt was lost, the mark is one."""
        below = (Envelope.epoch == mark.epoch) & (Envelope.lane == int(mark.lane))
        below &= Envelope.counter < mark.base
        waited = Envelope.select(Envelope.counter).where(below & Envelope.receipted_in.is_null())
        counters = [row.counter for row in waited.execute(self._db)]
        for counter in counters:
            for step in (STEP_ON_ITS_WAY, STEP_RECEIVED):
                self._reach_of(EnvelopeId(mark.epoch, mark.lane, counter), step, stamp)
        Envelope.delete().where(below).execute(self._db)
        if counters:
            self._receipts_came()

    # -- jobs -------------------------------------------------------------------------------------

    def claim_job(self, job: Job, now_s: float) -> bool:
        """Keep that a job runs now, if it is due; return whether it was."""

        def claim() -> bool:
            row = JobRun.select().where(JobRun.name == job.name).first(self._db)
            due = is_due(job, None if row is None else row.wall_s, now_s)
            if due:
                JobRun.insert(name=job.name, wall_s=int(now_s)).on_conflict_replace().execute(self._db)
            return due

        return self.writer.run(claim)

    def end_job(self, job: Job, claimed_s: float) -> None:
        """Nothing to keep: one process runs a node's jobs."""


def _stored(row: Any) -> StoredEnvelope:
    place = EnvelopeId(bytes(row.epoch), Lane(row.lane), row.counter)
    return StoredEnvelope(place, bytes(row.sealed), bool(row.urgent), row.boot, row.mono_s)
