"""A quiz for oneself: answers travel, nothing is kept, and every answer says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from content.catalogue import Catalogue
from village_node.web.quiz_pages import chosen_in

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices, Page

SHIPPED = Catalogue()


def hidden(page: Page) -> dict[str, str]:
    """What the form of the quiz sends along."""
    return {e["name"]: e["value"] for e in page.all("input") if any("keep" in o["class"] for o in e.inside)}


@pytest.mark.parametrize("key", SHIPPED.quiz_keys)
def test_a_quiz_goes_through_all_questions_to_its_result(
    client: FlaskClient, read: type[Page], services: MemoryServices, key: str
) -> None:
    quiz = SHIPPED.quiz(key)
    page = read(client.get(f"/kuis/{key}").text)
    for number, question in enumerate(quiz.questions):
        assert question.text in page.all("h1")[0].text
        kept = hidden(page)
        wrong = number == 1
        letter = next(x for x in "abc" if (x == question.answer) != wrong)
        why = read(client.post(f"/kuis/{key}", data=kept | {f"a.{question.key}": letter}).text)
        assert ("Belum tepat" if wrong else "Benar") in why.all("h1")[0].text
        assert question.why in why.all("main")[0].text
        assert ("Yang benar:" in why.all("main")[0].text) == wrong
        kept = hidden(why)
        page = read(client.post(f"/kuis/{key}", data=kept | {"go": "next"}).text)
    assert "7 dari 8" in page.all("main")[0].text
    assert f"/belajar/{quiz.questions[1].lesson}" in {e["href"] for e in page.all("a")}
    assert services.tokens == 0


def test_back_shows_the_question_before_with_what_was_chosen(client: FlaskClient, read: type[Page]) -> None:
    first, second = SHIPPED.quiz("tawaran").questions[:2]
    sent = {"step": second.key, f"a.{first.key}": "c", "go": "back"}
    page = read(client.post("/kuis/tawaran", data=sent).text)
    assert first.text in page.all("h1")[0].text
    assert [e["value"] for e in page.all("button") if "picked" in e["class"]] == ["c"]


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"step": "nothing", "go": "next"},
        {"step": "visa", "a.visa": "z"},
        {"step": "teman", "go": "next"},
        {"a.nothing": "a", "go": "💥"},
    ],
)
def test_garbage_shows_a_question_again(client: FlaskClient, sent: dict[str, str]) -> None:
    response = client.post("/kuis/tawaran", data=sent)
    assert response.status_code == 200
    assert "<fieldset" in response.text


def test_a_quiz_that_is_not_there_is_no_page(client: FlaskClient) -> None:
    assert client.get("/kuis/nothing").status_code == 404
    assert client.post("/kuis/nothing", data={"a.visa": "a"}).status_code == 404


def test_the_last_letter_that_exists_counts() -> None:
    sent = MultiDict([("a.visa", "a"), ("a.visa", "b"), ("a.visa", "q"), ("a.nothing", "a")])
    assert chosen_in(SHIPPED.quiz("tawaran"), sent) == {"visa": "b"}
