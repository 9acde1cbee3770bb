"""Measures of rules and scores: shares with their intervals, forecasts against what came, recall. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

Z_95: Final = 1.959963984540054
"""The normal deviate of a two-sided interval of 95 %."""
FORECAST_BINS: Final = 5


@dataclass(frozen=True)
class Share:
    """`count` of `of`, and the Wilson interval of that share; all three shares between 0 and 1."""

    count: int
    of: int
    share: float
    low: float
    high: float


def wilson(count: int, of: int, z: float = Z_95) -> Share | None:
    """Return a share with its interval (Wilson 1927, without continuity correction); None of nothing.

    Raises ValueError unless 0 <= count <= of.
    """
    if not 0 <= count <= of:
        raise ValueError(f"a share is of 0 to all: {count} of {of} is none")
    if not of:
        return None
    share, square = count / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    # Exact at the ends, where rounding would leave 1e-17.
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return Share(count, of, share, low, high)


def brier(forecasts: Sequence[float], came: Sequence[bool]) -> float | None:
    """Return the mean squared difference (Brier 1950): 0 is perfect, 0.25 is saying one half each time."""
    if not forecasts:
        return None
    pairs = zip(forecasts, came, strict=True)
    return math.fsum((forecast - one) ** 2 for forecast, one in pairs) / len(forecasts)


@dataclass(frozen=True)
class Bin:
    """One line of a reliability table: forecasts from `low` up to `high`, their mean, and what came."""

    low: float
    high: float
    forecast: float
    came: Share


def reliability(
    forecasts: Sequence[float], came: Sequence[bool], bins: int = FORECAST_BINS
) -> tuple[Bin, ...]:
    """Return the reliability table in bins of equal width, without the empty ones."""
    found: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for forecast, one in zip(forecasts, came, strict=True):
        found[min(int(forecast * bins), bins - 1)].append((forecast, one))
    table = []
    for place in sorted(found):
        rows = found[place]
        share = wilson(sum(one for _, one in rows), len(rows))
        assert share is not None  # noqa: S101 - a bin holds something
        mean = math.fsum(forecast for forecast, _ in rows) / len(rows)
        table.append(Bin(place / bins, (place + 1) / bins, mean, share))
    return tuple(table)


@dataclass(frozen=True)
class Forecast:
    """What the weeks before said of one label: by its own band (`chance`) and of all bands (`usual`)."""

    chance: float
    usual: float
    came: bool


def forecasts(labels: Iterable[tuple[int, str, bool]]) -> tuple[Forecast, ...]:
    """Return a forecast for each label (week, band, confirmed) of which the weeks before had its band.

    A chance is (confirmed + 1) / (verified + 2) of the weeks before (Laplace), so nothing is ever forecast
    from what came in the same week or later.
    """
    by_week: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for week, band, came in labels:
        by_week[week].append((band, came))
    seen: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    found = []
    for week in sorted(by_week):
        before = {band: tuple(counts) for band, counts in seen.items()}
        confirmed, verified = (sum(counts[place] for counts in before.values()) for place in (0, 1))
        for band, came in by_week[week]:
            if band in before:
                mine = before[band]
                chance = (mine[0] + 1) / (mine[1] + 2)
                found.append(Forecast(chance, (confirmed + 1) / (verified + 2), came))
        for band, came in by_week[week]:
            seen[band][0] += came
            seen[band][1] += 1
    return tuple(found)


def recall_at_capacity(weeks: Iterable[Sequence[bool]], capacity: int) -> Share | None:
    """Return of all that was confirmed the share that stood among the first `capacity` of its week.

    Each week is in the order in which it would be worked on: True for a confirmed one. Raises ValueError for
    a capacity under 1.
    """
    if capacity < 1:
        raise ValueError("a weekly capacity is at least 1")
    reached = every = 0
    for week in weeks:
        reached += sum(week[:capacity])
        every += sum(week)
    return wilson(reached, every)
