"""Weeks that a week is compared with: the last ones, and those around the same week of earlier years.

Source: A. Riebler (2004), Empirischer Vergleich von statistischen Methoden zur Ausbruchserkennung bei
Surveillance Daten.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hub.signals.detection import BadParameter, Counts, check_first

WEEKS_A_YEAR = 52


def offsets(years: int, half_width: int, *, this_year: bool) -> NDArray[np.int64]:
    """Return how many weeks before the tested week its reference values lie.

    `half_width` weeks to each side of the same week in each of `years` earlier years; with `this_year` also
    the `half_width` weeks just before. Raises BadParameter when nothing is left.
    """
    found = [
        year * WEEKS_A_YEAR + shift
        for year in range(1, years + 1)
        for shift in range(-half_width, half_width + 1)
    ]
    if this_year:
        found += range(1, half_width + 1)
    if not found:
        raise BadParameter("b=0 with actY=false leaves no weeks to compare with: give b=1 or actY=true")
    return np.array(sorted(found), dtype=np.int64)


def reference_values(
    counts: Counts, first: int | None, years: int, half_width: int, *, this_year: bool
) -> tuple[int, NDArray[np.int64]]:
    """Return the first week to test (None: the first that can be) and the offsets of its reference values.

    Raises BadParameter.
    """
    back = offsets(years, half_width, this_year=this_year)
    least = int(back.max())
    first = least if first is None else first
    check_first(first, counts.shape[1], least)
    return first, back


def reference_sums(counts: Counts, first: int, back: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the sums of the reference values of the weeks from `first` on, shape (series, weeks - first)."""
    weeks = counts.shape[1]
    sums = np.zeros((counts.shape[0], weeks - first))
    for offset in back:
        sums += counts[:, first - offset : weeks - offset]
    return sums


def reference_moments(
    counts: Counts, first: int | None, years: int, half_width: int, *, this_year: bool
) -> tuple[int, NDArray[np.float64], NDArray[np.float64]]:
    """Return the first tested week, and mean and standard deviation of the reference values from it on.

    Raises BadParameter.
    """
    first, back = reference_values(counts, first, years, half_width, this_year=this_year)
    mean = reference_sums(counts, first, back) / len(back)
    weeks = counts.shape[1]
    squares = np.zeros_like(mean)
    for offset in back:
        squares += (counts[:, first - offset : weeks - offset] - mean) ** 2
    return first, mean, np.sqrt(squares / max(1, len(back) - 1))
