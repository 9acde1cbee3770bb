"""Counters of reports by week: always what counting the reports would give, on both databases."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from inbox_arrivals import SARI, arrive
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.models import Epoch, Report, WeekCount, WeekDestination
from hub.taking_time import Between
from hub.week_counts import WeekCounts, week_of
from sync.link_quality import DAY_S


def rows(region: Region) -> list[tuple[str, str, int]]:
    query = WeekCount.select(WeekCount.unit, WeekCount.kind, WeekCount.reports).tuples()
    return sorted(query.where(WeekCount.reports != 0).execute(region.hub.store.database))


def counters(region: Region) -> WeekCounts:
    return region.hub.store.week_counts


def test_a_report_is_counted_when_it_has_its_place(region: Region) -> None:
    arrive(region, "satu", "dua")
    arrive(region, "tiga", village=OTHER_VILLAGE, kind="victim", offer={"destination": "KH"})
    assert rows(region) == [
        ("", "recruiter", 2),
        ("", "victim", 1),
        (VILLAGE[:5], "recruiter", 2),
        (OTHER_VILLAGE[:5], "victim", 1),
    ]
    country = (
        WeekDestination.select().where(WeekDestination.destination == "KH").execute(region.hub.store.database)
    )
    assert sorted((row.unit, row.reports) for row in country) == [("", 1), (OTHER_VILLAGE[:5], 1)]
    assert counters(region).problems() == 0


def test_one_that_waits_for_its_place_is_counted_with_it(region: Region) -> None:
    store = region.hub.store
    store.intake.on_committed = lambda: None
    arrive(region, "satu")
    assert rows(region) == []
    assert counters(region).problems() == 0
    store.arrivals.catch_up()
    assert rows(region)
    assert counters(region).problems() == 0


def test_one_that_is_forgotten_before_it_has_a_place_is_counted(region: Region) -> None:
    store = region.hub.store
    store.intake.on_committed = lambda: None
    [one] = arrive(region, "satu")
    store.forgetting.forget([one], by=SARI, reason="retention closed")
    assert [row[0] for row in rows(region)] == ["", VILLAGE[:5]]
    assert counters(region).problems() == 0


def test_reports_move_when_a_claim_tells_when_their_epoch_began(region: Region) -> None:
    [one] = arrive(region, "satu")
    store = region.hub.store
    row = store.contents.report(one)
    epoch = bytes(row.epoch)
    known = Epoch.select().where(Epoch.id == epoch).get(store.database)
    before = Between(known.start_earliest, known.start_latest)
    earlier = Between(known.start_earliest - 20 * DAY_S, known.start_earliest - 20 * DAY_S + 60)

    def job() -> None:
        Epoch.update(start_earliest=earlier.earliest, start_latest=earlier.latest).where(
            Epoch.id == epoch
        ).execute(store.database)
        store.intake.on_narrowed(epoch, before, earlier)

    store.writer.run(job)
    [week] = {row.week for row in WeekCount.select().where(WeekCount.reports != 0).execute(store.database)}
    assert week <= week_of(region.clock.wall_s() - 14 * DAY_S, counters(region).zone)
    assert counters(region).problems() == 0


def test_what_is_wrong_is_seen_and_counted_anew_each_night(region: Region) -> None:
    arrive(region, "satu")
    database = region.hub.store.database
    WeekCount.update(reports=7).where(WeekCount.unit == "").execute(database)
    assert counters(region).problems() == 1
    [job] = counters(region).jobs()
    job.run()
    assert counters(region).problems() == 0
    Report.delete().execute(database)
    assert counters(region).problems() > 0


def test_another_time_zone_counts_anew(region: Region) -> None:
    arrive(region, "satu")
    store = region.hub.store
    moved = WeekCounts(store.database, store.writer, ZoneInfo("Pacific/Kiritimati"))
    moved.fill()
    assert moved.problems() == 0
    WeekCount.update(reports=7).execute(store.database)
    moved.fill()
    assert moved.problems() > 0, "the zone is the same: nothing is counted"
