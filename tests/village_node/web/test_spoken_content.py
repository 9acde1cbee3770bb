"""Clips of the material: every page asks for one that is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from content.catalogue import Catalogue
from content.quiz import LETTERS
from village_node.web.spoken import Clips, said_numbers
from village_node.web.spoken_content import lesson_words, material_texts, point_words, question_words

SHIPPED = Catalogue()
TEXTS = material_texts(SHIPPED)


def test_a_question_says_all_that_can_be_tapped() -> None:
    age = SHIPPED.offer_rules.questions[1]
    assert question_words(SHIPPED, age) == (
        "Berapa umur yang akan berangkat? 18 tahun atau lebih. Di bawah 18 tahun. "
        "Umurnya diubah di surat. Tidak tahu."
    )
    visa = next(q for q in SHIPPED.offer_rules.questions if q.key == "visa")
    assert question_words(SHIPPED, visa).count("Tidak tahu") == 1


def test_numbers_are_said_digit_by_digit() -> None:
    assert "Tanya SAPA 1 2 9." in TEXTS["point-age-child"]
    assert said_numbers("129") == "1 2 9"


def test_a_lesson_is_said_without_the_hints_for_the_facilitator() -> None:
    lesson = SHIPPED.lesson("biaya")
    said = lesson_words(lesson)
    assert all(line.rstrip(".") in said for line in lesson.remember)
    assert not any(hint in said for hint in lesson.hints)


def test_a_point_is_its_topic_its_reason_and_its_advice() -> None:
    assert point_words("Visa", "Bukan untuk kerja.", "") == "Visa. Bukan untuk kerja."


def test_a_language_has_clips_of_what_wholly_is_in_it() -> None:
    english = material_texts(Catalogue(language="en"))
    assert set(english) < set(TEXTS)
    assert "ask-age" in english
    assert not [name for name in english if name.startswith(("lesson-", "quiz-", "learn"))]


def pages() -> list[tuple[str, dict[str, str] | None]]:
    rules = SHIPPED.offer_rules
    every: list[tuple[str, dict[str, str] | None]] = [("/bantuan", None), ("/belajar", None)]
    abroad = {"a.destination": "asia"}
    every += [("/cek", abroad | {"go": f"ask:{question.key}"}) for question in rules.questions]
    for question in rules.questions:
        for choice in question.choices:
            every.append(("/cek", abroad | {f"a.{question.key}": choice.key, "go": "result"}))
    for rule in rules.rules:
        when = {f"a.{one.question}": one.any_of[0] for one in rule.when}
        every.append(("/cek", abroad | when | {"go": "result"}))
    every += [(f"/belajar/{key}", None) for key in SHIPPED.lesson_keys]
    every += [("/tanya", {"q": passage.asks[0]}) for passage in SHIPPED.passages()]
    for key in SHIPPED.quiz_keys:
        for asked in SHIPPED.quiz(key).questions:
            every.append((f"/kuis/{key}", {"step": asked.key, f"a.{asked.key}": LETTERS[0]}))
    return every


def test_every_page_of_the_material_asks_for_clips_that_are_made_of_its_words(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[str] = set()

    def file(_: Clips, tag: str, name: str) -> Path | None:
        return Path("clip.mp3")

    def is_of(_: Clips, tag: str, name: str, words: str) -> bool:
        asked.add(name)
        assert TEXTS.get(name) == words, name
        return True

    monkeypatch.setattr(Clips, "file", file)
    monkeypatch.setattr(Clips, "is_of", is_of)
    for path, form in pages():
        html = (client.get(path) if form is None else client.post(path, data=form)).text
        assert re.search(r'src="/suara/id/[a-z0-9_-]+\.mp3"', html), path
    for path in ("/kuis/tawaran", "/agen"):
        client.get(path)
    made = {name for name in TEXTS if not name.startswith(("agency-", "quiz-", "offer-green"))}
    assert made <= asked
