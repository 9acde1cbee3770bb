"""From candidates to findings: under the budget, with the reports behind them, each event once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from hub.signals.budget import Family
from hub.signals.delay import LEAST_SHARE, still_to_come
from hub.signals.finding import CHARACTERS, Category, Finding, Group, Level, Sort, WeekPoint
from hub.signals.nesting import told_once
from hub.signals.region import Candidate

RULE: Final = "kentongan"
LEAST_REPORTERS: Final = 2
"""Of a village's burst: what one person tells several times is no burst."""
MOST_REPORTS: Final = 500
"""Named behind one finding, the newest."""


class RecentReport(NamedTuple):
    """A report of the last two weeks: where it was told, in which week, and what it counts for."""

    id: str
    village: str
    week: int
    categories: tuple[Category, ...]


def findings_of(
    candidates: Sequence[Candidate],
    limits: Mapping[Family, float],
    week: int,
    recent: Sequence[RecentReport],
    reporters: Callable[[Sequence[str]], int],
    of_cluster: Mapping[str, Sequence[str]],
) -> list[Finding]:
    """Return what is found in the week of a Monday, the least likely first.

    `recent` are the reports of that week and the one before; `reporters` says how many people at least told
    some of them; `of_cluster` names the recent reports of each recruiter.
    """
    found = []
    for one in candidates:
        limit = limits.get(one.family, 1.0)
        if one.family.sort is not Sort.OFFLINE and one.chance > limit:
            continue
        reports = _behind(one, recent, of_cluster) if one.family.sort is Sort.EXCESS else ()
        alone = one.family.level is Level.VILLAGE or one.category.group is Group.RECRUITER
        number = reporters(reports) if reports and alone else 0
        if one.family.sort is Sort.EXCESS and alone and number < LEAST_REPORTERS:
            continue
        found.append((_finding(one, week, reports, number), limit))
    return told_once(found)


def _behind(
    one: Candidate, recent: Sequence[RecentReport], of_cluster: Mapping[str, Sequence[str]]
) -> tuple[str, ...]:
    if one.category.group is Group.RECRUITER:
        return tuple(of_cluster.get(one.category.value, ()))[-MOST_REPORTS:]
    here = [
        report.id
        for report in recent
        if report.village.startswith(one.unit) and one.category in report.categories
    ]
    return tuple(here[-MOST_REPORTS:])


def _finding(one: Candidate, week: int, reports: tuple[str, ...], reporters: int) -> Finding:
    weeks = len(one.past)
    points = []
    for at, count in enumerate(one.past):
        age = weeks - 1 - at
        come = 1.0 if one.come is None or age >= len(one.come) else max(float(one.come[age]), LEAST_SHARE)
        late = float(still_to_come(np.array(count), np.array(come))) if come < 1 else 0.0
        last = age == 0
        points.append(
            WeekPoint(
                week - 7 * age,
                float(count),
                late,
                one.usual if last else None,
                one.high if last and one.family.sort is Sort.EXCESS else None,
            )
        )
    return Finding(
        RULE,
        one.family.sort,
        one.unit,
        one.category,
        week,
        one.window_weeks,
        one.count,
        one.low,
        one.high,
        one.chance,
        tuple(points),
        reports,
        reporters,
        tuple(
            (village, one.category) for village in one.villages if len(one.unit) < CHARACTERS[Level.VILLAGE]
        ),
    )
