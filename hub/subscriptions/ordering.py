"""Which of two wishes of one person was the later one. Pure.

Wishes that pass a village wait there and may arrive in another order. Within one epoch the counters say it;
of different epochs the hub knows when each wish can have been written at the earliest.
"""

from __future__ import annotations

from dataclasses import dataclass

HERE = ""
"""The epoch of what came to the hub itself: its clock says when."""


@dataclass(frozen=True)
class Wished:
    """When a wish was written: its epoch and counter, and the earliest time that it can have been."""

    epoch: str
    counter: int
    told_at: float


def begins_after(begin: Wished, stop: Wished) -> bool:
    """Return whether somebody began after stopping; where it is open, they stopped last."""
    if begin.epoch == stop.epoch != HERE:
        return begin.counter > stop.counter
    return begin.told_at > stop.told_at


def stops_after(stop: Wished, begin: Wished) -> bool:
    """Return whether somebody stopped after beginning; where it is open, they did."""
    return not begins_after(begin, stop)
