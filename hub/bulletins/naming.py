"""Whether a text names somebody whom the hub knows from reports and cases, in any spelling. Pure.

A bulletin names nobody. Of names each word counts, in the spellings that linking takes for one, also written
apart or with dots; an ordinary word of the language counts where it stands as a name does. Places and
countries that are also names do not count. Found are the words as they were written, nothing of who it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from rapidfuzz.distance import JaroWinkler

from content.catalogue import Catalogue
from content.files import shipped_files
from hub.bulletins.topics import LEVELS, TOPICS
from hub.linking.names import NEAR, fold_name, is_known_name, title_of
from hub.linking.phones import spoken_as_digits
from hub.linking.places import is_place_name
from hub.linking.trades import find_countries
from hub.linking.words import fold_text, word_table
from hub.referrals.hiding import clean

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2018\u2019\u02bc`][^\W\d_]+)*")
_SPELLED: Final = re.compile(r"(?<![^\W\d_])[^\W\d_](?:[\W_]{1,3}[^\W\d_](?![^\W\d_])){2,}")
_NUMBER: Final = re.compile(r"\d(?:[\W_]{0,3}\d)+")
_SHORTEST_PART, _SHORTEST_NEAR, _SHORTEST_JOINED, _SHORTEST_HANDLE = 3, 5, 4, 5
_ACCOUNT: Final = re.compile(r"@\w[\w.]*|\b(?=\w*[\d_])(?=\w*[^\W\d_])\w{5,}")
_OWN_DIGITS: Final = 8
_LONGEST_GAP: Final = 3


@dataclass(frozen=True)
class KnownPeople:
    """Names (folded words, as `hub.linking.names` has them), numbers as E.164, accounts as
    `hub.linking.marks.handle_of`."""

    names: frozenset[tuple[str, ...]] = frozenset()
    phones: frozenset[str] = frozenset()
    handles: frozenset[str] = frozenset()
    words: frozenset[str] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        kept = {word for name in self.names for word in name if _is_part(word)}
        object.__setattr__(self, "words", frozenset(kept))


def _is_part(word: str) -> bool:
    return len(word) >= _SHORTEST_PART and not is_place_name(word) and not find_countries(frozenset({word}))


@dataclass(frozen=True)
class _Token:
    written: str
    start: int
    end: int

    @property
    def plain(self) -> str:
        return fold_text(self.written)

    @property
    def is_ordinary(self) -> bool:
        return word_table().is_ordinary(self.plain)


def foreign_letters(text: str) -> tuple[str, ...]:
    """Return letters of other scripts, which may look like Latin ones and hide a name."""
    letters = (c for c in clean(text) if c.isalpha() and not unicodedata.name(c, "").startswith("LATIN"))
    return tuple(dict.fromkeys(letters))


def named_in(text: str, known: KnownPeople) -> tuple[str, ...]:
    """Return the words of a text that name somebody known, as they are written, in their order."""
    text = unicodedata.normalize("NFKC", clean(text))
    tokens = [_Token(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]
    spans = [*_names(text, tokens, known), *_spelled(text, known), *_joined(text, tokens, known)]
    spans += _handles(text, tokens, known)
    found = [text[start:end] for start, end in _merged(spans)]
    return tuple(dict.fromkeys([*found, *_phones(text, known)]))


def may_be_names(text: str, language: str) -> tuple[str, ...]:
    """Return the words of a text that may name somebody, by the text alone: from the table of names, after a
    form of address, with a capital inside a sentence, or such as neither the language nor the material has.

    Who may not know whom the hub knows is told the same of a text whoever that is.
    """
    text = unicodedata.normalize("NFKC", clean(text))
    tokens = [_Token(m[0], m.start(), m.end()) for m in _WORD.finditer(text)]
    usual, (warned, raised) = _usual_words(language), _words_of_warnings(language)
    found = [
        token.written
        for at, token in enumerate(tokens)
        if title_of(token.plain) is None
        and _is_part(token.plain)
        and (
            is_known_name(token.plain)
            or not (token.is_ordinary or token.plain in usual or token.plain in warned)
            or (_is_raised(text, tokens, at) and token.plain not in raised)
        )
    ]
    found += [word for word in _ACCOUNT.findall(text) if fold_text(word) not in warned]
    found += [match[0] for match in _SPELLED.finditer(text)]
    digits, said = (re.sub(r"\D", "", one) for one in (text, spoken_as_digits(fold_text(text))))
    if len(said) - len(digits) >= _OWN_DIGITS:  # a number in words; one in digits is refused to everybody
        found.append(said)
    return tuple(dict.fromkeys(found))


@cache
def _usual_words(language: str) -> frozenset[str]:
    """Return the words of the material that stand in it without a capital."""
    told = " ".join(
        data.decode("utf-8")
        for name, data in shipped_files().items()
        if name.startswith(f"languages/{language}/") and name.endswith(".toml")
    )
    return frozenset(fold_text(word) for word in _WORD.findall(told) if word.islower())


@cache
def _words_of_warnings(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return all words of the warnings of the material, and of ours for agencies, which name nobody; and
    those that stand in them as a name would."""
    at = 0 if language == "id" else 1
    ours = [level.words[at] for level in LEVELS.values()]
    ours += [text[at] for topic in TOPICS.values() for text in (topic.event, topic.instruction)]
    words, raised = set(re.findall(r"\w+", fold_text(" ".join(ours)))), set[str]()
    for one in Catalogue(language=language).radio_texts():
        words |= set(re.findall(r"\w+", fold_text(one.text)))
        tokens = [_Token(m[0], m.start(), m.end()) for m in _WORD.finditer(one.text)]
        raised |= {token.plain for spot, token in enumerate(tokens) if _is_raised(one.text, tokens, spot)}
    return frozenset(words), frozenset(raised)


