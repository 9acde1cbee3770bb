"""Counts as offices write them: 1234, 1.234, 1,234, 1 234, 12,0. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

COUNT_AT_MOST: Final = 9_999_999
_MISSING: Final = frozenset(["", "-", "–", "—", "...", "…", "na", "n/a", "nan", "null"])
_GROUPED: Final = re.compile(r"[1-9]\d{0,2}(?:([.,' \u00a0\u202f])\d{3})(?:\1\d{3})*")
_DECIMAL: Final = re.compile(r"\d+([.,])(\d+)")


def is_missing(cell: str) -> bool:
    """Tell whether a cell says that there is no number: that is not zero."""
    return cell.strip().casefold() in _MISSING


def decimal_marks(cells: Iterable[str]) -> frozenset[str]:
    """Return the marks that stand before decimals somewhere in a column: there they part no thousands."""
    found = set()
    for cell in cells:
        match = _DECIMAL.fullmatch(cell.strip())
        if match and (len(match[2]) != 3 or not _GROUPED.fullmatch(cell.strip())):
            found.add(match[1])
    return frozenset(found)


def count_of(cell: str, marks: frozenset[str] = frozenset()) -> int | None:
    """Return the whole number of a cell, or None where there is none from 0 to COUNT_AT_MOST.

    `marks` are those of `decimal_marks` of its column.
    """
    text = cell.strip()
    if text.isascii() and text.isdecimal():
        return _bounded(text)
    grouped = _GROUPED.fullmatch(text)
    if grouped and grouped[1] not in marks:
        return _bounded(re.sub(r"\D", "", text))
    decimal = _DECIMAL.fullmatch(text)
    if decimal and decimal[1] in marks and not decimal[2].strip("0") and text.isascii():
        return _bounded(text.partition(decimal[1])[0])
    return None


def counts_in(cells: Sequence[str]) -> int:
    """Return how many cells of a column are counts."""
    marks = decimal_marks(cells)
    return sum(count_of(cell, marks) is not None for cell in cells)


def _bounded(digits: str) -> int | None:
    return int(digits) if len(digits) <= 18 and int(digits) <= COUNT_AT_MOST else None
