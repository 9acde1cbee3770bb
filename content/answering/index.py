"""The passages in an SQLite FTS5 table in memory, ranked by BM25, and how much of a question each covers.

Each way of asking is a row of its own, so that a question is held against whole questions and not against a
bag of all their words; title and text are a further row.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from content.answering.material import Passage
from content.answering.wording import Wording
from content.passages import SearchWords

MOST_ROWS = 150
UNKNOWN_WORD_WEIGHT = 0.8
"""How much a word that the material does not know counts, of the weight of its rarest word."""
OF_COVERED, OF_LIKEST, OF_NEXT, OF_THIRD, OF_USUAL = 0.12, 0.3, 0.26, 0.36, 0.021
"""What the rank of a candidate is made of, learnt as a choice among passages (decision 142)."""
LESS_FOR_A_SCREEN = 0.22
"""Screens of lessons are read in their order; where a passage was written to answer, it goes first."""
UNSEEN_ROWS = 4.0
"""Rows that a passage is thought to have beside its own, with the terms of all: few rows prove little."""


@dataclass(frozen=True)
class Candidate:
    """A passage that shares terms with a question, and figures of how well it fits."""

    passage: Passage | None
    """None for all neighbouring matters that the material does not answer: they are one candidate."""
    rank: float
    """The greatest is the best."""
    likest: float
    """Weight that the question shares with its likest row, of the weight of both: 0 to 1."""
    next_likest: float
    """The same for the row after that, 0 where there is none."""
    bm25: float
    """Of its best row, greater is better."""
    matched: float
    """Weight of the question's terms that stand anywhere in the passage."""


class Index:
    """An index of passages. Keeps them and some hundred kilobytes of SQLite memory."""

    def __init__(self, passages: Iterable[Passage], words: SearchWords) -> None:
        self.passages = tuple(passages)
        rows = [
            (place, text)
            for place, passage in enumerate(self.passages)
            for text in (*passage.asks, passage.title, f"{passage.title} {passage.text}")
        ]
        self._elsewhere = len(self.passages)
        """Place of all rows that no passage answers."""
        rows += [(self._elsewhere, ask) for ask in words.neighbours]
        self.wording = Wording(words, (text for _, text in rows))
        self._rows = [(place, frozenset(self.wording.terms(text))) for place, text in rows]
        self._terms: list[set[str]] = [set() for _ in self.passages]
        self._usual: list[Counter[str]] = [Counter() for _ in range(self._elsewhere + 1)]
        self._row_count = Counter(place for place, _ in self._rows)
        for place, terms in self._rows:
            self._usual[place].update(terms)
            if place != self._elsewhere:
                self._terms[place].update(terms)
        self._in_rows = Counter(term for _, terms in self._rows for term in terms)
        neighbours = (terms for place, terms in self._rows if place == self._elsewhere)
        holding = Counter(term for terms in (*self._terms, *neighbours) for term in terms)
        total = len(self.passages) + len(words.neighbours)
        self._weights = {term: math.log(1 + total / n) for term, n in holding.items()}
        self._unknown_weight = UNKNOWN_WORD_WEIGHT * math.log(1 + total)
        self._row_sums = [self._sum(terms) for _, terms in self._rows]
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute("CREATE VIRTUAL TABLE rows USING fts5(terms, tokenize = 'unicode61')")
        self._database.executemany(
            "INSERT INTO rows (rowid, terms) VALUES (?, ?)",
            ((number, " ".join(self.wording.terms(text))) for number, (_, text) in enumerate(rows)),
        )

    def weight(self, term: str) -> float:
        """Return how much a term tells: the rarer among the passages, the more."""
        return self._weights.get(term, self._unknown_weight)

    def _sum(self, terms: Iterable[str]) -> float:
        # In one order: sums of floats must not change with the order in which a set is walked.
        return sum(map(self.weight, sorted(terms)))

    def candidates(self, question: str) -> list[Candidate]:
        """Return passages that share terms with a question, the best first; none where it tells nothing."""
        terms = frozenset(self.wording.question_terms(question))
        known = sorted(term for term in terms if term in self._weights)
        if not known:
            return []
        asked = " OR ".join(f'"{term}"' for term in known)
        ranked = self._database.execute(
            "SELECT rowid, -bm25(rows) FROM rows WHERE rows MATCH ? ORDER BY 2 DESC, 1 LIMIT ?",
            (asked, MOST_ROWS),
        ).fetchall()
        rows_of: dict[int, list[tuple[int, float]]] = {}
        for row, bm25 in ranked:
            rows_of.setdefault(self._rows[row][0], []).append((row, bm25))
        found = [self._candidate(place, terms, rows) for place, rows in rows_of.items()]
        return sorted(found, key=lambda one: -one.rank)

    def _candidate(self, place: int, terms: frozenset[str], rows: list[tuple[int, float]]) -> Candidate:
        asked = self._sum(terms)
        alike = sorted((self._alike(terms, asked, row) for row, _ in rows), reverse=True)
        likest, following, third = (*alike, 0.0, 0.0)[:3]
        if place == self._elsewhere:
            # Each is a matter of its own: what they hold together answers nothing.
            matched = max(self._sum(terms & self._rows[row][1]) for row, _ in rows)
        else:
            matched = self._sum(terms & self._terms[place])
        rank = OF_COVERED * matched / asked + OF_LIKEST * likest + OF_NEXT * following
        rank += OF_THIRD * third + OF_USUAL * self._usualness(place, terms)
        passage = None if place == self._elsewhere else self.passages[place]
        if passage is not None and passage.key.startswith("lesson:"):
            rank -= LESS_FOR_A_SCREEN
        return Candidate(passage, rank, likest, following, max(bm25 for _, bm25 in rows), matched)

    def _alike(self, question: frozenset[str], asked: float, row: int) -> float:
        return 2 * self._sum(question & self._rows[row][1]) / (asked + self._row_sums[row])

    def _usualness(self, place: int, terms: Iterable[str]) -> float:
        """Return how much likelier the terms are in the rows of a place than in all, a sum of logarithms."""
        total = 0.0
        for term in sorted(terms):
            anywhere = (self._in_rows[term] + 0.3) / (len(self._rows) + 1)
            here = (self._usual[place][term] + UNSEEN_ROWS * anywhere) / (
                self._row_count[place] + UNSEEN_ROWS
            )
            total += math.log(here / anywhere)
        return total
