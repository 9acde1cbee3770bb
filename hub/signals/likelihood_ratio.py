"""Likelihood-ratio charts: are the last weeks a multiple, unknown (GLR) or given (LR), of what is expected?

Source: M. Höhle, M. Paul (2008), Count data regression charts for the monitoring of surveillance time series,
Computational Statistics & Data Analysis 52, 4357-4368. With counts x, expected means m, variance m + a m^2
and a factor e^k the log likelihood ratio of a week is x k - (x + 1/a) log((1 + a m e^k) / (1 + a m)), for a =
0 it is x k - m (e^k - 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import lambertw

from hub.signals.detection import BadParameter, Counts, Detection, check_first
from hub.signals.log_linear import design, fit, fit_dispersion

Floats = NDArray[np.float64]
MOST_STEPS = 60
SERIES_AT_ONCE = 2000
"""So many are watched together: what they need stays in the processor's cache."""
LARGEST_FACTOR = 50.0
"""Bound of the logarithm of a factor."""


@dataclass(frozen=True)
class Chart:
    """What a chart looks for, in R's words.

    `c_arl` is the statistic that alarms; `theta` the logarithm of the factor, None for an unknown one;
    windows of an unknown one are `least_weeks` (Mtilde) to `most_weeks` (M, -1: back to the last alarm) long;
    `decrease` looks for too few.
    """

    c_arl: float = 5.0
    theta: float | None = None
    least_weeks: int = 1
    most_weeks: int = -1
    decrease: bool = False


def likelihood_ratio(
    counts: Counts,
    first: int,
    chart: Chart,
    *,
    waves: int = 1,
    trend: bool = True,
    alpha: float | None = 0.0,
    cases: bool = False,
) -> Detection:
    """Watch the weeks from `first` (from 0) with a chart that begins anew after each alarm.

    What is expected is a log-linear model of the weeks before `first` with `waves` yearly waves and `trend`;
    `alpha` is the dispersion, None to estimate it. The bound is the statistic or, with `cases`, the count
    that would have been an alarm. Raises BadParameter.
    """
    terms = design(np.arange(1.0, counts.shape[1] + 1), waves, trend=trend)
    check_first(first, counts.shape[1], terms.shape[1])
    if cases and chart.theta is None and alpha != 0:
        raise BadParameter("ret=cases needs theta or alpha=0: a negative binomial chart gives ret=value")
    if cases and chart.theta is None and chart.decrease:
        raise BadParameter("ret=cases needs theta or dir=inc: a chart of a decrease gives ret=value")
    parts = [
        _watch(counts[row : row + SERIES_AT_ONCE], first, chart, terms, alpha, cases=cases)
        for row in range(0, len(counts), SERIES_AT_ONCE)
    ]
    bound = np.concatenate([part.upperbound for part in parts])
    return Detection(first, bound, np.concatenate([part.alarm for part in parts]))


def _watch(
    counts: Counts, first: int, chart: Chart, terms: Floats, alpha: float | None, *, cases: bool
) -> Detection:
    if alpha is None:
        spread, coefficients = fit_dispersion(counts[:, :first], terms[:first])
    else:
        spread = np.full(counts.shape[0], float(alpha))
        coefficients = fit(counts[:, :first], terms[:first], spread)
    mean = np.exp(coefficients @ terms[first:].T)
    watched = counts[:, first:]
    if chart.theta is not None:
        return _known_factor(watched, mean, spread, chart, chart.theta, first, cases=cases)
    windows = _windows(chart, overdispersed=alpha != 0)
    return _unknown_factor(watched, mean, spread, chart, windows, first, cases=cases)