def _is_raised(text: str, tokens: list[_Token], at: int) -> bool:
    """Return whether a word stands after a form of address, or has a capital inside a sentence."""
    token = tokens[at]
    if at and title_of(tokens[at - 1].plain) is not None and token.start - tokens[at - 1].end <= _LONGEST_GAP:
        return True
    before = text[: token.start].rstrip()
    begins = not before or before[-1] in ".!?:\n\"'("
    return token.written[0].isupper() and not token.written.isupper() and not begins


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def _names(text: str, tokens: list[_Token], known: KnownPeople) -> Iterator[tuple[int, int]]:
    hits = [_hit(token, known) for token in tokens]
    for at, token in enumerate(tokens):
        if hits[at] and (not token.is_ordinary or _stands_as_name(text, tokens, hits, at, known)):
            yield token.start, token.end


def _hit(token: _Token, known: KnownPeople) -> str:
    """Return the word of a known name that a token is, or nothing."""
    if title_of(token.plain) is not None:
        return ""
    folded = fold_name(token.plain)
    if folded in known.words:
        return folded
    # Another spelling is sought for what looks like a name: "melayani" is near to Melani.
    if not token.written[0].isupper() or len(folded) < _SHORTEST_NEAR or token.is_ordinary:
        return ""
    if not _is_part(token.plain):
        return ""
    near = (w for w in known.words if len(w) >= _SHORTEST_NEAR and JaroWinkler.similarity(w, folded) >= NEAR)
    return min(near, default="")


def _stands_as_name(text: str, tokens: list[_Token], hits: list[str], at: int, known: KnownPeople) -> bool:
    """Return whether an ordinary word is meant as a name: after a form of address, with another word of the
    name beside it, or with a capital inside a sentence."""
    beside = {hits[other] for other in (at - 1, at + 1) if 0 <= other < len(hits) and hits[other]}
    if any(hits[at] in name and beside & set(name) for name in known.names):
        return True
    return _is_raised(text, tokens, at)


def _spelled(text: str, known: KnownPeople) -> Iterator[tuple[int, int]]:
    """Find names in letters apart: "B u d i", "B.u.d.i"."""
    for match in _SPELLED.finditer(text):
        letters = list(re.finditer(r"[^\W\d_]", match[0]))
        for first in range(len(letters)):
            for last in range(first + _SHORTEST_PART - 1, len(letters)):
                word = "".join(one[0] for one in letters[first : last + 1])
                if fold_name(fold_text(word)) in known.words:
                    yield match.start() + letters[first].start(), match.start() + letters[last].end()


def _joined(text: str, tokens: list[_Token], known: KnownPeople) -> Iterator[tuple[int, int]]:
    """Find names cut into two or three pieces: "San-toso", "Su joko"."""
    for at in range(len(tokens)):
        for count in (2, 3):
            pieces = tokens[at : at + count]
            if len(pieces) < count:
                continue
            gaps = [text[a.end : b.start] for a, b in zip(pieces, pieces[1:], strict=False)]
            if any(len(gap) > _LONGEST_GAP or "\n" in gap or "," in gap for gap in gaps):
                continue
            word = "".join(piece.plain for piece in pieces)
            if len(word) < _SHORTEST_JOINED or fold_name(word) not in known.words:
                continue
            # "Bu di desa": ordinary words with a blank between them are words.
            if all(gap.isspace() for gap in gaps) and all(
                piece.is_ordinary or title_of(piece.plain) is not None for piece in pieces
            ):
                continue
            yield pieces[0].start, pieces[-1].end


def _handles(text: str, tokens: list[_Token], known: KnownPeople) -> Iterator[tuple[int, int]]:
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in fold_text(character):
            if letter.isascii() and letter.isalnum():
                letters.append(letter)
                places.append(place)
    squeezed = "".join(letters)
    for handle in known.handles:
        sought = re.sub("[^a-z0-9]", "", handle)
        if len(sought) < _SHORTEST_HANDLE:
            continue
        at = squeezed.find(sought)
        while at >= 0:
            start, end = places[at], places[at + len(sought) - 1] + 1
            inside = [t for t in tokens if t.start < end and t.end > start]
            whole = not (text[:start][-1:].isalnum() or text[end : end + 1].isalnum())
            words = all(t.is_ordinary for t in inside) and not re.search(r"[\d_@.]", text[start:end])
            if whole and not (words and len(inside) > 1):
                yield start, end
            at = squeezed.find(sought, at + 1)


def _phones(text: str, known: KnownPeople) -> Iterator[str]:
    """Find numbers of known people, in digits and in words, whatever stands between the digits."""
    said = spoken_as_digits(fold_text(text))
    digits = re.sub(r"\D", "", said)
    for phone in sorted(known.phones):
        own = phone[3:] if phone.startswith("+62") else phone[1:]
        if len(own) >= _OWN_DIGITS and own in digits:
            shown = next((m[0] for m in _NUMBER.finditer(said) if own in re.sub(r"\D", "", m[0])), own)
            yield shown.strip()
