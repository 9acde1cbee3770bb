"""Lessons for oneself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient

from content.catalogue import Catalogue
from village_node.web.languages import INDONESIAN, LANGUAGES, translate_into
from village_node.web.learn_pages import titles_of
from village_node.web.spoken import Clips

if TYPE_CHECKING:
    from tests.village_node.web.conftest import Page

SHIPPED = Catalogue()


def test_the_list_leads_to_every_lesson_and_quiz(client: FlaskClient, read: type[Page]) -> None:
    links = {e["href"] for e in read(client.get("/belajar").text).all("a")}
    assert {f"/belajar/{key}" for key in SHIPPED.lesson_keys} <= links
    assert {f"/kuis/{key}" for key in SHIPPED.quiz_keys} <= links


@pytest.mark.parametrize("key", SHIPPED.lesson_keys)
def test_a_lesson_has_all_its_screens_its_story_and_what_to_remember(
    client: FlaskClient, read: type[Page], key: str
) -> None:
    html = client.get(f"/belajar/{key}").text
    text = " ".join(read(html).all("main")[0].text.split())
    lesson = SHIPPED.lesson(key)
    for said in (*(line for screen in lesson.screens for line in screen.lines), *lesson.story.lines):
        assert said in text
    assert all(line in text for line in (*lesson.remember, lesson.story.question, *lesson.story.people))
    assert not any(hint in text for hint in lesson.hints), "hints are for the facilitator"
    for fact in lesson.facts:
        assert SHIPPED.facts[fact].source in text
    assert len(html.encode()) < 50_000


def test_a_lesson_that_is_not_there_is_no_page(client: FlaskClient) -> None:
    for path in ("/belajar/nothing", "/belajar/..%2f..%2ffacts", "/belajar/Perekrut"):
        assert client.get(path).status_code == 404


def test_titles_are_read_once_while_the_catalogue_is_in_use() -> None:
    catalogue = Catalogue()
    assert titles_of(catalogue) is titles_of(catalogue)
    assert titles_of(catalogue).lessons[0][0] == catalogue.lesson_keys[0]


def test_an_english_page_marks_indonesian_lessons_as_such(client: FlaskClient, read: type[Page]) -> None:
    page = read(client.get("/en/belajar/biaya").text)
    assert page.all("article")[0]["lang"] == "id"
    assert "still in Indonesian" in page.all("main")[0].text


@pytest.mark.parametrize("tag", [one.tag for one in LANGUAGES if one != INDONESIAN])
def test_before_the_first_indonesian_line_the_page_says_so_in_its_language_and_offers_the_sound(
    client: FlaskClient, read: type[Page], monkeypatch: pytest.MonkeyPatch, tag: str
) -> None:
    monkeypatch.setattr(Clips, "is_of", lambda _, spoken, name, words: spoken == "id")
    said = translate_into(tag, "Isi halaman ini masih dalam Bahasa Indonesia.")
    heard = translate_into(tag, "Belum ada suara dalam bahasa ini. Dengarkan dalam Bahasa Indonesia")
    paths = ["/belajar", *(f"/belajar/{key}" for key in SHIPPED.lesson_keys)]
    for path in (*paths, *(f"/kuis/{key}" for key in SHIPPED.quiz_keys)):
        page = read(client.get(f"/{tag}{path}").text)
        main = " ".join(page.all("main")[0].text.split())
        marked = [e for e in page.elements if e["lang"] == "id" and e.text.strip() != INDONESIAN.name]
        first = " ".join(marked[0].text.split())
        assert said in main, path
        assert main.index(said) < main.index(first), path
        assert heard in main, path
        assert [e["src"] for e in page.all("audio")][0].startswith("/suara/id/"), path
