"""Indonesian names: folded spellings, and how well two names agree, in bits of evidence."""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass

from rapidfuzz.distance import JaroWinkler

from hub.linking.name_words import COMMON, MUHAMMAD, SHARES, TITLES
from hub.linking.words import fold_text

_TOKEN = re.compile(r"[a-z]+")
_SPELLINGS: tuple[tuple[str, str], ...] = (
    ("oe", "u"),
    ("dj", "j"),
    ("tj", "c"),
    ("sj", "s"),
    ("sy", "s"),
    ("sh", "s"),
    ("ch", "h"),
    ("kh", "h"),
    ("ph", "p"),
    ("dh", "d"),
    ("th", "t"),
    ("bh", "b"),
    ("gh", "g"),
    ("dz", "s"),
    ("z", "s"),
    ("q", "k"),
    ("ck", "k"),
    ("x", "ks"),
    ("v", "p"),
    ("f", "p"),
    ("ie", "i"),
    ("ee", "i"),
    ("oo", "u"),
)
NEAR = 0.92
"""Jaro-Winkler similarity from which two folded names may be one under another spelling."""


@functools.lru_cache(maxsize=100_000)
def fold_name(word: str) -> str:
    """Return one word of a name in a spelling that old, new and careless writing share.

    Soejono and Sujono, Djoko and Joko, Achmad and Ahmad, Yoseph and Yosef, Edy and Edi, Fitri and Vitri
    are one.
    """
    folded = "".join(_TOKEN.findall(fold_text(word)))
    for old, new in _SPELLINGS:
        folded = folded.replace(old, new)
    folded = re.sub(r"(.)\1+", r"\1", folded)
    folded = re.sub(r"(?<=[^aeiou])y$|(?<=[^aeiou])y(?=[^aeiou])", "i", folded)
    folded = re.sub(r"(?<=[a-z])h(?=[^aeiou]|$)", "", folded)
    return re.sub("d$", "t", re.sub("b$", "p", folded))


@dataclass(frozen=True, slots=True)
class Name:
    """A name as spoken of: its own words folded, and the titles before it (bu, haji, kapten ...)."""

    words: tuple[str, ...]
    titles: frozenset[str] = frozenset()

    @property
    def initials(self) -> tuple[str, ...]:
        """The words that are one letter."""
        return tuple(word for word in self.words if len(word) == 1)

    @property
    def full(self) -> tuple[str, ...]:
        """The words that are more than an initial."""
        return _full(self.words)


@functools.lru_cache(maxsize=10_000)
def _full(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if len(word) > 1)


@functools.cache
def _titles() -> dict[str, str]:
    return {word: words[0] for words in TITLES for word in words}


def title_of(word: str) -> str | None:
    """Return the form of address that a folded-text word is, in one spelling, or None."""
    return _titles().get(word)


def parse_name(text: str) -> Name | None:
    """Return the name in a field such as "H. Moh. Achmad S.", or None if no name is left beside titles."""
    words: list[str] = []
    titles: set[str] = set()
    for word in _TOKEN.findall(fold_text(text)):
        title = title_of(word)
        if title is not None and (len(word) > 1 or not words):
            titles.add(title)
        elif word not in MUHAMMAD:
            words.append(fold_name(word))
    if not words and set(_TOKEN.findall(fold_text(text))) & MUHAMMAD:
        words.append("muhamat")
    kept = tuple(w for w in words if w)
    return Name(kept, frozenset(titles)) if any(len(w) > 1 for w in kept) or titles & {"kapten"} else None


@functools.cache
def _share_of() -> dict[str, float]:
    return {fold_name(n): share for share, names in zip(SHARES, COMMON, strict=True) for n in names.split()}


@functools.cache
def _longest_first() -> tuple[str, ...]:
    words = {word for names in COMMON for word in names.split() if len(word) >= 4}
    return tuple(sorted(words, key=lambda w: (-len(w), w)))


def name_in_handle(handle: str) -> Name | None:
    """Return the name that an account begins with ("rina_karir", "rinakarir00"), or None."""
    first = re.match("[a-z]+", handle)
    if first is None:
        return None
    if _share_of().get(fold_name(first[0])):
        return Name((fold_name(first[0]),))
    found = next((word for word in _longest_first() if first[0].startswith(word)), None)
    return Name((fold_name(found),)) if found else None


def is_known_name(word: str) -> bool:
    """Tell whether a word is in the table of common names, in any spelling."""
    return fold_name(word) in _share_of()


_UNSEEN = 1 / 1_200
_BACKGROUND = 2_000


