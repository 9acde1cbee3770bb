"""An exact arithmetic coder: a row of choices with known weights becomes the fewest whole bytes.

Every choice narrows an interval in [0, 1) in proportion to its weight; the shortest byte string all of
whose continuations lie inside the last interval stands for the row. So other bytes may follow without
a length in between: who reads the choices again arrives at the same interval and knows where it ends.

Bounds are Python integers over a common denominator, exact and the same on every machine. That costs
time in the square of the length: meant for the fields of one report, a few hundred choices.
"""

from __future__ import annotations

from typing import NamedTuple

from sync.errors import MalformedWire

MAX_BYTES = 192
"""No row of choices in a report comes near; bounds the work that junk can cause."""


class Interval(NamedTuple):
    """The part of [0, 1) from low / whole on, size / whole long."""

    low: int
    size: int
    whole: int


EVERYTHING = Interval(0, 1, 1)


class IntervalWriter:
    """Writes choices."""

    def __init__(self) -> None:
        self._low = 0
        self._size = 1
        self._whole = 1

    def put(self, start: int, size: int, total: int) -> None:
        """Choose the parts from `start` on, `size` of `total`."""
        if not 0 <= start < start + size <= total:
            raise ValueError("no such choice")
        self._low = self._low * total + self._size * start
        self._size *= size
        self._whole *= total

    def interval(self) -> Interval:
        """Return where the choices have led to, for a coder that goes on from there."""
        return Interval(self._low, self._size, self._whole)

    def getvalue(self) -> bytes:
        """Return the shortest bytes whose every continuation means these choices."""
        return _shortest(self._low, self._size, self._whole)


class IntervalReader:
    """Reads what `IntervalWriter` wrote from the front of `data`."""

    def __init__(self, data: bytes) -> None:
        self._data = data[:MAX_BYTES]
        self._scale = 1 << (8 * len(self._data))
        self._code = int.from_bytes(self._data, "big")
        self._low = 0
        self._size = 1
        self._whole = 1

    def part(self, total: int) -> int:
        """Return which of `total` equal parts the next choice lies in."""
        offset = self._code * self._whole - self._low * self._scale
        return offset * total // (self._size * self._scale)

    def take(self, start: int, size: int, total: int) -> None:
        """Confirm the choice, as it was put."""
        self._low = self._low * total + self._size * start
        self._size *= size
        self._whole *= total

    def interval(self) -> Interval:
        """Return where the choices have led to."""
        return Interval(self._low, self._size, self._whole)

    def end(self) -> int:
        """Return how many bytes the choices took; raise `MalformedWire` when they were not all there."""
        written = _shortest(self._low, self._size, self._whole)
        if self._data[: len(written)] != written:
            raise MalformedWire("fields end too early or are written otherwise")
        return len(written)


def _shortest(low: int, size: int, whole: int) -> bytes:
    count = max(0, (whole // size).bit_length() - 1) // 8
    while True:
        scale = 1 << (8 * count)
        code = -(-low * scale // whole)
        if (code + 1) * whole <= (low + size) * scale:
            return code.to_bytes(count, "big")
        count += 1
