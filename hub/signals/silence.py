"""A village that answers but tells less than it used to. Pure.

Reports of the last 4, 8, 13 and 26 weeks in which the box was heard are held against the weeks before
them. A count of so many weeks is negative binomial, with the variance of the counts and of the estimated
mean. The chance is four times the smallest of the four (C. E. Bonferroni): it is never too small for
having looked at four windows. Weeks in which the box was not heard and that nothing is told of are none:
not in the window, and not in the past. What is not heard at all is no silence, but a box that is offline.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom

Floats = NDArray[np.float64]
WINDOWS: Final = (4, 8, 13, 26)
PAST_WEEKS: Final = 104
LEAST_PAST: Final = 26
LEAST_HEARD: Final = 0.75
"""Of the weeks of a window: else the box is offline rather than silent."""


@dataclass(frozen=True)
class Silence:
    """By series: the chance of so few reports, weeks of the window that shows it best, reports in its heard
    weeks, how many were expected, and between what the count lies in nine of ten cases."""

    chance: Floats
    weeks: NDArray[np.int64]
    count: Floats
    expected: Floats
    low: Floats
    high: Floats


def judge_silence(counts: Floats, there: NDArray[np.bool_], come: Floats) -> Silence:
    """Judge the weeks up to the last one of series, shape (series, weeks).

    `there` says in which weeks a box was heard or reports were told, `come` which share of each of the
    last 26 weeks' reports has come, newest last, shape (series, 26). Where the last week is not there the
    chance is 1.
    """
    series, weeks = counts.shape
    best = np.ones(series)
    found = [np.full(series, WINDOWS[0]), *(np.zeros(series) for _ in range(4))]
    for window in WINDOWS:
        begin = max(weeks - window - PAST_WEEKS, 0)
        if weeks - window - begin < LEAST_PAST:
            continue
        past, heard = counts[:, begin : weeks - window], there[:, begin : weeks - window].astype(np.float64)
        number = heard.sum(axis=1)
        mean = ((past * heard).sum(axis=1) + 0.5) / np.maximum(number, 1.0)
        squares = (heard * (past - mean[:, None]) ** 2).sum(axis=1) / np.maximum(number - 1, 1.0)
        phi = np.maximum(squares / mean, 1.0)
        now = there[:, weeks - window :].astype(np.float64)
        exposure = (now * come[:, -window:]).sum(axis=1)
        expected = mean * exposure
        variance = phi * expected + exposure**2 * phi * mean / np.maximum(number, 1.0)
        dispersion = np.maximum(variance / np.maximum(expected, 1e-9), 1 + 1e-4)
        size, p = np.maximum(expected, 1e-9) / (dispersion - 1), 1 / dispersion
        count = (counts[:, weeks - window :] * now).sum(axis=1)
        enough = (number >= LEAST_PAST) & (now.mean(axis=1) >= LEAST_HEARD) & there[:, -1]
        chance = np.where(enough, np.minimum(len(WINDOWS) * nbinom.cdf(count, size, p), 1.0), 1.0)
        better = chance < best
        best = np.where(better, chance, best)
        values = (window, count, expected, nbinom.ppf(0.05, size, p), nbinom.ppf(0.95, size, p))
        found = [np.where(better, new, old) for new, old in zip(values, found, strict=True)]
    return Silence(best, found[0].astype(np.int64), *found[1:])


def filled_in(counts: Floats, there: NDArray[np.bool_]) -> Floats:
    """Return counts with the mean of the weeks that are there in those that are not: zeros that are none
    would make every later week look like news."""
    heard = there.astype(np.float64)
    mean = (counts * heard).sum(axis=1) / np.maximum(heard.sum(axis=1), 1.0)
    filled: Floats = np.where(there, counts, mean[:, None])
    return filled
