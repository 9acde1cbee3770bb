"""Weeks as places in spans of 52, and spans as bytes. Pure.

A week is its Monday, days from 1970-01-01. Spans have no year: a week's number counts Mondays from
1970-01-05.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

SPAN: Final = 52
_FIRST_MONDAY: Final = 4
Counts = NDArray[np.int32]


def number_of(week: int) -> int:
    """Return how many weeks after that of 1970-01-05 a Monday is."""
    return (week - _FIRST_MONDAY) // 7


def monday_of(number: int) -> int:
    """Return the Monday of a week by its number."""
    return number * 7 + _FIRST_MONDAY


def place_of(week: int) -> tuple[int, int]:
    """Return the span of a week and its place in that."""
    return divmod(number_of(week), SPAN)


def unpacked(data: bytes) -> Counts:
    """Return the counts of a span; one may change them."""
    return np.frombuffer(data, dtype="<i4").astype(np.int32)


def packed(counts: Counts) -> bytes:
    """Return counts of a span as bytes."""
    return counts.astype("<i4").tobytes()
