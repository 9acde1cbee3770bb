"""Check an offer, page by page: answers out of a form, what follows what. Pure, over any rule pack.

An answer that was given is never dropped: where an earlier answer makes a question idle, its answer
travels on and counts again when the question is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from content.offer_check import OfferQuestion, OfferRules, asked_questions

FIELD = "a."
"""Stands before a question's key in the name of an input."""
SKIPPED = "-"
"""The answer "I do not know" where the pack has no such choice; no key of a choice looks so."""
PACK_UNKNOWN = "unknown"
"""The key under which a pack has that choice itself."""

Answers = Mapping[str, str]
"""Question -> key of a choice, or `SKIPPED`."""


def answers_in(rules: OfferRules, sent: MultiDict[str, str]) -> dict[str, str]:
    """Return what was answered; of several answers to one question the last usable one counts."""
    answers = {}
    for question in rules.questions:
        for text in sent.getlist(FIELD + question.key):
            if is_answer(question, text):
                answers[question.key] = text
    return answers


def is_answer(question: OfferQuestion, text: str) -> bool:
    """Whether a text answers a question, "I do not know" included."""
    return text == SKIPPED or question.choice(text) is not None


def needs_unknown(question: OfferQuestion) -> bool:
    """Whether the page must add "I do not know", because the pack has no such choice."""
    return question.choice(PACK_UNKNOWN) is None


def hidden_fields(answers: Answers) -> list[tuple[str, str]]:
    """Return the answers as inputs that travel hidden."""
    return [(FIELD + key, text) for key, text in answers.items()]


def question_called(rules: OfferRules, answers: Answers, key: str) -> OfferQuestion | None:
    """Return a question by its key, if these answers lead to it."""
    return next((question for question in asked_questions(rules, answers) if question.key == key), None)


def first_open(rules: OfferRules, answers: Answers) -> OfferQuestion | None:
    """Return the first question with neither an answer nor "I do not know"; None where all are done."""
    return next((q for q in asked_questions(rules, answers) if q.key not in answers), None)


def after(rules: OfferRules, answers: Answers, key: str) -> OfferQuestion | None:
    """Return the question that follows, answered or not; None for the result.

    After a question that these answers do not lead to, the first open one follows.
    """
    asked = asked_questions(rules, answers)
    place = next((n for n, question in enumerate(asked) if question.key == key), None)
    if place is None:
        return first_open(rules, answers)
    return asked[place + 1] if place + 1 < len(asked) else first_open(rules, answers)


def before(rules: OfferRules, answers: Answers, key: str) -> OfferQuestion:
    """Return the question before, or the first one; before the result (an empty key) stands the last."""
    asked = asked_questions(rules, answers)
    place = next((n for n, question in enumerate(asked) if question.key == key), len(asked) if not key else 0)
    return asked[max(0, place - 1)]


@dataclass(frozen=True)
class Progress:
    """How far somebody is: which question, of how many as it looks now."""

    place: int
    of: int


def progress(rules: OfferRules, answers: Answers, question: OfferQuestion) -> Progress:
    """Return how far a question is."""
    asked = asked_questions(rules, answers)
    return Progress(asked.index(question) + 1, len(asked))
