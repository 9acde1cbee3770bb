"""Passages that answer a question each, and the words for finding them. An old pack lacks both files."""

from __future__ import annotations

import re
from dataclasses import dataclass

from content.reading import Table, named_once

PARTED_BY = " / "
"""Parts the ways of asking, so that another language may have more or fewer of them."""


@dataclass(frozen=True)
class AuthoredPassage:
    """One answer in two to four sentences, and how villagers ask for it. `lesson` is empty or its key."""

    key: str
    title: str
    lines: tuple[str, ...]
    asks: tuple[str, ...]
    facts: tuple[str, ...]
    lesson: str


@dataclass(frozen=True)
class SearchWords:
    """Words for finding. Each maps as people write it -> as it is looked for; phrases hold blanks."""

    same: dict[str, str]
    silent: frozenset[str]
    """Words that tell nothing about what is asked."""
    neighbours: tuple[str, ...]
    """Questions on neighbouring matters that the material does not answer, as people ask them."""


def read_passages(table: Table) -> tuple[AuthoredPassage, ...]:
    """Return all passages in order."""
    found = []
    for entry in table.tables("passages", 1, 400):
        passage = AuthoredPassage(
            key=entry.key("key"),
            title=entry.text("title"),
            lines=entry.texts("text", 1, 5),
            asks=tuple(ask.strip() for ask in entry.text("asks").split(PARTED_BY)),
            facts=entry.keys("facts"),
            lesson=entry.key("lesson") if entry.has("lesson") else "",
        )
        entry.end()
        if any(not ask for ask in passage.asks):
            raise entry.refuse("asks", f'ways of asking parted by "{PARTED_BY}", none of them empty')
        found.append(passage)
    table.end()
    named_once(table.where, (passage.key for passage in found))
    return tuple(found)


_SPELLING = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")


def read_search_words(table: Table) -> SearchWords:
    """Return the words for finding; a spelling that stands in two groups is refused."""
    same: dict[str, str] = {}
    for number, group in enumerate(table.texts("same", 0, 500), 1):
        target, _, others = group.partition(": ")
        spellings = others.split(", ")
        if not re.fullmatch("[a-z0-9]+", target) or not all(_SPELLING.fullmatch(s) for s in spellings):
            raise table.refuse(f"same, group {number},", '"word: spelling, another spelling", small letters')
        for spelling in spellings:
            if same.setdefault(spelling, target) != target:
                raise table.refuse(f"same, {spelling},", "in one group only")
    words = SearchWords(
        same,
        frozenset(word for line in table.texts("silent", 0, 100) for word in line.split()),
        tuple(ask.strip() for line in table.texts("neighbours", 0, 200) for ask in line.split(PARTED_BY)),
    )
    table.end()
    return words
