"""Counts by regency, week and kind."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from inbox_arrivals import SARI, arrive
from village import NOW_S, Region

from hub.exports.counting import count_rows
from hub.pictures.weeks import last_weeks


def test_weeks_and_kinds_are_kept_apart(region: Region) -> None:
    arrive(region, "Satu", "Dua")
    region.clock.advance(8 * 86_400)
    arrive(region, "Tiga", kind="victim")
    weeks = last_weeks(NOW_S + 8 * 86_400, ZoneInfo("Asia/Makassar"), 4)
    found = count_rows(region.hub.store.week_counts, weeks, SARI)
    assert [(one.regency, one.kind, one.count) for one in found] == [
        ("52.02", "recruiter", 2),
        ("52.02", "victim", 1),
    ]
    assert found[0].monday < found[1].monday