def _known_factor(
    x: Counts, mean: Floats, spread: Floats, chart: Chart, theta: float, first: int, *, cases: bool
) -> Detection:
    """Sum up the log likelihood ratios, never below zero."""
    alpha = spread[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.log1p(alpha * mean * np.expm1(theta) / (1 + alpha * mean))
        per_case = np.where(alpha > 0, theta - growth, theta)
        per_week = np.where(alpha > 0, growth / alpha, mean * np.expm1(theta))
    bound = np.empty_like(mean)
    alarm = np.zeros(mean.shape, dtype=np.bool_)
    sums = np.zeros(len(x))
    for week in range(x.shape[1]):
        needed = (chart.c_arl - sums + per_week[:, week]) / per_case[:, week]
        sums = np.maximum(0.0, sums + x[:, week] * per_case[:, week] - per_week[:, week])
        alarm[:, week] = sums >= chart.c_arl
        bound[:, week] = needed if cases else sums
        sums = np.where(alarm[:, week], 0.0, sums)
    return Detection(first, bound, alarm)


@dataclass(frozen=True)
class _Windows:
    """Which windows count: `least` to `most` weeks long, none before `quiet` weeks since the last alarm."""

    least: int
    most: int | None
    quiet: int
    overdispersed: bool


def _windows(chart: Chart, *, overdispersed: bool) -> _Windows:
    """Return what R makes of Mtilde and M, which differs from one kind of chart to the other."""
    bounded = chart.most_weeks >= 0
    most = chart.most_weeks + 1 if bounded else None
    if overdispersed:
        return _Windows(chart.least_weeks, most, 1, True)
    if bounded:
        return _Windows(chart.least_weeks + 1, most, 1, False)
    return _Windows(1, None, chart.least_weeks, False)


def _unknown_factor(
    x: Counts,
    mean: Floats,
    spread: Floats,
    chart: Chart,
    windows: _Windows,
    first: int,
    *,
    cases: bool,
) -> Detection:
    """Take the largest ratio over windows that end now and all factors.

    A window is kept open for each week that may begin it. One that shows no excess so far is dropped: with
    what follows it can not beat the window that begins after it, since the largest sum is at most the sum of
    the largest.
    """
    series, weeks = x.shape
    sign = -1.0 if chart.decrease else 1.0
    # R leaves out windows without a case where it looks for too few: then a later window may count for less.
    skips_empty = chart.decrease and not windows.overdispersed
    drops = windows.least == 1 and not skips_empty
    started = np.zeros(series, dtype=np.int64)
    owner = np.zeros(0, dtype=np.int64)
    begin = np.zeros(0, dtype=np.int64)
    # Of each window: cases, expected, and how far the slope at the factor 1 is from flat.
    kinds = 3 if windows.overdispersed else 2
    sums = np.zeros((kinds, 0))
    bound = np.zeros((series, weeks))
    alarm = np.zeros((series, weeks), dtype=np.bool_)
    for week in range(weeks):
        owner = np.concatenate([owner, np.arange(series)])
        begin = np.concatenate([begin, np.full(series, week)])
        sums = np.concatenate([sums, np.zeros((kinds, series))], axis=1)
        if windows.most is not None:
            inside = begin > week - windows.most
            owner, begin, sums = owner[inside], begin[inside], sums[:, inside]
        watching = week + 1 - started >= windows.quiet
        old = (begin <= week + 1 - windows.least) & watching[owner]
        if cases:
            bound[:, week] = _cases(owner, sums, mean[:, week], old, chart, series)
        added = [x[:, week], mean[:, week]]
        if windows.overdispersed:
            added.append((x[:, week] - mean[:, week]) / (1 + spread * mean[:, week]))
        sums += np.stack(added)[:, owner]
        slope = sums[2] if windows.overdispersed else sums[0] - sums[1]
        if drops:
            rising = sign * slope > 0
            owner, begin, sums, old = owner[rising], begin[rising], sums[:, rising], old[rising]
            slope = slope[rising]
        old &= sign * slope > 0
        if skips_empty:
            old &= sums[0] > 0
        if windows.overdispersed:
            ratios = _overdispersed_ratio(x, mean, spread, owner[old], begin[old], week)
        else:
            ratios = _poisson_ratio(sums[0, old], sums[1, old])
        statistic = np.zeros(series)
        np.maximum.at(statistic, owner[old], ratios)
        alarm[:, week] = statistic >= chart.c_arl
        if not cases:
            bound[:, week] = statistic
        if alarm[:, week].any():
            started[alarm[:, week]] = week + 1
            going = ~alarm[owner, week]
            owner, begin, sums = owner[going], begin[going], sums[:, going]
    return Detection(first, bound, alarm)


def _poisson_ratio(total: Floats, expected: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio: Floats = np.where(total > 0, total * np.log(total / expected), 0.0) - (total - expected)
    return ratio


def _overdispersed_ratio(
    x: Counts,
    mean: Floats,
    spread: Floats,
    owner: NDArray[np.int64],
    begin: NDArray[np.int64],
    week: int,
) -> Floats:
    """Return the largest log likelihood ratio of each window, by Newton's steps for the factor."""
    if not len(owner):
        return np.zeros(0)
    longest = week - int(begin.min()) + 1
    back = week - np.arange(longest)
    inside = back[None, :] >= begin[:, None]
    counted = np.where(inside, x[owner[:, None], back], 0.0)
    expected = np.where(inside, mean[owner[:, None], back], 0.0)
    alpha = spread[owner][:, None]
    with np.errstate(divide="ignore"):
        factor = np.log(counted.sum(axis=1) / expected.sum(axis=1))
    factor = np.clip(factor, -LARGEST_FACTOR, LARGEST_FACTOR)
    for _ in range(MOST_STEPS):
        grown = expected * np.exp(factor)[:, None]
        share = (1 + alpha * counted) * grown / (1 + alpha * grown)
        slope = (share / (1 + alpha * grown)).sum(axis=1)
        step = (counted - np.where(inside, share, 0.0)).sum(axis=1) / np.maximum(slope, 1e-300)
        step = np.clip(step, -1.0, 1.0)
        factor = np.clip(factor + step, -LARGEST_FACTOR, LARGEST_FACTOR)
        if np.abs(step).max() < 1e-11:
            break
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = np.log1p(alpha * expected * np.expm1(factor)[:, None] / (1 + alpha * expected))
        loss = np.where(alpha > 0, (counted + 1 / alpha) * growth, expected * np.expm1(factor)[:, None])
    ratio: Floats = (counted * factor[:, None] - loss).sum(axis=1)
    return ratio


def _cases(
    owner: NDArray[np.int64],
    sums: Floats,
    mean: Floats,
    old: NDArray[np.bool_],
    chart: Chart,
    series: int,
) -> Floats:
    """Return the smallest count of this week that would alarm, 0 where none is looked for.

    In a window with mean m the ratio of a total t is t log(t/m) - t + m; it is c where log(t/m) is 1 + W((c/m
    - 1) / e).
    """
    expected = sums[1, old] + mean[owner[old]]
    height = (chart.c_arl / expected - 1) / np.e
    total = expected * np.exp(1 + lambertw(height).real)
    found = np.full(series, np.inf)
    np.fmin.at(found, owner[old], np.maximum(0.0, np.ceil(total - sums[0, old])))
    return np.where(np.isfinite(found), found, 0.0)
