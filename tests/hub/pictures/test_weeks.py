from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from hub.pictures.weeks import last_weeks, short_date, week_in_words

MAKASSAR = ZoneInfo("Asia/Makassar")


def at(text: str, zone: ZoneInfo = MAKASSAR) -> float:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


def test_a_week_runs_from_monday_to_monday_where_the_hub_is() -> None:
    [before, present] = last_weeks(at("2026-05-06 12:00"), MAKASSAR, 2)
    assert (present.monday, present.whole) == (datetime.date(2026, 5, 4), False)
    assert (present.begins_at, present.ends_at) == (at("2026-05-04 00:00"), at("2026-05-11 00:00"))
    assert (before.monday, before.whole, before.ends_at) == (
        datetime.date(2026, 4, 27),
        True,
        present.begins_at,
    )


@pytest.mark.parametrize(
    ("now", "monday"), [("2026-05-10 23:59:59", "2026-05-04"), ("2026-05-11 00:00:00", "2026-05-11")]
)
def test_sunday_night_is_the_old_week(now: str, monday: str) -> None:
    assert str(last_weeks(at(now), MAKASSAR, 1)[0].monday) == monday


def test_weeks_join_where_clocks_change_too() -> None:
    weeks = last_weeks(at("2026-04-01 12:00", ZoneInfo("Europe/Berlin")), ZoneInfo("Europe/Berlin"), 3)
    assert [week.ends_at for week in weeks[:-1]] == [week.begins_at for week in weeks[1:]]
    assert weeks[1].ends_at - weeks[1].begins_at == 7 * 86_400 - 3_600


@pytest.mark.parametrize("count", [0, 105])
def test_a_count_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="weeks must be 1 to 104"):
        last_weeks(at("2026-05-06 12:00"), MAKASSAR, count)


def test_weeks_are_said_as_people_say_them() -> None:
    [week] = last_weeks(at("2026-05-01 12:00"), MAKASSAR, 1)
    assert week_in_words(week) == "27 Apr \u2013 3 Mei 2026"
    assert short_date(datetime.date(2026, 8, 17)) == "17 Agu"
