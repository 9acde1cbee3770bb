"""Counts what follows what in the priming text, for text model 2. Used by scripts only."""

from __future__ import annotations

from collections.abc import Iterable

from sync.wire.quick_text import LONGEST, START, QuickTable, Row, context_key
from sync.wire.said import Texts


def prime_quick(reports: Iterable[Texts]) -> QuickTable:
    """Return the table: a shorter context counts a byte only where the longer ones did not know it."""
    followers: dict[int, dict[int, int]] = {}
    for report in reports:
        past = START
        for byte in report.row():
            for order in range(LONGEST, -1, -1):
                row = followers.setdefault(context_key(order, past), {})
                row[byte] = row.get(byte, 0) + 1
                if row[byte] > 1:
                    break
            past = (past << 8 | byte) & START
    return QuickTable.of({key: _row(counts) for key, counts in followers.items()})


def _row(counts: dict[int, int]) -> Row:
    """Return the row, the most frequent byte first, its counts scaled to fit a byte."""
    most = max(counts.values())
    if most > 255:
        counts = {byte: max(1, count * 255 // most) for byte, count in counts.items()}
    symbols = sorted(counts, key=lambda byte: (-counts[byte], byte))
    return bytes(symbols), bytes(counts[byte] for byte in symbols)
