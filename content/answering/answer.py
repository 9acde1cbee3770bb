"""A question in, a passage with its source out, or a plain "I do not know". Never a word that stands nowhere.

Whether the best passage is given is one logistic sum of figures that a reader can follow. Its weights were
fitted on the development questions, each held against the material without itself, and rounded;
`scripts/evaluate-assistant` measures it on questions that took no part in that.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from content.answering.index import Candidate, Index
from content.answering.material import Passage, Source

CONSTANT = -4.5
PER_LIKEST, PER_NEXT_LIKEST = 1.8, 1.5
PER_BM25, FULL_BM25, MOST_BM25 = 1.7, 16.0, 1.2
PER_MATCHED, FULL_MATCHED, MOST_MATCHED = 1.0, 12.0, 1.5
PER_LEAD = 1.3
"""Of the lead in rank over what comes next."""
PER_LEAD_ON_UNANSWERED = 3.4
"""Of the lead over the likest matter that the material does not answer."""
SURE_FROM = 0.68
"""Chosen on the development questions for at most 0.045 of wrong answers."""


@dataclass(frozen=True)
class Answered:
    """A passage that answers, with where it comes from. Nothing in it was made for the question."""

    passage: Passage
    sources: tuple[Source, ...]
    title: str
    see_also: tuple[str, ...]
    """Keys of lessons to read on."""
    sureness: float
    """From 0 to 1, at least `SURE_FROM`."""

    @property
    def date(self) -> str:
        """The newest date of its sources as the register writes it, "" where none is known."""
        return max((source.dated for source in self.sources), default="")


@dataclass(frozen=True)
class Unknown:
    """The material does not answer this, as far as can be told: ask the hub."""


def answer(index: Index, question: str) -> Answered | Unknown:
    """Answer a question in the language of the index. Text that is no question is not known."""
    candidates = index.candidates(question)
    if not candidates or candidates[0].passage is None:
        return Unknown()
    best = candidates[0].passage
    sure = sureness(candidates)
    if sure < SURE_FROM:
        return Unknown()
    return Answered(best, best.sources, best.title, best.see_also, sure)


def sureness(candidates: list[Candidate]) -> float:
    """Return how likely the first of the candidates answers, from 0 to 1."""
    first, *others = candidates
    unanswered = [one.rank for one in others if one.passage is None]
    total = (
        CONSTANT
        + PER_LIKEST * first.likest
        + PER_NEXT_LIKEST * first.next_likest
        + PER_BM25 * min(first.bm25 / FULL_BM25, MOST_BM25)
        + PER_MATCHED * min(first.matched / FULL_MATCHED, MOST_MATCHED)
        + PER_LEAD * (first.rank - (others[0].rank if others else 0.0))
        + PER_LEAD_ON_UNANSWERED * (first.rank - max(unanswered, default=0.0))
    )
    return 1 / (1 + math.exp(-total))
