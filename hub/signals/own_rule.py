"""The hub's own rule: are the last two weeks likelier as the beginning of an outbreak than as usual?

What is usual comes of a log-linear quasi-Poisson model of up to seven years, without the last weeks. Season
and trend are shrunk (normal priors, a ridge), so that a sparse series is its mean and a rich one keeps its
waves. Weeks far above it weigh less in a second and third fit, as in A. Noufaily et al. (2013), An improved
algorithm for outbreak detection in multiple surveillance systems, Statistics in Medicine 32, 1206-1222.

An outbreak began this week or the week before, and adds a few standard deviations and no less than a few
reports, half of them in its first week. The statistic is the mean likelihood ratio over beginnings and
sizes (J. Neyman, E. S. Pearson (1933): no other test finds more of such outbreaks at as many false alarms).
The counts are negative binomial with the variance of the counts and that of the estimate, so one threshold
fits sparse and rich series. Its value was chosen on simulated series, see `scripts/evaluate-detectors`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from hub.signals.detection import Counts, Detection, check_first

Floats = NDArray[np.float64]
WEEKS_A_YEAR = 52
WEEKS_BACK = 7 * WEEKS_A_YEAR
LEFT_OUT = 4
"""So many weeks before the tested one are no baseline: they may be of the same outbreak."""
LEAST_WEEKS = 30
WAVES = 2
SEASON_DEVIATION = 0.5
"""Of the prior of the first wave's parts; of the second it is half."""
TREND_DEVIATION = 0.15
"""Of the prior of the trend a year."""
OUTBREAK_RESIDUAL = 2.58
SIZES = (2.0, 4.0)
"""In standard deviations of a usual week."""
LEAST_REPORTS = (4.0, 7.0)
"""Sizes are no less, so that where nearly nobody reports one report alone is seldom an alarm."""
SHARES = (0.5, 0.417)
"""Of an outbreak's cases, in its first and second week."""
BEGAN_NOW, BEGAN_BEFORE = 0.5, 1.0
SMALL_VARIANCE = 0.3
"""Added to the variance that sizes are counted in: where nobody reports a burst is a few reports."""
NEWS_DEVIATIONS = 1.0
"""The week itself must be so far above what is usual: what is over is no news."""
LOG_RATIO = 1.85
"""The statistic that alarms, of its logarithm."""
FIRST_STEPS, MORE_STEPS, REFITS = 8, 4, 2
ROWS_AT_ONCE = 500
BISECTIONS = 16


@dataclass(frozen=True)
class Usual:
    """Expected this week and before, the dispersion, and the variance of what is expected this week."""

    mean: Floats
    before: Floats
    phi: Floats
    variance: Floats


def own_rule(counts: Counts, first: int | None = None, *, log_ratio: float = LOG_RATIO) -> Detection:
    """Test the weeks from `first` (from 0; None: all that can be).

    An alarm is a likelihood ratio of at least e^log_ratio in a week that is itself above what is usual. The
    bound is the largest count that would be none. Raises BadParameter.
    """
    first = LEAST_WEEKS if first is None else first
    weeks = counts.shape[1]
    check_first(first, weeks, LEAST_WEEKS)
    rows = counts.shape[0] * (weeks - first)
    bounds = []
    for begin in range(0, rows, ROWS_AT_ONCE):
        series, week = np.divmod(np.arange(begin, min(begin + ROWS_AT_ONCE, rows)), weeks - first)
        week = week + first
        bounds.append(_bound(counts[series, week - 1], usual_of(counts, series, week), log_ratio))
    bound = np.concatenate(bounds).reshape(len(counts), -1)
    return Detection(first, bound, counts[:, first:] > bound)


def _bound(earlier: Floats, usual: Usual, log_ratio: float) -> Floats:
    deviation = np.sqrt(usual.phi * usual.mean)
    quiet = np.floor(usual.mean + NEWS_DEVIATIONS * deviation)
    loud = np.ceil(usual.mean + 30 * np.sqrt(usual.phi * usual.mean + usual.variance + 1)) + 30
    for _ in range(BISECTIONS):
        middle = np.floor((quiet + loud) / 2)
        alarming = log_ratio_of(middle, earlier, usual) >= log_ratio
        loud = np.where(alarming, middle, loud)
        quiet = np.where(alarming, quiet, np.maximum(middle, quiet))
    return quiet


