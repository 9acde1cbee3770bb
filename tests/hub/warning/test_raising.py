"""Findings become signals, fold, come apart again; people raise them, too."""

from __future__ import annotations

import pytest
from findings import WEEK, finding
from inbox_arrivals import BUDI, SARI, arrive, noted
from village import NOW_S, OTHER_VILLAGE, VILLAGE, Region

from hub.cases.states import StepRefused
from hub.services import SignedIn, UnknownReport
from hub.signals.finding import Finding
from hub.warning.folding import REMEMBERED_S
from hub.warning.services import Closing, Draft, SignalChoice, SignalView
from hub.warning.signals import Signals


@pytest.fixture
def signals(region: Region) -> Signals:
    return region.hub.store.early.signals


def take(signals: Signals, *found: Finding, now: float = NOW_S) -> list[tuple[str, int]]:
    return [(one.what, one.signal) for one in signals.take_findings(found, now)]


def view(signals: Signals, number: int, who: SignedIn = SARI) -> SignalView:
    return signals.view(number, reports_before=None, who=who)


def shown(signals: Signals, number: int) -> set[str]:
    return {row.report.id for row in view(signals, number).reports}


def test_following_weeks_and_the_area_around_join_one_signal(region: Region, signals: Signals) -> None:
    ids = arrive(region, *"abcdef")
    district = VILLAGE[:5]
    [(_, number), _] = taken = take(signals, finding(ids[:4], unit=district), finding(ids[:3]))
    assert taken == [("join", number), ("raise", number)]
    assert view(signals, number).row.unit == VILLAGE
    assert take(signals, finding(ids[:3])) == [("nothing new", number)]
    assert take(signals, finding(ids[1:6], week=WEEK + 7)) == [("join", number)]
    seen = view(signals, number)
    assert [step.what for step in seen.history] == ["raised", "seen again", "seen again"]
    assert seen.history[-1].becomes == str(WEEK + 7)
    assert shown(signals, number) == set(ids)
    assert (seen.row.reports, seen.row.week, seen.lead and seen.lead.week) == (6, WEEK + 7, WEEK + 7)
    assert seen.row.clocks[0].state == "met"
    assert [row.id for row in signals.rows(SignalChoice(), before=None, limit=9, who=SARI)[0]] == [number]
    assert ("signal rules", "signal raised", f"signal {number}") in noted(region)
    other = take(signals, finding(ids[:1], unit=OTHER_VILLAGE), finding(rule="rki", unit=""))
    assert [what for what, _ in other] == ["raise", "raise"]


def test_a_finding_is_taken_apart_and_its_following_weeks_go_with_it(
    region: Region, signals: Signals
) -> None:
    ids = arrive(region, *"abcde")
    around = finding(ids[:4], unit=VILLAGE[:5])
    [(_, number), _] = take(signals, finding(ids[:3]), around)
    second = view(signals, number).sightings[1]
    with pytest.raises(StepRefused, match="alasan"):
        signals.separate(number, second.id, " ", who=BUDI)
    apart = signals.separate(number, second.id, "dua hal", who=BUDI)
    assert shown(signals, number) == set(ids[:3])
    assert shown(signals, apart) == set(ids[:4])
    assert view(signals, apart).row.unit == VILLAGE[:5]
    later = finding([*ids[:3], ids[4]], unit=VILLAGE[:5], week=WEEK + 7)
    assert take(signals, later, finding(ids[:3], week=WEEK + 7)) == [("join", apart), ("join", number)]
    with pytest.raises(StepRefused, match="tidak ada di sinyal"):
        signals.separate(number, second.id, "lagi", who=BUDI)


