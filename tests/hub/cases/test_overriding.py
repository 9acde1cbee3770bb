"""The stored score: kept with the report, changed with it, overridden and undone, and forgotten with it."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from inbox_arrivals import BUDI, SARI, arrive, noted
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.cases.inbox import Inbox
from hub.cases.models import Triage
from hub.cases.overriding import Overriding
from hub.cases.services import InboxChoice
from hub.cases.states import StepRefused
from hub.risk.models import TriageOverride, TriageScore
from hub.risk.services import OverrideRate
from hub.services import SignedIn, UnknownReport


@pytest.fixture
def scores(region: Region) -> Overriding:
    return region.hub.store.scores


def stored(region: Region, report: str) -> Any:
    return TriageScore.select().where(TriageScore.report == report).get(region.hub.store.database)


def listed(inbox: Inbox, **choice: Any) -> list[str]:
    rows, _ = inbox.page(InboxChoice(**choice), before=None, limit=50, who=SARI)
    return [row.report.excerpt for row in rows]


def test_a_score_is_kept_with_its_version_in_the_transaction_that_places_the_report(region: Region) -> None:
    store = region.hub.store
    store.intake.on_committed = lambda: None
    [report] = arrive(region, "satu", indicators=["deception", "violence"])
    assert TriageScore.select().count(store.database) == 0
    store.arrivals.on_placed = lambda reports: 1 / 0  # type: ignore[assignment]
    store.arrivals.turn()
    assert TriageScore.select().count(store.database) == Triage.select().count(store.database) == 0
    store.arrivals.on_placed = lambda reports: None
    store.arrivals._try_again()
    store.arrivals.catch_up()
    row = stored(region, report)
    assert (row.points, row.band, row.version, row.rules) == (6, "urgent", "2026-11", "violence")


def test_what_a_reporter_adds_scores_it_anew(region: Region) -> None:
    taken = region.file("awal")
    region.settle()
    assert taken.envelope_id is not None
    assert taken.code is not None
    assert stored(region, taken.envelope_id).band == "low"
    region.node().add_to_report(
        taken.code, "Malam ini.", urgent=True, question=None, form_token="a-form-token-0001"
    )
    region.exchange()
    row = stored(region, taken.envelope_id)
    assert (row.band, row.rules) == ("urgent", "said_urgent")


def test_midnight_scores_a_departure_anew(region: Region) -> None:
    inbox = region.hub.store.inbox
    leaves = (inbox.today() + datetime.timedelta(4)).isoformat()
    [report] = arrive(region, "satu", offer={"departure_on": leaves})
    inbox.count_down()
    assert stored(region, report).band == "low"
    region.clock.advance(2 * 86_400)
    inbox.count_down()
    assert (stored(region, report).band, stored(region, report).rules) == ("urgent", "departure")


def test_points_decide_among_equals_and_departure_goes_first(region: Region) -> None:
    inbox = region.hub.store.inbox
    arrive(region, "tanpa tanda")
    arrive(region, "banyak tanda", indicators=["deception", "debt_bondage"])
    arrive(region, "sedikit tanda", indicators=["deception"])
    leaves = (inbox.today() + datetime.timedelta(20)).isoformat()
    arrive(region, "berangkat", offer={"departure_on": leaves})
    assert listed(inbox) == ["berangkat", "banyak tanda", "sedikit tanda", "tanpa tanda"]
    assert listed(inbox, band="high") == ["banyak tanda"]
    assert listed(inbox, band="low") == ["berangkat", "tanpa tanda"]
    rows, _ = inbox.page(InboxChoice(band="medium"), before=None, limit=9, who=SARI)
    assert [row.score_reasons for row in rows] == [("pekerjaan, gaji atau tempat tidak sesuai janji",)]


def test_staff_puts_another_band_in_its_place_and_takes_it_back(region: Region, scores: Overriding) -> None:
    store = region.hub.store
    first, second = arrive(region, "satu", "dua", indicators=["no_contract"])
    with pytest.raises(StepRefused):
        scores.override(first, "high", "  ", seen=0, who=SARI)
    with pytest.raises(StepRefused):
        scores.override(first, "worst", "alasan", seen=0, who=SARI)
    with pytest.raises(StepRefused):
        scores.override(first, "low", "alasan", seen=0, who=SARI)
    scores.override(first, "high", "kenal perekrutnya", seen=0, who=SARI)
    view = scores.view(first, who=SARI)
    assert (view.standing.band, view.standing.computed, view.standing.by_staff) == ("high", "low", True)
    assert [(one.by, one.becomes, one.reason) for one in view.overrides] == [
        ("sari", "high", "kenal perekrutnya")
    ]
    sealed = TriageOverride.select(TriageOverride.reason).scalar(store.database)
    assert "kenal" not in sealed
    assert listed(store.inbox)[0] == "satu"
    assert ("sari", "triage band high", f"report {first}") in noted(region)
    assert store.scores._scores.override_rates() == [OverrideRate("2026-11", 2, 1, 0)]
    store.triage.comment(first, "catatan", who=SARI)
    store.inbox.refresh(first)
    assert scores.view(first, who=SARI).standing.band == "high"
    with pytest.raises(StepRefused, match="Orang lain"):
        scores.undo(first, "salah", seen=0, who=BUDI)
    scores.undo(first, "salah", seen=view.last, who=BUDI)
    view = scores.view(first, who=SARI)
    assert (view.standing.band, view.standing.by_staff, view.can_be_undone) == ("low", False, None)
    assert len(view.overrides) == 2
    assert store.scores._scores.override_rates() == [OverrideRate("2026-11", 2, 0, 0)]
    assert scores.view(second, who=SARI).overrides == ()
    assert store.audit.problem() is None


def test_an_account_sees_and_changes_the_scores_of_its_areas_only(region: Region, scores: Overriding) -> None:
    [report] = arrive(region, "satu", village=VILLAGE)
    local = SignedIn("lokal", "analyst", (OTHER_VILLAGE[:5],))
    with pytest.raises(UnknownReport):
        scores.view(report, who=local)
    with pytest.raises(UnknownReport):
        scores.override(report, "high", "alasan", seen=0, who=local)
    with pytest.raises(UnknownReport):
        scores.undo(report, "alasan", seen=0, who=local)


def test_what_linking_and_counting_find_stands_beside_and_is_not_summed(
    region: Region, scores: Overriding
) -> None:
    [report] = arrive(region, "satu")
    before = scores.view(report, who=SARI)
    region.hub.store.inbox.linked = _Linked()
    scores.signals_of = lambda report, who: ("5 laporan dalam 2 minggu",)
    region.hub.store.inbox.refresh(report)
    after = scores.view(report, who=SARI)
    assert (after.network, after.signals) == (("tiga laporan",), ("5 laporan dalam 2 minggu",))
    assert (after.standing, after.assessment) == (before.standing, before.assessment)


class _Linked:
    def reasons(self, report_ids: Any) -> dict[str, list[str]]:
        return {one: ["tiga laporan"] for one in report_ids}


def test_a_closed_report_keeps_the_score_that_it_was_closed_with(region: Region) -> None:
    store = region.hub.store
    leaves = (store.inbox.today() + datetime.timedelta(1)).isoformat()
    [report] = arrive(region, "satu", offer={"departure_on": leaves})
    store.triage.step(report, "signal", "discarded", "kabar lama", seen=None, who=SARI)
    region.clock.advance(9 * 86_400)
    store.writer.run(lambda: store.inbox.refresh(report))
    assert stored(region, report).band == "urgent"


def test_scores_are_forgotten_with_their_report(region: Region, scores: Overriding) -> None:
    store = region.hub.store
    first, second = arrive(region, "satu", "dua")
    scores.override(first, "high", "alasan", seen=0, who=SARI)
    store.forgetting.forget([first], by=BUDI, reason="retention closed")
    assert [row.report for row in TriageScore.select().execute(store.database)] == [second]
    assert TriageOverride.select().count(store.database) == 0


def test_reports_from_before_there_were_scores_are_scored_in_turns(region: Region) -> None:
    store = region.hub.store
    arrive(region, "satu", "dua", indicators=["violence"])

    def before() -> None:
        TriageScore.delete().execute(store.database)
        Triage.update(band="").execute(store.database)

    store.writer.run(before)
    store.inbox.score_waiting()
    rows = list(Triage.select(Triage.band).tuples().execute(store.database))
    assert rows == [("urgent",), ("urgent",)]
    assert TriageScore.select().count(store.database) == 2