def usual_of(counts: Counts, series: NDArray[np.int64], week: NDArray[np.int64]) -> Usual:
    """Return what is usual in weeks of series, two arrays of one length, out of the weeks before."""
    back = np.arange(LEFT_OUT + 1, LEFT_OUT + 1 + WEEKS_BACK)
    back = back[back <= week.max()]
    place = week[:, None] - back
    y = counts[series[:, None], np.maximum(place, 0)]
    there = (place >= 0).astype(np.float64)
    terms = _terms(back)
    products = (terms[:, :, None] * terms[:, None, :]).reshape(len(back), -1)
    weights, phi = there, np.ones(len(y))
    coefficients = np.zeros((len(y), terms.shape[1]))
    coefficients[:, 0] = np.log(((y * there).sum(axis=1) + 0.5) / there.sum(axis=1))
    for refit in range(REFITS + 1):
        for _ in range(FIRST_STEPS if refit == 0 else MORE_STEPS):
            mean = np.exp(np.clip(coefficients @ terms.T, -20.0, 20.0))
            information = _information(weights * mean / phi[:, None], products)
            score = (weights * (y - mean) / phi[:, None]) @ terms - coefficients * _PRECISION
            # Half a report more, as Jeffreys' prior has it: no series is expected to stay empty for ever.
            score[:, 0] += 0.5 / phi
            step = np.linalg.solve(information, score[:, :, None])[:, :, 0]
            coefficients = coefficients + np.clip(step, -1.0, 1.0)
        mean = np.exp(np.clip(coefficients @ terms.T, -20.0, 20.0))
        degrees = np.maximum(1.0, weights.sum(axis=1) - terms.shape[1])
        phi = np.maximum(1.0, (weights * (y - mean) ** 2 / mean).sum(axis=1) / degrees)
        if refit < REFITS:
            residual = 1.5 * (np.cbrt(y) ** 2 * mean ** (-1 / 6) - np.sqrt(mean)) / np.sqrt(phi)[:, None]
            weights = there * (OUTBREAK_RESIDUAL / np.maximum(residual, OUTBREAK_RESIDUAL)) ** 2
    covariance = np.linalg.inv(_information(weights * mean / phi[:, None], products))
    now, before = _terms(np.array([0, 1]))
    expected = np.exp(np.clip(coefficients @ now, -20.0, 20.0))
    variance = expected**2 * np.einsum("p,rpq,q->r", now, covariance, now)
    return Usual(expected, np.exp(np.clip(coefficients @ before, -20.0, 20.0)), phi, variance)


def _terms(back: NDArray[np.int64]) -> Floats:
    """Return level, trend in years, and waves of weeks that lie so far back, shape (weeks, terms)."""
    terms = [np.ones(len(back)), -back / WEEKS_A_YEAR]
    for wave in range(1, WAVES + 1):
        angle = 2 * np.pi * wave * back / WEEKS_A_YEAR
        terms += [np.cos(angle), np.sin(angle)]
    return np.stack(terms, axis=1)


_DEVIATIONS = [TREND_DEVIATION, *(SEASON_DEVIATION / wave for wave in range(1, WAVES + 1) for _ in "cs")]
_PRECISION = np.array([0.0, *(deviation**-2 for deviation in _DEVIATIONS)])


def _information(weights: Floats, products: Floats) -> Floats:
    number = len(_PRECISION)
    information: Floats = (weights @ products).reshape(-1, number, number) + np.diag(_PRECISION)
    return information


def log_ratio_of(count: Floats, earlier: Floats, usual: Usual) -> Floats:
    """Return the logarithm of the mean likelihood ratio of a count after that of the week before."""
    spread = usual.phi * usual.mean + usual.variance
    spread_before = usual.phi * usual.before + usual.variance * (usual.before / usual.mean) ** 2
    deviation = np.sqrt(spread + SMALL_VARIANCE)
    ratios = []
    for size, least in zip(SIZES, LEAST_REPORTS, strict=True):
        begins, goes_on = (share * np.maximum(size * deviation, least) for share in SHARES)
        ratios.append(np.log(BEGAN_NOW) + _excess(count, usual.mean, spread, begins))
        going = _excess(count, usual.mean, spread, goes_on)
        going += _excess(earlier, usual.before, spread_before, begins)
        ratios.append(np.log(BEGAN_BEFORE) + going)
    ratio: Floats = np.logaddexp.reduce(ratios, axis=0) - np.log(len(ratios))
    return ratio


def _excess(count: Floats, mean: Floats, variance: Floats, added: Floats) -> Floats:
    """Return the log likelihood ratio of a negative binomial count with the mean `added` to.

    The dispersion, variance / mean, stays: so the ratio grows with the count, and there is one bound.
    """
    dispersion = np.maximum(variance / mean, 1 + 1e-4)
    size, more = mean / (dispersion - 1), (mean + added) / (dispersion - 1)
    ratio: Floats = (
        gammaln(count + more)
        - gammaln(more)
        - gammaln(count + size)
        + gammaln(size)
        - (more - size) * np.log(dispersion)
    )
    return ratio
