"""Quizzes: marks, learning gain and what to teach next."""

from __future__ import annotations

import pytest

from content.catalogue import Catalogue
from content.errors import ContentRefused
from content.quiz import Quiz, QuizQuestion, Tally, count, learning_gain, mark, suggest_lessons


def question(key: str, lesson: str, answer: str) -> QuizQuestion:
    return QuizQuestion(key, lesson, "?", ("x", "y", "z"), answer, "Karena.", ())


QUIZ = Quiz(
    "coba",
    "Coba",
    (
        question("q1", "surat", "a"),
        question("q2", "surat", "b"),
        question("q3", "uang", "c"),
        question("q4", "kapal", "a"),
    ),
)


def test_answers_are_marked_in_order_and_what_is_no_letter_counts_as_nothing() -> None:
    marks = mark(QUIZ, {"q1": "a", "q2": "a", "q3": "d", "lain": "a"})
    assert [(m.chosen, m.is_right) for m in marks] == [("a", True), ("a", False), ("", False), ("", False)]


def test_phones_are_counted_into_tallies() -> None:
    tallies = count(QUIZ, [{"q1": "a", "q2": "b"}, {"q1": "c"}, {}])
    assert tallies["q1"] == Tally(1, 0, 1)
    assert tallies["q2"] == Tally(0, 1, 0)
    assert tallies["q4"].answered == 0


def test_the_gain_is_what_was_learnt_of_what_could_be_learnt() -> None:
    before = {"q1": Tally(4, 6, 0), "q2": Tally(0, 10, 0), "q3": Tally(5, 0, 5)}
    after = {"q1": Tally(16, 4, 0), "q2": Tally(1, 9, 0), "q4": Tally(1, 0, 0)}
    first, second, third, fourth = learning_gain(QUIZ, before, after)
    assert (first.before, first.after) == (0.4, 0.8)
    assert first.points == pytest.approx(0.4)
    assert first.normalised == pytest.approx(2 / 3)
    assert second.points == pytest.approx(-0.1)
    assert second.normalised is None, "nothing could be learnt"
    assert third.points is None, "nobody answered after"
    assert fourth.points is None


def test_the_worst_understood_lesson_is_suggested_first() -> None:
    tallies = {
        "q1": Tally(6, 4, 0),  # 40 % wrong
        "q2": Tally(5, 5, 0),  # 50 % wrong
        "q3": Tally(4, 5, 1),  # 90 % wrong
        "q4": Tally(8, 2, 0),  # 20 % wrong
    }
    found = suggest_lessons(QUIZ, tallies)
    assert [s.lesson for s in found] == ["uang", "surat"]
    assert found[1].wrong == pytest.approx(0.45)
    assert found[1].questions == ("q2", "q1")


def test_nothing_is_suggested_where_nobody_answered() -> None:
    assert suggest_lessons(QUIZ, {}) == ()
    assert suggest_lessons(QUIZ, {"q1": Tally()}) == ()


def test_all_four_shipped_quizzes_have_eight_questions_of_lessons_that_exist(
    shipped: dict[str, bytes],
) -> None:
    catalogue = Catalogue(shipped)
    assert len(catalogue.quiz_keys) == 4
    for key in catalogue.quiz_keys:
        quiz = catalogue.quiz(key)
        assert len(quiz.questions) == 8
        assert {q.lesson for q in quiz.questions} <= set(catalogue.lesson_keys)
        assert all(quiz.question(q.key) is q for q in quiz.questions)


def test_an_answer_that_is_no_letter_is_refused(files: dict[str, bytes]) -> None:
    path = "languages/id/quizzes/tawaran.toml"
    files[path] = files[path].replace(b'answer = "b"', b'answer = "d"', 1)
    with pytest.raises(ContentRefused, match="answer must be one of a, b, c"):
        Catalogue(files).quiz("tawaran")
