"""Farrington flexible: a week against earlier years, each time of the year with its own level.

Source: A. Noufaily, D. G. Enki, P. Farrington, P. Garthwaite, N. Andrews, A. Charlett (2013), An improved
algorithm for outbreak detection in multiple surveillance systems, Statistics in Medicine 32, 1206-1222; M.
Salmon, D. Schumacher, M. Höhle (2016), Monitoring count time series in R, Journal of Statistical Software
70(10), for the bound "muan".
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import nbinom, poisson

from hub.signals.detection import BadParameter, Counts, Detection
from hub.signals.farrington import (
    Rules,
    baselines,
    first_week,
    fit_with_or_without_trend,
    judged,
    transformed_bound,
)
from hub.signals.quasi_poisson import Baseline, Fitted
from hub.signals.reference_values import WEEKS_A_YEAR

Floats = NDArray[np.float64]
LARGEST_MEAN = 1e9
"""Of a negative binomial distribution whose quantile is asked: an uncertain mean may be any number."""


@dataclass(frozen=True)
class FlexibleRules:
    """The parameters, in R's words; alpha of `rules` is one-sided here.

    `no_periods` is into how many parts a year falls, the weeks around the tested one being the last; 1 takes
    those weeks alone. `past_weeks_not_included` before the tested week are left out (None: w).
    `threshold_method` is delta, nbPlugin or muan.
    """

    rules: Rules = field(default_factory=Rules)
    weights_threshold: float = 2.58
    p_threshold_trend: float = 0.05
    no_periods: int = 1
    past_weeks_not_included: int | None = None
    threshold_method: str = "delta"


def farrington_flexible(
    counts: Counts, first: int | None = None, flexible: FlexibleRules | None = None
) -> Detection:
    """Test the weeks from `first` (from 0; None: all that can be).

    Where there are too few reports for an alarm there is no bound. Raises BadParameter.
    """
    flexible = flexible or FlexibleRules()
    rules = flexible.rules
    first = first_week(counts, first, rules)
    back, baseline = flexible_baseline(flexible)
    bounds = []
    for y in baselines(counts, first, back):
        fitted = fit_with_or_without_trend(
            y, baseline, rules, flexible.weights_threshold, flexible.p_threshold_trend, overwritten=True
        )
        bounds.append(_bound(fitted, flexible))
    return judged(counts, first, np.concatenate(bounds), rules, too_few=np.nan)


def flexible_baseline(flexible: FlexibleRules) -> tuple[NDArray[np.int64], Baseline]:
    """Return offsets of the baseline's weeks, by level and time, and the baseline. Raises BadParameter."""
    rules, parts = flexible.rules, flexible.no_periods
    between = WEEKS_A_YEAR - 2 * rules.w - 1
    if parts < 1 or between < parts - 1:
        raise BadParameter(f"noPeriods is 1 to {between + 1} with w={rules.w}")
    level_at = dict.fromkeys(range(rules.w + 1), parts - 1)
    # The weeks between two windows fall into parts of equal length; the first ones have a week more where
    # they do not fit.
    lengths = [len(part) for part in np.array_split(np.arange(between), parts - 1)] if parts > 1 else []
    for year in range(1, rules.b + 1):
        middle = year * WEEKS_A_YEAR
        level_at.update({middle + shift: parts - 1 for shift in range(-rules.w, rules.w + 1)})
        part_of = np.repeat(np.arange(len(lengths)), lengths)
        level_at.update({middle - rules.w - 1 - day: int(level) for day, level in enumerate(part_of)})
    left_out = rules.w if flexible.past_weeks_not_included is None else flexible.past_weeks_not_included
    kept = sorted((level, -back) for back, level in level_at.items() if back > left_out)
    names = sorted({level for level, _ in kept})
    if parts - 1 not in names:
        raise BadParameter("pastWeeksNotIncluded leaves no weeks to compare with: give fewer")
    levels = np.array([names.index(level) for level, _ in kept], dtype=np.int64)
    back = np.array([-negative for _, negative in kept], dtype=np.int64)
    begins = np.searchsorted(levels, np.arange(len(names)))
    return back, Baseline(-back / WEEKS_A_YEAR, levels, begins, names.index(parts - 1))


def _bound(fitted: Fitted, flexible: FlexibleRules) -> Floats:
    rules = flexible.rules
    quantile = float(ndtri(1 - rules.alpha))
    se_log = fitted.se_log * np.sqrt(fitted.scale)
    if flexible.threshold_method == "delta":
        return transformed_bound(fitted, fitted.mean * se_log, quantile, rules.powertrans)
    mean = fitted.mean
    if flexible.threshold_method == "muan":
        with np.errstate(over="ignore"):
            mean = mean * np.exp(quantile * se_log)
    mean = np.minimum(mean, LARGEST_MEAN)
    bound = poisson.ppf(1 - rules.alpha, mean)
    over = fitted.phi > 1
    phi = fitted.phi[over]
    bound[over] = nbinom.ppf(1 - rules.alpha, mean[over] / (phi - 1), 1 / phi)
    return np.where(fitted.converged, bound, np.nan)
