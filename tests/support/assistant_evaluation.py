"""Questions with the passages that answer them, and how well the assistant did on them."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
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
    style: str = ""
    """How it is asked, for the part "styles"; empty in the others."""


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
        question, ids, *style = line.split("\t")
        # A bare id is a passage that was written to answer; others name their kind ("help:polisi").
        keys = [key if ":" in key else f"passage:{key}" for key in ids.split()]
        found.append(Labelled(question, frozenset() if ids == UNKNOWN else frozenset(keys), *style))
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


FAMILY = 0.6
"""Share of words in common from which two ways of asking are of one family."""
FOLDS = 10


def asked_without_families(questions: Sequence[Labelled]) -> Iterator[Outcome]:
    """Yield what is given for each question by a material without it and all that is asked nearly so.

    For the development part, whose questions stand in the material. Builds `FOLDS` indexes.
    """
    catalogue = Catalogue()
    passages, words = passages_of(catalogue), catalogue.search_words()
    asks = {ask: _bag(ask) for one in passages for ask in one.asks} | {n: _bag(n) for n in words.neighbours}
    for fold in range(FOLDS):
        left_out = questions[fold::FOLDS]
        bags = [_bag(labelled.question) for labelled in left_out]
        gone = {ask for ask, bag in asks.items() if any(_are_family(bag, other) for other in bags)}
        index = _index_without(gone, passages, words)
        yield from asked(index, left_out)


def index_without_style(style: str) -> Index:
    """Return the shipped index without all ways of asking that the part "styles" holds in that style."""
    catalogue = Catalogue()
    gone = {one.question.replace('"', "'") for one in read_questions("styles") if one.style == style}
    return _index_without(gone, passages_of(catalogue), catalogue.search_words())


def _bag(text: str) -> frozenset[str]:
    return frozenset(re.findall("[a-z]+", text.casefold()))


def _are_family(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= FAMILY * len(one | other)


def _index_without(gone: Collection[str], passages: tuple[Passage, ...], words: SearchWords) -> Index:
    kept = [
        dataclasses.replace(one, asks=tuple(ask for ask in one.asks if ask not in gone)) for one in passages
    ]
    neighbours = tuple(ask for ask in words.neighbours if ask not in gone)
    return Index(kept, dataclasses.replace(words, neighbours=neighbours))


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
