"""What people do with a signal: states, risk, clocks, rights, areas."""

from __future__ import annotations

import datetime

import pytest
from findings import finding
from inbox_arrivals import BUDI, SARI, arrive, noted
from village import NOW_S, OTHER_VILLAGE, VILLAGE, Region

from hub.cases.states import StepRefused
from hub.services import SignedIn
from hub.warning.evaluating import figures_by_rule
from hub.warning.risk import Cell
from hub.warning.services import Closing, SignalChoice, UnknownSignal
from hub.warning.signals import Signals

DAY = 86_400
HERE = SignedIn("desa", "analyst", (VILLAGE[:8],))
AUNI = SignedIn("auni", "auditor")


@pytest.fixture
def signals(region: Region) -> Signals:
    region.hub.store.accounts.add("sari", "analyst", "kentongan bertalu")
    region.hub.store.accounts.add("jauh", "analyst", "kentongan bertalu", [OTHER_VILLAGE])
    return region.hub.store.early.signals


def test_a_signal_goes_its_way_with_who_when_and_why(region: Region, signals: Signals) -> None:
    ids = arrive(region, "a", "b")
    [taken] = signals.take_findings([finding(ids)], NOW_S)
    number = taken.signal
    signals.assign(number, "sari", who=BUDI)
    with pytest.raises(StepRefused, match="wilayah"):
        signals.assign(number, "jauh", who=BUDI)
    signals.move(number, "verification", "", seen=None, who=SARI)
    region.clock.advance(2 * DAY)
    assert signals.rows(SignalChoice(late=True, mine=True), before=None, limit=9, who=SARI)[0]
    signals.move(number, "assessment", "", seen=None, who=SARI)
    with pytest.raises(StepRefused, match="penyelia"):
        signals.assess(number, Cell(5, 5), "anak", seen=None, who=SARI)
    signals.assess(number, Cell(5, 5), "anak", seen=None, who=BUDI)
    signals.move(number, "response", "", seen=None, who=SARI)
    shown = signals.view(number, reports_before=None, who=SARI)
    assert [clock.state for clock in shown.row.clocks] == ["met", "missed", "running"]
    with pytest.raises(StepRefused, match="baru saja"):
        signals.respond(number, "polisi", seen=shown.last_step - 1, who=SARI)
    signals.respond(number, "polisi", seen=shown.last_step, who=SARI)
    closing = Closing("true", "prevented", "tidak jadi berangkat", {})
    with pytest.raises(StepRefused, match="penyelia"):
        signals.close(number, closing, seen=None, who=SARI)
    with pytest.raises(StepRefused, match="hambatan"):
        signals.close(number, closing, seen=None, who=BUDI)
    why = Closing("true", "prevented", "tidak jadi berangkat", {"notify": "few_staff"})
    signals.close(number, why, seen=None, who=BUDI)
    shown = signals.view(number, reports_before=None, who=SARI)
    assert [(step.by, step.what, step.becomes) for step in shown.history][1:] == [
        ("budi", "assigned", "sari"),
        ("sari", "moved", "verification"),
        ("sari", "moved", "assessment"),
        ("budi", "assessed", "5-5"),
        ("sari", "moved", "response"),
        ("sari", "response done", ""),
        ("budi", "closed", "true prevented"),
    ]
    assert shown.bottlenecks == {"detect": "", "notify": "few_staff", "respond": ""}
    assert [(share.name, share.met, share.known) for share in signals.shares(SARI)][1:] == [
        ("notify", 0, 1),
        ("respond", 1, 1),
        ("all", 0, 1),
    ]
    [figures] = figures_by_rule(region.hub.store.database, NOW_S, NOW_S + 1)
    assert (figures.rule, figures.raised, figures.true, figures.open) == ("kentongan", 1, 1, 0)
    assert figures.notify_s == 2 * DAY
    whats = [what for _, what, about in noted(region) if about == f"signal {number}"]
    assert {"signal raised", "signal to response", "signal assessed", "signal closed"} <= set(whats)
    assert whats.count("signal seen") == 2
    signals.move(number, "verification", "ternyata lanjut", seen=None, who=SARI)
    assert signals.view(number, reports_before=None, who=SARI).row.clocks[1].state == "running"


