"""Quizzes: mark answers, how much was learnt between two rounds, and what to teach next. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from content.reading import Table, named_once

LETTERS = ("a", "b", "c")
"""The three choices, as a facilitator calls them for a show of hands."""
TEACH_AGAIN_ABOVE = 0.3
"""Share of wrong answers above which a lesson is suggested: a question counts as learnt at 7 of 10."""


@dataclass(frozen=True)
class QuizQuestion:
    """One question, its three choices in the order of `LETTERS`, which is right and why."""

    key: str
    lesson: str
    text: str
    choices: tuple[str, ...]
    answer: str
    why: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Quiz:
    """Eight questions."""

    key: str
    title: str
    questions: tuple[QuizQuestion, ...]

    def question(self, key: str) -> QuizQuestion:
        """Return a question; raise `KeyError` for a key that the quiz does not have."""
        return {question.key: question for question in self.questions}[key]


@dataclass(frozen=True)
class Tally:
    """How many people chose each letter at one question: hands counted, or phones."""

    a: int = 0
    b: int = 0
    c: int = 0

    @property
    def answered(self) -> int:
        """How many answered."""
        return self.a + self.b + self.c

    def right(self, question: QuizQuestion) -> int:
        """Return how many chose the right letter."""
        return {"a": self.a, "b": self.b, "c": self.c}[question.answer]


@dataclass(frozen=True)
class Mark:
    """One person's result at one question; `chosen` is empty where nothing was chosen."""

    question: QuizQuestion
    chosen: str

    @property
    def is_right(self) -> bool:
        """Whether the right letter was chosen."""
        return self.chosen == self.question.answer


@dataclass(frozen=True)
class Gain:
    """Shares from 0 to 1 that were right before and after; `None` where nobody answered."""

    question: QuizQuestion
    before: float | None
    after: float | None

    @property
    def points(self) -> float | None:
        """After minus before, from -1 to 1."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def normalised(self) -> float | None:
        """What was learnt of what could be learnt (Hake 1998, g); `None` where all were right before."""
        if self.before is None or self.after is None or self.before >= 1:
            return None
        return (self.after - self.before) / (1 - self.before)


@dataclass(frozen=True)
class Suggestion:
    """A lesson to teach next, the share of wrong answers to its questions, and which ones went wrong."""

    lesson: str
    wrong: float
    questions: tuple[str, ...]


def mark(quiz: Quiz, chosen: Mapping[str, str]) -> tuple[Mark, ...]:
    """Return one person's marks, in the quiz's order; a letter that does not exist counts as not chosen."""
    return tuple(
        Mark(question, letter if (letter := chosen.get(question.key, "")) in LETTERS else "")
        for question in quiz.questions
    )


def count(quiz: Quiz, people: Iterable[Mapping[str, str]]) -> dict[str, Tally]:
    """Return the tally of each question from the answers of single phones."""
    answers = [mark(quiz, chosen) for chosen in people]
    return {
        question.key: Tally(*(sum(row[n].chosen == letter for row in answers) for letter in LETTERS))
        for n, question in enumerate(quiz.questions)
    }


def learning_gain(quiz: Quiz, before: Mapping[str, Tally], after: Mapping[str, Tally]) -> tuple[Gain, ...]:
    """Return what each question gained. The rounds may have different numbers of people."""
    return tuple(
        Gain(question, _share(question, before.get(question.key)), _share(question, after.get(question.key)))
        for question in quiz.questions
    )


def _share(question: QuizQuestion, tally: Tally | None) -> float | None:
    return None if tally is None or not tally.answered else tally.right(question) / tally.answered


def suggest_lessons(quiz: Quiz, tallies: Mapping[str, Tally]) -> tuple[Suggestion, ...]:
    """Return the lessons to teach next, the worst understood first, from a round of answers."""
    shares: dict[str, dict[str, float]] = {}
    for question in quiz.questions:
        share = _share(question, tallies.get(question.key))
        if share is not None:
            shares.setdefault(question.lesson, {})[question.key] = 1 - share
    found = []
    for lesson, wrong in shares.items():
        average = sum(wrong.values()) / len(wrong)
        if average > TEACH_AGAIN_ABOVE:
            worst = sorted(wrong, key=lambda key: -wrong[key])
            found.append(Suggestion(lesson, average, tuple(key for key in worst if wrong[key] > 0)))
    return tuple(sorted(found, key=lambda suggestion: -suggestion.wrong))


def read_quiz(table: Table) -> Quiz:
    """Return one quiz."""
    questions = tuple(_question(entry) for entry in table.tables("questions", 8, 8))
    quiz = Quiz(table.key("key"), table.text("title"), questions)
    table.end()
    named_once(table.where, (question.key for question in questions))
    return quiz


def _question(table: Table) -> QuizQuestion:
    question = QuizQuestion(
        key=table.key("key"),
        lesson=table.key("lesson"),
        text=table.text("text"),
        choices=table.texts("choices", len(LETTERS), len(LETTERS)),
        answer=table.choice("answer", LETTERS),
        why=table.text("why"),
        facts=table.keys("facts"),
    )
    table.end()
    return question
