"""One event is one finding."""

from __future__ import annotations

from hub.signals.finding import Category, Finding, Group, Sort
from hub.signals.nesting import told_once

ALL, VICTIM = Category(Group.ALL), Category(Group.KIND, "victim")


def found(
    unit: str, chance: float, reports: str, category: Category = ALL, sort: Sort = Sort.EXCESS
) -> tuple[Finding, float]:
    told = tuple(reports)
    return Finding("kentongan", sort, unit, category, 700, 2, 3.0, 0.0, 1.0, chance, (), told), 0.01


def test_a_burst_in_a_village_is_told_once_with_the_units_above_it_named() -> None:
    village = found("53.04.05.2003", 1e-8, "abcde")
    told = told_once([found("53.04", 1e-4, "abcdexy"), village, found("53.04.05", 1e-6, "abcde", VICTIM)])
    assert [(one.unit, one.others) for one in told] == [
        ("53.04.05.2003", (("53.04.05", VICTIM), ("53.04", ALL)))
    ]


def test_a_wide_burst_is_told_at_the_unit_that_explains_it_best() -> None:
    told = told_once([found("53.04.05.2003", 1e-3, "ab"), found("53", 1e-7, "abcdefgh")])
    assert [one.unit for one in told] == ["53"]


def test_what_rests_on_other_reports_or_is_elsewhere_stays() -> None:
    told = told_once(
        [
            found("53.04.05.2003", 1e-8, "abc"),
            found("53.04.05.2004", 1e-6, "abc"),
            found("53.04.05.2003", 1e-5, "xyz", VICTIM),
            found("53.04", 1e-4, "", sort=Sort.OFFLINE),
            found("53.04.05.2003", 1e-3, "", sort=Sort.SILENCE),
        ]
    )
    assert len(told) == 5
