"""CUSUM: transformed excesses over what is expected, summed up.

Sources: G. Rossi, L. Lampugnani, M. Marchi (1999), An approximate CUSUM procedure for surveillance of health
events, Statistics in Medicine 18, 2111-2122; D. A. Pierce, D. W. Schafer (1986), Residuals in generalized
linear models, JASA 81, 977-986; F. J. Anscombe (1953), discussion of Hotelling, J. R. Statist. Soc. B 15,
229-230: the residual is the integral of V(u)^(-1/3).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import hyp2f1

from hub.signals.detection import BadParameter, Counts, Detection, check_first
from hub.signals.log_linear import design, fit

Floats = NDArray[np.float64]
USUAL_ALPHA = 0.1
"""Dispersion of a negative binomial transformation where none is given."""
Transform = Callable[[Counts, Floats, Floats], Floats]


def _standard(x: Counts, m: Floats, alpha: Floats) -> Floats:
    z: Floats = (x - m) / np.sqrt(m)
    return z


def _rossi(x: Counts, m: Floats, alpha: Floats) -> Floats:
    z: Floats = (x - 3 * m + 2 * np.sqrt(x * m)) / (2 * np.sqrt(m))
    return z


def _anscombe(x: Counts, m: Floats, alpha: Floats) -> Floats:
    z: Floats = 1.5 * (np.cbrt(x) ** 2 - np.cbrt(m) ** 2) / m ** (1 / 6)
    return z


def _anscombe_second_order(x: Counts, m: Floats, alpha: Floats) -> Floats:
    return (np.cbrt(x) ** 2 - (np.cbrt(m) ** 2 - m ** (-1 / 3) / 9)) / (2 / 3 * m ** (1 / 6))


def _pearson(x: Counts, m: Floats, alpha: Floats) -> Floats:
    z: Floats = (x - m) / np.sqrt(m + alpha * m**2)
    return z


def _anscombe_negative_binomial(x: Counts, m: Floats, alpha: Floats) -> Floats:
    # The residual's integral of (u + alpha u^2)^(-1/3), in closed form.
    def whole(u: Floats) -> Floats:
        integral: Floats = 1.5 * np.cbrt(u) ** 2 * hyp2f1(1 / 3, 2 / 3, 5 / 3, -alpha * u)
        return integral

    return (whole(x) - whole(m)) / (m + alpha * m**2) ** (1 / 6)


def _none(x: Counts, m: Floats, alpha: Floats) -> Floats:
    return x


TRANSFORMS: dict[str, Transform] = {
    "standard": _standard,
    "rossi": _rossi,
    "anscombe": _anscombe,
    "anscombe2nd": _anscombe_second_order,
    "pearsonNegBin": _pearson,
    "anscombeNegBin": _anscombe_negative_binomial,
    "none": _none,
}


def cusum(
    counts: Counts,
    first: int,
    *,
    k: float = 1.04,
    h: float = 2.26,
    m: float | str | None = None,
    trans: str = "standard",
    alpha: float | None = None,
    reset: bool = False,
) -> Detection:
    """Sum up what the weeks from `first` (from 0) have above `k`; an alarm is a sum of `h` or more.

    What is expected is `m`: a number, None for the mean of the weeks before `first`, or "glm" for a Poisson
    model of them with one yearly wave (and no trend, as in surveillance 1.20.3). With `reset` the sum begins
    anew after an alarm; R's does not, and goes on alarming. Where nothing is expected (a series without
    reports before `first`) there is no scale but for trans="none": sums are NaN and nothing alarms; R says
    NA. Raises BadParameter.
    """
    check_first(first, counts.shape[1], 0 if isinstance(m, float) else 1)
    expected = _expected(counts, first, m)
    x = counts[:, first:]
    spread = np.asarray(USUAL_ALPHA if alpha is None else alpha)
    with np.errstate(divide="ignore", invalid="ignore"):
        excess = TRANSFORMS[trans](x, expected, spread) - k
    sums = np.zeros(counts.shape[0])
    bound = np.empty_like(excess)
    for week in range(excess.shape[1]):
        sums = np.maximum(0.0, sums + excess[:, week])
        bound[:, week] = sums
        if reset:
            sums = np.where(sums >= h, 0.0, sums)
    return Detection(first, bound, bound >= h)


def _expected(counts: Counts, first: int, m: float | str | None) -> Floats:
    if isinstance(m, float):
        return np.full((counts.shape[0], 1), m)
    if m is None:
        before: Floats = counts[:, :first].mean(axis=1, keepdims=True)
        return before
    if m != "glm":
        raise BadParameter("m is a number, null or glm")
    terms = design(np.arange(1.0, counts.shape[1] + 1), 1, trend=False)
    coefficients = fit(counts[:, :first], terms[:first])
    expected: Floats = np.exp(coefficients @ terms[first:].T)
    return expected
