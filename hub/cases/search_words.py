"""Words and numbers of a search: what is kept of a text, what a query asks, excerpts with hits. Pure.

Numbers are found in any spelling, by their beginning or their end: each run of digits is kept without its
separators and without the prefix of the country, once forwards and once backwards behind an "r".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_RUN: Final = re.compile(r"(?<!\w)\+?\d(?:[\s().\-/\u2010-\u2015\u2212_*\u2022\u00b7]{0,2}\d)*(?!\w)")
FEWEST_DIGITS: Final = 4
"""A shorter run of digits is a word like others."""
MOST_TERMS: Final = 12
QUERY_MAX_CHARACTERS: Final = 200
EXCERPT_CHARACTERS: Final = 200


@dataclass(frozen=True)
class Query:
    """What is searched: beginnings of words, and numbers by their beginning or end. All must be there."""

    words: tuple[str, ...]
    numbers: tuple[str, ...]

    def __bool__(self) -> bool:
        """Tell whether anything is searched."""
        return bool(self.words or self.numbers)


@dataclass(frozen=True)
class Part:
    """A piece of an excerpt; `hit` marks what was searched."""

    text: str
    hit: bool = False


def fold(text: str) -> str:
    """Return a text in small letters without accents."""
    if text.isascii():
        return text.lower()
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def parse_query(text: str) -> Query:
    """Return what a typed text asks for; empty for one without letters and digits."""
    text = text[:QUERY_MAX_CHARACTERS]
    numbers = tuple(dict.fromkeys(number for _, _, number in _numbers(text)))[:MOST_TERMS]
    rest = _RUN.sub(lambda run: " " if _is_number(run[0]) else run[0], text)
    words = tuple(dict.fromkeys(fold(word) for word in _WORD.findall(rest)))[:MOST_TERMS]
    return Query(tuple(word for word in words if word), numbers)


def kept_words(text: str) -> str:
    """Return the folded words of a text, one space between, for a store that folds nothing itself."""
    return " ".join(fold(word) for word in _WORD.findall(text))


def kept_numbers(text: str, phones: Iterable[str] = ()) -> str:
    """Return the numbers of a text as they are kept; `phones` were found otherwise, as spelled in words."""
    found = dict.fromkeys(number for _, _, number in _numbers(text))
    found.update(dict.fromkeys(_bare(phone) for phone in phones))
    return " ".join(f"{number} {backwards(number)}" for number in found)


def backwards(number: str) -> str:
    """Return how the end of a number is kept, so that it can be searched as a beginning."""
    return "r" + number[::-1]


def excerpt(text: str, query: Query, characters: int = EXCERPT_CHARACTERS) -> tuple[Part, ...]:
    """Return a window of the text around its first hit, in parts; the beginning where nothing is hit."""
    text = " ".join(text.split())
    hits = sorted(_hits(text, query))
    start = max(0, hits[0][0] - characters // 3) if hits else 0
    if len(text) <= characters:
        start = 0
    end = min(len(text), start + characters)
    parts: list[Part] = [Part("\u2026")] if start else []
    at = start
    for begin, stop in hits:
        if begin < at or stop > end:
            continue
        if begin > at:
            parts.append(Part(text[at:begin]))
        parts.append(Part(text[begin:stop], hit=True))
        at = stop
    if at < end:
        parts.append(Part(text[at:end]))
    if end < len(text):
        parts.append(Part("\u2026"))
    return tuple(parts)


def _hits(text: str, query: Query) -> Iterable[tuple[int, int]]:
    for match in _WORD.finditer(text):
        if fold(match[0]).startswith(query.words) and query.words:
            yield match.span()
    for begin, stop, number in _numbers(text):
        if any(number.startswith(asked) or number.endswith(asked) for asked in query.numbers):
            yield begin, stop


def _numbers(text: str) -> Iterable[tuple[int, int, str]]:
    for match in _RUN.finditer(text):
        if _is_number(match[0]):
            yield match.start(), match.end(), _bare(match[0])


def _is_number(run: str) -> bool:
    return sum(character.isdecimal() for character in run) >= FEWEST_DIGITS


def _bare(run: str) -> str:
    digits = "".join(character for character in run if character.isascii() and character.isdecimal())
    for prefix in ("0062", "62", "0"):
        # A short run is the end or a middle of a number: nothing is cut off.
        if digits.startswith(prefix) and len(digits) - len(prefix) >= 6:
            return digits[len(prefix) :]
    return digits
