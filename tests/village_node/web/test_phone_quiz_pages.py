"""The quiz on phones: one page, one POST, nothing kept but totals."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from village import Region

from content.catalogue import Catalogue
from content.quiz import Tally
from sync.storage.writer import StorageError
from village_node.awareness import AwarenessSessions, Plan
from village_node.web.public_app import create_public_app

QUESTIONS = Catalogue().quiz("tawaran").questions
RIGHT = {f"q.{question.key}": question.answer for question in QUESTIONS}


@pytest.fixture
def sessions(region: Region) -> AwarenessSessions:
    return region.node().sessions


@pytest.fixture
def phone(region: Region) -> FlaskClient:
    node = region.node()
    return create_public_app(node, village_name="Pringgarata", quizzes=node.sessions).test_client()


@pytest.fixture
def number(sessions: AwarenessSessions) -> int:
    """The number of a session with its first round open."""
    session_id = sessions.plan(Plan(date(2026, 11, 25), "morning", ("perekrut",), "tawaran"))
    sessions.open_round(session_id, "before")
    return sessions.get(session_id).number


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page))


def tallies(sessions: AwarenessSessions, round_: str = "before") -> dict[str, Tally]:
    learnt = sessions.learnt(sessions.get(1))
    assert learnt is not None
    return dict(learnt.tallies[round_])  # type: ignore[index]


def test_a_phone_answers_all_on_one_page_and_only_totals_stay(
    phone: FlaskClient, sessions: AwarenessSessions, number: int
) -> None:
    page = phone.get(f"/kuis/{number}").text
    assert page.count("<fieldset") == len(QUESTIONS) == 8
    assert len(page) < 50_000
    answer = phone.post(f"/kuis/{number}", data={**hidden(page), **RIGHT})
    assert answer.status_code == 200
    assert "sudah dihitung" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert QUESTIONS[0].why not in answer.text  # before the lessons nobody is told what is right
    assert {tally.answered for tally in tallies(sessions).values()} == {1}


def test_a_reload_does_not_count_twice_and_an_empty_answer_not_at_all(
    phone: FlaskClient, sessions: AwarenessSessions, number: int
) -> None:
    page = phone.get(f"/kuis/{number}").text
    for _ in range(3):
        assert "sudah dihitung" in phone.post(f"/kuis/{number}", data={**hidden(page), **RIGHT}).text
    one = {"q.janji": "a"}
    phone.post(f"/kuis/{number}", data={**hidden(phone.get(f"/kuis/{number}").text), **one})
    assert tallies(sessions)["janji"] == Tally(1, 1, 0)
    assert tallies(sessions)["teman"].answered == 1


def test_after_the_lessons_each_phone_is_told_what_was_right(
    phone: FlaskClient, sessions: AwarenessSessions, number: int
) -> None:
    sessions.open_round(1, "after")
    form = hidden(phone.get(f"/kuis/{number}").text)
    page = phone.post(f"/kuis/{number}", data={**form, **RIGHT, "q.janji": "a", "q.visa": ""}).text
    assert "Jawaban Anda yang benar: 6 dari 8" in page
    assert "Belum benar." in page
    assert "Tidak dijawab." in page
    assert QUESTIONS[0].why in page


def test_the_short_way_leads_to_the_only_quiz_that_is_open(phone: FlaskClient, number: int) -> None:
    assert "<fieldset" in phone.get("/kuis").text
    assert phone.get(f"/kuis?nomor={number}").text.count("<fieldset") == 8
    for wrong in ("999999999999", "abc", "-1", "\u0662"):
        page = phone.get("/kuis", query_string={"nomor": wrong})
        assert page.status_code == 200
        assert "Nomor kuis" in page.text
        # A quiz is open: who waits for the facilitator now waits for ever.
        assert "salah ketik" in page.text
        assert "Tunggu sampai fasilitator" not in page.text


def test_with_two_open_quizzes_the_number_is_asked_for(
    phone: FlaskClient, sessions: AwarenessSessions, number: int
) -> None:
    other = sessions.plan(Plan(None, "morning", ("biaya",), "menolong"))
    sessions.open_round(other, "before")
    assert "Nomor kuis" in phone.get("/kuis").text
    assert "<fieldset" in phone.get(f"/kuis/{sessions.get(other).number}").text


def test_the_first_page_leads_to_it_only_while_it_is_open(
    phone: FlaskClient, sessions: AwarenessSessions, number: int
) -> None:
    assert 'href="/kuis"' in phone.get("/").text
    sessions.close_round(1)
    assert 'href="/kuis"' not in phone.get("/").text
    assert "Tunggu sampai fasilitator membukanya" in phone.get(f"/kuis/{number}").text


def test_what_comes_too_late_is_said_not_to_count(
    phone: FlaskClient, sessions: AwarenessSessions, number: int
) -> None:
    form = {**hidden(phone.get(f"/kuis/{number}").text), **RIGHT}
    sessions.open_round(1, "after")
    assert phone.post(f"/kuis/{number}", data=form).headers["Location"] == f"/kuis/{number}"
    sessions.close_round(1)
    assert "tidak dihitung" in phone.post(f"/kuis/{number}", data=form).text
    assert tallies(sessions) == tallies(sessions, "after") == {}


def test_a_disk_that_fails_is_said_and_the_answers_stay_on_the_page(
    phone: FlaskClient, sessions: AwarenessSessions, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {**hidden(phone.get(f"/kuis/{number}").text), **RIGHT}

    def full(*_: object) -> bool:
        raise StorageError("no")

    with monkeypatch.context() as patch:
        patch.setattr(sessions, "answer", full)
        page = phone.post(f"/kuis/{number}", data=form)
    assert page.status_code == 503
    assert page.text.count(" checked") == 8
    assert hidden(page.text)["form_token"] == form["form_token"]
