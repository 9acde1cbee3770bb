"""Pieces of the narrative that a field repeats, as in `sync.wire.copies`, with a ranking that knows names.

A name mostly follows a form of address, a firm its legal form, and both have capitals where no sentence
begins. Part of fields model 2 and frozen with it; letters are ASCII, for both ends must count alike.
"""

from __future__ import annotations

from typing import ClassVar

from sync.wire.codings import Number
from sync.wire.copies import Copy
from sync.wire.intervals import IntervalReader, IntervalWriter

_ENDS = ".!?:;\n"
_OPEN = " (\"'"


class LedCopy(Copy):
    """A copy whose first word is sought among leading words, then capitals, then all others."""

    __slots__ = ()
    leads: ClassVar[frozenset[bytes]] = frozenset()

    @classmethod
    def ranking(cls, narrative: str, spans: list[tuple[int, int]]) -> list[int]:
        """Return word numbers: leads with a capital or before one, capitals within a sentence, others."""
        capitals = ["A" <= narrative[start] <= "Z" for start, _ in spans]
        ranks: list[list[int]] = [[], [], [], []]
        for index, (start, end) in enumerate(spans):
            if narrative[start:end].encode().lower() in cls.leads and any(capitals[index : index + 2]):
                ranks[0].append(index)
            elif capitals[index]:
                ranks[2 if _begins_sentence(narrative, start) else 1].append(index)
            else:
                ranks[3].append(index)
        return [index for rank in ranks for index in rank]


class NameCopy(LedCopy):
    """A person's name, mostly with a form of address."""

    __slots__ = ()
    leads = frozenset(
        b"pak bapak bu ibu mas mbak mba bang abang om tante tanta kang teh haji hj kak kakak cak ning gus"
        b" cik koh ci ko bude pakde paklik bulik ustad ustadz lalu inaq amaq daeng mama bapa ama ina nona"
        b" tuan bli mr mrs".split()
    )


class FirmCopy(LedCopy):
    """A firm's name, mostly with its legal form."""

    __slots__ = ()
    leads = frozenset(b"pt cv ud lpk bkk yayasan koperasi agen agency".split())


class LedCopyCoding:
    """The coding of one kind of copy: how far down the ranking, how many words, what follows them."""

    def __init__(self, kind: type[LedCopy], rank: Number, words: Number) -> None:
        self._kind = kind
        self._parts = (rank, words, Number((24, 0, 0), (1, 1, 1)))

    def put(self, out: IntervalWriter, value: Copy) -> None:
        """Write what the kind's `find` found."""
        for coding, number in zip(self._parts, value, strict=True):
            coding.put(out, number)

    def take(self, source: IntervalReader) -> LedCopy:
        """Read it again."""
        rank, words, tail = (coding.take(source) for coding in self._parts)
        return self._kind(rank, words, tail)


def _begins_sentence(narrative: str, start: int) -> bool:
    while start and narrative[start - 1] in _OPEN:
        start -= 1
    return start == 0 or narrative[start - 1] in _ENDS
