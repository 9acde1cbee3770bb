"""The one holder of a sealing chain: epochs of this start, and what must be announced of earlier ones."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from sync.identifiers import EnvelopeId, Lane
from sync.link.ranges import RangeSet
from sync.sealing.epoch import Sealed, SealingEpoch
from sync.storage.writer import StorageError
from sync.wire.control_records import EpochClosed, Void, encode_up_control, with_age
from village_node.log import NodeLog
from village_node.timekeeping import TimeKeeper


@dataclass(frozen=True)
class OpenedEpoch:
    """An epoch of this start: its public half and when it was opened, on the monotonic clock."""

    id: bytes
    enc: bytes
    opened_at: float


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
        self._void = RangeSet()
        self._epoch, self._opened_at = self._open()
        self._to_close = log.open_epochs(self._epoch.id)

    @property
    def epoch_id(self) -> bytes:
        """Return the running epoch."""
        return self._epoch.id

    def _open(self) -> tuple[SealingEpoch, float]:
        taken = self._tags_in_use()
        epoch = self._open_epoch()
        # On the air an epoch is named by its first byte, so epochs that a node speaks of differ in it.
        while epoch.id[0] in taken:
            epoch = self._open_epoch()
        self._log.add_epoch(epoch.id, epoch.enc, self._times.boot)
        opened_at = self._times.monotonic_s()
        self._on_open(OpenedEpoch(epoch.id, epoch.enc, opened_at))
        return epoch, opened_at

    def seal(self, record: bytes) -> Sealed:
        """Seal one record of the report lane, stamped with the epoch's age."""
        with self._lock:
            if self._epoch.next_counter(Lane.REPORT) > 65_000:
                ended = self._epoch.id
                self._epoch, self._opened_at = self._open()
                self._to_close.append(ended)
            age_minutes = int((self._times.monotonic_s() - self._opened_at) / 60)
            return self._epoch.seal(Lane.REPORT, with_age(age_minutes, record))

    def void(self, place: EnvelopeId) -> None:
        """A counter was used and its envelope not committed: it will be announced."""
        with self._lock:
            if place.epoch == self._epoch.id:
                self._void.add(place.counter)

    def announce(self, on_committed: Callable[[Sealed], None]) -> None:
        """Seal and commit what the hub must know: ends of earlier epochs, void counters.

        Called with the first report of an epoch and not at its start, so that a box in a loop of power
        cuts does not fill the air with announcements. `on_committed` gets each as soon as it is committed.
        Raises StorageError; what was not committed is announced the next time.
        """
        with self._lock:
            ended, self._to_close = self._to_close, []
            void, self._void = self._void, RangeSet()
        try:
            while ended:
                committed = self._log.committed(ended[0], Lane.REPORT)
                record = EpochClosed(ended[0], Lane.REPORT, committed.to_bytes())
                on_committed(self._commit(encode_up_control(record), [ended[0]]))
                ended.pop(0)
            if void.ranges():
                on_committed(self._commit(encode_up_control(Void(void.to_bytes())), []))
        except StorageError:
            with self._lock:
                self._to_close = ended + self._to_close
                self._void.update(void)
            raise

    def _commit(self, record: bytes, closes: list[bytes]) -> Sealed:
        sealed = self.seal(record)
        try:
            self._log.add_control(sealed.id, sealed.ciphertext, self._times.stamp(), closes=closes)
        except StorageError:
            self.void(sealed.id)
            raise
        return sealed
