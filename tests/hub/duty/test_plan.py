"""Who is on duty when: weeks, nights, holidays, further shifts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hub.duty.plan import (
    Change,
    DutyRefused,
    Plan,
    Shift,
    check_shift,
    minute_in_words,
    on_duty,
    read_day,
    read_minute,
    week_of,
)

ZONE = ZoneInfo("Asia/Makassar")
MONDAY = date(2027, 1, 18)
OFFICE = Shift("sari", 1, 0, 450, 960)
NIGHT = Shift("budi", 2, 0, 1320, 360, only_urgent=True)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def names(plan: Plan, when: datetime) -> list[str]:
    return sorted(account for _, account in on_duty(plan, when))


@pytest.mark.parametrize(
    ("when", "who"),
    [
        (at(MONDAY, 7, 29), []),
        (at(MONDAY, 7, 30), ["sari"]),
        (at(MONDAY, 15, 59), ["sari"]),
        (at(MONDAY, 16), []),
        (at(MONDAY, 22), ["budi"]),
        (at(MONDAY + timedelta(1), 5, 59), ["budi"]),
        (at(MONDAY + timedelta(1), 6), []),
        (at(MONDAY + timedelta(1), 8), []),
        (at(MONDAY, 3), []),
    ],
)
def test_a_shift_begins_and_ends_to_the_minute_also_after_midnight(when: datetime, who: list[str]) -> None:
    assert names(Plan((OFFICE, NIGHT)), when) == who


def test_a_holiday_frees_all_or_one_and_a_further_shift_stands_beside_it() -> None:
    extra = Shift("wayan", 1, 0, 480, 720)
    for change, who in (
        (Change(MONDAY), []),
        (Change(MONDAY, "sari"), ["budi"]),
        (Change(MONDAY, "ketut"), ["budi", "sari"]),
    ):
        plan = Plan((OFFICE, Shift("budi", 2, 0, 0, 0)), (change,))
        assert names(plan, at(MONDAY, 9)) == who
        assert names(plan, at(MONDAY + timedelta(7), 9)) == ["budi", "sari"]
    plan = Plan((OFFICE,), (Change(MONDAY), Change(MONDAY, "wayan", extra)))
    assert names(plan, at(MONDAY, 9)) == ["wayan"]


def test_a_night_that_began_before_a_holiday_goes_on() -> None:
    plan = Plan((NIGHT,), (Change(MONDAY + timedelta(1)),))
    assert names(plan, at(MONDAY + timedelta(1), 2)) == ["budi"]
    assert names(Plan((NIGHT,), (Change(MONDAY),)), at(MONDAY + timedelta(1), 2)) == []


def test_times_and_days_of_forms_are_read_or_refused_with_what_is_allowed() -> None:
    assert [read_minute("7.30"), read_minute(" 23:59 "), minute_in_words(450)] == [450, 1439, "07.30"]
    for typed in ("24.00", "7", "7.60", "-1.00", ""):
        with pytest.raises(DutyRefused, match=r"07\.30"):
            read_minute(typed)
    assert read_day("2027-01-18", MONDAY) == MONDAY
    for typed in ("2027-01-17", "2030-01-01", "besok"):
        with pytest.raises(DutyRefused, match="dua tahun"):
            read_day(typed, MONDAY)
    for wrong in (Shift("a", 4, 0, 0, 1), Shift("a", 1, 7, 0, 1), Shift("a", 1, 0, -1, 1)):
        with pytest.raises(DutyRefused):
            check_shift(wrong)


def test_the_parts_of_a_week_that_are_covered_join_and_go_round() -> None:
    sunday = Shift("a", 1, 6, 1320, 360)
    assert week_of([OFFICE, Shift("b", 1, 0, 900, 1020)]) == [(450, 1020)]
    assert week_of([sunday]) == [(0, 360), (6 * 1440 + 1320, 7 * 1440)]
    assert week_of([Shift("a", 1, day, 0, 0) for day in range(7)]) == [(0, 7 * 1440)]
