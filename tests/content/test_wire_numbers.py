from __future__ import annotations

from dataclasses import replace

from content.catalogue import Catalogue
from content.wire_numbers import (
    LESSON_NUMBERS,
    LESSONS_BY_NUMBER,
    QUIZ_NUMBERS,
    QUIZZES_BY_NUMBER,
    questions_check,
)


def test_every_lesson_and_quiz_that_is_shipped_has_a_number_of_its_own() -> None:
    catalogue = Catalogue()
    assert set(catalogue.lesson_keys) <= set(LESSON_NUMBERS)
    assert set(catalogue.quiz_keys) <= set(QUIZ_NUMBERS)
    assert len(LESSONS_BY_NUMBER) == len(LESSON_NUMBERS)
    assert len(QUIZZES_BY_NUMBER) == len(QUIZ_NUMBERS)
    assert 0 not in {*LESSONS_BY_NUMBER, *QUIZZES_BY_NUMBER}


def test_numbers_that_were_given_out_stay() -> None:
    assert LESSON_NUMBERS["perekrut"] == 1
    assert LESSON_NUMBERS["menolong_korban"] == 9
    assert QUIZ_NUMBERS == {"tawaran": 1, "surat_dan_uang": 2, "tanda_bahaya": 3, "menolong": 4}


def test_the_check_byte_changes_with_order_and_answers() -> None:
    quiz = Catalogue().quiz("tawaran")
    turned = replace(quiz, questions=tuple(reversed(quiz.questions)))
    first = quiz.questions[0]
    other = replace(quiz, questions=(replace(first, answer="c"), *quiz.questions[1:]))
    assert len({questions_check(quiz), questions_check(turned), questions_check(other)}) == 3
