"""Area codes of Kemendagri as places in a dated table, and the names of the areas.

A code such as 53.18.01.2003 names a province, a regency or city, a district and a village, each level
with a number of its own. A table never changes: its numbers of places are on the wire (fields model 2).
A newer decree gets the next table and another fields model; NOTICE.md beside this file says where the data
come from and under which licence.
"""

from __future__ import annotations

import functools
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from importlib import resources
from itertools import pairwise

from sync.areas.packing import DIGITS, unpack_codes, unpack_names

TABLE = 1
"""The newest table."""


class AreaTable:
    """All area codes of one date. Levels go from 1 (province) to 4 (village), indexes from 0 in a level."""

    def __init__(self, data: bytes) -> None:
        self.origin, self._tree = unpack_codes(data)

    @property
    def date(self) -> str:
        """The day of the decree that the codes are as of, ISO 8601."""
        return self.origin.date

    def count(self, level: int) -> int:
        """Return how many areas a level has."""
        return len(self._tree.numbers[level - 1])

    def __contains__(self, code: str) -> bool:
        return self.place_of(code) is not None

    def place_of(self, code: str) -> tuple[int, int] | None:
        """Return (level, index) of a code, or None for one that the table does not know."""
        steps = self.steps_of(code)
        if steps is None:
            return None
        index = 0
        for level, step in enumerate(steps):
            index = self._tree.below[level][index] + step
        return len(steps), index

    def code_of(self, level: int, index: int) -> str:
        """Return the code of an area; raise `IndexError` for one that does not exist."""
        if not 1 <= level <= len(DIGITS) or not 0 <= index < self.count(level):
            raise IndexError("no such area")
        parts = []
        for depth in range(level - 1, -1, -1):
            parts.append(f"{self._tree.numbers[depth][index]:0{DIGITS[depth]}}")
            index = bisect_right(self._tree.below[depth], index) - 1
        return ".".join(reversed(parts))

    def children_of(self, code: str = "") -> list[str]:
        """Return the codes below an area, in order; of the empty code, the provinces.

        Raise `KeyError` for a code that the table does not know.
        """
        place = self.place_of(code) if code else (0, 0)
        if place is None:
            raise KeyError("no such area")
        level, index = place
        if level == len(DIGITS):
            return []
        start, end = self._tree.below[level][index : index + 2]
        before = f"{code}." if code else ""
        return [f"{before}{number:0{DIGITS[level]}}" for number in self._tree.numbers[level][start:end]]

    def codes(self) -> Iterator[str]:
        """Yield every code: provinces, regencies, districts, villages, each in order."""
        for level in range(1, len(DIGITS) + 1):
            for index in range(self.count(level)):
                yield self.code_of(level, index)

    def steps_of(self, code: str) -> list[int] | None:
        """Return which of its siblings an area and each area above it is, from 0, the province first.

        None for a code that the table does not know.
        """
        parts = code.split(".")
        if [len(part) for part in parts] != list(DIGITS[: len(parts)]):
            return None
        steps, index = [], 0
        for level, part in enumerate(parts):
            if not (part.isascii() and part.isdecimal()):
                return None
            start, end = self._tree.below[level][index : index + 2]
            numbers = self._tree.numbers[level]
            index = bisect_left(numbers, int(part), start, end)
            if index == end or numbers[index] != int(part):
                return None
            steps.append(index - start)
        return steps

    def count_below(self, steps: list[int]) -> int:
        """Return how many areas stand below the one that these steps lead to; 0 below a village."""
        if len(steps) == len(DIGITS):
            return 0
        index = self._index(steps)
        start, end = self._tree.below[len(steps)][index : index + 2]
        return end - start

    def code_at(self, steps: list[int]) -> str:
        """Return the code that `steps_of` gave these steps for."""
        return self.code_of(len(steps), self._index(steps))

    def _index(self, steps: list[int]) -> int:
        index = 0
        for level, step in enumerate(steps):
            index = self._tree.below[level][index] + step
        return index


class AreaNames:
    """The names of a table's areas, as the decree writes them, in one block of text."""

    def __init__(self, table: AreaTable, data: bytes) -> None:
        origin, self._text = unpack_names(data)
        if origin != table.origin:
            raise ValueError("names of another table")
        self._table = table
        self._starts = array("I", [0])
        at = self._text.find(b"\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = self._text.find(b"\n", at + 1)
        self._starts.append(len(self._text) + 1)
        self._before = [0]
        for level in range(1, len(DIGITS)):
            self._before.append(self._before[-1] + table.count(level))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def all_names(self) -> Iterator[str]:
        """Yield the name of every area, in the order of `AreaTable.codes`."""
        for start, end in pairwise(self._starts):
            yield self._text[start : end - 1].decode()

    def name_of(self, code: str) -> str | None:
        """Return the name of an area alone, without those above it, or None for an unknown code."""
        place = self._table.place_of(code)
        if place is None:
            return None
        level, index = place
        line = self._before[level - 1] + index
        return self._text[self._starts[line] : self._starts[line + 1] - 1].decode()

    def search(self, words: str, *, near: str = "", most: int = 20) -> list[str]:
        """Return codes of areas whose name holds these words in any case, the likeliest first.

        Whole names come before beginnings, and these before the rest; among equals those that share more of
        the code `near`. 2 ms. Fewer than three letters find nothing: they would find half of the country.
        """
        wanted = " ".join(words.split()).upper().encode()
        if len(wanted) < SHORTEST_SEARCH or b"\n" in wanted:
            return []
        found: list[tuple[int, int, int]] = []
        text = self._text.upper()
        at = text.find(wanted)
        while at >= 0 and len(found) < _MOST_LOOKED_AT:
            line = bisect_right(self._starts, at) - 1
            start, end = self._starts[line], self._starts[line + 1] - 1
            kind = 0 if end - start == len(wanted) else 1 if at == start else 2
            found.append((kind, -_shared(self._code_of_line(line), near), line))
            at = text.find(wanted, end)
        return [self._code_of_line(line) for _, _, line in sorted(found)[:most]]

    def _code_of_line(self, line: int) -> str:
        level = bisect_right(self._before, line)
        return self._table.code_of(level, line - self._before[level - 1])


SHORTEST_SEARCH = 3
_MOST_LOOKED_AT = 3_000


def _shared(code: str, near: str) -> int:
    """Count the levels that two codes share from the province down."""
    parts = zip(code.split("."), near.split("."), strict=False)
    return next((n for n, (one, other) in enumerate(parts) if one != other), min(code.count("."), 3) + 1)


@functools.cache
def area_table(number: int = TABLE) -> AreaTable:
    """Return a table, read from package data at first use: 20 ms, 220 kB."""
    return AreaTable(_data(f"codes-{number}.bin"))


@functools.cache
def area_names(number: int = TABLE) -> AreaNames:
    """Return the names of a table, read at first use: another 1.4 MB. Ask only where somebody reads them."""
    return AreaNames(area_table(number), _data(f"names-{number}.bin"))


def _data(name: str) -> bytes:
    return resources.files("sync.areas").joinpath(name).read_bytes()
