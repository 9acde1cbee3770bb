"""The hub's own rule on the last week of series of which not all reports have come, and the chance of it.
Pure.

What is usual is what `hub.signals.own_rule` says of the series; where a share of a week's reports has come by
now, each is thought to have come by that chance, alone: a negative binomial count thinned so is negative
binomial, with the mean and its error times the share, and less of the dispersion that is more than a Poisson
count's. The chance is exact under that: how often do two clean weeks of this very series give a likelihood
ratio of at least what was seen, in a week that is itself above what is usual?
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom, poisson

from hub.signals.detection import Counts
from hub.signals.own_rule import (
    LEAST_WEEKS,
    NEWS_DEVIATIONS,
    ROWS_AT_ONCE,
    WEEKS_BACK,
    Usual,
    log_ratio_of,
    usual_of,
)

Floats = NDArray[np.float64]
WINDOW_WEEKS: Final = 2
HISTORY_WEEKS: Final = WEEKS_BACK + 5
LOUD: Final = 1.0
"""Series with a smaller logarithm of the ratio have chance 1: none of them is ever found."""
_BLOCKS = 48
_TAIL = 1e-9
_BISECTIONS = 14
_SCREEN = 0.05
_QUIETER = 0.7


@dataclass(frozen=True)
class Latest:
    """What the rule says of the last week, an array each: expected in it and in the week before (of what has
    come by now), how often a clean week says as much, and between what the two weeks' count lies in nine of
    ten cases."""

    mean: Floats
    before: Floats
    chance: Floats
    low: Floats
    high: Floats


def may_be_loud(counts: Counts, come: Floats) -> NDArray[np.bool_]:
    """Return which series are worth the rule, by a Poisson count on the mean of their past; shape (series,).

    What is left out has more reports than this in one of twenty clean weeks, and would not be found.
    """
    past = counts[:, :-4]
    quiet = np.minimum(past.mean(axis=1), past[:, -52:].mean(axis=1)) * _QUIETER + 1e-3
    week = poisson.sf(counts[:, -1] - 1, quiet * come[:, 0])
    both = poisson.sf(counts[:, -1] + counts[:, -2] - 1, quiet * come.sum(axis=1))
    loud: NDArray[np.bool_] = (counts[:, -1] > 0) & (np.minimum(week, both) < _SCREEN)
    return loud


def judge_latest(counts: Counts, come: Floats) -> Latest:
    """Judge the last week of series, shape (series, weeks), at least `LEAST_WEEKS` + 1 weeks.

    `come` has the shape (series, 2): which share of the reports of the last week and of the week before
    has come.
    """
    if counts.shape[1] <= LEAST_WEEKS:
        raise ValueError(f"a series has more than {LEAST_WEEKS} weeks, not {counts.shape[1]}")
    parts = [
        _judge(counts[first : first + ROWS_AT_ONCE], come[first : first + ROWS_AT_ONCE])
        for first in range(0, len(counts), ROWS_AT_ONCE)
    ] or [Latest(*[np.zeros(0)] * 5)]
    return Latest(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Latest.__annotations__)
    )


def usual_week(counts: Counts, come: Floats) -> tuple[Floats, Floats]:
    """Return between what the last week's count alone lies in nine of ten cases, of what has come by now.

    Arguments as in `judge_latest`, a few hundred series at once. Raises ValueError for too few weeks.
    """
    if counts.shape[1] <= LEAST_WEEKS:
        raise ValueError(f"a series has more than {LEAST_WEEKS} weeks, not {counts.shape[1]}")
    usual = _now(counts, come)
    size, p = _negative_binomial(usual.mean, _spreads(usual)[0])
    return nbinom.ppf(0.05, size, p), nbinom.ppf(0.95, size, p)


def _judge(counts: Counts, come: Floats) -> Latest:
    usual = _now(counts, come)
    count, earlier = counts[:, -1].astype(np.float64), counts[:, -2].astype(np.float64)
    ratio = log_ratio_of(count, earlier, usual)
    loud = (ratio >= LOUD) & (count > _news(usual))
    chance = np.ones(len(counts))
    if loud.any():
        chance[loud] = _chance(ratio[loud], _some(usual, loud))
    spread, spread_before = _spreads(usual)
    size, p = _negative_binomial(usual.mean + usual.before, spread + spread_before)
    return Latest(usual.mean, usual.before, chance, nbinom.ppf(0.05, size, p), nbinom.ppf(0.95, size, p))


def _now(counts: Counts, come: Floats) -> Usual:
    """Return what is usual of what has come by now: the one place that asks the rule."""
    rows = np.arange(len(counts))
    usual = usual_of(counts, rows, np.full(len(counts), counts.shape[1] - 1))
    share, share_before = come[:, 0], come[:, 1]
    return replace(
        usual,
        mean=usual.mean * share,
        before=usual.before * share_before,
        phi=1 + (usual.phi - 1) * share,
        variance=usual.variance * share**2,
    )


def _some(usual: Usual, rows: NDArray[np.bool_]) -> Usual:
    return Usual(usual.mean[rows], usual.before[rows], usual.phi[rows], usual.variance[rows])


def _news(usual: Usual) -> Floats:
    quiet: Floats = np.floor(usual.mean + NEWS_DEVIATIONS * np.sqrt(usual.phi * usual.mean))
    return quiet


def _spreads(usual: Usual) -> tuple[Floats, Floats]:
    spread = usual.phi * usual.mean + usual.variance
    return spread, usual.phi * usual.before + usual.variance * (usual.before / usual.mean) ** 2


def _negative_binomial(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    dispersion = np.maximum(variance / mean, 1 + 1e-4)
    return mean / (dispersion - 1), 1 / dispersion


def _chance(ratio: Floats, usual: Usual) -> Floats:
    """Return how often two weeks give a ratio of at least this.

    The ratio grows with both counts: for each count of the week before there is a least count of the last
    one. Where those have many values, blocks of them are taken at their largest, which makes the chance no
    smaller.
    """
    spread, spread_before = _spreads(usual)
    size, p = _negative_binomial(usual.mean, spread)
    size_before, p_before = _negative_binomial(usual.before, spread_before)
    last = nbinom.ppf(1 - _TAIL, size_before, p_before) + 1
    block = np.arange(_BLOCKS)
    edges = np.where(last[:, None] < _BLOCKS, block[None], np.floor(last[:, None] * (block + 1) / _BLOCKS))
    below = np.concatenate([np.full((len(edges), 1), -1.0), edges[:, :-1]], axis=1)
    cdf = nbinom.cdf(edges, size_before[:, None], p_before[:, None])
    weight = cdf - nbinom.cdf(below, size_before[:, None], p_before[:, None])
    wide = Usual(
        *(np.repeat(part, _BLOCKS) for part in (usual.mean, usual.before, usual.phi, usual.variance))
    )
    quiet = _news(wide)
    loud = np.ceil(wide.mean + 30 * np.sqrt(np.repeat(spread, _BLOCKS) + 1)) + 30
    wanted, earlier = np.repeat(ratio, _BLOCKS), edges.ravel()
    for _ in range(_BISECTIONS + int(np.log2(np.max(loud - quiet, initial=1.0)))):
        middle = np.floor((quiet + loud) / 2)
        alarming = log_ratio_of(middle, earlier, wide) >= wanted - 1e-9
        loud = np.where(alarming, middle, loud)
        quiet = np.where(alarming, quiet, np.maximum(middle, quiet))
        if (loud - quiet <= 1).all():
            break
    over = nbinom.sf(loud.reshape(edges.shape) - 1, size[:, None], p[:, None])
    chance: Floats = (weight * over).sum(axis=1) + 1 - cdf[:, -1]
    return np.minimum(chance, 1.0)
