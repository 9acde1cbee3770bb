"""From candidates to findings."""

from __future__ import annotations

import numpy as np

from hub.signals.budget import Family
from hub.signals.explaining import MOST_REPORTS, RecentReport, findings_of
from hub.signals.finding import Category, Group, Level, Sort
from hub.signals.region import ALL, Candidate

WEEK = 700
VILLAGE = "53.04.05.2003"
BURST = Family(Sort.EXCESS, Level.VILLAGE, Group.ALL)
REGION = Family(Sort.EXCESS, Level.REGION, Group.RECRUITER)


def candidate(family: Family, unit: str, category: Category, chance: float) -> Candidate:
    past = np.array([0.0, 1.0, 2.0, 3.0])
    return Candidate(family, unit, category, 2, 5.0, 0.0, 1.0, chance, past, 0.3, np.array([0.5, 1.0]))


def reports(number: int, village: str = VILLAGE) -> list[RecentReport]:
    return [RecentReport(f"{village}-{n}", village, WEEK, (ALL,)) for n in range(number)]


def test_only_what_is_under_its_threshold_is_found_with_the_reports_of_its_unit() -> None:
    recent = [*reports(4), *reports(2, "53.04.05.2004")]
    some = [candidate(BURST, VILLAGE, ALL, 1e-5), candidate(BURST, "53.04.05.2004", ALL, 1e-3)]
    [one] = findings_of(some, {BURST: 1e-4}, WEEK, recent, len, {})
    assert (one.unit, len(one.reports), one.reporters) == (VILLAGE, 4, 4)
    assert [point.week for point in one.past] == [WEEK - 21, WEEK - 14, WEEK - 7, WEEK]
    assert one.past[-1].late == 3.5
    assert one.past[-2].late == 0.0
    assert (one.past[-1].usual, one.past[-1].bound) == (0.3, 1.0)


def test_a_recruiter_needs_several_reporters_too_and_has_its_own_reports() -> None:
    some = [candidate(REGION, "", Category(Group.RECRUITER, "7"), 1e-9)]
    told = {"7": ("a", "b", "c")}
    assert findings_of(some, {REGION: 1e-3}, WEEK, reports(9), lambda ids: 1, told) == []
    [one] = findings_of(some, {REGION: 1e-3}, WEEK, reports(9), len, told)
    assert one.reports == ("a", "b", "c")


def test_no_more_reports_are_named_than_somebody_reads() -> None:
    [one] = findings_of([candidate(BURST, VILLAGE, ALL, 1e-9)], {BURST: 1e-4}, WEEK, reports(600), len, {})
    assert len(one.reports) == MOST_REPORTS
    assert one.reports[-1].endswith("-599")
