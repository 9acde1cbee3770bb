"""Beginnings and ends of regional words, and the Indonesian ones that say the same. Pure.

Only what is regular is here. A word that is taken apart counts less than one that stands in a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.machine_reading.words import JAVANESE, MADURESE, SASAK, SUNDANESE

SHORTEST_STEM: Final = 3
_BEGINNINGS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    JAVANESE: (
        ("di", "di"),
        ("dipun", "di"),
        ("dak", "saya "),
        ("tak", "saya "),
        ("sa", "se"),
        ("ke", "ter"),
    ),
    SUNDANESE: (("di", "di"), ("ka", "ter"), ("sa", "se"), ("pang", "pe"), ("nga", "me")),
    SASAK: (("te", "di"), ("be", "ber"), ("se", "se")),
    MADURESE: (("e", "di"), ("a", "ber"), ("ta", "ter"), ("sa", "se")),
}
_ENDS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    JAVANESE: (
        ("ake", "kan"),
        ("aken", "kan"),
        ("ne", "nya"),
        ("e", "nya"),
        ("ku", "ku"),
        ("mu", "mu"),
        ("i", "i"),
    ),
    SUNDANESE: (("keun", "kan"), ("na", "nya"), ("an", "i")),
    SASAK: (("ang", "kan"), ("ne", "nya"), ("n", "nya"), ("in", "i")),
    MADURESE: (("agi", "kan"), ("na", "nya"), ("a", "nya"), ("e", "i")),
}


@dataclass(frozen=True)
class Parts:
    """A word taken apart: its stem as it would stand in a table, and what is put round the stem's
    translation."""

    stem: str
    before: str
    after: str


def taken_apart(word: str, language: str) -> Iterator[Parts]:
    """Yield ways to take a folded word apart, those that take off least first."""
    ways = []
    for end, after in (("", ""), *_ENDS[language]):
        for beginning, before in (("", ""), *_BEGINNINGS[language]):
            stem = word[len(beginning) : len(word) - len(end)]
            fits = word.startswith(beginning) and word.endswith(end) and len(stem) >= SHORTEST_STEM
            if fits and (beginning or end):
                ways.append(Parts(stem, before, after))
    yield from sorted(ways, key=lambda parts: -len(parts.stem))
