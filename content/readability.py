"""How easy Indonesian text is to read: sentences, words, syllables and the school year they suggest. Pure.

Indonesian teachers use Fry's graph with syllables times 0.6 (Harjasujana and Mulyati 1996), because
Indonesian words have more syllables than English ones. A graph is no formula, so the Flesch-Kincaid grade
stands in for it here, with the same 0.6: it too is built from words a sentence and syllables a word, and was
fitted to school years.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SYLLABLE_FACTOR = 0.6
"""Harjasujana and Mulyati 1996, as applied in Indonesian readability studies: 262 syllables count as 157."""

_SENTENCE_END = re.compile(r"[.!?:]+(?=\s|$|[\"'”)])")
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_VOWEL = "aeiou"
_DIPHTHONGS = ("ai", "au", "oi", "ei")


@dataclass(frozen=True)
class ReadingLevel:
    """What was counted."""

    sentences: int
    words: int
    syllables: int
    longest_sentence: int
    """Words in the longest sentence."""

    @property
    def words_a_sentence(self) -> float:
        """The mean."""
        return self.words / self.sentences if self.sentences else 0.0

    @property
    def syllables_a_word(self) -> float:
        """The mean, in Indonesian syllables."""
        return self.syllables / self.words if self.words else 0.0

    @property
    def grade(self) -> float:
        """The school year that the text suggests; 6 is the last of primary school."""
        if not self.words:
            return 0.0
        return 0.39 * self.words_a_sentence + 11.8 * SYLLABLE_FACTOR * self.syllables_a_word - 15.59


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text; a colon ends one too, for a reader stops there."""
    return [part for part in (piece.strip() for piece in _SENTENCE_END.split(text)) if _WORD.search(part)]


def syllables_of(word: str) -> int:
    """Return the syllables of an Indonesian word, at least 1.

    Each vowel is a syllable, but ai, au, oi and ei at the end of a word (`ramai`, `kalau`) are one. A word
    without vowels is spelled out: PT has two.
    """
    total = 0
    for part in re.split("[-']", word.casefold()):
        vowels = sum(letter in _VOWEL for letter in part)
        total += vowels - part.endswith(_DIPHTHONGS) if vowels else len(part)
    return max(1, total)


def reading_level(texts: Iterable[str]) -> ReadingLevel:
    """Return the level of texts; the end of a text ends a sentence."""
    sentences = [_WORD.findall(sentence) for text in texts for sentence in sentences_of(text)]
    return ReadingLevel(
        len(sentences),
        sum(len(words) for words in sentences),
        sum(syllables_of(word) for words in sentences for word in words),
        max((len(words) for words in sentences), default=0),
    )
