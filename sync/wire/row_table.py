"""Which bytes followed a context in the priming text, and how often: millions of contexts in few bytes.

Most contexts were seen once; such a one is a single number. The others have a row. Contexts are numbers
of `CONTEXT_BITS` bits. Nothing is changed after loading.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from sync.wire.packing import Unpacker, numbers, planes, steps

Row = tuple[bytes, Sequence[int]]
"""The bytes that followed, and the count of each (1 to `MOST`)."""
NO_ROW: Row = (b"", ())
MOST = 65535


@dataclass(frozen=True)
class RowTable:
    """The rows of one kind of context."""

    singles: array[int]
    """Contexts that one byte followed once: context << 8 | byte, rising."""
    keys: array[int]
    """All others, rising."""
    starts: array[int]
    """Where the row of each begins in `symbols` and `counts`; one more for the end."""
    symbols: bytes
    counts: array[int]

    @classmethod
    def of(cls, rows: Mapping[int, Mapping[int, int]]) -> RowTable:
        """Return the table of these rows; within a row the most frequent byte comes first."""
        singles, keys, starts = array("I"), array("I"), array("I", [0])
        symbols, counts = bytearray(), array("H")
        for context in sorted(rows):
            row = sorted(rows[context].items(), key=lambda pair: (-pair[1], pair[0]))
            if row[0][1] == len(row) == 1:
                singles.append(context << 8 | row[0][0])
                continue
            keys.append(context)
            symbols += bytes(byte for byte, _ in row)
            counts.extend(count for _, count in row)
            starts.append(len(symbols))
        return cls(singles, keys, starts, bytes(symbols), counts)

    def row(self, context: int) -> Row:
        """Return the row of a context, empty if the priming text never had it."""
        at = bisect_left(self.keys, context)
        if at < len(self.keys) and self.keys[at] == context:
            start, end = self.starts[at], self.starts[at + 1]
            return self.symbols[start:end], self.counts[start:end]
        at = bisect_left(self.singles, context << 8)
        if at < len(self.singles) and self.singles[at] >> 8 == context:
            return bytes([self.singles[at] & 0xFF]), (1,)
        return NO_ROW

    def packed(self) -> bytes:
        """Return the numbers of singles and rows (u32), steps between contexts, bytes, sizes, counts."""
        parts = [
            len(self.singles).to_bytes(4, "little"),
            len(self.keys).to_bytes(4, "little"),
            planes(steps(array("I", [single >> 8 for single in self.singles])), 3),
            bytes(single & 0xFF for single in self.singles),
            planes(steps(self.keys), 3),
            bytes(end - start - 1 for start, end in pairwise(self.starts)),
            self.symbols,
            planes(self.counts, 2),
        ]
        return b"".join(parts)

    @classmethod
    def unpacked(cls, source: Unpacker) -> RowTable:
        """Return what `packed` wrote."""
        many_singles, many_keys = source.number(), source.number()
        contexts = accumulate(numbers(source, many_singles, 3))
        pairs = zip(contexts, source.take(many_singles), strict=True)
        singles = array("I", (context << 8 | byte for context, byte in pairs))
        keys = array("I", accumulate(numbers(source, many_keys, 3)))
        starts = array("I", accumulate((size + 1 for size in source.take(many_keys)), initial=0))
        return cls(singles, keys, starts, source.take(starts[-1]), numbers(source, starts[-1], 2, "H"))


def row_of(counts: Mapping[int, int]) -> Row:
    """Return the row of counts by byte."""
    return bytes(counts), tuple(counts.values())


def count(row: dict[int, int], byte: int, times: int) -> None:
    """Count a byte in a row that is being learnt; a row halves when a count would leave its range."""
    row[byte] = row.get(byte, 0) + times
    if row[byte] > MOST:
        for other, before in row.items():
            row[other] = (before + 1) >> 1
