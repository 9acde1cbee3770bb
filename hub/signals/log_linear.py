"""Log-linear models of many series at once: level, trend and yearly waves, Poisson or negative binomial.

Source: P. McCullagh, J. A. Nelder (1989), Generalized Linear Models, 2nd edition: iteratively reweighted
least squares.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, polygamma, xlogy

from hub.signals.detection import Counts

WEEKS_A_YEAR = 52
TOLERANCE = 1e-8
MOST_STEPS = 25
SMALLEST_MEAN = 1e-12
SMALLEST_DISPERSION, LARGEST_DISPERSION = 1e-7, 1e4


def design(weeks: NDArray[np.float64], waves: int, *, trend: bool) -> NDArray[np.float64]:
    """Return level, trend, sine and cosine of each wave for weeks counted from 1, shape (weeks, terms).

    The trend is in units of a hundred weeks, which leaves the fit as it is and its sums well conditioned.
    """
    terms = [np.ones_like(weeks)]
    if trend:
        terms.append(weeks / 100)
    for wave in range(1, waves + 1):
        angle = 2 * np.pi * wave * weeks / WEEKS_A_YEAR
        terms += [np.sin(angle), np.cos(angle)]
    return np.stack(terms, axis=1)


def fit(
    counts: Counts, terms: NDArray[np.float64], dispersion: NDArray[np.float64] | float = 0.0
) -> NDArray[np.float64]:
    """Return coefficients, shape (series, terms), of models of counts with variance m + dispersion m^2.

    Steps end for each series when its deviance changes by less than 1e-8 of itself, or after 25.
    """
    series, number = counts.shape[0], terms.shape[1]
    products = (terms[:, :, None] * terms[:, None, :]).reshape(len(terms), number * number)
    spread = np.broadcast_to(np.asarray(dispersion, dtype=np.float64), (series,))
    coefficients = np.zeros((series, number))
    active = np.arange(series)
    y = counts
    # As the statistics packages begin: close to the counts, away from the logarithm of zero.
    mean = np.where(spread[:, None] > 0, y + (y == 0) / 6, y + 0.1)
    eta = np.log(mean)
    before = _deviance(y, mean, eta, spread)
    for _ in range(MOST_STEPS):
        alpha = spread[active, None]
        weight = mean / (1 + alpha * mean)
        target = eta + (y - mean) / mean
        left = (weight @ products).reshape(-1, number, number)
        right = (weight * target) @ terms
        try:
            solved = np.linalg.solve(left, right[:, :, None])[:, :, 0]
        except np.linalg.LinAlgError:
            solved = (np.linalg.pinv(left) @ right[:, :, None])[:, :, 0]
        coefficients[active] = solved
        eta = np.clip(solved @ terms.T, -700.0, 700.0)
        mean = np.exp(eta)
        now = _deviance(y, mean, eta, spread[active])
        going = np.abs(now - before) >= TOLERANCE * (np.abs(now) + 0.1)
        if not going.any():
            break
        active, y, mean, eta, before = active[going], y[going], mean[going], eta[going], now[going]
    return coefficients


def _deviance(
    y: Counts, mean: NDArray[np.float64], eta: NDArray[np.float64], dispersion: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return twice what the log likelihood lacks to the best that these counts could have."""
    deviance: NDArray[np.float64]
    if not dispersion.any():
        deviance = 2 * ((xlogy(y, y) - y).sum(axis=1) - (y * eta - mean).sum(axis=1))
        return deviance
    alpha = dispersion[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.where(
            alpha > 0, (y + 1 / alpha) * np.log1p(alpha * (y - mean) / (1 + alpha * mean)), y - mean
        )
    deviance = 2 * (xlogy(y, y) - y * eta - spread).sum(axis=1)
    return deviance


def fit_dispersion(
    counts: Counts, terms: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return dispersion (series) and coefficients (series, terms) by maximum likelihood.

    The dispersion is 0 where the counts vary no more than Poisson counts do.
    """
    coefficients = fit(counts, terms)
    dispersion = np.zeros(counts.shape[0])
    active = np.arange(counts.shape[0])
    for _ in range(MOST_STEPS):
        mean = np.maximum(np.exp(coefficients[active] @ terms.T), SMALLEST_MEAN)
        before = dispersion[active]
        dispersion[active] = _most_likely_dispersion(counts[active], mean, before)
        coefficients[active] = fit(counts[active], terms, dispersion[active])
        moved = np.abs(dispersion[active] - before) > 1e-10 * np.maximum(1e-3, before)
        active = active[moved]
        if not len(active):
            break
    return dispersion, coefficients


def _most_likely_dispersion(
    y: Counts, mean: NDArray[np.float64], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the dispersion for given means: Newton's steps in the logarithm of the size, 1 / dispersion."""
    moment = (((y - mean) ** 2 - mean) / mean**2).mean(axis=1)
    log_size = np.where(
        start > 0, -np.log(np.maximum(start, SMALLEST_DISPERSION)), -np.log(np.clip(moment, 0.01, 10))
    )
    for _ in range(MOST_STEPS):
        size = np.exp(log_size)[:, None]
        slope = (
            digamma(y + size) - digamma(size) + np.log(size / (size + mean)) + (mean - y) / (size + mean)
        ).sum(axis=1)
        bend = (
            polygamma(1, y + size)
            - polygamma(1, size)
            + 1 / size
            - 2 / (size + mean)
            + (y + size) / (size + mean) ** 2
        ).sum(axis=1)
        flat = size[:, 0]
        first, second = slope * flat, bend * flat**2 + slope * flat
        step = np.where(second < 0, -first / np.where(second < 0, second, -1.0), np.sign(first))
        step = np.clip(step, -1.0, 1.0)
        log_size = np.clip(log_size + step, -np.log(LARGEST_DISPERSION), -np.log(SMALLEST_DISPERSION))
        if np.abs(step).max() < 1e-10:
            break
    dispersion = np.exp(-log_size)
    return np.where(dispersion <= SMALLEST_DISPERSION * 1.001, 0.0, dispersion)
