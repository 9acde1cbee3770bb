"""What a mixture of contexts has learnt from its priming text: the data that a dense model ships.

All numbers are small and stand in flat arrays; nothing is changed after loading.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Protocol

from sync.wire.logistic import CHANCE_OF_LOGIT
from sync.wire.packing import Unpacker, numbers, planes, steps
from sync.wire.row_table import Row, RowTable
from sync.wire.text_history import CONTEXTS

LONGEST_MATCH = 31
LEVELS = (0, 1, 2, 3, 4, 5, 7, 11, 20, 50)
"""The steps of a count: each holds the counts from this one to before the next."""
_TYPICAL = (0, 10, 20, 30, 40, 55, 85, 140, 300, 1000)  # tenths
INPUTS = 2 * CONTEXTS + 2
SELECTORS = (256, 64, 512, 256, 128, 256)
"""How many sets of weights each way of choosing one has."""
FINALS = 32
REFINED = (256, 16384)
STEPS = 25

_FIRST_WEIGHT = 5243  # 0.08


def _of(code: str, value: int, count: int) -> array[int]:
    return array(code, [value]) * count


def _start_maps() -> array[int]:
    return array("H", [65535 * (yes + 4) // (yes + no + 8) for yes in _TYPICAL for no in _TYPICAL] * CONTEXTS)


def _start_matches() -> array[int]:
    return array("H", [65535 - 65535 // (length + 2) for length in range(LONGEST_MATCH + 1)])


def _start_refined() -> array[int]:
    return array("H", [CHANCE_OF_LOGIT[step * 256] for step in range(STEPS)] * sum(REFINED))


class Rows(Protocol):
    """The rows of one kind of context, frozen or still being learnt."""

    def row(self, context: int) -> Row:
        """Return the row of a context, empty if there is none."""


class Ends(Protocol):
    """Where in the past a context ended last."""

    def get(self, context: int, /) -> int | None:
        """Return the place behind it; 0 or None if there is none."""


@dataclass(frozen=True)
class Places:
    """`Ends` that are no longer added to."""

    keys: array[int]
    ends: array[int]

    @classmethod
    def of(cls, ends: Mapping[int, int]) -> Places:
        """Return the table of these places."""
        return cls(array("I", sorted(ends)), array("I", [ends[key] for key in sorted(ends)]))

    def get(self, context: int, /) -> int:
        """Return the place behind it, 0 if there is none."""
        at = bisect_left(self.keys, context)
        return self.ends[at] if at < len(self.keys) and self.keys[at] == context else 0

    def packed(self) -> bytes:
        """Return how many (u32), the steps from context to context and the places (three planes each)."""
        return len(self.keys).to_bytes(4, "little") + planes(steps(self.keys), 3) + planes(self.ends, 3)

    @classmethod
    def unpacked(cls, source: Unpacker) -> Places:
        """Return what `packed` wrote."""
        count = source.number()
        return cls(array("I", accumulate(numbers(source, count, 3))), numbers(source, count, 3))


@dataclass
class Primed:
    """The tables and arrays, by default those of a model that has read nothing."""

    lengths: bytes
    tables: Sequence[Rows]
    past: bytes | bytearray
    places: Ends
    maps: array[int] = field(default_factory=_start_maps)
    matches: array[int] = field(default_factory=_start_matches)
    refined: array[int] = field(default_factory=_start_refined)
    weights: array[int] = field(default_factory=lambda: _of("i", _FIRST_WEIGHT, sum(SELECTORS) * INPUTS))
    finals: array[int] = field(
        default_factory=lambda: _of("i", 65536 // len(SELECTORS), FINALS * len(SELECTORS))
    )

    def _arrays(self) -> Iterator[array[int]]:
        yield from (self.maps, self.matches, self.refined, self.weights, self.finals)

    def packed(self, tables: Sequence[RowTable], places: Places) -> bytes:
        """Return the file: code lengths, past, these tables and places, arrays."""
        packer = zlib.compressobj(9)
        parts = [packer.compress(self.lengths + len(self.past).to_bytes(4, "little") + self.past)]
        parts += [packer.compress(table.packed()) for table in tables]
        parts.append(packer.compress(places.packed()))
        parts += [packer.compress(planes(values, values.itemsize)) for values in self._arrays()]
        return b"".join([*parts, packer.flush()])

    @classmethod
    def unpacked(cls, data: bytes) -> Primed:
        """Return what `packed` wrote; needs little more memory than the result."""
        source = Unpacker(data)
        lengths = source.take(256)
        past = source.take(source.number())
        tables = [RowTable.unpacked(source) for _ in range(CONTEXTS)]
        primed = cls(lengths, tables, past, Places.unpacked(source))
        for values in primed._arrays():
            values[:] = numbers(source, len(values), values.itemsize, values.typecode)
        return primed
