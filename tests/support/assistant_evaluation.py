"""Questions with the passages that answer them, and how well the assistant did on them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from content.answering.answer import Answered, answer
from content.answering.index import Index
from content.answering.material import Passage, passages_of
from content.catalogue import Catalogue
from content.passages import SearchWords

QUESTIONS = Path(__file__).parents[1] / "content" / "answering" / "questions"
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Labelled:
    """A question and the ids of all passages that answer it, none where the material does not."""

    question: str
    expected: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What was given for a question: a passage's id, or "" for "I do not know"."""

    labelled: Labelled
    given: str

    @property
    def is_right(self) -> bool:
        """Whether a passage was given that answers."""
        return self.given in self.labelled.expected

    @property
    def is_wrong(self) -> bool:
        """Whether a passage was given that does not answer."""
        return bool(self.given) and not self.is_right


def read_questions(part: str) -> list[Labelled]:
    """Return the questions of `QUESTIONS`/part.tsv."""
    found = []
    for line in (QUESTIONS / f"{part}.tsv").read_text("utf-8").splitlines():
        question, _, ids = line.partition("\t")
        # A bare id is a passage that was written to answer; others name their kind ("help:polisi").
        keys = [key if ":" in key else f"passage:{key}" for key in ids.split()]
        found.append(Labelled(question, frozenset() if ids == UNKNOWN else frozenset(keys)))
    return found


def shipped_index() -> Index:
    """Return the index of what is shipped, in Indonesian."""
    catalogue = Catalogue()
    return Index(passages_of(catalogue), catalogue.search_words())


def asked(index: Index, questions: Iterable[Labelled]) -> list[Outcome]:
    """Return what the index gives for each question."""
    return [Outcome(labelled, _given(index, labelled.question)) for labelled in questions]


def _given(index: Index, question: str) -> str:
    found = answer(index, question)
    return found.passage.key if isinstance(found, Answered) else ""


def asked_without_themselves(questions: Iterable[Labelled]) -> Iterator[Outcome]:
    """Yield what is given for each question by a material that does not hold it as a way of asking.

    For the development part, whose questions stand in the material. Builds an index for each.
    """
    catalogue = Catalogue()
    passages, words = passages_of(catalogue), catalogue.search_words()
    for labelled in questions:
        index = Index(*_without(labelled.question.replace("/", " "), passages, words))
        yield Outcome(labelled, _given(index, labelled.question))


def _without(
    question: str, passages: tuple[Passage, ...], words: SearchWords
) -> tuple[list[Passage], SearchWords]:
    kept = [
        dataclasses.replace(one, asks=tuple(ask for ask in one.asks if ask != question)) for one in passages
    ]
    return kept, dataclasses.replace(words, neighbours=tuple(n for n in words.neighbours if n != question))


def wilson(successes: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """Return the interval of Wilson (1927) that holds the true share in 95 of 100 cases."""
    if not of:
        return 0.0, 1.0
    share = successes / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Figures:
    """Counts of one part."""

    answerable: int
    unanswerable: int
    right: int
    wrong: int
    unknown: int

    @property
    def top_1(self) -> float:
        """Right passages, of the questions that the material answers."""
        return self.right / self.answerable

    @property
    def wrong_rate(self) -> float:
        """Wrong passages, of all questions; any passage is wrong where the material does not answer."""
        return self.wrong / (self.answerable + self.unanswerable)


def figures(outcomes: Iterable[Outcome]) -> Figures:
    """Return the counts."""
    all_of = list(outcomes)
    return Figures(
        sum(bool(one.labelled.expected) for one in all_of),
        sum(not one.labelled.expected for one in all_of),
        sum(one.is_right for one in all_of),
        sum(one.is_wrong for one in all_of),
        sum(not one.given for one in all_of),
    )
