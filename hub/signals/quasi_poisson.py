"""Quasi-Poisson models of many baselines at once: a level for each time of the year and a trend.

Source: C. P. Farrington, N. J. Andrews, A. D. Beale, M. A. Catchpole (1996), A statistical algorithm for the
early detection of outbreaks of infectious disease, J. R. Statist. Soc. A 159, 547-563; A. Noufaily et al.
(2013), An improved algorithm for outbreak detection in multiple surveillance systems, Statistics in Medicine
32, 1206-1222.

Levels and one trend make the equations of a step an arrow: within each level the weighted mean of time is
taken off, the slope is what is left, and the levels follow. So a step costs a few sums over the weeks, and a
level whose counts are all zero (its mean goes to zero) disturbs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, xlogy

Floats = NDArray[np.float64]
TOLERANCE = 1e-8
MOST_STEPS = 25


@dataclass(frozen=True)
class Baseline:
    """The weeks that a model is fitted to, the same for all series, sorted by level.

    `level_begins` are the indexes at which each level begins, `levels` the level of each week (from 0),
    `times` how many weeks it lies before the tested week, negated and in years.
    """

    times: Floats
    levels: NDArray[np.int64]
    level_begins: NDArray[np.int64]
    tested_level: int

    def per_level(self, values: Floats) -> Floats:
        """Return sums over the weeks of each level, shape (series, levels)."""
        sums: Floats = np.add.reduceat(values, self.level_begins, axis=1)
        return sums


@dataclass
class Fitted:
    """Models of many series; what was not reached in 25 steps has `converged` False.

    `phi` is the dispersion, at least 1; `mean` is the expectation at the tested week, `se_log` the standard
    error of its logarithm but for the root of a dispersion; `scale` is the dispersion, not bounded by 1, that
    standard errors take; `slope_p` is the p-value of the trend.
    """

    converged: NDArray[np.bool_]
    phi: Floats
    mean: Floats
    se_log: Floats
    slope_p: Floats
    scale: Floats

    def take_over(self, rows: NDArray[np.int64], other: Fitted) -> None:
        """Put the models of `other` in the place of the given rows."""
        for name in ("converged", "phi", "mean", "se_log", "slope_p", "scale"):
            getattr(self, name)[rows] = getattr(other, name)


@dataclass
class _Steps:
    """Where the steps ended: `weights` are those of the beginning of the last step, as R keeps them."""

    converged: NDArray[np.bool_]
    mean: Floats
    weights: Floats
    level: Floats
    slope: Floats


def fit_baseline(
    y: Floats, baseline: Baseline, *, trend: bool, threshold: float | None, overwritten: bool
) -> Fitted:
    """Fit models to counts, shape (series, weeks of the baseline).

    With a `threshold`, weeks whose Anscombe residual lies above it are taken for earlier outbreaks and weigh
    less in a second fit. `overwritten`: the scale is computed from these weights in the place of the working
    weights. R does so in farringtonFlexible, where it decides on the trend and widens the bounds "delta" and
    "muan".
    """
    weights = np.ones_like(y)
    steps = _iterate(y, weights, baseline, trend=trend)
    degrees = y.shape[1] - len(baseline.level_begins) - (1 if trend else 0)
    phi = _dispersion(steps.weights, y, steps.mean, degrees)
    if threshold is not None:
        weights = _weights(y, steps, phi, threshold, baseline, trend=trend)
        steps = _iterate(y, weights, baseline, trend=trend)
        phi = _dispersion(steps.weights, y, steps.mean, degrees)
    scaling = weights if overwritten and threshold is not None else steps.weights
    scale = _dispersion(scaling, y, steps.mean, degrees, least=0.0)
    return _predicted(steps, phi, scale, baseline, degrees, trend=trend)


def _iterate(y: Floats, weights: Floats, baseline: Baseline, *, trend: bool) -> _Steps:
    series = len(y)
    levels = len(baseline.level_begins)
    done = _Steps(
        np.zeros(series, dtype=np.bool_),
        np.empty_like(y),
        np.empty_like(y),
        np.empty((series, levels)),
        np.zeros(series),
    )
    active = np.arange(series)
    mean = y + 0.1
    eta = np.log(mean)
    fixed = (weights * (xlogy(y, y) - y)).sum(axis=1)
    before = 2 * (fixed - _likelihood(y, weights, mean, eta))
    for step in range(MOST_STEPS):
        work = weights * mean
        target = eta + (y - mean) / mean
        level, slope = _solve(work, target, baseline, trend=trend)
        eta = level[:, baseline.levels]
        if trend:
            eta = eta + slope[:, None] * baseline.times
        mean = np.exp(np.clip(eta, -700.0, 700.0))
        now = 2 * (fixed - _likelihood(y, weights, mean, eta))
        settled = np.abs(now - before) < TOLERANCE * (np.abs(now) + 0.1)
        ends = settled if step < MOST_STEPS - 1 else np.ones_like(settled)
        if ends.any():
            rows = active[ends]
            done.converged[rows] = settled[ends]
            done.mean[rows], done.weights[rows] = mean[ends], work[ends]
            done.level[rows], done.slope[rows] = level[ends], slope[ends]
            going = ~ends
            active = active[going]
            if not len(active):
                break
            y, weights, mean, eta = y[going], weights[going], mean[going], eta[going]
            now, fixed = now[going], fixed[going]
        before = now
    return done


def _likelihood(y: Floats, weights: Floats, mean: Floats, eta: Floats) -> Floats:
    """Return the part of the log likelihood that depends on the mean."""
    likelihood: Floats = np.einsum("ij,ij->i", weights, y * eta - mean)
    return likelihood


def _solve(work: Floats, target: Floats, baseline: Baseline, *, trend: bool) -> tuple[Floats, Floats]:
    """Return levels (series, levels) and slopes (series) of one weighted step."""
    total = baseline.per_level(work)
    level = baseline.per_level(work * target) / total
    if not trend:
        return level, np.zeros(len(work))
    middle = baseline.per_level(work * baseline.times) / total
    apart = baseline.times - middle[:, baseline.levels]
    weighted = work * apart
    slope = np.einsum("ij,ij->i", weighted, target) / np.einsum("ij,ij->i", weighted, apart)
    return level - slope[:, None] * middle, slope


def _dispersion(weights: Floats, y: Floats, mean: Floats, degrees: int, least: float = 1.0) -> Floats:
    residual = (y - mean) / mean
    dispersion: Floats = np.maximum(np.einsum("ij,ij->i", weights, residual * residual) / degrees, least)
    return dispersion


def _shape(steps: _Steps, baseline: Baseline, *, trend: bool) -> tuple[Floats, Floats, Floats]:
    """Return the weight and the middle of time of each level, and the spread of time within levels."""
    total = baseline.per_level(steps.weights)
    if not trend:
        return total, np.zeros_like(total), np.ones(len(total))
    middle = baseline.per_level(steps.weights * baseline.times) / total
    apart = baseline.times - middle[:, baseline.levels]
    return total, middle, np.einsum("ij,ij->i", steps.weights, apart * apart)


def _weights(
    y: Floats, steps: _Steps, phi: Floats, threshold: float, baseline: Baseline, *, trend: bool
) -> Floats:
    """Return weights, smaller for weeks above the threshold, that sum up to the number of weeks."""
    total, middle, spread = _shape(steps, baseline, trend=trend)
    leverage = 1 / total[:, baseline.levels]
    if trend:
        leverage = leverage + (baseline.times - middle[:, baseline.levels]) ** 2 / spread[:, None]
    leverage *= steps.weights
    mean = steps.mean
    residual = 1.5 * (np.cbrt(y) ** 2 * mean ** (-1 / 6) - np.sqrt(mean))
    with np.errstate(divide="ignore", invalid="ignore"):
        residual /= np.sqrt(phi[:, None] * (1 - leverage))
    high = residual > threshold
    weights = np.where(high, np.where(high, residual, 1.0) ** -2.0, 1.0)
    weights *= (y.shape[1] / weights.sum(axis=1))[:, None]
    return weights


def _predicted(
    steps: _Steps, phi: Floats, scale: Floats, baseline: Baseline, degrees: int, *, trend: bool
) -> Fitted:
    """Return the expectation at the tested week, which has time 0."""
    total, middle, spread = _shape(steps, baseline, trend=trend)
    tested = baseline.tested_level
    variance = 1 / total[:, tested]
    slope_p = np.ones(len(total))
    if trend:
        variance = variance + middle[:, tested] ** 2 / spread
        slope_p = 2 * stdtr(degrees, -np.abs(steps.slope) / np.sqrt(scale / spread))
    with np.errstate(over="ignore"):
        mean = np.exp(steps.level[:, tested])
    return Fitted(steps.converged, phi, mean, np.sqrt(variance), slope_p, scale)