def test_a_signal_is_seen_by_who_sees_its_whole_area_and_its_reports_by_who_sees_them(
    region: Region, signals: Signals
) -> None:
    here, there = arrive(region, "a", "b"), arrive(region, "c", village=OTHER_VILLAGE)
    found = [finding(here), finding([*here, *there], unit="", rule="rki", week=finding().week + 63)]
    village, hub = (one.signal for one in signals.take_findings(found, NOW_S))
    assert village != hub
    listed = [signals.rows(SignalChoice(), before=None, limit=9, who=who)[0] for who in (SARI, HERE, AUNI)]
    assert [[row.id for row in rows] for rows in listed] == [[hub, village], [village], [hub, village]]
    assert (signals.open_count(SARI), signals.open_count(HERE)) == (2, 1)
    with pytest.raises(UnknownSignal):
        signals.view(hub, reports_before=None, who=HERE)
    for change in (
        lambda: signals.move(hub, "verification", "", seen=None, who=HERE),
        lambda: signals.comment(hub, "x", who=HERE),
        lambda: signals.add_report(hub, here[0], who=HERE),
        lambda: signals.separate(hub, 1, "x", who=HERE),
    ):
        with pytest.raises(UnknownSignal):
            change()
    signals.add_report(village, there[0], who=SARI)
    mine = signals.view(village, reports_before=None, who=HERE)
    assert {row.report.id for row in mine.reports} == set(here)
    assert (mine.elsewhere, mine.history[-1].what, mine.history[-1].becomes) == (1, "report added", "")
    with pytest.raises(StepRefused):
        signals.remove_report(village, there[0], "x", who=HERE)
    audited = signals.view(village, reports_before=None, who=AUNI)
    assert (audited.reports, audited.elsewhere, audited.ways, audited.cases) == ((), 3, (), ())
    assert signals.of_report(here[0], HERE) == [village]
    assert signals.of_report(there[0], HERE) == []


def test_a_watched_signal_is_reminded_of_when_its_day_comes(region: Region, signals: Signals) -> None:
    [taken] = signals.take_findings([finding()], NOW_S)
    today = region.hub.store.inbox.today()
    for wrong in (today, today + datetime.timedelta(400)):
        with pytest.raises(StepRefused, match="sesudah hari ini"):
            signals.monitor(taken.signal, wrong, "lihat lagi", who=SARI)
    signals.monitor(taken.signal, today + datetime.timedelta(3), "lihat lagi", who=SARI)
    assert signals.watched_due(SARI) == 0
    region.clock.advance(3 * DAY)
    assert signals.watched_due(SARI) == 1
    [row] = signals.rows(SignalChoice(watched=True), before=None, limit=9, who=SARI)[0]
    assert row.is_watched_due
    signals.monitor(taken.signal, None, "selesai", who=SARI)
    assert signals.watched_due(SARI) == 0


def test_a_list_goes_on_where_it_ended_and_obeys_its_filters(region: Region, signals: Signals) -> None:
    units = (VILLAGE, VILLAGE[:8], VILLAGE[:5], OTHER_VILLAGE, "")
    found = [finding(unit=unit, rule="rki" if unit else "glrpois") for unit in units]
    numbers = [one.signal for one in signals.take_findings(found, NOW_S)]
    first, after = signals.rows(SignalChoice(), before=None, limit=3, who=SARI)
    rest, end = signals.rows(SignalChoice(), before=after, limit=3, who=SARI)
    assert [row.id for row in (*first, *rest)] == sorted(numbers, reverse=True)
    assert end is None

    def chosen(**choice: object) -> set[str]:
        rows, _ = signals.rows(SignalChoice(**choice), before=None, limit=9, who=SARI)  # type: ignore[arg-type]
        return {row.unit for row in rows}

    assert chosen(area="52.02") == set(units[:3])
    assert chosen(level="district") == {VILLAGE[:5]}
    assert chosen(rule="glrpois") == {""}
    assert chosen(rule="person") == chosen(state="closed") == chosen(late=True) == set()
    assert signals.rules() == ["glrpois", "rki"]
