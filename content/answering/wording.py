"""Questions and passages as terms: spelled simply, synonyms as one word, affixes stripped. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from content.answering.stemming import Stemmer
from content.passages import SearchWords

_TOKEN = re.compile(r"[a-z]+|[0-9]+")
_THRICE = re.compile(r"(.)\1{2,}")
_SHORT_PASSIVE = re.compile(r"d[bcdfghjklmnpqrstvwxyz][a-z]{2}")
_AGE = re.compile(r"\b(1[0-9]|20)\s*(?:th|thn|taun|tahun)\b")
GROWN_UP = 18
CHANGED_FROM = 7
"""Letters from which one letter typed for another makes a near spelling; shorter words are other words."""
MAX_TOKENS = 60
"""A question longer than this is cut: more words only blur it."""


def tokens_of(text: str) -> list[str]:
    """Return the words of a text in small letters; "surat2" is "surat", "bangeeet" is "banget".

    Numbers are left out, but "16 th" is an age, and that of a child.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = _AGE.sub(lambda age: " umur anak " if int(age[1]) < GROWN_UP else " umur ", plain)
    plain = re.sub(r"(?<=[a-z])2(?![0-9])", "", plain)
    found = (_THRICE.sub(r"\1", token) for token in _TOKEN.findall(plain))
    return [token for token in found if not token.isdigit()]


class Wording:
    """Turns texts into terms. Built on the texts that are searched, for their words are the roots."""

    def __init__(self, words: SearchWords, texts: Iterable[str]) -> None:
        self._same = {tuple(spelling.split()): target for spelling, target in words.same.items()}
        self._longest = max((len(spelling) for spelling in self._same), default=1)
        self._targets = frozenset(words.same.values())
        self._silent = words.silent
        known = {token for text in texts for token in self._joined(tokens_of(text))}
        spellings = {spelling for spelling in words.same if " " not in spelling}
        self._stemmer = Stemmer(known | set(words.same.values()) | spellings | words.silent)
        self.vocabulary = {self._term(token) for token in known} - {""}

    def _joined(self, tokens: list[str]) -> list[str]:
        found, place = [], 0
        while place < len(tokens):
            for length in range(min(self._longest, len(tokens) - place), 0, -1):
                target = self._same.get(tuple(tokens[place : place + length]))
                if target:
                    found.append(target)
                    place += length
                    break
            else:
                found.append(tokens[place])
                place += 1
        return found

    def _term(self, token: str) -> str:
        if token in self._silent or len(token) < 2:
            return ""
        if token in self._targets:
            return token
        stem = self._stemmer.stem(token)
        stem = self._same.get((stem,), stem)
        return "" if stem in self._silent else stem

    def terms(self, text: str) -> list[str]:
        """Return the terms of a text in order, without those that tell nothing."""
        return [term for term in map(self._term, self._joined(tokens_of(text)[:MAX_TOKENS])) if term]

    def question_terms(self, text: str) -> list[str]:
        """Return the terms of a question; a word that is not known becomes one that is nearly spelled so."""
        found = (term if term in self.vocabulary else self._spelled_out(term) for term in self.terms(text))
        return [term for term in found if term]

    def _spelled_out(self, term: str) -> str:
        """Return a known term for a short "di-" ("djemput", "dkirim") or a near spelling, or the term."""
        if _SHORT_PASSIVE.match(term):
            whole = self._term(f"di{term[1:]}")
            if whole in self.vocabulary or not whole:
                return whole
        return self._near(term)

    def _near(self, term: str) -> str:
        if len(term) < 4:
            return term
        bones = _bones(term)
        found = {
            known
            for known in self.vocabulary
            if abs(len(known) - len(term)) <= 2
            and known[0] == term[0]
            and (
                (len(term) >= 5 and _one_apart(term, known))
                or (len(bones) >= 3 and len(known) > len(term) and _bones(known) == bones)
            )
        }
        return found.pop() if len(found) == 1 else term


def _bones(word: str) -> str:
    return re.sub("[aeiou]", "", word)


def _one_apart(one: str, other: str) -> bool:
    """Return whether one letter added, lost or changed, or two swapped, lead from one to the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    changed = len(one) >= CHANGED_FROM and a[1:] == b[1:]  # "masak" is not "masuk"
    return a[1:] == b or a == b[1:] or changed or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
