"""Judges the last weeks of series of other offices: counts in, findings out. Pure, but for loading SciPy.

A week without a number is never judged, and is no zero: in what is usual its neighbours stand for it. What is
usual comes from the year before, as a negative binomial distribution with its mean and variance.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from hub.other_data.kinds import TOO_EMPTY, TOO_SHORT
from hub.signals.detection import BadParameter
from hub.signals.finding import Category, Finding, Group, Sort, WeekPoint
from hub.signals.methods import detect

WEEK: Final = 7
LAST_WEEKS: Final = 4
"""So many whole weeks are judged each time: what comes late is judged late."""
YEAR_WEEKS: Final = 52
LEFT_OUT: Final = 4
"""So many weeks before a judged one say nothing of what is usual."""
MOST_MISSING: Final = 0.5
LEAST_USUAL: Final = 8
STATISTICS: Final = frozenset(["cusum", "glrnb", "glrpois"])
"""Methods whose bound is a sum over weeks and no count."""
_SMALLEST_MEAN: Final = 0.05


@dataclass(frozen=True)
class Watched:
    """A series: its id, the area, counts by Monday in days from 1970-01-01, and the method with settings."""

    series: int
    unit: str
    counts: Mapping[int, int]
    method: str
    settings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """What was found in one series; `problem` is one of `PROBLEM_WORDS` that says why
    it could not be judged, or empty."""

    series: int
    findings: tuple[Finding, ...]
    problem: str = ""


def judge(all_watched: Sequence[Watched], present: int) -> list[Judged]:
    """Judge the last whole weeks before `present`, the Monday of the running week, of each series."""
    judged: dict[int, Judged] = {}
    together: dict[tuple[str, tuple[str, ...], int], list[tuple[Watched, list[int]]]] = {}
    for one in all_watched:
        weeks = _weeks(one.counts, present)
        problem = _problem(one.counts, weeks)
        judged[one.series] = Judged(one.series, (), problem)
        if weeks and not problem and any(week in one.counts for week in _tested(weeks, present)):
            together.setdefault((one.method, one.settings, len(weeks)), []).append((one, weeks))
    for (method, settings, length), group in together.items():
        counts = np.array([_filled(one.counts, weeks) for one, weeks in group])
        try:
            found = detect(method, counts, max(length - LAST_WEEKS, 0), settings)
        except BadParameter:
            # Fewer weeks before the first than the method needs: perhaps the last alone can be judged.
            try:
                found = detect(method, counts, length - 1, settings)
            except BadParameter:
                judged.update({one.series: Judged(one.series, (), TOO_SHORT) for one, _ in group})
                continue
        for row, (one, weeks) in enumerate(group):
            bounds = dict(zip(weeks[found.first :], found.upperbound[row].tolist(), strict=True))
            alarms = itertools.compress(weeks[found.first :], found.alarm[row])
            tested = set(_tested(weeks, present))
            told = [week for week in alarms if week in one.counts and week in tested]
            judged[one.series] = Judged(
                one.series, tuple(_finding(one, weeks, week, bounds) for week in told)
            )
    return [judged[one.series] for one in all_watched]


def last_with_number(counts: Mapping[int, int], present: int) -> int | None:
    """Return the last whole week that has a number, or None."""
    return max((week for week in counts if week < present), default=None)


def _weeks(counts: Mapping[int, int], present: int) -> list[int]:
    last = last_with_number(counts, present)
    return [] if last is None else list(range(min(counts), last + WEEK, WEEK))


def _tested(weeks: Sequence[int], present: int) -> list[int]:
    return [week for week in weeks[-LAST_WEEKS:] if week >= present - LAST_WEEKS * WEEK]


def _problem(counts: Mapping[int, int], weeks: Sequence[int]) -> str:
    if not weeks:
        return TOO_SHORT
    year = weeks[-YEAR_WEEKS:]
    return TOO_EMPTY if sum(week not in counts for week in year) > MOST_MISSING * len(year) else ""


def _filled(counts: Mapping[int, int], weeks: Sequence[int]) -> NDArray[np.float64]:
    known = [week for week in weeks if week in counts]
    return np.round(np.interp(weeks, known, [counts[week] for week in known]))


def _finding(one: Watched, weeks: Sequence[int], week: int, bounds: Mapping[int, float]) -> Finding:
    before = [at for at in weeks if at < week - LEFT_OUT * WEEK and at in one.counts][-YEAR_WEEKS:]
    if len(before) < LEAST_USUAL:
        before = [at for at in weeks if at < week and at in one.counts]
    usual = _usual([one.counts[at] for at in before])
    first = week - YEAR_WEEKS * WEEK
    past = tuple(
        WeekPoint(
            at,
            float(one.counts[at]),
            usual=float(usual.mean()) if at == week else None,
            bound=_bound(one.method, bounds.get(at)),
        )
        for at in weeks
        if first <= at <= week and at in one.counts
    )
    return Finding(
        rule=one.method,
        sort=Sort.EXCESS,
        unit=one.unit,
        category=Category(Group.OTHER, str(one.series)),
        week=week,
        window_weeks=1,
        count=float(one.counts[week]),
        usual_low=float(usual.ppf(0.05)),
        usual_high=float(usual.ppf(0.95)),
        chance=float(usual.sf(one.counts[week] - 1)),
        past=past,
    )


def _bound(method: str, bound: float | None) -> float | None:
    return None if bound is None or method in STATISTICS or not math.isfinite(bound) else bound


def _usual(counts: Sequence[int]) -> stats.rv_discrete:
    mean = max(float(np.mean(counts)) if counts else 0.0, _SMALLEST_MEAN)
    variance = float(np.var(counts, ddof=1)) if len(counts) > 1 else mean
    if variance <= mean * 1.01:
        return stats.poisson(mean)
    size = mean**2 / (variance - mean)
    return stats.nbinom(size, size / (size + mean))