class NameFrequencies:
    """How often words of names are borne: a table of common Indonesian names, and the hub's own mentions.

    The table weighs as much as 2,000 mentions, so that a recruiter who is spoken of often does not make
    their own name common.
    """

    def __init__(self, own: dict[str, int] | None = None, mentions: int = 0) -> None:
        """Begin with counts of folded words, kept elsewhere, out of so many mentions."""
        self._own = {} if own is None else own
        self.mentions = mentions
        self._bits: dict[str, float] = {}
        """What was asked since the last change."""
        self.compared: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {}
        """Words of two names and what `compare_names` said: candidates often share their name."""

    def add(self, name: Name) -> None:
        """Count one more mention."""
        self.mentions += 1
        self._bits.clear()
        self.compared.clear()
        for word in set(name.full):
            self._own[word] = self._own.get(word, 0) + 1

    def bits(self, word: str) -> float:
        """Return log2 of one over the chance that somebody else bears this folded word."""
        known = self._bits.get(word)
        if known is None:
            share = _share_of().get(word, _UNSEEN)
            own = self._own.get(word, 0)
            known = -math.log2((share * _BACKGROUND + own) / (_BACKGROUND + self.mentions))
            self._bits[word] = known
        return known


def _word_agreement(one: str, other: str, frequencies: NameFrequencies) -> float:
    """Return bits of evidence that two words of names are one; 0 for words that do not agree."""
    if one == other:
        return frequencies.bits(one)
    short, long = sorted((one, other), key=lambda w: (len(w), w))
    if _loosely(one) == _loosely(other):
        return 0.8 * frequencies.bits(long)
    if len(short) >= 3 and _is_nickname(short, long):
        # A nickname is a part of the name: the shorter it is, the more names hold it.
        return min(0.8 * frequencies.bits(long), frequencies.bits(short), 1.6 * len(short) - 1.0)
    if len(short) >= 4 and JaroWinkler.similarity(one, other) >= NEAR:
        return 0.7 * min(frequencies.bits(one), frequencies.bits(other))
    return 0.0


@functools.lru_cache(maxsize=20_000)
def _loosely(word: str) -> str:
    """Return a folded word without what only some writers tell apart (Jusuf, Yusuf; Zaini, Jaini)."""
    return re.sub("^y", "j", word).replace("s", "j")


def _is_nickname(short: str, long: str) -> bool:
    if long.endswith(short) or long.startswith(short):
        return True
    return long.replace("y", "i").startswith(short.replace("y", "i"))


ALIKE = 0.8
"""Similarity from which two names that do not agree do not contradict each other either (Neneng, Nengsih;
Lin, Lim).
"""

CONTRADICTS = -5.0
"""Bits against one person when two names share no word."""

SECOND_DIFFERS = -6.0
"""Bits against one person when one word agrees and both have another that does not (Sri Wahyuni, Sri
Lestari).
"""


def compare_names(one: Name, other: Name, frequencies: NameFrequencies) -> float:
    """Return bits of evidence that two names are one person's; order of words is free, initials count a
    little.
    """
    words = (one.words, other.words)
    known = frequencies.compared.get(words)
    if known is None:
        known = frequencies.compared[words] = _compare(one, other, frequencies)
    return known


def _compare(one: Name, other: Name, frequencies: NameFrequencies) -> float:
    left, right = list(one.full), list(other.full)
    total, matched = 0.0, 0
    for word in sorted(left, key=lambda w: (-len(w), w)):
        scores = [(_word_agreement(word, candidate, frequencies), candidate) for candidate in right]
        best, found = max(scores, default=(0.0, ""))
        if best > 0:
            total += best
            matched += 1
            right.remove(found)
            left.remove(word)
    if not matched:
        return _contradiction(one, other)
    return total + _rest(left, right, one.initials, other.initials)


def _contradiction(one: Name, other: Name) -> float:
    if not one.full or not other.full:
        return 0.0
    likest = max(JaroWinkler.similarity(a, b) for a in one.full for b in other.full)
    return 0.0 if likest >= ALIKE else CONTRADICTS


def _rest(left: list[str], right: list[str], ours: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    """Weigh what is left of two names of which one word agreed: initials, other words."""
    bits = 0.0
    for words, initials in ((left, theirs), (right, ours)):
        for initial in initials:
            if words:
                bits += 2.0 if any(w.startswith(initial) for w in words) else -3.0
    if left and right:
        bits += SECOND_DIFFERS
    return bits


def compare_titles(one: frozenset[str], other: frozenset[str]) -> float:
    """Return bits: a woman's and a man's form of address contradict, rare ones that agree count a little."""
    if (one & WOMEN and other & MEN) or (one & MEN and other & WOMEN):
        return -5.0
    return 1.5 if (one & other) - MEN - WOMEN - {"kak"} else 0.0


WOMEN = frozenset(
    {
        "bu",
        "mbak",
        "tante",
        "baiq",
        "hajah",
        "teh",
        "nyai",
        "nona",
        "mami",
        "ci",
        "mbok",
        "yu",
        "inaq",
        "kakperempuan",
    }
)
MEN = frozenset(
    {"pak", "mas", "om", "lalu", "mamiq", "amaq", "cak", "bang", "koh", "gus", "kang", "paman", "haji"}
)
