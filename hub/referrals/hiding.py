"""Takes words out of texts before they are passed on, and proposes which. Pure.

A word that is hidden is gone as a word, as the beginning of a longer one ("Siti" in "Sitinya"), and inside
names of accounts ("siti_contoh88"); words of fewer than four letters as whole words alone, else "Ani" would
take half a story along. Accents, capitals, letters of other widths and unseen characters make no difference.
A number is gone in every spelling: with +62 or 0, with any separators, and with digits in words; the plate
of a car with separators and without.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from hub.linking.mentions import find_names, find_people
from hub.linking.names import fold_name
from hub.linking.phones import DIGIT_WORDS, find_phones
from hub.linking.places import find_places, find_villages
from hub.linking.word_lists import word_set
from hub.linking.words import fold_text
from sync.areas.table import area_names, area_table

HIDDEN: Final = "[disamarkan]"
WORD_MAX_CHARACTERS: Final = 80
WORDS_AT_MOST: Final = 100
_LONG: Final = 4
_SUFFIXES: Final = "(?:nya|ku|mu|lah|kah|pun)?"
_NO_PLACES: Final = word_set(
    """
    kabupaten kota administrasi barat timur selatan utara tengah daerah istimewa kepulauan pulau raya
    """
)
_PLATE: Final = re.compile(r"[a-z]{1,2}[0-9]{1,4}[a-z]{0,3}")
_BEFORE, _AFTER = r"(?<![^\W_])", r"(?![^\W_])"


@dataclass(frozen=True)
class Proposal:
    """A word to hide, perhaps: `kind` is name, phone or place; `tick` whether it is chosen at first."""

    word: str
    kind: str
    tick: bool


def clean(text: str) -> str:
    """Return text without unseen characters, which could split a word that is sought; lines stay."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    kept = (c for c in composed if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))
    return "".join(kept)


def hide(text: str, words: Iterable[str]) -> str:
    """Return the text with every hidden word replaced by `HIDDEN`."""
    text = clean(text)
    folded, places = _folded(text)
    spans = sorted(
        (places[m.start()], places[m.end() - 1] + 1)
        for word in words
        if (pattern := _pattern(word)) is not None
        for m in pattern.finditer(folded)
    )
    kept, at = [], 0
    for start, end in spans:
        if end > at:
            kept += [text[at:start], HIDDEN] if start >= at else []
            at = max(at, end)
    return "".join(kept) + text[at:]


def hide_all(value: Any, words: tuple[str, ...]) -> Any:
    """Return lists, objects and texts with every hidden word replaced in every text; keys stay."""
    if isinstance(value, str):
        return hide(value, words)
    if isinstance(value, dict):
        return {key: hide_all(one, words) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [hide_all(one, words) for one in value]
    return value


def _folded(text: str) -> tuple[str, list[int]]:
    """Return small letters without accents, and for each of them its place in the text."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for letter in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(letter) and letter not in "'`’‘ʼ":
                letters.append(letter)
                places.append(place)
    return "".join(letters), places


@lru_cache(1000)
def _pattern(word: str) -> re.Pattern[str] | None:
    folded = _folded(clean(word))[0]
    digits = re.sub(r"\D", "", folded)
    if len(digits) >= 6 and not re.search(r"[^\W\d_]", folded):
        return _number_pattern(digits)
    pieces = re.findall(r"[^\W_]+", folded)
    if not pieces:
        return None
    whole = "".join(pieces)
    body = r"[\W_]{1,3}".join(re.escape(piece) for piece in pieces)
    if _PLATE.fullmatch(whole):
        body = r"[\W_]{0,3}".join(re.findall(r"\d+|\D+", whole))
    if len(whole) < _LONG:
        return re.compile(f"{_BEFORE}{body}{_SUFFIXES}{_AFTER}")
    # Inside what has a digit, an underscore or an @ it is the name of an account.
    account = rf"(?<![\w.@])(?=[\w.@]*[\d_@])[\w.@]*{body}[\w.@]*"
    return re.compile(rf"{account}|{_BEFORE}{body}\w*")


def _number_pattern(digits: str) -> re.Pattern[str]:
    own = re.sub("^(?:0062|62|0)", "", digits) or digits
    said: dict[str, list[str]] = {}
    for word, digit in DIGIT_WORDS.items():
        said.setdefault(digit, []).append(word)
    each = [f"(?:{'|'.join([digit, *said.get(digit, ())])})" for digit in own]
    zero = "|".join(said["0"])
    apart = r"[\W_]{0,3}"
    return re.compile(rf"(?:(?:\+|00)?62{apart}|(?:0|{zero}){apart})?{apart.join(each)}(?!\d)")


@cache
def _regency_words() -> frozenset[str]:
    """Return the words of the names of provinces and regencies."""
    names = (area_names().name_of(code) or "" for code in area_table().codes() if len(code) <= 5)
    words = {word for name in names for word in re.findall(r"[a-z]{4,}", fold_text(name))}
    return frozenset(words - _NO_PLACES)


def propose(
    texts: Iterable[str], *, recruiters: Iterable[str], recruiter_phones: Iterable[str]
) -> list[Proposal]:
    """Return what in texts looks like names, numbers and places of people, once each, names first.

    Ticked at first: what is not the recruiter's. `recruiters` are names and `recruiter_phones` numbers that
    the report gives as the recruiter's.
    """
    known = {fold_name(word) for name in recruiters for word in re.findall(r"[^\W\d_]+", name)}
    theirs = {number for text in recruiter_phones for number in find_phones(text)}
    found: dict[str, Proposal] = {}

    def add(word: str, kind: str, *, tick: bool) -> None:
        found.setdefault(word.casefold(), Proposal(word, kind, tick))

    for text in map(clean, texts):
        named = {fold_name(word) for name in find_names(text) for word in name.full}
        people = find_people(text, frozenset(known | named))
        for word in re.findall(r"[^\W\d_]{2,}", text):
            folded = fold_name(fold_text(word))
            if folded and folded in named | known | people and fold_text(word) not in _regency_words():
                add(word, "name", tick=folded in people)
        for number in find_phones(text):
            add("0" + number[3:] if number.startswith("+62") else number, "phone", tick=number not in theirs)
        places = set(_regency_words())
        for code in (*find_places(text), *find_villages(text, find_places(text))):
            places |= set(re.findall(r"[^\W\d_]{4,}", fold_text(area_names().name_of(code) or "")))
        for word in re.findall(r"[^\W\d_]{4,}", text):
            # Linking passes over Batam, which half of all stories name; here it tells where somebody is.
            if word[0].isupper() and fold_text(word) in places:
                add(word, "place", tick=False)
    order = ("name", "phone", "place")
    return sorted(found.values(), key=lambda one: order.index(one.kind))
