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
    return _around(count, of, count / of, of, z)


def _around(count: int, of: int, share: float, size: float, z: float) -> Share:
    square = z * z / size
    middle = (share + square / 2) / (1 + square)
    half = z * math.sqrt(share * (1 - share) / size + square / (4 * size)) / (1 + square)
    # Exact at the ends, where rounding would leave 1e-17.
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return Share(count, of, share, low, high)


def weighted(labels: Iterable[tuple[bool, float]], z: float = Z_95) -> Share | None:
    """Return the share of True by weight (Hajek 1971), with the interval of Wilson for the effective number
    (sum of weights)^2 / (sum of their squares) after Kish 1965; None of nothing.

    `count` and `of` are labels, without those of no weight. With equal weights it is `wilson`.
    """
    kept = [(came, weight) for came, weight in labels if weight > 0]
    if not kept:
        return None
    total = math.fsum(weight for _, weight in kept)
    size = total * total / math.fsum(weight * weight for _, weight in kept)
    share = math.fsum(weight for came, weight in kept if came) / total
    return _around(sum(came for came, _ in kept), len(kept), share, size, z)


def brier(
    forecasts: Sequence[float], came: Sequence[bool], weights: Sequence[float] | None = None
) -> float | None:
    """Return the mean squared difference (Brier 1950): 0 is perfect, 0.25 is saying one half each time."""
    weighing = [1.0] * len(forecasts) if weights is None else weights
    if not math.fsum(weighing):
        return None
    rows = zip(forecasts, came, weighing, strict=True)
    return math.fsum(weight * (forecast - one) ** 2 for forecast, one, weight in rows) / math.fsum(weighing)


@dataclass(frozen=True)
class Bin:
    """One line of a reliability table: forecasts from `low` up to `high`, their mean, and what came."""

    low: float
    high: float
    forecast: float
    came: Share


def reliability(
    forecasts: Sequence[float],
    came: Sequence[bool],
    bins: int = FORECAST_BINS,
    weights: Sequence[float] | None = None,
) -> tuple[Bin, ...]:
    """Return the reliability table in bins of equal width, without the empty ones."""
    weighing = [1.0] * len(forecasts) if weights is None else weights
    found: dict[int, list[tuple[float, bool, float]]] = defaultdict(list)
    for forecast, one, weight in zip(forecasts, came, weighing, strict=True):
        if weight > 0:
            found[min(int(forecast * bins), bins - 1)].append((forecast, one, weight))
    table = []
    for place in sorted(found):
        rows = found[place]
        share = weighted((one, weight) for _, one, weight in rows)
        assert share is not None  # noqa: S101 - a bin holds something
        total = math.fsum(weight for _, _, weight in rows)
        mean = math.fsum(weight * forecast for forecast, _, weight in rows) / total
        table.append(Bin(place / bins, (place + 1) / bins, mean, share))
    return tuple(table)


@dataclass(frozen=True)
class Forecast:
    """What the weeks before said of one label: by its own band (`chance`) and of all bands (`usual`)."""

    chance: float
    usual: float
    came: bool
    weight: float = 1.0


def forecasts(labels: Iterable[tuple[int, str, bool, float]]) -> tuple[Forecast, ...]:
    """Return a forecast for each label (week, band, confirmed, weight) whose band the weeks before had.

    A chance is (confirmed + 1) / (verified + 2) of the weeks before (Laplace), where `confirmed` is the
    number of labels times their share by weight; so nothing is ever forecast from what came in the same week
    or later. Labels of no weight say nothing and are forecast by nothing.
    """
    by_week: dict[int, list[tuple[str, bool, float]]] = defaultdict(list)
    for week, band, came, weight in labels:
        if weight > 0:
            by_week[week].append((band, came, weight))
    seen: dict[str, _Tally] = defaultdict(_Tally)
    all_bands = _Tally()
    found = []
    for week in sorted(by_week):
        before = {band: tally.laplace() for band, tally in seen.items()}
        usual = all_bands.laplace()
        found += [
            Forecast(before[band], usual, came, weight)
            for band, came, weight in by_week[week]
            if band in before
        ]
        for band, came, weight in by_week[week]:
            seen[band].add(came, weight)
            all_bands.add(came, weight)
    return tuple(found)


@dataclass
class _Tally:
    """Labels so far: kept as sums, or each week would add up all weeks before it again."""

    labels: int = 0
    weight: float = 0.0
    confirmed: float = 0.0

    def add(self, came: bool, weight: float) -> None:
        self.labels += 1
        self.weight += weight
        self.confirmed += weight * came

    def laplace(self) -> float:
        return (
            0.5 if not self.labels else (self.confirmed / self.weight * self.labels + 1) / (self.labels + 2)
        )


def recall_at_capacity(weeks: Iterable[Sequence[float]], capacity: int) -> Share | None:
    """Return of all that was confirmed the share that stood among the first `capacity` of its week.

    Each week is in the order in which it would be worked on: the weight of a confirmed one, 0 for all others.
    Raises ValueError for a capacity under 1.
    """
    if capacity < 1:
        raise ValueError("a weekly capacity is at least 1")
    return weighted((at < capacity, float(one)) for week in weeks for at, one in enumerate(week) if one)
