"""What is settled of lanes, within one transaction: each set is read once and written once."""

from __future__ import annotations

from typing import Any

from hub.models import Held
from hub.storage.statements import put, run
from sync.identifiers import Lane
from sync.link.ranges import RangeSet

_READ = "SELECT settled FROM held WHERE epoch = ? AND lane = ?"
_WRITE = (
    "INSERT INTO held (epoch, lane, settled) VALUES (?, ?, ?) "
    "ON CONFLICT (epoch, lane) DO UPDATE SET settled = excluded.settled"
)


class SettledSets:
    """For one job of the writer, which nobody else's can come between; `write` ends it."""

    def __init__(self, database: Any) -> None:
        self._db = database
        self._sets: dict[tuple[bytes, Lane], RangeSet] = {}
        self._changed: set[tuple[bytes, Lane]] = set()
        self._committed: dict[tuple[bytes, Lane], tuple[RangeSet, int]] = {}

    def of(self, epoch: bytes, lane: Lane) -> RangeSet:
        """Return the set as it is now; change it through `settle` only."""
        place = (epoch, lane)
        if place not in self._sets:
            row = run(self._db, _READ, (epoch, int(lane))).fetchone()
            self._sets[place] = RangeSet() if row is None else RangeSet.from_bytes(bytes(row[0]))
        return self._sets[place]

    def settle(self, epoch: bytes, lane: Lane, counters: RangeSet) -> None:
        """Take these counters as received or void."""
        self.of(epoch, lane).update(counters)
        self._changed.add((epoch, lane))

    def close(self, epoch: bytes, lane: Lane, committed: RangeSet, told_by: int) -> None:
        """Keep what a node says that it committed of a lane; nothing comes to it any more."""
        self._committed[epoch, lane] = committed, told_by
        self._changed.add((epoch, lane))

    def write(self) -> None:
        """Store what has changed."""
        for epoch, lane in self._changed:
            settled = self.of(epoch, lane).to_bytes()
            closed = self._committed.get((epoch, lane))
            if closed is None:
                run(self._db, _WRITE, (epoch, int(lane), settled))
            else:
                row = {"epoch": epoch, "lane": int(lane), "settled": settled}
                committed, told_by = closed
                row |= {"committed": committed.to_bytes(), "told_by": told_by}
                put(Held, row).execute(self._db)
        self._changed.clear()
