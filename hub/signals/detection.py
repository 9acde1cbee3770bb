"""What every detector answers: a bound and an alarm for each series and week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
"""Counts a week, shape (series, weeks), whole and not negative."""


class BadParameter(ValueError):
    """A detector cannot work with what it was given; the message is one line that says what is allowed."""


@dataclass(frozen=True)
class Detection:
    """The answer for the weeks `first` (from 0) to the last, of all series.

    `upperbound` and `alarm` have the shape (series, weeks - first). A bound is in counts, for charts that sum
    up (CUSUM, likelihood ratio) it is their statistic; NaN where the method gives none, and there is no
    alarm.
    """

    first: int
    upperbound: NDArray[np.float64]
    alarm: NDArray[np.bool_]


def check_first(first: int, weeks: int, least: int) -> None:
    """Refuse a first tested week (from 0) with fewer than `least` weeks before it, or behind the last.

    Raises BadParameter; its numbers count weeks from 1, as people do.
    """
    if not least <= first < weeks:
        if least >= weeks:
            raise BadParameter(f"the method needs {least} weeks before the first that it tests, of {weeks}")
        raise BadParameter(f"the first week to test is one of {least + 1} to {weeks}")
