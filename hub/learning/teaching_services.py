"""What the pages about teaching and reporting ask of the hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hub.learning.before_after import Around, Ratio
from hub.learning.services import LEAST_SHOWN
from hub.services import HeldSession, SignedIn

MOST_WEEKS: Final = 104
"""Of a time line, the present week included."""
AROUND_WEEKS: Final = 8
"""Weeks before and after a session that are compared."""


@dataclass(frozen=True)
class Compared:
    """Reports around sessions. `around` and `ratio` are None under `LEAST_SHOWN` reports; `ratio` also where
    it cannot be worked out."""

    around: Around | None
    ratio: Ratio | None


def compared(around: Around, ratio: Ratio | None) -> Compared:
    """Return what may be shown of a comparison."""
    return Compared(around, ratio) if around.reports >= LEAST_SHOWN else Compared(None, None)


@dataclass(frozen=True)
class VillageLine:
    """One village: `counts` and `heard` by week, the oldest first, the present one last; `counts` is None
    where all weeks together hold fewer than `LEAST_SHOWN` reports. The others are by place of the week:
    sessions, numbers of signals raised for the village and of bulletins that were sent to it."""

    village: str
    counts: tuple[int, ...] | None
    heard: tuple[bool, ...]
    sessions: Mapping[int, Sequence[HeldSession]]
    signals: Mapping[int, Sequence[int]]
    bulletins: Mapping[int, Sequence[int]]
    compared: Compared


@dataclass(frozen=True)
class AreaTeaching:
    """All villages of an area together: how many, how many of them were taught in these weeks, reports around
    sessions, and beside villages that were not yet taught. `others` and `beside` are None where either side
    has fewer than `LEAST_SHOWN` reports. `worked_out_at` tells when, Unix seconds."""

    villages: int
    taught: int
    compared: Compared
    first: Around | None
    others: Around | None
    beside: Ratio | None
    worked_out_at: float


class TeachingServices(Protocol):
    """Teaching and reporting; each look is noted in the log of accesses."""

    def village(self, node: int, weeks: int, *, who: SignedIn) -> VillageLine:
        """Return the line of a node's village over the last weeks. Raises UnknownVillage, also for one that
        the account may not see, and ValueError unless weeks is 1 to `MOST_WEEKS`."""
        ...

    def area(self, area: str, *, who: SignedIn, anew: bool = False) -> AreaTeaching:
        """Return the villages below an area (empty: all) that an account may see; unless `anew` it may be
        what was worked out some minutes ago."""
        ...
