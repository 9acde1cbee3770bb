"""Steps with their history, undo, assignments, comments, many at once."""

from __future__ import annotations

import pytest
from inbox_arrivals import BUDI, SARI, arrive, noted
from village import Region, dump, reached

from hub.cases.services import COMMENT_MAX_CHARACTERS
from hub.cases.states import OUTCOME, RESPONSE, RISK, SIGNAL, VERIFICATION, StepRefused
from hub.cases.triage import Triage
from hub.services import SignedIn, UnknownReport


@pytest.fixture
def triage(region: Region) -> Triage:
    region.hub.store.accounts.add("sari", "analyst", "kentongan bertalu")
    region.hub.store.accounts.add("auni", "auditor", "kentongan bertalu")
    return region.hub.store.triage


def test_every_step_says_who_when_and_why_and_is_noted(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    triage.step(name, VERIFICATION, "under_way", "", seen=0, who=SARI)
    region.clock.advance(60)
    triage.step(name, RISK, "high", "anak ikut", seen=triage.view(name, who=SARI).last_step, who=BUDI)
    view = triage.view(name, who=SARI)
    assert [(s.by, s.state, s.was, s.becomes, s.reason) for s in view.history] == [
        ("sari", SIGNAL, "new", "kept", ""),
        ("sari", VERIFICATION, "not_begun", "under_way", ""),
        ("budi", RISK, "not_assessed", "high", "anak ikut"),
    ]
    assert view.history[2].at == region.clock.wall_s()
    about = f"report {view.report}"
    assert noted(region) == [("sari", "verification under_way", about), ("budi", "risk high", about)]


def test_a_refused_step_changes_nothing(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    before = dump(region.hub_folder)
    for state, value in ((SIGNAL, "discarded"), (OUTCOME, "safe"), ("x", "y")):
        with pytest.raises(StepRefused):
            triage.step(name, state, value, "", seen=0, who=SARI)
    with pytest.raises(UnknownReport):
        triage.step("ffffffffffffffff.0.1", RISK, "low", "x", seen=None, who=SARI)
    assert dump(region.hub_folder) == before


def test_who_was_slower_sees_first_what_changed(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    shown = triage.view(name, who=SARI).last_step
    triage.step(name, VERIFICATION, "confirmed", "", seen=shown, who=SARI)
    with pytest.raises(StepRefused, match="Orang lain"):
        triage.step(name, SIGNAL, "discarded", "bukan", seen=shown, who=BUDI)
    with pytest.raises(StepRefused, match="Orang lain"):
        triage.undo(name, "keliru", seen=shown, who=BUDI)


def test_a_wrong_step_is_taken_back_and_stays_in_the_history(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    triage.step(name, SIGNAL, "discarded", "bukan", seen=None, who=SARI)
    with pytest.raises(StepRefused, match="alasan"):
        triage.undo(name, " ", seen=None, who=BUDI)
    triage.undo(name, "salah tekan", seen=None, who=BUDI)
    view = triage.view(name, who=SARI)
    assert view.states.stage == "new"
    assert [(s.becomes, s.undoes) for s in view.history] == [
        ("discarded", None),
        ("new", view.history[0].id),
    ]
    assert view.can_be_undone is None
    with pytest.raises(StepRefused, match="Tidak ada langkah"):
        triage.undo(name, "lagi", seen=None, who=BUDI)


def test_an_assignment_is_taken_back_like_a_step(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    triage.assign(name, "sari", who=BUDI)
    assert triage.view(name, who=SARI).assignee == "sari"
    triage.undo(name, "salah orang", seen=None, who=BUDI)
    assert triage.view(name, who=SARI).assignee is None


def test_only_who_may_read_reports_can_hold_one(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    assert triage.assignable() == ["sari"]
    for nobody in ("auni", "tidak ada"):
        with pytest.raises(StepRefused):
            triage.assign(name, nobody, who=BUDI)
    triage.assign(name, "sari", who=BUDI)
    with pytest.raises(StepRefused, match="sudah"):
        triage.assign(name, "sari", who=BUDI)
    triage.assign(name, None, who=BUDI)
    assert triage.view(name, who=SARI).assignee is None


def test_nobody_holds_a_report_that_they_do_not_see(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    village = region.hub.store.work.view(name).village
    accounts = region.hub.store.accounts
    accounts.add("jauh", "analyst", "kentongan bertalu-talu", ["11"])
    accounts.add("dekat", "analyst", "kentongan bertalu-talu", [village[:5]])
    assert triage.assignable() == ["dekat", "jauh", "sari"]
    assert triage.assignable(village) == ["dekat", "sari"]
    with pytest.raises(StepRefused, match="tidak melihat"):
        triage.assign(name, "jauh", who=BUDI)
    assert triage.view(name, who=SARI).assignee is None
    triage.assign(name, "dekat", who=BUDI)


def test_a_response_that_has_begun_reaches_the_reporters_ladder(region: Region, triage: Triage) -> None:
    taken = region.file("satu")
    region.settle()
    assert taken.envelope_id is not None
    triage.step(taken.envelope_id, RESPONSE, "planned", "", seen=None, who=SARI)
    region.settle()
    assert "acted_on" not in reached(region.node(), taken.code)
    triage.step(taken.envelope_id, RESPONSE, "begun", "", seen=None, who=SARI)
    region.settle()
    assert "acted_on" in reached(region.node(), taken.code)
    assert region.hub.store.work.view(taken.envelope_id).acted_on_at == region.clock.wall_s()


def test_a_ladder_moved_without_a_step_moves_the_response(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    region.hub.store.work.mark_acted_on(name, by="sari")
    view = triage.view(name, who=SARI)
    assert (view.states.signal, view.states.response) == ("kept", "begun")
    assert view.history[-1].by == "sari"


def test_comments_and_assignments_never_reach_the_village(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    region.settle()
    waiting = region.hub.store.outgoing.waiting()
    triage.comment(name, "Hubungi Pak Contoh.\r\nBesok.", who=SARI)
    triage.assign(name, "sari", who=BUDI)
    triage.step(name, RISK, "high", "anak ikut", seen=None, who=SARI)
    assert region.hub.store.outgoing.waiting() == waiting
    [comment] = triage.view(name, who=SARI).comments
    assert (comment.by, comment.text) == ("sari", "Hubungi Pak Contoh.\nBesok.")
    for text in ("", " \n", "x" * (COMMENT_MAX_CHARACTERS + 1)):
        with pytest.raises(StepRefused):
            triage.comment(name, text, who=SARI)


def test_many_at_once_says_what_was_done_and_what_was_refused(region: Region, triage: Triage) -> None:
    one, two, three = arrive(region, "satu", "dua", "tiga")
    triage.assign(two, "sari", who=BUDI)
    gone = "ffffffffffffffff.0.1"
    outcome = triage.assign_many([one, two, gone, one], "sari", who=BUDI)
    assert outcome.done == (one,)
    assert list(outcome.refused) == [two, gone]
    triage.step(three, SIGNAL, "discarded", "uji", seen=None, who=SARI)
    outcome = triage.discard_many([one, three], "ganda", who=SARI)
    assert outcome.done == (one,)
    assert outcome.refused == {three: "Laporan sudah dalam keadaan itu."}
    assert triage.discard_many([two], "", who=SARI).refused == {two: "Tulis alasannya."}


def test_another_area_is_as_unknown_as_no_report(region: Region, triage: Triage) -> None:
    [name] = arrive(region, "satu")
    elsewhere = SignedIn("sari", "analyst")
    object.__setattr__(elsewhere, "areas", ("53",))
    with pytest.raises(UnknownReport):
        triage.step(name, RISK, "low", "x", seen=None, who=elsewhere)
    with pytest.raises(UnknownReport):
        triage.comment(name, "x", who=elsewhere)
