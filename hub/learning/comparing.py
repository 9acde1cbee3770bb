"""Champion against challenger on weeks that the challenger never saw: both judge the same reports. Pure."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from hub.learning.measures import Bin, Share, brier, recall_at_capacity, reliability

RESAMPLES: Final = 2_000
LEAST_COMPARED: Final = 30
LEAST_CONFIRMED_COMPARED: Final = 10
"""Under so many later labels, or confirmed ones, nothing is said of which is better."""


@dataclass(frozen=True)
class Seen:
    """One later report under one table: its place in the order, and its chance to be confirmed."""

    rank: int
    chance: float


@dataclass(frozen=True)
class Paired:
    """One later report under both tables. `came` is None where verification said nothing."""

    id: str
    week: int
    received_at: float
    came: bool | None
    weight: float
    champion: Seen
    challenger: Seen


@dataclass(frozen=True)
class Difference:
    """Challenger less champion, with the interval of 95 percent of the paired bootstrap."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Side:
    """What one table reached."""

    brier: float
    reliability: tuple[Bin, ...]
    recall: Share | None


@dataclass(frozen=True)
class Comparison:
    """Both on the same later labels. `only_champion` and `only_challenger` are confirmed reports that one of
    them alone brings within the weekly capacity, `p` their exact test (McNemar)."""

    reports: int
    labels: int
    confirmed: int
    capacity: int
    champion: Side
    challenger: Side
    brier: Difference
    recall: Difference
    only_champion: int
    only_challenger: int
    p: float


class TooFewLater(ValueError):
    """Too few later labels to say which is better; `labels` and `confirmed` are what there is."""

    def __init__(self, labels: int, confirmed: int) -> None:
        super().__init__(
            f"too few later labels: {labels} with {confirmed} confirmed; "
            f"{LEAST_COMPARED} with {LEAST_CONFIRMED_COMPARED} are needed"
        )
        self.labels = labels
        self.confirmed = confirmed


def compare(reports: Sequence[Paired], capacity: int, rng: np.random.Generator) -> Comparison:
    """Return the comparison; raise TooFewLater, and ValueError for a capacity under 1."""
    labelled = [one for one in reports if one.came is not None and one.weight > 0]
    confirmed = [one for one in labelled if one.came]
    if len(labelled) < LEAST_COMPARED or len(confirmed) < LEAST_CONFIRMED_COMPARED:
        raise TooFewLater(len(labelled), len(confirmed))
    sides, within = [], []
    for name in ("champion", "challenger"):
        weeks = _ordered(reports, name)
        chances = [getattr(one, name).chance for one in labelled]
        came, weight = [bool(one.came) for one in labelled], [one.weight for one in labelled]
        value = brier(chances, came, weight)
        assert value is not None  # noqa: S101 - there are labels of some weight
        recall = recall_at_capacity([[_confirmed_weight(one) for one in week] for week in weeks], capacity)
        sides.append(Side(value, reliability(chances, came, weights=weight), recall))
        within.append({one.id for week in weeks for one in week[:capacity]})
    first, second = within
    only_champion = sum(one.id in first and one.id not in second for one in confirmed)
    only_challenger = sum(one.id in second and one.id not in first for one in confirmed)
    apart = only_champion + only_challenger
    errors = [
        (one.challenger.chance - bool(one.came)) ** 2 - (one.champion.chance - bool(one.came)) ** 2
        for one in labelled
    ]
    reached = [float(one.id in second) - float(one.id in first) for one in confirmed]
    return Comparison(
        reports=len(reports),
        labels=len(labelled),
        confirmed=len(confirmed),
        capacity=capacity,
        champion=sides[0],
        challenger=sides[1],
        brier=_difference(errors, [one.weight for one in labelled], rng),
        recall=_difference(reached, [one.weight for one in confirmed], rng),
        only_champion=only_champion,
        only_challenger=only_challenger,
        p=_by_chance(only_challenger, apart),
    )


def _by_chance(ahead: int, apart: int) -> float:
    """Return how likely a fair coin lies as far from its middle as `ahead` of `apart` throws (both sides)."""
    if not apart:
        return 1.0
    # Slow to import, and every command of the hub loads this module.
    from scipy.stats import binomtest

    return float(binomtest(ahead, apart, 0.5).pvalue)


def _ordered(reports: Sequence[Paired], name: str) -> list[list[Paired]]:
    weeks: dict[int, list[Paired]] = defaultdict(list)
    for one in sorted(reports, key=lambda one: (getattr(one, name).rank, one.received_at, one.id)):
        weeks[one.week].append(one)
    return [weeks[week] for week in sorted(weeks)]


def _confirmed_weight(one: Paired) -> float:
    return one.weight if one.came else 0.0


def _difference(values: Sequence[float], weights: Sequence[float], rng: np.random.Generator) -> Difference:
    each, weight = np.array(values), np.array(weights)
    drawn: Any = rng.integers(0, len(each), (RESAMPLES, len(each)))
    means = (each * weight)[drawn].sum(axis=1) / weight[drawn].sum(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Difference(math.fsum(each * weight) / math.fsum(weight), float(low), float(high))
