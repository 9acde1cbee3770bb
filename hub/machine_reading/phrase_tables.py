"""Tables of phrases: what a phrase of a regional language stands for in Indonesian.

A file has lines "# key: value" (kind, language, dated, source, licence), then a phrase a line: the phrase,
what it stands for, and where it was learned from sentences, in how many and in which share of its own. Tab
between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

from hub.machine_reading.words import INDONESIAN, words_of

BY_HAND: Final = 0.9
"""How sure a word is that was listed by hand."""
DOUBT: Final = 0.5
"""Added to the sentences in which a phrase stood for something else: one sentence alone is little."""
_NEEDED: Final = ("kind", "language", "dated", "source", "licence")


class BadPhraseTable(ValueError):
    """A file of phrases that is none; says in one line what is allowed."""


@dataclass(frozen=True)
class Entry:
    """What a phrase stands for, and how sure that is (0 to 1)."""

    stands_for: str
    sure: float


@dataclass(frozen=True)
class PhraseTable:
    """The phrases of one language, by their folded words."""

    language: str
    dated: str
    entries: Mapping[tuple[str, ...], Entry]
    longest: int = field(default=1)


def read_phrases(text: str) -> tuple[dict[str, str], dict[tuple[str, ...], Entry]]:
    """Return the head and the phrases of a file; raise BadPhraseTable."""
    head: dict[str, str] = {}
    entries: dict[tuple[str, ...], Entry] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            key, _, value = line[1:].partition(":")
            head[key.strip()] = value.strip()
            continue
        if missing := [key for key in _NEEDED if not head.get(key)]:
            raise BadPhraseTable(f"line {number}: a line '# {missing[0]}: ...' must come before the phrases")
        columns = line.split("\t")
        if len(columns) not in (2, 4) or not columns[1]:
            raise BadPhraseTable(
                f"line {number}: a phrase, what it stands for, and a count and a share or neither"
            )
        sure = BY_HAND if len(columns) == 2 else _sure(columns[2], columns[3], number)
        phrase = tuple(words_of(columns[0], head["language"]))
        if not phrase:
            raise BadPhraseTable(f"line {number}: a phrase is at least one word")
        if phrase not in entries or entries[phrase].sure < sure:
            entries[phrase] = Entry(columns[1], sure)
    return head, entries


def _sure(count: str, share: str, number: int) -> float:
    try:
        times, part = int(count), float(share)
    except ValueError:
        raise BadPhraseTable(
            f"line {number}: the count is a whole number, the share one from 0 to 1"
        ) from None
    if times < 1 or not 0 < part <= 1:
        raise BadPhraseTable(f"line {number}: the count is 1 or more, the share more than 0 and at most 1")
    return times / (times / part + DOUBT)


def joined(language: str, texts: Iterable[str]) -> PhraseTable:
    """Return the table of several files of one language; of two lines for a phrase the surer one counts."""
    dated, entries = "", dict[tuple[str, ...], Entry]()
    for text in texts:
        head, found = read_phrases(text)
        if head["language"] != language:
            raise BadPhraseTable(f"the language is {language} in one file and {head['language']} in another")
        dated = max(dated, head["dated"])
        for phrase, entry in found.items():
            if phrase not in entries or entries[phrase].sure < entry.sure:
                entries[phrase] = entry
    return PhraseTable(language, dated, entries, max(map(len, entries), default=1))


def _shipped(name: str) -> str:
    return files("hub.machine_reading").joinpath("phrases", name).read_text("utf-8")


@cache
def shipped_table(language: str) -> PhraseTable:
    """Return the table of a regional language that comes with this program."""
    return joined(language, (_shipped(f"{language}-words.tsv"), _shipped(f"{language}.tsv")))


@cache
def indonesian_words() -> frozenset[str]:
    """Return Indonesian words, as they are looked up: a narrative in a regional language is full of them."""
    lines = _shipped("id.txt").splitlines()
    return frozenset(
        word for line in lines if not line.startswith("#") for word in words_of(line, INDONESIAN)
    )


@cache
def usual_words() -> frozenset[str]:
    """Return these, and the most usual Indonesian words of the list that the text models were made with."""
    listed = files("content").joinpath("priming", "words.txt").read_text("utf-8").splitlines()
    return indonesian_words() | {word for word in listed if not word.startswith("#")}
