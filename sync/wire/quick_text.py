"""Text model 2: the next byte from the longest known context, with fixed counts. Quick, learns nothing.

A row of the table says which bytes followed a context of up to five bytes in the priming text, and how
often. The longest known context is asked first; if it does not know the byte, an escape leads to the
next shorter one, in which the bytes that the longer ones named no longer count. Last come all bytes
alike. This is the family of Cleary and Witten's PPM, with counts that stand still.
"""

from __future__ import annotations

import functools
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from sync.errors import MalformedWire
from sync.wire.intervals import EVERYTHING, Interval
from sync.wire.limits import MAX_TEXT_BYTES
from sync.wire.range_coder import RowReader, RowWriter
from sync.wire.said import NOTHING_SAID, Said
from sync.wire.text_history import END

LONGEST = 5
_MASKS = tuple((1 << 8 * order) - 1 for order in range(LONGEST + 1))
START = _MASKS[LONGEST]
"""What stands before the first text: the end of others."""
_LONGEST_FIRST = tuple(range(LONGEST, -1, -1))
Row = tuple[bytes, bytes]
"""The bytes that followed a context, and how often each did (1 to 255)."""


def context_key(order: int, past: int) -> int:
    """Return the number of the context that the last `order` bytes of `past` are."""
    return order << 40 | past & _MASKS[order]


@dataclass(frozen=True)
class QuickTable:
    """All rows: keys of contexts in rising order, and for each where its row begins."""

    keys: array[int]
    starts: array[int]
    rows: bytes

    @classmethod
    def of(cls, rows: dict[int, Row]) -> QuickTable:
        """Return the table of these rows."""
        keys = array("Q", sorted(rows))
        starts = array("I")
        flat = bytearray()
        for key in keys:
            symbols, counts = rows[key]
            starts.append(len(flat))
            flat += bytes([len(symbols) - 1]) + symbols + counts
        return cls(keys, starts, bytes(flat))

    def row(self, order: int, past: int) -> Row | None:
        """Return the row of a context, or None if the priming text never had it."""
        key = order << 40 | past & _MASKS[order]
        at = bisect_left(self.keys, key)
        if at == len(self.keys) or self.keys[at] != key:
            return None
        start = self.starts[at]
        count = self.rows[start] + 1
        return self.rows[start + 1 : start + 1 + count], self.rows[start + 1 + count : start + 1 + 2 * count]

    def packed(self) -> bytes:
        """Return the file's bytes: how many rows, for each its key (six bytes), then the rows, packed."""
        keys = b"".join(key.to_bytes(6, "big") for key in self.keys)
        split = b"".join(keys[byte::6] for byte in range(6))
        return zlib.compress(len(self.keys).to_bytes(4, "big") + split + self.rows, 9)

    @classmethod
    def unpacked(cls, data: bytes) -> QuickTable:
        """Return what `packed` wrote."""
        data = zlib.decompress(data)
        count = int.from_bytes(data[:4], "big")
        raw = bytearray(8 * count)
        for byte in range(6):
            raw[2 + byte :: 8] = data[4 + byte * count : 4 + (byte + 1) * count]
        keys = array("Q", bytes(raw))
        if sys.byteorder == "little":
            keys.byteswap()
        rows = data[4 + 6 * count :]
        starts = array("I")
        start = 0
        for _ in range(count):
            starts.append(start)
            start += 2 * rows[start] + 3
        return cls(keys, starts, rows)


