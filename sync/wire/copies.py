"""Pieces of the narrative that a field repeats: a name, a firm, a phone. A pointer costs less.

Words are runs of ASCII letters and digits and of everything beyond ASCII. This is fixed here rather than
taken from Unicode's tables, which differ between Python versions: both ends must count alike.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Self

from sync.errors import MalformedWire
from sync.wire.codings import Number
from sync.wire.intervals import IntervalReader, IntervalWriter

_WORD = re.compile("[+@]?[0-9A-Za-z\u0080-\U0010ffff]+")
_NUMBER = re.compile("[+]?[0-9](?:[-. ]?[0-9]){5,}")

_RANK = Number((8, 0, 3), (6, 4, 15), (2, 16, 63), (1, 64, 1023))
_WORDS = Number((8, 1, 2), (2, 3, 5), (1, 6, 16))
_TAIL = Number((12, 0, 0), (1, 1, 1))
_NUMBER_RANK = Number((14, 0, 0), (2, 1, 2), (1, 3, 63))


class Copy(NamedTuple):
    """A run of words of the narrative: which word begins it, how many, and characters after the last."""

    rank: int
    words: int
    tail: int

    def of(self, narrative: str) -> str:
        """Return the piece; raise `MalformedWire` when the narrative has no such words."""
        spans = _spans(narrative)
        ranking = self.ranking(narrative, spans)
        if self.rank >= len(ranking):
            raise MalformedWire("a field repeats words that are not there")
        first = ranking[self.rank]
        last = first + self.words - 1
        if last >= len(spans) or spans[last][1] + self.tail > len(narrative):
            raise MalformedWire("a field repeats words that are not there")
        return narrative[spans[first][0] : spans[last][1] + self.tail]

    @classmethod
    def ranking(cls, narrative: str, spans: list[tuple[int, int]]) -> list[int]:
        """Return word numbers, those with a capital first: names mostly have one."""
        capital = [index for index, (start, _) in enumerate(spans) if "A" <= narrative[start] <= "Z"]
        taken = set(capital)
        return capital + [index for index in range(len(spans)) if index not in taken]

    @classmethod
    def find(cls, text: str, narrative: str) -> Self | None:
        """Return the cheapest copy that gives `text`, or None."""
        spans = _spans(narrative)
        for rank, first in enumerate(cls.ranking(narrative, spans)[:1024]):
            start = spans[first][0]
            if not text or not narrative.startswith(text, start):
                continue
            end = start + len(text)
            for words, (_, word_end) in enumerate(spans[first : first + 16], 1):
                if word_end <= end <= word_end + 1:
                    return cls(rank, words, end - word_end)
        return None


class NumberCopy(NamedTuple):
    """One of the long numbers in the narrative, such as a phone."""

    rank: int

    def of(self, narrative: str) -> str:
        """Return the number; raise `MalformedWire` when the narrative has no such one."""
        numbers = _NUMBER.findall(narrative)
        if self.rank >= len(numbers):
            raise MalformedWire("a field repeats a number that is not there")
        return str(numbers[self.rank])


def find_number(text: str, narrative: str) -> NumberCopy | None:
    """Return the first long number of the narrative that is exactly `text`, or None."""
    numbers = _NUMBER.findall(narrative)[:64]
    return NumberCopy(numbers.index(text)) if text in numbers else None


class CopyCoding:
    """The coding of copies."""

    def put(self, out: IntervalWriter, value: Copy) -> None:
        """Write what `find_copy` found."""
        for coding, number in zip((_RANK, _WORDS, _TAIL), value, strict=True):
            coding.put(out, number)

    def take(self, source: IntervalReader) -> Copy:
        """Read it again."""
        return Copy(_RANK.take(source), _WORDS.take(source), _TAIL.take(source))


class NumberCopyCoding:
    """The coding of copied numbers."""

    def put(self, out: IntervalWriter, value: NumberCopy) -> None:
        """Write what `find_number` found."""
        _NUMBER_RANK.put(out, value.rank)

    def take(self, source: IntervalReader) -> NumberCopy:
        """Read it again."""
        return NumberCopy(_NUMBER_RANK.take(source))


def _spans(narrative: str) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(narrative)]
