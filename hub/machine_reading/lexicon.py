"""Translates a narrative phrase by phrase out of a regional language, and says how much of it it knew. Pure.

The longest phrase that stands in the table counts; a word that does not is Indonesian as it is, or is taken
apart, or is left as it was written and marked. Nothing is put in that no table holds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from hub.machine_reading.affixes import taken_apart
from hub.machine_reading.phrase_tables import PhraseTable
from hub.machine_reading.services import Piece, Reading
from hub.machine_reading.words import INDONESIAN, Token, folded, tokens_of

ENOUGH: Final = 0.5
"""Below this confidence a text is not shown as translated."""
INDONESIAN_SURE: Final = 0.9
"""How sure an Indonesian word in a regional text is to mean itself."""
APART: Final = 0.6
"""What a word counts that was taken apart, times its stem."""
LONGEST_COUNTS: Final = 8
"""A word counts by its letters up to these: the short ones are small words."""


class PhraseTranslator:
    """Translates out of one language. `indonesian` holds words that mean themselves."""

    def __init__(self, table: PhraseTable, indonesian: Collection[str]) -> None:
        self._table = table
        self._indonesian = indonesian

    def __call__(self, text: str) -> Reading:
        """Return a text's translation; `confidence` is the share of its words that were known, weighed by how
        long they are and how sure their translation is. Names and numbers count neither way."""
        tokens = tokens_of(text)
        pieces, known, whole = [], 0.0, 0.0
        for piece, sure, weight in self._walk(tokens):
            pieces.append(piece)
            known += sure * weight
            whole += weight
        confidence = known / whole if whole else 0.0
        return Reading(tuple(pieces), confidence, self._table.language, INDONESIAN, "", self._table.dated)

    def _walk(self, tokens: Sequence[Token]) -> Iterator[tuple[Piece, float, float]]:
        words = [folded(token.text, self._table.language) if token.word else "" for token in tokens]
        at, starts = 0, True
        while at < len(tokens):
            token = tokens[at]
            if not token.word:
                yield Piece(token.text), 0.0, 0.0
                starts = starts or any(mark in token.text for mark in ".!?\n")
                at += 1
                continue
            end, found = self._longest(tokens, words, at)
            weight = float(sum(min(len(word), LONGEST_COUNTS) for word in words[at:end]))
            if found is not None:
                yield Piece(_as_large(found[0], token.text)), found[1], weight
            elif token.text[:1].isupper() and not starts:
                yield Piece(token.text), 0.0, 0.0  # a name
            else:
                yield Piece(token.text, known=False), 0.0, weight
            at, starts = end, False

    def _longest(
        self, tokens: Sequence[Token], words: Sequence[str], at: int
    ) -> tuple[int, tuple[str, float] | None]:
        """Return where the longest phrase from a word on ends, and what it stands for and how sure that
        is."""
        ends, end = [at + 1], at + 1
        while end + 1 < len(tokens) and not tokens[end].text.strip() and len(ends) < self._table.longest:
            end += 2
            ends.append(end)
        for last in reversed(ends):
            phrase = tuple(word for word in words[at:last] if word)
            entry = self._table.entries.get(phrase)
            if entry is not None:
                return last, (entry.stands_for, entry.sure)
        return at + 1, self._alone(words[at], tokens[at].text)

    def _alone(self, word: str, written: str) -> tuple[str, float] | None:
        if folded(written, INDONESIAN) in self._indonesian:
            return written, INDONESIAN_SURE
        for parts in taken_apart(word, self._table.language):
            entry = self._table.entries.get((parts.stem,))
            if entry is not None and " " not in entry.stands_for:
                return f"{parts.before}{entry.stands_for}{parts.after}", APART * entry.sure
            if parts.stem in self._indonesian:
                return f"{parts.before}{parts.stem}{parts.after}", APART * INDONESIAN_SURE
        return None


def _as_large(text: str, like: str) -> str:
    return text[:1].upper() + text[1:] if like[:1].isupper() else text
