"""Words of narratives: folding, how rare they are, and what means the same in several languages."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterator
from importlib import resources

from hub.linking.glossary import CONCEPTS, ENDINGS

_WORD = re.compile(r"[a-z]+|[0-9]+")
_NO_QUOTES = str.maketrans("", "", "'`")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


def plain_dashes(text: str) -> str:
    """Return text of the same length with a hyphen for each kind of dash: telephones write numbers with
    U+2011, and make a dash of what is typed as a hyphen.
    """
    return text.translate(_DASHES)


def fold_text(text: str) -> str:
    """Return text in lower case without accents and apostrophes, every dash a hyphen; length may change."""
    lower = text.lower()
    if lower.isascii():  # nearly always, and some forty times as quick
        return lower.translate(_NO_QUOTES)
    plain = plain_dashes(unicodedata.normalize("NFKD", lower))
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in "'`’‘ʼ")


_NEVER = (0, 0, 0)


class WordTable:
    """In how many fictional reports a word stands (`scripts/make-linking-words`), for rarity before a hub
    has its own.
    """

    def __init__(self, text: str) -> None:
        first, *lines = text.splitlines()
        self.reports = int(first)
        self._found: dict[str, tuple[int, int, int]] = {}
        for line in lines:
            word, reports, capital, local = line.split(" ")
            self._found[word] = (int(reports), int(capital), int(local))

    def reports_with(self, word: str) -> int:
        """Return in how many of `reports` the word stands; 0 for one or none."""
        return self._found.get(word, _NEVER)[0]

    def counts(self) -> Iterator[tuple[str, int, float]]:
        """Yield each word, in how many reports it stands, and its share in the language that has it most."""
        for word, (reports, _, local) in self._found.items():
            yield word, reports, local / 1_000

    def is_ordinary(self, word: str) -> bool:
        """Tell whether this is a word of the language and no name: often seen, mostly in small letters."""
        reports, capital, _ = self._found.get(word, _NEVER)
        return reports >= 3 and capital < 40

    def is_common(self, word: str) -> bool:
        """Tell whether the word stands in so many reports that no rare place or person is meant."""
        return self.reports_with(word) >= 12


@functools.cache
def word_table() -> WordTable:
    """Return the table, read from package data at first use."""
    return WordTable(resources.files("hub.linking").joinpath("words.txt").read_text("utf-8"))


@functools.cache
def _concept_of() -> dict[str, str]:
    return {word: f"~{words[0]}" for words in CONCEPTS for word in words}


@functools.lru_cache(maxsize=50_000)
def concept(word: str) -> str:
    """Return the concept that a folded word stands for, or its stem: a word without its usual endings."""
    table = _concept_of()
    if word in table:
        return table[word]
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            stem = word[: -len(ending)]
            return table.get(stem, stem)
    return word


@functools.cache
def background() -> dict[str, tuple[int, float]]:
    """Return for each concept in how many background reports it stands at most, and its share in one
    language.
    """
    table, found = word_table(), dict[str, tuple[int, float]]()
    for word, reports, local in table.counts():
        name = concept(word)
        before, most = found.get(name, (0, 0.0))
        found[name] = (min(table.reports, before + reports), max(most, local))
    return found


def concepts(text: str) -> frozenset[str]:
    """Return the concepts of a text; numbers and single letters are left out."""
    return frozenset(concept(w) for w in _WORD.findall(fold_text(text)) if len(w) > 2 and not w.isdigit())


class Rarity:
    """How rare concepts are among the hub's own reports and the background together, in bits; within the
    language that has it most.
    """

    def __init__(self, own: dict[str, int] | None = None, documents: int = 0) -> None:
        """Begin with counts of concepts, kept elsewhere, out of so many reports."""
        self._own = {} if own is None else own
        self.documents = documents
        self._background, self._reports = background(), word_table().reports
        self._bits: dict[str, float] = {}
        """What was asked since the last change: one report is weighed against a hundred others."""

    def add(self, words: frozenset[str]) -> None:
        """Count one more report."""
        self.documents += 1
        self._bits.clear()
        for word in words:
            self._own[word] = self._own.get(word, 0) + 1

    def bits(self, word: str) -> float:
        """Return log2 of one over the share of reports that hold the concept."""
        known = self._bits.get(word)
        if known is None:
            reports, local = self._background.get(word, (0, 0.0))
            share = (self._own.get(word, 0) + reports + 1) / (self.documents + self._reports + 2)
            known = self._bits[word] = -math.log2(max(share, local))
        return known
