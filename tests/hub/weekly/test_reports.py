"""Weekly reports of a hub: made once, caught up, kept as they were, each account its own."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from inbox_arrivals import BUDI, arrive
from village import OTHER_VILLAGE, VILLAGE, Region
from watched_past import with_past

from hub.accounts.models import User, UserArea
from hub.audit.log import EntryFilter
from hub.duty.models import DutyRing
from hub.models import Report
from hub.services import SignedIn
from hub.week_counts import week_of
from hub.weekly.facts import Facts
from hub.weekly.models import WeeklyReport
from hub.weekly.reports import MOST_MISSED, PATIENCE_S, WeekNotOver
from hub.weekly.services import PUBLIC, UnknownWeek, name_of, week_named
from sync.link_quality import DAY_S

HERE = SignedIn("desa", "supervisor", (VILLAGE[:5],))
THERE = SignedIn("jauh", "analyst", (OTHER_VILLAGE[:5],))


def account(region: Region, who: SignedIn) -> None:
    """Add an account without the second that a password takes."""
    database = region.hub.store.database

    def job() -> None:
        User.insert(name=who.name, role=who.role, password_hash="").execute(database)
        for code in who.areas:
            UserArea.insert(user=who.name, code=code).execute(database)

    region.hub.store.writer.run(job)


def a_week(region: Region, *, off_weeks: int = 0) -> int:
    """Let reports come, of one village more than is usual, and let the week end; return it. The hub may be
    off for weeks before it judges."""
    store = region.hub.store
    with_past(region)
    week = week_of(region.clock.wall_s(), store.week_counts.zone)
    ids = arrive(region, "a", "b", "c", urgency="now")
    arrive(region, "d", village=OTHER_VILLAGE, kind="victim")
    store.duty.turn()
    region.clock.advance(600)
    store.work.show_report(ids[0], by=BUDI)
    store.duty.turn()
    region.clock.advance(3_600)
    store.duty.turn()
    if off_weeks:
        store.early.watch.catch_up()
    region.clock.advance((7 + 7 * off_weeks) * DAY_S)
    store.early.watch.catch_up()
    return week


def facts_of(region: Region, week: int, who: SignedIn = BUDI) -> Facts:
    return region.hub.store.weekly.reports.report(week, who=who).facts


def test_it_counts_the_week_for_the_hub_and_for_each_set_of_areas(region: Region) -> None:
    store = region.hub.store
    for one in (HERE, THERE):
        account(region, one)
    week = a_week(region)
    store.weekly.reports.catch_up()
    whole, here = facts_of(region, week), facts_of(region, week, HERE)
    assert (whole.reports.total, whole.reports.before, whole.judged) == (4, 0, True)
    assert whole.reports.kinds[0] == ("recruiter", 3, 0)
    assert [(one.code, one.now, one.before) for one in whole.reports.districts] == [
        (VILLAGE[:5], 3, 0),
        (OTHER_VILLAGE[:5], 1, 0),
    ]
    [lombok, _] = whole.reports.districts
    assert lombok.low == 0
    assert lombok.high is not None
    assert lombok.now > lombok.high
    assert len(whole.reports.weeks) == 26
    assert sum(count for _, count in whole.reports.weeks[:-1]) > 0
    assert (whole.urgent.rang, whole.urgent.read, whole.urgent.in_time) == (3, 1, 1)
    assert whole.signals.raised >= 1
    assert whole.waiting.urgent_unread == 2
    assert (here.reports.total, here.areas) == (3, HERE.areas)
    assert [one.code for one in here.reports.districts] == [VILLAGE[:5]]
    assert facts_of(region, week, THERE).reports.total == 1
    assert facts_of(region, week, THERE).urgent.rang == 0


def test_it_stays_as_it_was_counted_until_it_is_made_again_beside_the_first(region: Region) -> None:
    store, week = region.hub.store, a_week(region)
    reports = store.weekly.reports
    reports.catch_up()
    [first] = WeeklyReport.select().where(WeeklyReport.areas == "").execute(store.database)
    store.writer.run(lambda: Report.delete().execute(store.database))
    store.writer.run(lambda: DutyRing.delete().execute(store.database))
    reports.catch_up()
    assert facts_of(region, week).urgent.rang == 3
    assert reports.make(week, again=True) == 2
    latest = reports.report(week, who=BUDI)
    assert (latest.version, latest.latest, latest.facts.urgent.rang) == (2, 2, 0)
    kept = reports.report(week, 1, who=BUDI)
    assert (kept.version, kept.facts.urgent.rang) == (1, 3)
    row = WeeklyReport.select().where(WeeklyReport.id == first.id).get(store.database)
    assert row.facts == first.facts
    # What goes outside stays the first.
    outside = reports.report(week, who=BUDI, audience=PUBLIC)
    assert (outside.version, outside.facts.outside) == (1, True)
    assert [(row.week, row.versions) for row in reports.rows(who=BUDI)] == [(week, 2)]


@pytest.mark.parametrize("database_url", [None])
def test_a_signal_belongs_to_the_week_of_which_it_tells_however_late_it_was_raised(region: Region) -> None:
    week = a_week(region, off_weeks=3)
    reports = region.hub.store.weekly.reports
    reports.make(week)
    reports.make(week + 21)
    assert facts_of(region, week).signals.raised >= 1
    assert facts_of(region, week + 21).signals.raised == 0


@pytest.mark.parametrize("database_url", [None])
def test_no_word_of_a_report_and_nobody_stands_in_what_is_kept(region: Region) -> None:
    store = region.hub.store
    [report] = arrive(region, "Pak Wayan Contoh (0812-0000-4321) mengajak Melati.", urgency="now")
    week = week_of(region.clock.wall_s(), store.week_counts.zone)
    region.clock.advance(7 * DAY_S + PATIENCE_S)
    store.weekly.reports.catch_up()
    row = WeeklyReport.select().where(WeeklyReport.week == week).get(store.database)
    for word in ("Wayan", "0812", "Melati", report, "budi"):
        assert word not in row.facts
    assert json.loads(row.facts)["reports"]["total"] == 1


def test_it_waits_for_the_watch_for_a_day_and_catches_up_missed_weeks(region: Region) -> None:
    store, reports = region.hub.store, region.hub.store.weekly.reports
    assert reports.weeks_due() == []  # no village yet
    region.node()
    last = week_of(region.clock.wall_s(), store.week_counts.zone) - 7
    since = region.clock.wall_s() - reports._gathering.ends_at(last)
    region.clock.advance(7 * DAY_S - since + 60)  # a minute into Monday
    assert reports.weeks_due() == []
    store.early.watch.catch_up()
    assert reports.weeks_due() == [last + 7]
    reports.catch_up()
    region.clock.advance(14 * DAY_S + PATIENCE_S)
    assert reports.weeks_due() == [last + 14, last + 21]
    reports.catch_up()
    assert [row.week for row in reports.rows(who=BUDI)] == [last + 21, last + 14, last + 7]
    region.clock.advance(100 * DAY_S)
    assert len(reports.weeks_due()) == MOST_MISSED
    with pytest.raises(WeekNotOver):
        reports.make(week_of(region.clock.wall_s(), store.week_counts.zone))


def test_two_who_make_it_at_once_make_one(region: Region) -> None:
    store = region.hub.store
    region.node()
    region.clock.advance(7 * DAY_S + PATIENCE_S)
    reports = store.weekly.reports
    [week] = reports.weeks_due()
    heard: list[int] = []
    reports.on_made = lambda report, at: heard.append(report)
    with ThreadPoolExecutor(2) as two:
        list(two.map(lambda _: reports._keep_all(week, [""], "test", again=False), range(2)))
    assert WeeklyReport.select().count(store.database) == len(heard) == 1


@pytest.mark.parametrize("database_url", [None])
def test_an_account_sees_its_areas_report_only_and_takes_none_outside(region: Region) -> None:
    store = region.hub.store
    region.node()
    region.clock.advance(7 * DAY_S + PATIENCE_S)
    reports = store.weekly.reports
    [week] = reports.weeks_due()
    reports.catch_up()
    with pytest.raises(UnknownWeek):
        reports.report(week, who=HERE)
    for one in (HERE, SignedIn("polres", "agency", ("53",)), SignedIn("pergi", "analyst", ("51",))):
        account(region, one)
    database = store.database
    store.writer.run(lambda: User.update(locked=True).where(User.name == "pergi").execute(database))
    heard: list[int] = []
    reports.on_made = lambda report, at: heard.append(report)
    reports.catch_up()
    assert reports.report(week, who=HERE).facts.areas == HERE.areas
    kept = WeeklyReport.select(WeeklyReport.areas).order_by(WeeklyReport.id).tuples().execute(database)
    assert [areas for (areas,) in kept] == ["", VILLAGE[:5]], "none for an agency, none for who is locked out"
    assert heard == [], "what goes out by mail is of the whole hub alone"
    for who in (HERE, SignedIn("sari", "analyst"), SignedIn("auni", "auditor")):
        with pytest.raises(UnknownWeek):
            reports.report(week, who=who, audience=PUBLIC)
    noted, _ = store.audit.page(EntryFilter(by=HERE.name), before=None, limit=9)
    assert [(one.what, one.about) for one in noted] == [("weekly report seen", f"weekly {name_of(week)}")]


def test_weeks_are_named_as_iso_8601_has_them() -> None:
    assert name_of(week_named("2026-W53")) == "2026-W53"
    for wrong in ("2026-W54", "2027-W53", "2026-48", "2026-W1"):
        with pytest.raises(ValueError):
            week_named(wrong)
