"""How many people at least told some reports, as far as reports without names can say. Pure.

Nobody must give a name, and a village has one box: that two reports are of two people cannot be known.
What can be seen is what speaks for one person: the same contact, the same phone of a field worker, almost
the same words, or the same box within some minutes. Reports that are joined so, also through others, count
as one reporter. Who comes again on another day with other words is counted twice: the number is a sieve,
not a proof.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

SOON_S: Final = 600.0
SAME_WORDS: Final = 0.8
"""Of all words of two reports, in both."""


@dataclass(frozen=True, slots=True, repr=False)
class Telling:
    """One report: its node, about when it was taken, and what it says of who told it. No repr: it has
    words."""

    node: int
    taken_at: float
    words: str
    contact: str | None = None
    token: int | None = None
    """Of a field worker's phone."""


def independent(tellings: Sequence[Telling]) -> int:
    """Return how many groups of reports nothing joins."""
    parent = list(range(len(tellings)))

    def root(at: int) -> int:
        while parent[at] != at:
            at = parent[at]
        return at

    words = [set(re.findall(r"\w+", one.words.casefold())) for one in tellings]
    for one, other in combinations(range(len(tellings)), 2):
        if _seem_one(tellings[one], tellings[other]) or _alike(words[one], words[other]):
            parent[root(one)] = root(other)
    return sum(parent[at] == at for at in range(len(tellings)))


def _seem_one(one: Telling, other: Telling) -> bool:
    if one.contact and other.contact:
        return _bare(one.contact) == _bare(other.contact)
    if one.token is not None and one.token == other.token:
        return True
    return one.node == other.node and abs(one.taken_at - other.taken_at) < SOON_S


def _bare(contact: str) -> str:
    digits = re.sub(r"\D", "", contact)
    # Numbers are written in many ways; their last digits are the same in all.
    return digits[-9:] if len(digits) >= 9 else contact.casefold().strip()


def _alike(one: set[str], other: set[str]) -> bool:
    return bool(one | other) and len(one & other) >= SAME_WORDS * len(one | other)
