"""Weeks and days as offices write them."""

from __future__ import annotations

import datetime

import pytest

from hub.other_data.cells import DataRefused
from hub.other_data.week_words import day_at, day_in, iso_week, monday_of, order_of, week_in

MONDAY = monday_of(datetime.date(2026, 11, 18))


@pytest.mark.parametrize(
    "cell",
    [
        "2026-W47",
        "2026W47",
        "2026-w47-3",
        "W47-2026",
        "Minggu 47 2026",
        "minggu ke-47 tahun 2026",
        "M47/2026",
    ],
)
def test_weeks(cell: str) -> None:
    assert week_in(cell) == MONDAY


@pytest.mark.parametrize(
    "cell",
    [
        *(
            "2026-11-18",
            "2026/11/18",
            "20261118",
            "18-11-2026",
            "18/11/2026",
            "18.11.2026",
            "2026-11-18 00:00:00",
        ),
        *("18 November 2026", "18 Nov 2026", "18-Nov-2026", "November 18, 2026", "Rabu, 18 November 2026"),
        *("2026-11-18T07:30:00+08:00", "18/11/2026 - 22/11/2026", "18 Nov 2026 s/d 20 Nov 2026"),
    ],
)
def test_days(cell: str) -> None:
    assert day_in(cell, "dm") == datetime.date(2026, 11, 18)


@pytest.mark.parametrize("cell", ["2026-W54", "2025-W53", "W0 2026", "47", "1899-W01", "minggu depan"])
def test_no_weeks(cell: str) -> None:
    assert week_in(cell) is None


@pytest.mark.parametrize(
    "cell", ["31/02/2026", "18/11/26", "2026-13-01", "", "16/11/2026 - 24/11/2026", "99999999"]
)
def test_no_days(cell: str) -> None:
    assert day_in(cell, "dm") is None


def test_the_order_is_told_by_a_day_above_twelve_and_else_left_open() -> None:
    assert order_of(["03/04/2026", "13/04/2026"]) == "dm"
    assert order_of(["03/04/2026", "04/13/2026"]) == "md"
    assert order_of(["03/04/2026", "04/04/2026"]) == ""
    assert order_of(["04/04/2026", "2026-11-18", "nothing"]) == "dm", "nothing depends on it"
    with pytest.raises(DataRefused, match="bercampur"):
        order_of(["13/04/2026", "04/13/2026"])
    assert day_in("03/04/2026", "") is None
    assert day_in("03/04/2026", "dm") == datetime.date(2026, 4, 3)
    assert day_in("03/04/2026", "md") == datetime.date(2026, 3, 4)


def test_years_with_53_weeks() -> None:
    assert iso_week(2026, 53) == monday_of(datetime.date(2026, 12, 31))
    assert iso_week(2025, 53) is None
    assert day_at(MONDAY) == datetime.date(2026, 11, 16)
