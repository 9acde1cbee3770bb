"""The two files of an area table: codes, and names, each one zlib stream behind a line of JSON.

::

    line        {"table", "date", "source", "inputs"}, keys in this order, ends with a line feed
    codes       for each level the number of areas in each area above it, then each area's own number
    names       UTF-8, one a line, levels from provinces to villages, in the order of the codes

Counts and numbers are two bytes, first all low bytes, then all high bytes, which packs better; numbers
stand as the difference from the one before in the same area, for most follow each other.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LEVELS = 4
"""Province, regency or city, district, village."""

DIGITS = (2, 2, 2, 4)
"""Digits of an area's own number at each level; 53.18.01.2003 has all four levels."""


class Origin(NamedTuple):
    """Where a table comes from: its number, the date it is as of, the package, the hash of what was read."""

    table: int
    date: str
    source: str
    inputs: str

    def line(self) -> bytes:
        """Return the first line of both files."""
        return json.dumps(self._asdict()).encode() + b"\n"


class Tree(NamedTuple):
    """All codes: for each level the numbers of its areas, and where the areas below each area begin.

    Areas of a level stand in the order of their codes. `below[level][index]` to `below[level][index + 1]`
    are the places in the next level; at the top it is the one row of all provinces.
    """

    numbers: tuple[array[int], ...]
    below: tuple[array[int], ...]


def tree_of(codes: Iterable[str]) -> Tree:
    """Return the tree of codes; raise `ValueError` if one is malformed, doubled, or has no area above it."""
    levels: list[list[tuple[int, ...]]] = [[] for _ in range(LEVELS)]
    for code in codes:
        parts = code.split(".")
        if [len(part) for part in parts] != list(DIGITS[: len(parts)]) or not "".join(parts).isdecimal():
            raise ValueError("a code has one to four numbers of 2, 2, 2 and 4 digits")
        levels[len(parts) - 1].append(tuple(map(int, parts)))
    below, numbers = [], []
    above: list[tuple[int, ...]] = [()]
    for level in levels:
        level.sort()
        counts = dict.fromkeys(above, 0)
        for area in level:
            if area[:-1] not in counts:
                raise ValueError("an area stands below none")
            counts[area[:-1]] += 1
        if len(set(level)) != len(level):
            raise ValueError("an area stands twice")
        below.append(_sums(counts.values()))
        numbers.append(array("H", [area[-1] for area in level]))
        above = level
    return Tree(tuple(numbers), tuple(below))


def pack_codes(origin: Origin, tree: Tree) -> bytes:
    """Return the file of codes."""
    parts = [origin.line()]
    for starts, numbers in zip(tree.below, tree.numbers, strict=True):
        counts = [end - start for start, end in zip(starts, starts[1:], strict=False)]
        steps = []
        for start, end in zip(starts, starts[1:], strict=False):
            row = numbers[start:end]
            steps += [number - before for before, number in zip([0, *row], row, strict=False)]
        parts += [_planes(counts), _planes(steps)]
    return zlib.compress(b"".join(parts), 9)


def unpack_codes(data: bytes) -> tuple[Origin, Tree]:
    """Return what `pack_codes` packed."""
    origin, rest = _opened(data)
    below, numbers = [], []
    above = 1
    for _ in range(LEVELS):
        starts = _sums(_values(rest[: 2 * above]))
        rest = rest[2 * above :]
        size = starts[-1]
        steps = _values(rest[: 2 * size])
        rest = rest[2 * size :]
        row = array("H")
        for start, end in zip(starts, starts[1:], strict=False):
            number = 0
            for step in steps[start:end]:
                number += step
                row.append(number)
        below.append(starts)
        numbers.append(row)
        above = size
    return origin, Tree(tuple(numbers), tuple(below))


def pack_names(origin: Origin, names: Sequence[str]) -> bytes:
    """Return the file of names, which hold no line feed."""
    if any("\n" in name or not name for name in names):
        raise ValueError("a name is one line, not empty")
    return zlib.compress(origin.line() + "\n".join(names).encode(), 9)


def unpack_names(data: bytes) -> tuple[Origin, bytes]:
    """Return the lines of names as they stand, UTF-8."""
    return _opened(data)


def _opened(data: bytes) -> tuple[Origin, bytes]:
    line, _, rest = zlib.decompress(data).partition(b"\n")
    return Origin(**json.loads(line)), rest


def _sums(counts: Iterable[int]) -> array[int]:
    sums = array("I", [0])
    for count in counts:
        sums.append(sums[-1] + count)
    return sums


def _planes(values: Sequence[int]) -> bytes:
    row = array("H", values)
    if sys.byteorder == "big":
        row.byteswap()
    data = row.tobytes()
    return data[::2] + data[1::2]


def _values(data: bytes) -> array[int]:
    half = len(data) // 2
    mixed = bytearray(len(data))
    mixed[::2], mixed[1::2] = data[:half], data[half:]
    row = array("H")
    row.frombytes(bytes(mixed))
    if sys.byteorder == "big":
        row.byteswap()
    return row
