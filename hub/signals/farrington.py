"""Farrington 1996: a week against the same weeks of earlier years.

Source: C. P. Farrington, N. J. Andrews, A. D. Beale, M. A. Catchpole (1996), A statistical algorithm for the
early detection of outbreaks of infectious disease, J. R. Statist. Soc. A 159, 547-563.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from hub.signals.detection import BadParameter, Counts, Detection, check_first
from hub.signals.quasi_poisson import Baseline, Fitted, fit_baseline
from hub.signals.reference_values import WEEKS_A_YEAR, offsets

Floats = NDArray[np.float64]
OUTBREAK_RESIDUAL = 1.0
"""Weeks with a larger Anscombe residual weigh less."""
SIGNIFICANT_TREND = 0.05
LEAST_YEARS_FOR_TREND = 3
ROWS_AT_ONCE = 500
"""So many models are fitted together: what they need stays in the processor's cache."""


@dataclass(frozen=True)
class Rules:
    """What both methods of Farrington's have in common, in R's words.

    `b` years back, `w` weeks to each side; `limit54` is (reports, weeks): with fewer reports in so many weeks
    there is no alarm.
    """

    b: int = 5
    w: int = 3
    reweight: bool = True
    alpha: float = 0.05
    trend: bool = True
    limit54: tuple[int, int] = (5, 4)
    powertrans: str = "2/3"


def farrington(counts: Counts, first: int | None = None, rules: Rules | None = None) -> Detection:
    """Test the weeks from `first` (from 0; None: all that can be).

    Alpha is two-sided. Where there are too few reports for an alarm the bound is 0, as in R. Raises
    BadParameter.
    """
    rules = rules or Rules()
    first = first_week(counts, first, rules)
    back = offsets(rules.b, rules.w, this_year=False)[::-1]
    baseline = Baseline(
        -back / WEEKS_A_YEAR, np.zeros(len(back), dtype=np.int64), np.zeros(1, dtype=np.int64), 0
    )
    bounds = []
    for y in baselines(counts, first, back):
        fitted = fit_with_or_without_trend(
            y, baseline, rules, OUTBREAK_RESIDUAL, SIGNIFICANT_TREND, overwritten=False
        )
        se = fitted.mean * fitted.se_log * np.sqrt(fitted.phi)
        bounds.append(transformed_bound(fitted, se, float(ndtri(1 - rules.alpha / 2)), rules.powertrans))
    return judged(counts, first, np.concatenate(bounds), rules, too_few=0.0)


def first_week(counts: Counts, first: int | None, rules: Rules) -> int:
    """Return the first week to test. Raises BadParameter."""
    if rules.b < 1:
        raise BadParameter("b is at least 1: so many years back")
    least = rules.b * WEEKS_A_YEAR + rules.w
    first = least if first is None else first
    check_first(first, counts.shape[1], least)
    return first


def baselines(counts: Counts, first: int, back: NDArray[np.int64]) -> Iterator[Floats]:
    """Yield the baselines of all series and tested weeks, series by series, some hundred at a time."""
    tested = counts.shape[1] - first
    rows = counts.shape[0] * tested
    for begin in range(0, rows, ROWS_AT_ONCE):
        row = np.arange(begin, min(begin + ROWS_AT_ONCE, rows))
        series, week = np.divmod(row, tested)
        yield counts[series[:, None], first + week[:, None] - back]


def fit_with_or_without_trend(
    y: Floats,
    baseline: Baseline,
    rules: Rules,
    outbreak_residual: float,
    significant: float,
    *,
    overwritten: bool,
) -> Fitted:
    """Keep a trend where it is significant, rests on three years and foretells no new height."""
    threshold = outbreak_residual if rules.reweight else None
    if not rules.trend or rules.b < LEAST_YEARS_FOR_TREND:
        return fit_baseline(y, baseline, trend=False, threshold=threshold, overwritten=overwritten)
    fitted = fit_baseline(y, baseline, trend=True, threshold=threshold, overwritten=overwritten)
    with np.errstate(invalid="ignore"):
        kept = fitted.converged & (fitted.slope_p < significant) & (fitted.mean <= y.max(axis=1))
    rows = np.flatnonzero(~kept)
    if len(rows):
        level = fit_baseline(y[rows], baseline, trend=False, threshold=threshold, overwritten=overwritten)
        fitted.take_over(rows, level)
    return fitted


def transformed_bound(fitted: Fitted, se: Floats, quantile: float, powertrans: str) -> Floats:
    """Return the bound of a prediction that is taken as normal after a power transformation of the count.

    2/3 corrects skewness, 1/2 stabilises the variance. `se` is the standard error of the mean.
    """
    mean = fitted.mean
    tau = fitted.phi + se**2 / mean
    bound: Floats
    if powertrans == "2/3":
        bound = np.maximum(0.0, mean ** (2 / 3) + quantile * np.sqrt(4 / 9 * np.cbrt(mean) * tau)) ** 1.5
    elif powertrans == "1/2":
        bound = np.maximum(0.0, np.sqrt(mean) + quantile * np.sqrt(tau / 4)) ** 2
    else:
        bound = mean + quantile * np.sqrt(mean * tau)
    return np.where(fitted.converged, bound, np.nan)


def judged(counts: Counts, first: int, bound: Floats, rules: Rules, *, too_few: float) -> Detection:
    """Return bounds and alarms; with too few reports the bound is `too_few` and there is no alarm."""
    reports, period = rules.limit54
    sums = np.concatenate([np.zeros((counts.shape[0], 1)), np.cumsum(counts, axis=1)], axis=1)
    until = np.arange(first + 1, counts.shape[1] + 1)
    enough = sums[:, until] - sums[:, np.maximum(until - period, 0)] >= reports
    bound = bound.reshape(counts.shape[0], -1)
    alarm = enough & (counts[:, first:] > bound)
    return Detection(first, np.where(enough, bound, too_few), alarm)
