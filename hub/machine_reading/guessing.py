"""Guesses which language a narrative is written in, with how sure that is. Pure.

Words are compared by their runs of three letters and by whether a language's table has them. Languages are
told apart among those that have a table, and Indonesian; a text in another one gets a guess too, and the
share of words that are known (`lexicon`) then says that it is wrong.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from hub.machine_reading.phrase_tables import indonesian_words, shipped_table
from hub.machine_reading.words import INDONESIAN, REGIONAL, words_of

FEWEST_WORDS: Final = 3
SURE: Final = 0.8
"""A guess below this is none."""
_HAS_WORD: Final = 4.0
_HINT: Final = 2.0
"""What the language in which somebody filled in the form counts for, as a logarithm."""
_COOLING: Final = 2.0
"""Words of a text are not independent; without this every guess would be called certain."""


@dataclass(frozen=True)
class Guess:
    """A language and how sure the guess is (0 to 1)."""

    language: str
    sure: float


class LanguageGuesser:
    """Tells languages apart by their words."""

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._words = {language: frozenset(of) for language, of in words.items()}
        self._runs = {
            language: Counter(run for word in of for run in _runs(word))
            for language, of in self._words.items()
        }
        kinds = len({run for runs in self._runs.values() for run in runs}) + 1
        self._whole = {language: math.log(runs.total() + kinds) for language, runs in self._runs.items()}

    def __call__(self, text: str, hint: str | None = None) -> Guess | None:
        """Return the best guess; None for a text of too few words or when no language stands out."""
        scores: dict[str, float] = {}
        for language in self._words:
            words = words_of(text, language)
            if len(words) < FEWEST_WORDS:
                return None
            scores[language] = sum(self._score(language, word) for word in words) / _COOLING
            scores[language] += _HINT * (language == hint)
        best = max(scores, key=lambda one: (scores[one], one))
        sure = 1 / sum(math.exp(score - scores[best]) for score in scores.values())
        return Guess(best, sure) if sure >= SURE else None

    def _score(self, language: str, word: str) -> float:
        runs, found = self._runs[language], _runs(word)
        likely = sum(math.log(runs[run] + 1) for run in found) / len(found) - self._whole[language]
        return likely + _HAS_WORD * (word in self._words[language])


def _runs(word: str) -> list[str]:
    marked = f"^{word}$"
    return [marked[at : at + 3] for at in range(len(marked) - 2)]


@cache
def shipped_guesser() -> LanguageGuesser:
    """Return a guesser over the tables that come with this program, and Indonesian."""
    words: dict[str, Iterable[str]] = {
        language: {word for phrase in shipped_table(language).entries for word in phrase}
        for language in REGIONAL
    }
    return LanguageGuesser({**words, INDONESIAN: indonesian_words()})
