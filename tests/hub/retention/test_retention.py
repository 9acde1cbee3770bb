"""What falls due is listed ahead, forgotten when a person approved, and never while it is held."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import pytest
from inbox_arrivals import BUDI, SARI, arrive
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.cases.states import StepRefused
from hub.retention.forgetting import OnHold
from hub.retention.holds import held_among
from hub.retention.periods import Periods
from hub.retention.retention import AHEAD_DAYS, DAY_S, Retention
from hub.retention.services import RetentionRefused
from hub.services import SignedIn

WHY = "Perkara di pengadilan"


@pytest.fixture
def retention(region: Region) -> Retention:
    return region.hub.store.retention


def discarded(region: Region, *stories: str, village: str = VILLAGE) -> list[str]:
    ids = arrive(region, *stories, village=village)
    for one in ids:
        region.hub.store.triage.step(one, "signal", "discarded", "iklan", seen=None, who=SARI)
    return ids


def listed(retention: Retention, who: SignedIn = BUDI) -> list[tuple[str, str, str | None]]:
    rows, count = retention.due(limit=99, who=who)
    assert count == len(rows)
    return [(row.report, row.category, row.approved_by) for row in rows]


def wait(region: Region, days: float) -> int:
    """Let so many days pass and the night's turn run; return how many were forgotten."""
    region.clock.advance(days * DAY_S)
    return region.hub.store.retention.turn()