def test_what_a_person_and_a_rule_say_of_the_same_reports_is_one_signal_until_taken_apart(
    region: Region, signals: Signals
) -> None:
    ids = arrive(region, *"abc")
    hand = signals.raise_by_hand(Draft("Calo di pasar", VILLAGE, "tiga keluarga", tuple(ids)), who=SARI)
    assert take(signals, finding(ids)) == [("join", hand)]
    case = region.hub.store.cases.open("Pasar", who=SARI)
    region.hub.store.cases.add_reports(case, ids, who=SARI)
    again = Draft("Lagi", VILLAGE, "sama", case_number=case)
    assert signals.raise_by_hand(again, who=BUDI) == hand
    seen = view(signals, hand)
    assert (seen.row.title, seen.cases, seen.joined) == ("Calo di pasar", (case,), (hand + 1,))
    assert view(signals, hand + 1).row.joined_into == hand
    assert signals.open_count(SARI) == 1
    [folded] = [one for one in seen.sightings if one.came_from]
    assert signals.separate(hand, folded.id, "bukan", who=BUDI) == hand + 1
    assert signals.open_count(SARI) == 2
    assert shown(signals, hand) == set(ids)
    signals.fold(hand + 1, hand, "ternyata sama", who=SARI)
    assert signals.open_count(SARI) == 1


def test_a_false_signal_stays_closed_for_the_same_reports_and_opens_for_new_ones(
    region: Region, signals: Signals
) -> None:
    ids = arrive(region, *"abcd")
    [(_, number)] = take(signals, finding(ids[:3]))
    signals.move(number, "verification", "", seen=None, who=SARI)
    signals.close(number, Closing("false", "explained", "panen", {}), seen=None, who=BUDI)
    assert take(signals, finding(ids[:3], week=WEEK + 7)) == [("nothing new", number)]
    assert view(signals, number).row.state == "closed"
    assert take(signals, finding(ids, week=WEEK + 7), now=NOW_S + 5) == [("reopen", number)]
    seen = view(signals, number)
    assert (seen.row.state, seen.row.verdict, seen.history[-1].what) == ("open", None, "reopened")
    assert seen.row.clocks[1].state == "running"
    assert take(signals, finding(ids, week=WEEK + 7)) == [("nothing new", number)]


def test_a_report_that_a_person_took_away_is_not_brought_back_by_the_rule(
    region: Region, signals: Signals
) -> None:
    ids = arrive(region, *"abc")
    [(_, number)] = take(signals, finding(ids[:2]))
    signals.remove_report(number, ids[0], "hal lain", who=SARI)
    assert take(signals, finding(ids, week=WEEK + 7)) == [("join", number)]
    assert shown(signals, number) == set(ids[1:])
    signals.add_report(number, ids[0], who=SARI)
    assert view(signals, number).row.reports == 3


def test_nobody_raises_beyond_their_area_or_of_reports_that_they_do_not_see(
    region: Region, signals: Signals
) -> None:
    [one], [other] = arrive(region, "a"), arrive(region, "b", village=OTHER_VILLAGE)
    here = SignedIn("desa", "analyst", (VILLAGE[:5],))
    for unit, match in (("", "wilayah Anda"), (OTHER_VILLAGE, "wilayah Anda"), ("52.99", "tidak dikenal")):
        with pytest.raises(StepRefused, match=match):
            signals.raise_by_hand(Draft("A", unit, "b", (one,)), who=here)
    with pytest.raises(UnknownReport):
        signals.raise_by_hand(Draft("A", VILLAGE, "b", (other,)), who=here)
    for wrong in (Draft(" ", VILLAGE, "b"), Draft("A", VILLAGE, " "), Draft("x" * 121, VILLAGE, "b")):
        with pytest.raises(StepRefused):
            signals.raise_by_hand(wrong, who=here)
    assert signals.open_count(BUDI) == 0
    with pytest.raises(UnknownReport):
        signals.prefilled(other, "", here)
    assert signals.prefilled(one, "", here).unit == VILLAGE


def test_signals_of_years_ago_are_not_read_for_each_finding(region: Region, signals: Signals) -> None:
    [(_, number)] = take(signals, finding())
    closing = Closing("unknown", "no_contact", "tak terjawab", {})
    signals.close(number, closing, seen=None, who=BUDI)
    weeks = finding(week=WEEK + 70)
    found = signals._raising._candidates
    assert [one.signal for one in found(weeks, NOW_S + REMEMBERED_S)] == [number]
    assert found(weeks, NOW_S + REMEMBERED_S + 1) == []
