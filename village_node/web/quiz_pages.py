"""Quizzes for oneself: one question a page, right or wrong and why, and a result. Nothing of it is kept."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import MultiDict

from content.catalogue import Catalogue
from content.quiz import LETTERS, Quiz, QuizQuestion, mark
from village_node.spoken_text import sentences
from village_node.web.learn_pages import titles_of
from village_node.web.material import Material
from village_node.web.spoken_content import quiz_question_words

FIELD = "a."
"""Stands before a question's key in the name of an input."""


def create_quiz_pages(material: Material) -> Blueprint:
    """Build the pages."""
    pages = Blueprint("quiz", __name__)

    @pages.get("/kuis/<key>")
    def begin(key: str) -> Response:
        catalogue, quiz = _quiz(key)
        return _question_page(material, catalogue, quiz, {}, quiz.questions[0])

    @pages.post("/kuis/<key>")
    def go_on(key: str) -> Response:
        catalogue, quiz = _quiz(key)
        chosen = chosen_in(quiz, request.form)
        here = next((q for q in quiz.questions if q.key == request.form.get("step")), quiz.questions[0])
        place = quiz.questions.index(here)
        go = request.form.get("go", "")
        if go == "back":
            return _question_page(material, catalogue, quiz, chosen, quiz.questions[max(0, place - 1)])
        if go == "show" or here.key not in chosen:
            return _question_page(material, catalogue, quiz, chosen, here)
        if go != "next":
            return _why_page(material, catalogue, quiz, chosen, here)
        if place + 1 < len(quiz.questions):
            return _question_page(material, catalogue, quiz, chosen, quiz.questions[place + 1])
        return _result_page(material, catalogue, quiz, chosen)

    def _quiz(key: str) -> tuple[Catalogue, Quiz]:
        catalogue = material.catalogue()
        if key not in catalogue.quiz_keys:
            abort(404)
        return catalogue, catalogue.quiz(key)

    return pages


def chosen_in(quiz: Quiz, sent: MultiDict[str, str]) -> dict[str, str]:
    """Return the letters that were chosen; the last one that exists counts."""
    chosen = {}
    for question in quiz.questions:
        for letter in sent.getlist(FIELD + question.key):
            if letter in LETTERS:
                chosen[question.key] = letter
    return chosen


def _hidden(chosen: dict[str, str]) -> list[tuple[str, str]]:
    return [(FIELD + key, letter) for key, letter in chosen.items()]


def _question_page(
    material: Material, catalogue: Catalogue, quiz: Quiz, chosen: dict[str, str], question: QuizQuestion
) -> Response:
    file = f"quizzes/{quiz.key}"

    def words(other: Catalogue) -> str:
        return quiz_question_words(other.quiz(quiz.key).question(question.key))

    return material.page(
        "quiz_question.html",
        catalogue,
        file,
        clip=material.clip(f"quiz-{quiz.key}-{question.key}", file, words),
        quiz=quiz,
        question=question,
        letters=LETTERS,
        field=FIELD + question.key,
        chosen=chosen.get(question.key, ""),
        place=quiz.questions.index(question) + 1,
        kept=_hidden(chosen),
        again=[*_hidden(chosen), ("step", question.key), ("go", "show")],
    )


def _why_page(
    material: Material, catalogue: Catalogue, quiz: Quiz, chosen: dict[str, str], question: QuizQuestion
) -> Response:
    file = f"quizzes/{quiz.key}"

    def words(other: Catalogue) -> str:
        return sentences((other.quiz(quiz.key).question(question.key).why,))

    return material.page(
        "quiz_why.html",
        catalogue,
        file,
        clip=material.clip(f"why-{quiz.key}-{question.key}", file, words),
        quiz=quiz,
        question=question,
        is_right=chosen[question.key] == question.answer,
        mine=question.choices[LETTERS.index(chosen[question.key])],
        right=question.choices[LETTERS.index(question.answer)],
        kept=_hidden(chosen),
        again=[*_hidden(chosen), ("step", question.key)],
    )


def _result_page(material: Material, catalogue: Catalogue, quiz: Quiz, chosen: dict[str, str]) -> Response:
    marks = mark(quiz, chosen)
    wrong = dict.fromkeys(one.question.lesson for one in marks if not one.is_right)
    return material.page(
        "quiz_result.html",
        catalogue,
        f"quizzes/{quiz.key}",
        quiz=quiz,
        right=sum(one.is_right for one in marks),
        of=len(marks),
        again=[*_hidden(chosen), ("step", quiz.questions[-1].key), ("go", "next")],
        to_repeat=[one for one in titles_of(catalogue).lessons if one[0] in wrong],
    )
