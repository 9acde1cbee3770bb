"""An arithmetic coder with short integers: a row of choices of known chance becomes the fewest whole bytes.

It may go on inside the interval that other choices left (`sync.wire.intervals`), so that a report's
fields and texts share one row and the last byte of the fields is not cut off. The bytes are read as if
zeros without end followed them; whoever keeps them knows how many there are.

Integers only. `low` grows with the row and carries by itself; `size` stays below 2**40.
"""

from __future__ import annotations

from sync.errors import MalformedWire
from sync.wire.intervals import EVERYTHING, Interval

CHANCE_BITS = 16
_LEAST_SIZE = 1 << 32


class RowWriter:
    """Writes a row of choices."""

    def __init__(self, start: Interval = EVERYTHING) -> None:
        # Rounded inwards to a power of two: costs less than 2**-30 of a bit.
        self.bits = 33 + start.whole.bit_length() - start.size.bit_length()
        self.low = -(-(start.low << self.bits) // start.whole)
        self.size = ((start.low + start.size) << self.bits) // start.whole - self.low

    def put(self, bit: int, chance: int) -> None:
        """Write a yes (1) or no (0), where yes has `chance` in 2**16, neither 0 nor all."""
        part = (self.size >> CHANCE_BITS) * chance
        if bit:
            self.size = part
        else:
            self.low += part
            self.size -= part
        while self.size < _LEAST_SIZE:
            self.low <<= 8
            self.size <<= 8
            self.bits += 8

    def put_part(self, start: int, size: int, total: int) -> None:
        """Choose the parts from `start` on, `size` of `total` equal ones, at most 2**24."""
        part = self.size // total
        self.low += part * start
        self.size = part * size
        while self.size < _LEAST_SIZE:
            self.low <<= 8
            self.size <<= 8
            self.bits += 8

    def getvalue(self) -> bytes:
        """Return the shortest bytes that mean this row when zeros follow, the lowest of that length."""
        count = max(0, self.bits - self.size.bit_length()) // 8
        while True:
            spare = self.bits - 8 * count
            code = -(-self.low >> spare) if spare > 0 else self.low << -spare
            if code << max(0, spare) < self.low + self.size or spare <= 0:
                return code.to_bytes(count, "big").rstrip(b"\0")
            count += 1


class RowReader:
    """Reads what `RowWriter` wrote, given the same start."""

    def __init__(self, data: bytes, start: Interval = EVERYTHING) -> None:
        self._data = data
        self._mirror = RowWriter(start)
        bits = self._mirror.bits
        self._next = (bits + 7) // 8
        whole = int.from_bytes(data[: self._next].ljust(self._next, b"\0"), "big")
        # Bytes are taken eight bits at a time from a place that is seldom the start of one.
        self._late = 8 * self._next - bits
        self._rest = whole & ((1 << self._late) - 1)
        self._offset = (whole >> self._late) - self._mirror.low
        if not 0 <= self._offset < self._mirror.size:
            raise MalformedWire("texts do not go on where the fields end")

    def take(self, chance: int) -> int:
        """Read a yes (1) or no (0) that was put with this chance."""
        mirror = self._mirror
        part = (mirror.size >> CHANCE_BITS) * chance
        bit = 1
        if self._offset < part:
            mirror.size = part
        else:
            bit = 0
            self._offset -= part
            mirror.low += part
            mirror.size -= part
        while mirror.size < _LEAST_SIZE:
            mirror.low <<= 8
            mirror.size <<= 8
            mirror.bits += 8
            self._offset = self._offset << 8 | self._eight_bits()
        return bit

    def part(self, total: int) -> int:
        """Return which of `total` equal parts the next choice lies in."""
        part = self._offset // (self._mirror.size // total)
        if part >= total:
            raise MalformedWire("no such choice")
        return part

    def take_part(self, start: int, size: int, total: int) -> None:
        """Confirm the choice, as it was put."""
        mirror = self._mirror
        part = mirror.size // total
        self._offset -= part * start
        mirror.low += part * start
        mirror.size = part * size
        while mirror.size < _LEAST_SIZE:
            mirror.low <<= 8
            mirror.size <<= 8
            mirror.bits += 8
            self._offset = self._offset << 8 | self._eight_bits()

    def end(self) -> None:
        """Raise `MalformedWire` unless the data is exactly what a writer gives for the row that was read."""
        if self._mirror.getvalue() != self._data:
            raise MalformedWire("texts end too early or too late")

    def _eight_bits(self) -> int:
        byte = self._data[self._next] if self._next < len(self._data) else 0
        self._next += 1
        self._rest = self._rest << 8 | byte
        taken = self._rest >> self._late
        self._rest &= (1 << self._late) - 1
        return taken
