"""The one holder of a sealing chain: epochs of this start, and what must be announced of earlier ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sync.identifiers import EnvelopeId, Lane
from sync.link.ranges import RangeSet
from sync.sealing.epoch import MAX_AHEAD, Sealed, SealingEpoch
from sync.storage.writer import StorageError
from sync.wire.attachments import Attachment, check_attachments, cut_attachments, encode_piece
from sync.wire.control_records import EpochClosed, Void, encode_up_control, with_age
from village_node.log import NodeLog
from village_node.timekeeping import TimeKeeper

LAST_SEALED = 65_000
"""Beyond this counter of a lane a new epoch opens: a report and all its pieces still fit behind it."""


@dataclass(frozen=True)
class OpenedEpoch:
    """An epoch of this start: its public half and when it was opened, on the monotonic clock."""

    id: bytes
    enc: bytes
    opened_at: float
    hub_key: bytes


class Chain:
    """Seals records. Only one process of a node may hold one at a time (see `wiring`)."""

    def __init__(
        self,
        log: NodeLog,
        times: TimeKeeper,
        open_epoch: Callable[[], SealingEpoch],
        on_open: Callable[[OpenedEpoch], None],
        tags_in_use: Callable[[], set[int]],
    ) -> None:
        self._log = log
        self._times = times
        self._open_epoch = open_epoch
        self._on_open = on_open
        self._tags_in_use = tags_in_use
        self._lock = threading.Lock()
        self._void = {lane: RangeSet() for lane in Lane}
        self._on_their_way: set[EnvelopeId] = set()
        """What was sealed and is neither committed nor void yet: reports stand for their pieces too."""
        self._announcing = 0
        """How many threads are announcing."""
        self._epoch, self._opened_at = self._open()
        self._to_close = log.open_epochs(self._epoch.id)

    @property
    def epoch_id(self) -> bytes:
        """Return the running epoch."""
        return self._epoch.id

    def turn_to(self, hub_key: bytes) -> None:
        """Open an epoch for the hub's key with this id, unless the running one is for it."""
        with self._lock:
            if self._epoch.hub_key != hub_key:
                self._roll()

    def told_all_ends(self) -> int | None:
        """Return the next counter of the bulk lane when no end of an earlier epoch is left to announce, else
        None."""
        with self._lock:
            return None if self._to_close or self._announcing else self._epoch.next_counter(Lane.BULK)

    def _open(self) -> tuple[SealingEpoch, float]:
        taken = self._tags_in_use()
        epoch = self._open_epoch()
        # On the air an epoch is named by its first byte, so epochs that a node speaks of differ in it.
        while epoch.id[0] in taken:
            epoch = self._open_epoch()
        self._log.add_epoch(epoch.id, epoch.enc, self._times.boot, epoch.hub_key)
        opened_at = self._times.monotonic_s()
        self._on_open(OpenedEpoch(epoch.id, epoch.enc, opened_at, epoch.hub_key))
        return epoch, opened_at

    def seal(self, record: bytes, lane: Lane = Lane.REPORT) -> Sealed:
        """Seal one record of a lane, stamped with the epoch's age."""
        with self._lock:
            epoch, age_minutes = self._ready()
            sealed = epoch.seal(lane, with_age(age_minutes, record))
            self._on_their_way.add(sealed.id)
            return sealed

    def seal_report(
        self, record: bytes | Callable[[bytes], bytes], attachments: Sequence[Attachment]
    ) -> tuple[Sealed, tuple[Sealed, ...]]:
        """Seal a report and the pieces of its attachments, all in one epoch; return both.

        A function gets the id of that epoch and returns the record at once.
        Raises AttachmentRefused, and uses no counter, beyond the limits.
        """
        check_attachments(attachments)
        with self._lock:
            epoch, age_minutes = self._ready()
            written = record if isinstance(record, bytes) else record(epoch.id)
            report = epoch.seal(Lane.REPORT, with_age(age_minutes, written))
            self._on_their_way.add(report.id)
            pieces = cut_attachments(report.id.counter, attachments)
            return report, tuple(
                epoch.seal(Lane.BULK, with_age(age_minutes, encode_piece(piece))) for piece in pieces
            )

    def _ready(self) -> tuple[SealingEpoch, int]:
        """Return an epoch with room for a report and all its pieces, and its age in minutes."""
        if any(self._is_worn(lane) for lane in Lane):
            self._roll()
        return self._epoch, int((self._times.monotonic_s() - self._opened_at) / 60)

    def _roll(self) -> None:
        ended = self._epoch.id
        self._epoch, self._opened_at = self._open()
        self._to_close.append(ended)
        # What was void in it is told with its end; these counters are others in the new one.
        self._void = {lane: RangeSet() for lane in Lane}

    def _is_worn(self, lane: Lane) -> bool:
        # The hub opens no counter that lies too far beyond the last that came.
        return self._epoch.next_counter(lane) > LAST_SEALED or len(self._void[lane]) > MAX_AHEAD // 2

    def void(self, *places: EnvelopeId) -> None:
        """Counters were used and their envelopes not committed: they will be announced."""
        with self._lock:
            for place in places:
                self._on_their_way.discard(place)
                if place.epoch == self._epoch.id:
                    self._void[place.lane].add(place.counter)

    def committed(self, place: EnvelopeId) -> None:
        """What was sealed is on the disk."""
        with self._lock:
            self._on_their_way.discard(place)

    def announce(self, on_committed: Callable[[Sealed], None]) -> None:
        """Seal and commit what the hub must know: ends of earlier epochs, void counters.

        Called with the first report of an epoch and not at its start, so that a box in a loop of power
        cuts does not fill the air with announcements. `on_committed` gets each as soon as it is committed.
        What is told of the bulk lane goes in the bulk lane, so that it costs no airtime.
        Raises StorageError; what was not committed is announced the next time.
        """
        with self._lock:
            # The end of an epoch is known when all that was sealed in it is committed or void.
            unsettled = {place.epoch for place in self._on_their_way}
            ended = [epoch for epoch in self._to_close if epoch not in unsettled]
            self._to_close = [epoch for epoch in self._to_close if epoch in unsettled]
            void, self._void = self._void, {lane: RangeSet() for lane in Lane}
            self._announcing += 1
        try:
            while ended:
                for sealed in self._commit(self._ends(ended[0]), [ended[0]]):
                    on_committed(sealed)
                ended.pop(0)
            for lane, counters in void.items():
                if counters.ranges():
                    record = encode_up_control(Void(counters.to_bytes()))
                    [sealed] = self._commit([(lane, record)], [])
                    on_committed(sealed)
                    void[lane] = RangeSet()
        except StorageError:
            with self._lock:
                self._to_close = ended + self._to_close
                for lane, counters in void.items():
                    self._void[lane].update(counters)
            raise
        finally:
            with self._lock:
                self._announcing -= 1

    def _ends(self, epoch: bytes) -> list[tuple[Lane, bytes]]:
        """Return the records that tell the end of an epoch; of a lane that was not used there is none."""
        ends = []
        for lane in Lane:
            committed = self._log.committed(epoch, lane)
            if committed.ranges() or lane is Lane.REPORT:
                ends.append((lane, encode_up_control(EpochClosed(epoch, lane, committed.to_bytes()))))
        return ends

    def _commit(self, records: list[tuple[Lane, bytes]], closes: list[bytes]) -> list[Sealed]:
        """Seal and commit records, all or none."""
        sealed = [self.seal(record, lane) for lane, record in records]

        def job() -> None:
            for one in sealed:
                self._log.add_control(one.id, one.ciphertext, self._times.stamp(), closes=closes)

        try:
            self._log.writer.run(job)
        except StorageError:
            self.void(*(one.id for one in sealed))
            raise
        for one in sealed:
            self.committed(one.id)
        return sealed