def day_after(region: Region, days: int) -> datetime.date:
    return datetime.date(1970, 1, 1) + datetime.timedelta(int(region.clock.wall_s() // DAY_S) + days)


def test_it_is_listed_a_month_ahead_and_goes_when_it_is_due_and_approved(
    region: Region, retention: Retention
) -> None:
    gone, kept = discarded(region, "satu", "dua")
    assert wait(region, 365 - AHEAD_DAYS - 1) == 0
    assert listed(retention) == []
    assert wait(region, 2) == 0
    assert {row[:2] for row in listed(retention)} == {(gone, "discarded"), (kept, "discarded")}
    assert retention.approve([gone], approved=True, who=BUDI) == 1
    assert wait(region, AHEAD_DAYS - 2) == 0  # approved, and not due yet
    assert wait(region, 2) == 1
    assert region.stories() == ["dua"]
    assert listed(retention) == [(kept, "discarded", None)]
    [note] = [e.entry for e in region.hub.store.audit.entries() if e.entry.what == "forgotten"]
    assert (note.by, note.about, note.reason) == ("budi", f"report {gone}", "retention discarded")


def test_an_approval_can_be_taken_back_and_ends_when_something_happens(
    region: Region, retention: Retention
) -> None:
    one, other = discarded(region, "satu", "dua")
    wait(region, 360)
    retention.approve([one, other], approved=True, who=BUDI)
    assert retention.approve([one], approved=False, who=BUDI) == 1
    assert retention.approve([one], approved=False, who=BUDI) == 0
    region.hub.store.triage.step(other, "signal", "kept", "dibuka lagi", seen=None, who=SARI)
    assert wait(region, 10) == 0
    assert listed(retention) == [(one, "discarded", None)]


def test_an_approval_that_is_taken_back_during_the_turn_counts(
    region: Region, retention: Retention, monkeypatch: pytest.MonkeyPatch
) -> None:
    [report] = discarded(region, "satu")
    wait(region, 360)
    retention.approve([report], approved=True, who=BUDI)
    forget = retention._forgetting.forget

    def taken_back_before(reports: Sequence[str], **rest: Any) -> int:
        retention.approve(reports, approved=False, who=BUDI)
        return forget(reports, **rest)

    monkeypatch.setattr(retention._forgetting, "forget", taken_back_before)
    assert wait(region, 10) == 0
    assert region.stories() == ["satu"]


def test_an_approval_is_for_one_day(region: Region, retention: Retention) -> None:
    [one] = discarded(region, "satu")
    wait(region, 360)
    retention.approve([one], approved=True, who=BUDI)
    retention.turn()
    assert listed(retention) == [(one, "discarded", "budi")]
    retention.periods = Periods(discarded_days=362)
    assert wait(region, 3) == 0
    assert listed(retention) == [(one, "discarded", None)]


def test_where_the_office_says_so_nobody_is_asked(region: Region, retention: Retention) -> None:
    retention.periods = Periods(discarded_days=40, automatic=True)
    discarded(region, "satu")
    assert wait(region, 41) == 1
    assert region.stories() == []


def test_what_is_open_never_falls_due(region: Region, retention: Retention) -> None:
    arrive(region, "satu")
    retention.periods = Periods(automatic=True)
    assert wait(region, 20 * 366) == 0
    assert listed(retention) == []


def test_a_report_of_a_case_falls_due_with_the_case(region: Region, retention: Retention) -> None:
    [one] = discarded(region, "satu")
    cases = region.hub.store.cases
    number = cases.open("Kasus Contoh", who=SARI)
    cases.add_reports(number, [one], who=SARI)
    wait(region, 400)
    assert listed(retention) == []
    cases.close(number, "unfounded", "tidak terbukti", who=SARI)
    wait(region, 600)  # from the day on which the case was closed
    assert listed(retention) == []
    wait(region, 120)
    assert listed(retention) == [(one, "false", None)]


@pytest.mark.parametrize("held", ["report", "case"])
def test_nothing_under_a_hold_is_forgotten_by_anybody(
    region: Region, retention: Retention, held: str
) -> None:
    [one] = discarded(region, "satu")
    cases = region.hub.store.cases
    number = cases.open("Kasus Contoh", who=SARI)
    cases.add_reports(number, [one], who=SARI)
    cases.close(number, "unfounded", "tidak terbukti", who=SARI)
    wait(region, 725)
    retention.approve([one], approved=True, who=BUDI)
    retention.hold(one if held == "report" else number, WHY, day_after(region, 100), who=BUDI)
    with pytest.raises(OnHold):
        region.hub.store.forgetting.forget([one], by=BUDI, reason="x")
    assert wait(region, 50) == 0
    assert listed(retention) == []
    assert region.stories() == ["satu"]
    [row] = retention.holds(BUDI)
    assert (row.kind, row.by, row.reason) == (held, "budi", WHY)
    assert wait(region, 60) == 0  # the hold ended by its date: it is listed anew, and somebody looks again
    assert listed(retention) == [(one, "false", None)]
    assert retention.holds(BUDI) == []


def held_case(region: Region, *stories: str) -> tuple[str, list[str]]:
    """Let a case with reports be held for 2000 days; return its number and its reports."""
    reports = discarded(region, *stories)
    cases = region.hub.store.cases
    number = cases.open("Kasus Contoh", who=SARI)
    cases.add_reports(number, reports, who=SARI)
    region.hub.store.retention.hold(number, WHY, day_after(region, 2000), who=BUDI)
    return number, reports


def test_a_hold_goes_along_when_its_case_is_merged_and_merged_again(
    region: Region, retention: Retention
) -> None:
    number, [one] = held_case(region, "satu")
    cases = region.hub.store.cases
    second, third = cases.open("B", who=SARI), cases.open("C", who=SARI)
    cases.merge(number, second, "orang yang sama", who=SARI)
    cases.merge(second, third, "orang yang sama", who=SARI)
    cases.close(third, "unfounded", "tidak terbukti", who=SARI)
    with pytest.raises(OnHold):
        region.hub.store.forgetting.forget([one], by=BUDI, reason="x")
    retention.periods = Periods(automatic=True)
    assert wait(region, 1000) == 0
    [row] = retention.holds(BUDI)
    assert (row.kind, row.ref) == ("case", number)
    assert retention.holds(SignedIn("komang", "supervisor", (VILLAGE[:5],))) == [row]
    retention.lift(row.number, "Putusan tetap", who=BUDI)
    assert wait(region, 1) == 1


def test_only_a_supervisor_takes_out_of_a_held_case_and_the_hold_stays(
    region: Region, retention: Retention
) -> None:
    number, [one, other] = held_case(region, "satu", "dua")
    cases = region.hub.store.cases
    with pytest.raises(StepRefused, match="ditahan"):
        cases.take_out(number, one, "keliru", who=SARI)
    for report in (one, other):
        with pytest.raises(StepRefused, match="alasan"):
            cases.take_out(number, report, " ", who=BUDI)
        cases.take_out(number, report, "milik perkara lain", who=BUDI)
    assert held_among(region.hub.store.database, [one, other], region.clock.wall_s()) == set()
    [row] = retention.holds(BUDI)
    retention.lift(row.number, "Kasus kosong", who=BUDI)
    assert retention.holds(BUDI) == []
    cases.take_out(cases_with(region, one), one, "keliru", who=SARI)


def cases_with(region: Region, report: str) -> str:
    """Put a report into a new case that nobody holds; return its number."""
    cases = region.hub.store.cases
    number = cases.open("Lain", who=SARI)
    cases.add_reports(number, [report], who=SARI)
    return number


def test_what_a_merge_brought_into_a_held_case_leaves_it_by_a_supervisor_alone(
    region: Region, retention: Retention
) -> None:
    [other] = discarded(region, "dua")
    source = cases_with(region, other)
    number, [one] = held_case(region, "satu")
    cases, now = region.hub.store.cases, region.clock.wall_s()
    cases.merge(source, number, "orang yang sama", who=SARI)
    assert held_among(region.hub.store.database, [one, other], now) == {one, other}
    [merge] = cases.view(number, who=SARI).merges
    with pytest.raises(StepRefused, match="ditahan"):
        cases.undo_merge(number, merge.id, "ternyata lain", who=SARI)
    cases.undo_merge(number, merge.id, "ternyata lain", who=BUDI)
    assert held_among(region.hub.store.database, [one, other], now) == {one}


def test_a_hold_is_lifted_with_a_reason_and_noted(region: Region, retention: Retention) -> None:
    [one] = discarded(region, "satu")
    now = region.clock.wall_s()
    database = region.hub.store.database
    retention.hold(one, WHY, day_after(region, 0), who=BUDI)
    assert held_among(database, [one], now) == {one}
    [row] = retention.holds(BUDI)
    with pytest.raises(RetentionRefused, match="Alasan"):
        retention.lift(row.number, " ", who=BUDI)
    retention.lift(row.number, "Putusan tetap", who=BUDI)
    assert held_among(database, [one], now) == set()
    with pytest.raises(RetentionRefused, match="sudah berakhir"):
        retention.lift(row.number, "lagi", who=BUDI)
    notes = [e.entry for e in region.hub.store.audit.entries() if e.entry.by == "budi"]
    assert [(n.what, n.about, n.reason) for n in notes] == [
        ("held", f"report {one}", WHY),
        ("hold lifted", f"report {one}", "Putusan tetap"),
    ]


def test_what_cannot_be_held_is_refused(region: Region, retention: Retention) -> None:
    [one] = arrive(region, "satu")
    tomorrow, yesterday = day_after(region, 1), day_after(region, -1)
    for ref, reason, until, problem in (
        (one, "", tomorrow, "Alasan"),
        (one, WHY, None, "tanggal"),
        (one, WHY, yesterday, "tanggal"),
        ("2099-0001", WHY, tomorrow, "Tidak ada"),
        ("ffffffffffffffff.0.9", WHY, tomorrow, "Tidak ada"),
    ):
        with pytest.raises(RetentionRefused, match=problem):
            retention.hold(ref, reason, until, who=BUDI)
    retention.hold(one, WHY, tomorrow, who=BUDI)
    with pytest.raises(RetentionRefused, match="sudah ditahan"):
        retention.hold(one, WHY, tomorrow, who=BUDI)


def test_an_account_sees_and_approves_its_areas_alone(region: Region, retention: Retention) -> None:
    [here] = discarded(region, "satu")
    [there] = discarded(region, "dua", village=OTHER_VILLAGE)
    wait(region, 360)
    local = SignedIn("komang", "supervisor", areas=(VILLAGE[:5],))
    assert [row[0] for row in listed(retention, local)] == [here]
    assert retention.approve([here, there], approved=True, who=local) == 1
    with pytest.raises(RetentionRefused):
        retention.hold(there, WHY, day_after(region, 9), who=local)
    retention.hold(there, WHY, day_after(region, 9), who=BUDI)
    assert retention.holds(local) == []
    with pytest.raises(RetentionRefused):
        retention.lift(retention.holds(BUDI)[0].number, "x", who=local)
