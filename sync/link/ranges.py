"""Sets of counters as sorted, disjoint ranges: the exact memory of what was received."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from sync.errors import MalformedWire
from sync.wire.primitives import ByteReader, ByteWriter

MAX_VALUES = 2**20
"""Counters of a lane end at 65,535. A set read from outside must not make anybody count to a billion."""


class RangeSet:
    """A set of integers of at least 0, kept as half-open ranges; small however long the history is."""

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in ranges:
            self.add_range(start, end)

    def __contains__(self, value: int) -> bool:
        place = bisect_right(self._starts, value) - 1
        return place >= 0 and value < self._ends[place]

    def __len__(self) -> int:
        return sum(end - start for start, end in self.ranges())

    def __iter__(self) -> Iterator[int]:
        for start, end in self.ranges():
            yield from range(start, end)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RangeSet) and self.ranges() == other.ranges()

    __hash__ = None  # type: ignore[assignment]  # mutable

    def __repr__(self) -> str:
        return f"RangeSet({self.ranges()!r})"

    def ranges(self) -> list[tuple[int, int]]:
        """Return the half-open ranges in order."""
        return list(zip(self._starts, self._ends, strict=True))

    def add(self, value: int) -> bool:
        """Add one value; return False when it was there."""
        if value in self:
            return False
        self.add_range(value, value + 1)
        return True

    def add_range(self, start: int, end: int) -> None:
        """Add all of [start, end)."""
        if start < 0 or end < start:
            raise ValueError("a range runs upwards from at least 0")
        if start == end:
            return
        low = bisect_right(self._starts, start) - 1
        if low < 0 or self._ends[low] < start:
            low += 1
        high = bisect_right(self._starts, end)
        if low < high:
            start = min(start, self._starts[low])
            end = max(end, self._ends[high - 1])
        self._starts[low:high] = [start]
        self._ends[low:high] = [end]

    def update(self, other: RangeSet) -> None:
        """Add all of another set."""
        for start, end in other.ranges():
            self.add_range(start, end)

    def first_missing(self) -> int:
        """Return the lowest value that is not in the set."""
        return self._ends[0] if self._starts and self._starts[0] == 0 else 0

    def last(self) -> int:
        """Return the highest value, or -1 when empty."""
        return self._ends[-1] - 1 if self._ends else -1

    def bitmap_from(self, base: int, max_bytes: int) -> bytes:
        """Return which of base, base+1, ... are in the set: most significant bit first, no trailing zeros."""
        bits = bytearray(max_bytes)
        for start, end in self.ranges():
            for value in range(max(start, base), min(end, base + 8 * max_bytes)):
                bits[(value - base) // 8] |= 0x80 >> ((value - base) % 8)
        return bytes(bits).rstrip(b"\x00")

    @classmethod
    def from_bitmap(cls, base: int, bitmap: bytes) -> RangeSet:
        """Return the set that `bitmap_from` wrote, with everything below `base` in it."""
        found = cls([(0, base)])
        for place in range(8 * len(bitmap)):
            if bitmap[place // 8] & (0x80 >> (place % 8)):
                found.add(base + place)
        return found

    def to_bytes(self) -> bytes:
        """Return gaps and lengths as varints, for a database column or a record."""
        writer = ByteWriter()
        position = 0
        for start, end in self.ranges():
            writer.varint(start - position)
            writer.varint(end - start)
            position = end
        return writer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> RangeSet:
        """Read what `to_bytes` wrote; raise MalformedWire."""
        reader = ByteReader(data)
        found = cls()
        position = 0
        while reader.remaining:
            start = position + reader.varint()
            length = reader.varint()
            if length == 0 or start + length > MAX_VALUES or (position and start == position):
                raise MalformedWire("ranges are not in their one form")
            found.add_range(start, start + length)
            position = start + length
        return found
