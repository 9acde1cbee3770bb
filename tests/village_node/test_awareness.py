"""Awareness sessions: kept at each step, as totals, and summed up for the hub once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from village import Region, dump

from content.catalogue import Catalogue
from content.quiz import Tally
from sync.storage.writer import StorageError
from sync.wire.session_summary import CELLS, decode_summary, encode_summary
from village_node.awareness import (
    KEPT_DELETED,
    AwarenessSessions,
    Plan,
    Round,
    SessionRefused,
    UnknownSession,
)
from village_node.services import StorageFailed, StorageFull

PLAN = Plan(date(2026, 11, 25), "morning", ("perekrut", "biaya"), "tawaran")
RIGHT = {question.key: question.answer for question in Catalogue().quiz("tawaran").questions}


@pytest.fixture
def sessions(region: Region) -> AwarenessSessions:
    return region.node().sessions


def answer(sessions: AwarenessSessions, session_id: int, round_: Round, phones: int, right: int) -> None:
    """Let so many phones answer, `right` of them all right and the others all wrong."""
    sessions.open_round(session_id, round_)
    number = sessions.get(session_id).number
    for phone in range(phones):
        chosen = {
            key: letter if phone < right else {"a": "b", "b": "c", "c": "a"}[letter]
            for key, letter in RIGHT.items()
        }
        assert sessions.answer(number, round_, f"{round_} token {phone}", chosen)
    sessions.close_round(session_id)


class TestPlan:
    def test_a_plan_is_kept_over_a_restart(self, region: Region, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        sessions.count(session_id, 3, 5)
        region.restart_node()
        again = region.node().sessions.get(session_id)
        assert (again.held_on, again.part, again.lessons) == ("2026-11-25", "morning", ("perekrut", "biaya"))
        assert again.people == 5
        assert 100 <= again.number <= 999

    @pytest.mark.parametrize(
        "plan",
        [
            Plan(None, "morning", (), ""),
            Plan(None, "morning", ("perekrut",) * 2 + ("dokumen", "biaya", "kontrak", "kapal_ikan"), ""),
            Plan(None, "morning", ("tidak_ada",), ""),
            Plan(None, "noon", ("perekrut",), ""),
            Plan(None, "morning", ("perekrut",), "../tawaran"),
        ],
    )
    def test_what_cannot_be_planned_is_refused(self, sessions: AwarenessSessions, plan: Plan) -> None:
        with pytest.raises(SessionRefused):
            sessions.plan(plan)
        assert sessions.all() == []

    def test_it_can_be_changed_but_not_its_quiz_once_that_was_answered(
        self, sessions: AwarenessSessions
    ) -> None:
        session_id = sessions.plan(PLAN)
        sessions.edit(session_id, Plan(None, "evening", ("dokumen",), "menolong"))
        assert sessions.get(session_id).quiz == "menolong"
        sessions.set_hands(session_id, "before", 0, Tally(1, 2, 3))
        with pytest.raises(SessionRefused, match="tidak bisa diganti"):
            sessions.edit(session_id, PLAN)
        sessions.edit(session_id, Plan(None, "evening", ("biaya",), "menolong"))
        assert sessions.get(session_id).lessons == ("biaya",)

    def test_cancelled_and_deleted_ones_come_back_until_there_are_many(
        self, sessions: AwarenessSessions
    ) -> None:
        session_id = sessions.plan(PLAN)
        sessions.cancel(session_id)
        with pytest.raises(SessionRefused):
            sessions.count(session_id, 0, 1)
        sessions.cancel(session_id, cancelled=False)
        sessions.delete(session_id)
        with pytest.raises(SessionRefused):
            sessions.count(session_id, 0, 1)
        sessions.delete(session_id, deleted=False)
        sessions.count(session_id, 0, 1)
        for _ in range(KEPT_DELETED + 2):
            sessions.delete(sessions.plan(PLAN))
        assert len(sessions.all()) == KEPT_DELETED + 1
        with pytest.raises(UnknownSession):
            sessions.get(session_id + 1)


class TestAttendance:
    def test_forty_people_in_few_taps_and_the_last_one_can_be_undone(
        self, sessions: AwarenessSessions
    ) -> None:
        session_id = sessions.plan(PLAN)
        for cell, by in [(0, 5), (1, 5), (1, 5), (2, 5), (5, 5), (6, 5), (6, 5), (7, 5), (8, 1), (8, -1)]:
            sessions.count(session_id, cell, by)
        assert sessions.get(session_id).people == 40
        sessions.count(session_id, 0, -1)
        sessions.undo(session_id)
        assert sessions.get(session_id).attendance[0] == 5
        for _ in range(30):
            sessions.undo(session_id)
        assert sessions.get(session_id).attendance == (0,) * CELLS

    def test_no_cell_falls_below_none_and_undoing_knows_it(self, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        sessions.count(session_id, 0, 1)
        sessions.count(session_id, 0, -5)
        assert sessions.get(session_id).attendance[0] == 0
        sessions.undo(session_id)
        assert sessions.get(session_id).attendance[0] == 1

    def test_more_than_the_summary_carries_is_refused(self, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        sessions.count(session_id, 0, 1000)
        with pytest.raises(SessionRefused, match="1000"):
            sessions.count(session_id, 1, 1)


class TestPhones:
    def test_forty_phones_at_once_count_once_each(self, region: Region, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        sessions.open_round(session_id, "before")
        number = sessions.get(session_id).number

        def phone(name: int) -> None:
            for _ in range(3):  # the page is reloaded, the Wi-Fi comes and goes
                assert sessions.answer(number, "before", f"token {name}", RIGHT)

        phones = [threading.Thread(target=phone, args=(name,)) for name in range(40)]
        for thread in phones:
            thread.start()
        for thread in phones:
            thread.join()
        learnt = sessions.learnt(sessions.get(session_id))
        assert learnt is not None
        assert {tally.answered for tally in learnt.tallies["before"].values()} == {40}
        assert sessions.phones_counted(session_id) == 40

    def test_a_form_counts_once_over_a_power_cut(self, region: Region, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        sessions.open_round(session_id, "before")
        number = sessions.get(session_id).number
        assert sessions.answer(number, "before", "token", {"janji": "a"})
        again = region.restart_node().sessions
        assert again.answer(number, "before", "token", {"janji": "a"})
        learnt = again.learnt(again.get(session_id))
        assert learnt is not None
        assert learnt.tallies["before"] == {"janji": Tally(1, 0, 0)}

    def test_only_the_open_round_takes_answers(self, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        number = sessions.get(session_id).number
        assert not sessions.answer(number, "before", "t1", RIGHT)
        sessions.open_round(session_id, "after")
        assert not sessions.answer(number, "before", "t2", RIGHT)
        assert not sessions.answer(99, "after", "t3", RIGHT)
        assert [quiz.number for quiz in sessions.open_quizzes()] == [number]
        sessions.close_round(session_id)
        assert sessions.open_quiz(number) is None
        assert not sessions.answer(number, "after", "t4", RIGHT)

    def test_what_is_no_answer_is_not_counted(self, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        sessions.open_round(session_id, "before")
        number = sessions.get(session_id).number
        assert sessions.answer(number, "before", "t1", {})
        assert sessions.answer(number, "before", "t2", {"janji": "d", "nothing": "a", "cepat": "a"})
        assert sessions.phones_counted(session_id) == 1

    def test_nothing_of_a_phone_stays_when_the_round_ends(
        self, region: Region, sessions: AwarenessSessions
    ) -> None:
        session_id = sessions.plan(PLAN)
        answer(sessions, session_id, "before", phones=6, right=3)
        region.stop_node()
        assert dump(region.node_folder())["quiz_form_use"] == []


class TestLearning:
    def test_hands_and_phones_add_up_and_small_numbers_stay_hidden(self, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        answer(sessions, session_id, "before", phones=2, right=1)
        learnt = sessions.learnt(sessions.get(session_id))
        assert learnt is not None
        assert not learnt.is_shown("before")
        sessions.set_hands(session_id, "before", 0, Tally(1, 2, 0))
        sessions.set_hands(session_id, "before", 0, Tally(2, 1, 0))
        learnt = sessions.learnt(sessions.get(session_id))
        assert learnt is not None
        assert learnt.tallies["before"]["janji"] == Tally(2, 2, 1)
        assert learnt.is_shown("before")
        assert not learnt.is_shown("after")
        assert learnt.shown("before", "janji") == Tally(2, 2, 1)
        assert learnt.shown("before", "cepat") is None  # two phones alone answered it
        assert [gain.before is None for gain in learnt.gains] == [False] + [True] * 7
        assert {suggestion.questions for suggestion in learnt.suggestions} == {("janji",)}

    def test_gain_and_what_to_teach_next(self, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(PLAN)
        answer(sessions, session_id, "before", phones=10, right=4)
        before = sessions.learnt(sessions.get(session_id))
        assert before is not None
        assert {s.lesson for s in before.suggestions} == {"perekrut", "dokumen", "kerja_daring"}
        answer(sessions, session_id, "after", phones=10, right=9)
        after = sessions.learnt(sessions.get(session_id))
        assert after is not None
        assert {gain.points for gain in after.gains} == {0.5}
        assert after.suggestions == ()


class TestSummary:
    def test_closing_sends_it_once_and_a_correction_replaces_it(
        self, region: Region, sessions: AwarenessSessions
    ) -> None:
        session_id = sessions.plan(PLAN)
        with pytest.raises(SessionRefused, match="Belum ada peserta"):
            sessions.close(session_id)
        sessions.count(session_id, 1, 40)
        answer(sessions, session_id, "before", phones=40, right=15)
        sent = sessions.summary(sessions.get(session_id))
        assert sent.people == 40
        assert sent.lessons == {1, 3}
        assert sent.quiz is not None
        assert sent.quiz.before is not None
        assert sent.quiz.before.right == (15,) * 8
        assert sent.quiz.after is None
        assert decode_summary(encode_summary(sent)) == sent
        sessions.close(session_id)
        assert region.node().log.pending_count() == 1
        changes: list[Callable[[], None]] = [
            lambda: sessions.close(session_id),
            lambda: sessions.count(session_id, 0, 1),
            lambda: sessions.open_round(session_id, "after"),
            lambda: sessions.cancel(session_id),
        ]
        for change in changes:
            with pytest.raises(SessionRefused):
                change()
        sessions.reopen(session_id)
        sessions.count(session_id, 1, 1)
        assert sessions.summary(sessions.get(session_id)).revision == 1
        sessions.close(session_id)
        assert region.node().log.pending_count() == 2

    def test_without_a_quiz_there_is_none_in_it(self, sessions: AwarenessSessions) -> None:
        session_id = sessions.plan(Plan(None, "not_said", ("perekrut",), ""))
        summary = sessions.summary(sessions.get(session_id))
        assert summary.quiz is None
        assert summary.held_on is None
        with pytest.raises(SessionRefused, match="tanpa kuis"):
            sessions.open_round(session_id, "before")

    def test_a_full_disk_sends_nothing_and_leaves_it_open(self, region: Region) -> None:
        sessions = region.node(free_space=lambda: 0).sessions
        session_id = sessions.plan(PLAN)
        sessions.count(session_id, 0, 3)
        with pytest.raises(StorageFull):
            sessions.close(session_id)
        assert sessions.get(session_id).state == "planned"

    def test_both_are_committed_or_neither(
        self, region: Region, sessions: AwarenessSessions, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session_id = sessions.plan(PLAN)
        sessions.count(session_id, 0, 3)
        node = region.node()

        def broken(*_: object, **__: object) -> None:
            raise StorageError("no")

        with monkeypatch.context() as patch:
            patch.setattr(node.log, "add_control", broken)
            with pytest.raises(StorageFailed):
                sessions.close(session_id)
        assert sessions.get(session_id).state == "planned"
        assert node.log.pending_count() == 0
        sessions.close(session_id)
        assert node.log.pending_count() == 2  # the summary, and that a counter before it is void