class QuickText:
    """Texts as a row of choices among the bytes that a `QuickTable` expects."""

    number = 2

    def __init__(self, table: QuickTable | None = None) -> None:
        self._own = table

    def encode(self, texts: Sequence[str]) -> bytes:
        """Return the bytes of one or more texts."""
        return self.encode_on(EVERYTHING, texts, [0] * len(texts))

    def decode(self, data: bytes, count: int) -> tuple[str, ...]:
        """Return exactly `count` texts; raise `MalformedWire` for what `encode` never gives for so many."""
        return self.decode_on(EVERYTHING, data, [0] * count)

    def encode_on(
        self, start: Interval, texts: Sequence[str], fields: Sequence[int], said: Said = NOTHING_SAID
    ) -> bytes:
        """Return the bytes of a row that begins with what led to `start` and goes on with the texts."""
        table = self._own or shipped_table()
        out = RowWriter(start)
        put_bytes(out, table, START, b"".join(text.encode() + bytes([END]) for text in texts))
        return out.getvalue()

    def decode_on(
        self, start: Interval, data: bytes, fields: Sequence[int], said: Said = NOTHING_SAID
    ) -> tuple[str, ...]:
        """Return as many texts as there are fields; `data` is the whole row."""
        table = self._own or shipped_table()
        source = RowReader(data, start)
        past = START
        texts: list[bytes] = []
        raw = bytearray()
        for _ in range(MAX_TEXT_BYTES):
            byte = take_byte(source, table, past)
            past = (past << 8 | byte) & START
            if byte != END:
                raw.append(byte)
                continue
            texts.append(bytes(raw))
            raw.clear()
            if len(texts) == len(fields):
                break
        else:
            raise MalformedWire("texts longer than a report allows")
        source.end()
        try:
            return tuple(text.decode() for text in texts)
        except UnicodeDecodeError:
            raise MalformedWire("text is not UTF-8") from None


def _without(row: Row, named: set[int]) -> Row:
    """Return a row without the bytes named before."""
    pairs = [pair for pair in zip(*row, strict=True) if pair[0] not in named]
    return bytes([symbol for symbol, _ in pairs]), bytes([count for _, count in pairs])


def _sums(counts: bytes) -> tuple[int, int]:
    """Return the weight of all bytes of a row (32 for each time, less 16 for each byte) and with escape."""
    many, total = len(counts), sum(counts)
    # The oftener a context was seen for each byte it knows, the less it will be surprised.
    escape = 16 if 2 * total < 3 * many else 13 if total < 3 * many else 11 if total < 8 * many else 6
    known = 32 * total - 16 * many
    return known, known + escape * many


def put_byte(out: RowWriter, table: QuickTable, past: int, byte: int) -> None:
    """Write a byte after these last five."""
    put_bytes(out, table, past, bytes([byte]))


def put_bytes(out: RowWriter, table: QuickTable, past: int, text: bytes) -> None:
    """Write bytes one after the other, after these last five.

    All in one loop without a call to ours, for a crowd at the site waits for it: in functions of its own it
    took twice as long.
    """
    keys, starts, rows = table.keys, table.starts, table.rows
    last = len(keys)
    put_part = out.put_part
    for byte in text:
        named: set[int] = set()
        for order in _LONGEST_FIRST:
            key = order << 40 | past & _MASKS[order]
            at = bisect_left(keys, key)
            if at == last or keys[at] != key:
                continue
            begin = starts[at] + 1
            middle = begin + rows[begin - 1] + 1
            symbols, counts = rows[begin:middle], rows[middle : 2 * middle - begin]
            if named:
                symbols, counts = _without((symbols, counts), named)
            known, total = _sums(counts)
            place = symbols.find(byte)
            if place >= 0:
                put_part(32 * sum(counts[:place]) - 16 * place, 32 * counts[place] - 16, total)
                break
            if symbols:
                put_part(known, total - known, total)
                named.update(symbols)
        else:
            put_part(byte - sum(symbol < byte for symbol in named), 1, 256 - len(named))
        past = (past << 8 | byte) & START


def take_byte(source: RowReader, table: QuickTable, past: int) -> int:
    """Read a byte after these last five."""
    named: set[int] = set()
    for order in range(LONGEST, -1, -1):
        row = table.row(order, past)
        if row is None:
            continue
        symbols, counts = _without(row, named) if named else row
        if not symbols:
            continue
        known, total = _sums(counts)
        part = source.part(total)
        if part >= known:
            source.take_part(known, total - known, total)
            named.update(symbols)
            continue
        start = 0
        for symbol, count in zip(symbols, counts, strict=True):
            weight = 32 * count - 16
            if part < start + weight:
                source.take_part(start, weight, total)
                return symbol
            start += weight
    left = [byte for byte in range(256) if byte not in named]
    part = source.part(len(left))
    source.take_part(part, 1, len(left))
    return left[part]


@functools.cache
def shipped_table() -> QuickTable:
    """Return the table that model 2 ships."""
    return QuickTable.unpacked(resources.files("sync.wire").joinpath("quick-2.bin").read_bytes())
