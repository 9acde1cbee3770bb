"""A question in, a passage with its source out, or a plain "I do not know". Never a word that stands nowhere.

Whether the best passage is given is one logistic sum of figures that a reader can follow. Its weights were
fitted on questions each held against the material without its whole style or family, and rounded (decision
143); `scripts/evaluate-assistant` measures it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from content.answering.index import Candidate, Index
from content.answering.material import Passage, Source

CONSTANT = -5.8
PER_LIKEST, PER_NEXT_LIKEST = 2.7, 2.0
PER_BM25, FULL_BM25, MOST_BM25 = 1.1, 16.0, 1.5
PER_MATCHED, FULL_MATCHED, MOST_MATCHED = 0.8, 12.0, 1.5
PER_LEAD = 2.7
"""Of the lead in rank over the next passage."""
PER_LEAD_ON_UNANSWERED = 5.9
"""Of the lead over the likest matter that the material does not answer; below 0 where that is likelier."""
SURE_FROM = 0.63
"""Chosen on questions whose style or family was left out, for at most 0.035 of wrong answers."""


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
    best = next((one for one in candidates if one.passage is not None), None)
    if best is None or best.passage is None:
        return Unknown()
    sure = sureness(candidates)
    if sure < SURE_FROM:
        return Unknown()
    return Answered(best.passage, best.passage.sources, best.passage.title, best.passage.see_also, sure)


def sureness(candidates: list[Candidate]) -> float:
    """Return how likely the first passage among the candidates answers, from 0 to 1. One must be there."""
    first, *others = [one for one in candidates if one.passage is not None]
    unanswered = max((one.rank for one in candidates if one.passage is None), default=0.0)
    total = (
        CONSTANT
        + PER_LIKEST * first.likest
        + PER_NEXT_LIKEST * first.next_likest
        + PER_BM25 * min(first.bm25 / FULL_BM25, MOST_BM25)
        + PER_MATCHED * min(first.matched / FULL_MATCHED, MOST_MATCHED)
        + PER_LEAD * (first.rank - (others[0].rank if others else 0.0))
        + PER_LEAD_ON_UNANSWERED * (first.rank - unanswered)
    )
    return 1 / (1 + math.exp(-total))
