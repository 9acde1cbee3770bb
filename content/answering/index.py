"""The passages in an SQLite FTS5 table in memory, ranked by BM25, and how much of a question each covers.

Each way of asking is a row of its own, so that a question is held against whole questions and not against a bag
of all their words; title and text are a further row.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from content.answering.material import Passage
from content.answering.wording import Wording
from content.passages import SearchWords

MOST_ROWS = 150
UNKNOWN_WORD_WEIGHT = 0.8
"""How much a word that the material does not know counts, of the weight of its rarest word."""
OF_COVERED, OF_LIKEST, OF_NEXT = 0.3, 0.4, 0.3
"""What the rank of a candidate is made of."""
LESS_FOR_A_SCREEN = 0.05
"""Screens of lessons are read in their order; where a passage was written to answer, it goes first."""


@dataclass(frozen=True)
class Candidate:
    """A passage that shares terms with a question, and figures of how well it fits."""

    passage: Passage | None
    """None for a neighbouring matter that the material does not answer."""
    rank: float
    """Up to 1; the greatest is the best."""
    likest: float
    """Weight that the question shares with its likest row, of the weight of both: 0 to 1."""
    next_likest: float
    """The same for the row after that, 0 where there is none."""
    bm25: float
    """Of its best row, greater is better."""
    matched: float
    """Weight of the question's terms that stand anywhere in the passage."""


class Index:
    """An index of passages. Keeps them and some hundred kilobytes of SQLite memory; not for several threads."""

    def __init__(self, passages: Iterable[Passage], words: SearchWords) -> None:
        self.passages: tuple[Passage | None, ...] = (*passages, *(None for _ in words.neighbours))
        rows = [
            (place, text)
            for place, passage in enumerate(self.passages)
            if passage is not None
            for text in (*passage.asks, passage.title, f"{passage.title} {passage.text}")
        ]
        rows += [(len(self.passages) - len(words.neighbours) + n, ask) for n, ask in enumerate(words.neighbours)]
        self.wording = Wording(words, (text for _, text in rows))
        self._rows = [(place, tuple(self.wording.terms(text))) for place, text in rows]
        self._terms: list[set[str]] = [set() for _ in self.passages]
        for place, terms in self._rows:
            self._terms[place].update(terms)
        holding: dict[str, int] = {}
        for terms_of_one in self._terms:
            for term in terms_of_one:
                holding[term] = holding.get(term, 0) + 1
        total = len(self._terms)
        self._weights = {term: math.log(1 + total / n) for term, n in holding.items()}
        self._unknown_weight = UNKNOWN_WORD_WEIGHT * math.log(1 + total)
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute("CREATE VIRTUAL TABLE rows USING fts5(terms, tokenize = 'unicode61')")
        self._database.executemany(
            "INSERT INTO rows (rowid, terms) VALUES (?, ?)",
            ((number, " ".join(terms)) for number, (_, terms) in enumerate(self._rows)),
        )

    def weight(self, term: str) -> float:
        """Return how much a term tells: the rarer among the passages, the more."""
        return self._weights.get(term, self._unknown_weight)

    def _sum(self, terms: Iterable[str]) -> float:
        return sum(map(self.weight, terms))

    def candidates(self, question: str) -> list[Candidate]:
        """Return passages that share terms with a question, the best first; none where it tells nothing."""
        terms = list(dict.fromkeys(self.wording.question_terms(question)))
        known = [term for term in terms if term in self._weights]
        if not known:
            return []
        asked = " OR ".join(f'"{term}"' for term in known)
        ranked = self._database.execute(
            "SELECT rowid, -bm25(rows) FROM rows WHERE rows MATCH ? ORDER BY 2 DESC, 1 LIMIT ?", (asked, MOST_ROWS)
        ).fetchall()
        rows_of: dict[int, list[tuple[float, float]]] = {}
        for row, bm25 in ranked:
            place, row_terms = self._rows[row]
            rows_of.setdefault(place, []).append((self._alike(terms, row_terms), bm25))
        weight = self._sum(terms)
        found = [self._candidate(place, terms, weight, rows) for place, rows in rows_of.items()]
        return sorted(found, key=lambda one: -one.rank)

    def _candidate(
        self, place: int, terms: list[str], weight: float, rows: list[tuple[float, float]]
    ) -> Candidate:
        passage = self.passages[place]
        likest, next_likest = sorted((*(alike for alike, _ in rows), 0.0), reverse=True)[:2]
        matched = self._sum(term for term in terms if term in self._terms[place])
        rank = OF_COVERED * matched / weight + OF_LIKEST * likest + OF_NEXT * next_likest
        if passage is not None and passage.key.startswith("lesson:"):
            rank -= LESS_FOR_A_SCREEN
        return Candidate(passage, rank, likest, next_likest, max(bm25 for _, bm25 in rows), matched)

    def _alike(self, question: Sequence[str], row: Sequence[str]) -> float:
        both = self._sum(set(question) & set(row))
        return 2 * both / (self._sum(set(question)) + self._sum(set(row)))

