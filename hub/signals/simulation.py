"""Simulated counts with known outbreaks, to measure detectors with.

Source: A. Noufaily et al. (2013), An improved algorithm for outbreak detection in multiple surveillance
systems, Statistics in Medicine 32, 1206-1222: 42 scenarios, outbreaks of a Poisson number of cases with mean
k times the standard deviation of all counts of the series before outbreaks are added (so that season and
trend count in it), spread over weeks by a lognormal distribution. See docs/decisions.md 125.
Sparse series are ours: villages with 0.02 to 1 report a week.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.signals.detection import Counts

Floats = NDArray[np.float64]
WEEKS = 624
FIRST_TESTED = 575
"""The first tested week, counted from 0."""
BASELINE_WEEKS = 312
EARLIER_OUTBREAKS = 4
EARLIER_SIZES, SIZES = (2, 3, 5, 10), tuple(range(1, 11))
"""Of Noufaily's outbreaks before and in the tested weeks, in standard deviations of the clean counts."""
BURSTS = tuple(range(3, 9))
"""Sizes of sparse outbreaks, in reports."""
LONGEST = 10
"""An outbreak begins so many weeks before the last week or earlier."""
SPREAD = 0.5
"""Of the logarithm of the weeks from the beginning of an outbreak to a case."""
BASES = (
    (0.1, 1.5, 0.0025, 0.6, 0.6),
    (-2.0, 2.0, 0.005, 0.1, 0.3),
    (1.5, 1.0, 0.003, 0.2, -0.4),
    (0.5, 5.0, 0.002, 0.5, 0.5),
    (2.5, 3.0, 0.001, 1.0, 0.1),
    (3.75, 1.1, 0.001, 0.1, -0.1),
    (5.0, 1.2, 0.0001, 0.05, 0.01),
)
"""Level, dispersion, trend a week, parts of a yearly wave; each without and with trend, with 0 to 2 waves."""


@dataclass(frozen=True)
class Simulated:
    """Counts (series, weeks), and first and last week of the outbreak in the tested weeks of each series."""

    counts: Counts
    begins: NDArray[np.int64]
    ends: NDArray[np.int64]
    sizes: NDArray[np.int64]
    """In standard deviations (Noufaily) or reports (sparse)."""


def noufaily(chance: np.random.Generator, repeats: int) -> Simulated:
    """Return all 42 scenarios `repeats` times."""
    rows = [
        _series(chance, _scenario_means(base, trend=trend, waves=waves), base[1], sparse=False)
        for _ in range(repeats)
        for base in BASES
        for trend in (False, True)
        for waves in (0, 1, 2)
    ]
    return _together(rows)


def sparse(
    chance: np.random.Generator, number: int, *, evenly: bool = False, earlier: int = EARLIER_OUTBREAKS
) -> Simulated:
    """Return series of 0.02 to 1 report a week with bursts of 3 to 8, `earlier` of them before the test.

    The logarithm of the level is even between its bounds, or with `evenly` the level itself.
    """
    levels = (
        chance.uniform(0.02, 1.0, number) if evenly else np.exp(chance.uniform(np.log(0.02), 0.0, number))
    )
    return _together(
        [_series(chance, np.full(WEEKS, level), 1.0, sparse=True, earlier=earlier) for level in levels]
    )


def _scenario_means(base: tuple[float, ...], *, trend: bool, waves: int) -> Floats:
    level, _, slope, cosine, sine = base
    week = np.arange(1, WEEKS + 1)
    log_mean = level + (slope * week if trend else 0.0 * week)
    for wave in range(1, waves + 1):
        angle = 2 * np.pi * wave * week / 52
        log_mean = log_mean + cosine * np.cos(angle) + sine * np.sin(angle)
    means: Floats = np.exp(log_mean)
    return means


def _series(
    chance: np.random.Generator,
    mean: Floats,
    dispersion: float,
    *,
    sparse: bool,
    earlier: int = EARLIER_OUTBREAKS,
) -> tuple[Floats, int, int, int]:
    counts = mean
    if dispersion > 1:
        counts = chance.gamma(mean / (dispersion - 1), dispersion - 1)
    counts = chance.poisson(counts).astype(np.float64)
    deviation = None if sparse else float(counts.std(ddof=1))
    for begin in chance.choice(np.arange(BASELINE_WEEKS, FIRST_TESTED - 8), earlier, replace=False):
        size = int(chance.choice(BURSTS if sparse else EARLIER_SIZES))
        _outbreak(chance, counts, int(begin), size, deviation)
    while True:
        tried = counts.copy()
        begin = int(chance.integers(FIRST_TESTED, WEEKS - LONGEST))
        size = int(chance.choice(BURSTS if sparse else SIZES))
        last = _outbreak(chance, tried, begin, size, deviation)
        if last >= begin:
            return tried, begin, last, size


def _outbreak(
    chance: np.random.Generator, counts: Floats, begin: int, size: int, deviation: float | None
) -> int:
    """Add an outbreak to the counts; return its last week, before `begin` if it has no case.

    Its size is in deviations, or in reports where there is none.
    """
    cases = size if deviation is None else chance.poisson(size * deviation)
    weeks = begin + np.floor(chance.lognormal(0.0, SPREAD, cases)).astype(np.int64)
    weeks = weeks[weeks < len(counts)]
    np.add.at(counts, weeks, 1)
    return int(weeks.max()) if len(weeks) else begin - 1


def _together(rows: list[tuple[Floats, int, int, int]]) -> Simulated:
    counts, begins, ends, sizes = zip(*rows, strict=True)
    return Simulated(np.stack(counts), np.array(begins), np.array(ends), np.array(sizes))
