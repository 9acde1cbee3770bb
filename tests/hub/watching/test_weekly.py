"""The weekly run on a hub: finds a burst once, with the reports behind it, and catches up a missed week."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from village import VILLAGE, Region
from watched_past import burst, with_past

from hub.counting.entries import week_of
from hub.models import Report
from hub.signals.finding import Category, Finding, Group, Sort
from hub.watching.models import WatchFinding, WatchRun
from hub.watching.weekly import MOST_MISSED, NotEnded, WeeklyWatch
from sync.link_quality import DAY_S


class Taken:
    """Takes findings, or fails at it."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.fails = False

    def takes_findings(self, findings: Sequence[Finding], now: float) -> None:
        if self.fails:
            raise RuntimeError
        self.findings += findings


def watch_of(region: Region) -> tuple[WeeklyWatch, Taken]:
    watch, taken = region.hub.store.early.watch, Taken()
    watch.taker = taken
    return watch, taken


def test_a_burst_in_a_village_is_handed_on_once_with_the_reports_behind_it(region: Region) -> None:
    with_past(region)
    reports = burst(region, 5)
    region.clock.advance(7 * DAY_S)
    watch, taken = watch_of(region)
    watch.catch_up()
    watch.catch_up()
    [one] = taken.findings
    assert (one.sort, one.unit, one.category) == (Sort.EXCESS, VILLAGE, Category(Group.ALL))
    assert one.count == 5
    assert set(one.reports) == set(reports)
    assert one.reporters == 5
    assert {unit for unit, _ in one.others} >= {VILLAGE[:8], VILLAGE[:5], VILLAGE[:2], ""}
    assert [row.findings for row in WatchRun.select().execute(region.hub.store.database)] == [1]
    assert [row.unit for row in WatchFinding.select().execute(region.hub.store.database)] == [VILLAGE]


def test_what_one_person_tells_five_times_is_no_burst_of_a_village(region: Region) -> None:
    with_past(region)
    for _ in range(5):
        region.file("cerita yang sama sekali sama")
    region.exchange()
    region.clock.advance(7 * DAY_S)
    watch, _ = watch_of(region)
    found = watch.judge(watch.weeks_due(region.clock.wall_s())[-1]).findings
    assert not [one for one in found if one.unit == VILLAGE]


def test_a_week_that_was_missed_is_caught_up_and_old_ones_are_left(region: Region) -> None:
    with_past(region)
    watch, taken = watch_of(region)
    watch.catch_up()
    burst(region, 5)
    region.clock.advance(21 * DAY_S)
    assert len(watch.weeks_due(region.clock.wall_s())) == 3
    watch.catch_up()
    assert [one.unit for one in taken.findings] == [VILLAGE]
    assert watch.weeks_due(region.clock.wall_s()) == []
    region.clock.advance(100 * DAY_S)
    assert len(watch.weeks_due(region.clock.wall_s())) == MOST_MISSED


def test_a_week_whose_findings_were_not_taken_is_judged_again(region: Region) -> None:
    with_past(region)
    burst(region, 5)
    region.clock.advance(7 * DAY_S)
    watch, taken = watch_of(region)
    taken.fails = True
    with pytest.raises(RuntimeError):
        watch.catch_up()
    assert not list(WatchRun.select().execute(region.hub.store.database))
    taken.fails = False
    watch.catch_up()
    assert len(taken.findings) == 1


def test_a_clean_hub_finds_nothing_and_a_week_that_runs_is_refused(region: Region) -> None:
    week = with_past(region)
    watch, _ = watch_of(region)
    assert watch.judge(week).findings == ()
    with pytest.raises(NotEnded):
        watch.judge(week_of(region.clock.wall_s(), region.hub.store.week_counts.zone))


def test_a_week_is_judged_although_a_report_of_it_was_forgotten(region: Region) -> None:
    with_past(region)
    reports = burst(region, 5)
    store = region.hub.store
    store.forgetting.forget(reports[:2], by="sari", reason="retention closed")
    region.clock.advance(7 * DAY_S)
    watch, _ = watch_of(region)
    [one] = watch.judge(watch.weeks_due(region.clock.wall_s())[-1]).findings
    assert one.count == 5
    assert one.reporters == 3, "of what is forgotten nobody knows who told it"
    assert Report.select().count(store.database) == 3
