"""Phone numbers as people write them, as choices of known weight; what fits comes back exactly.

A number is a usual beginning, digits, and a gap or none before each further digit. Anything else that
stands in a phone field is text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from sync.wire.codings import Choice, Coding, Number
from sync.wire.intervals import IntervalReader, IntervalWriter

_BEGINNINGS: Mapping[str, int] = {
    "08": 20, "+62 8": 3, "+628": 3, "628": 3, "+62": 1, "62": 1, "0": 3, "+": 3, "": 2,
}  # fmt: skip
_GAPS: Mapping[str, int] = {"": 4, " ": 1, "-": 1}
_FREE = ("", 0)
_REST = re.compile("(?:[0-9](?:[ -]?[0-9])*)?")


USUAL: tuple[tuple[str, int], ...] = ((" ", 0), ("-", 4), (" ", 4), ("-", 3), (" ", 3))
"""Gap character and group width after the first two digits; width 0 is one block."""


class _Shape(NamedTuple):
    beginning: str
    grouping: tuple[str, int]
    digits: str
    gaps: list[str]


def _usual_gaps(grouping: tuple[str, int], digits: int) -> list[str]:
    """Return the gap before each digit but the first: after two digits, then after every `width`."""
    gap, width = grouping
    if width == 0:
        return [""] * max(0, digits - 1)
    return [gap if (place - 2) % width == 0 and place >= 2 else "" for place in range(1, digits)]


def _shape(text: str) -> _Shape | None:
    for beginning in _BEGINNINGS:
        rest = text.removeprefix(beginning)
        if text.startswith(beginning) and _REST.fullmatch(rest):
            break
    else:
        return None
    digits = "".join(c for c in rest if c.isdigit())
    gaps = [match[1] for match in re.finditer("(?<=[0-9])([ -]?)[0-9]", rest)]
    for grouping in USUAL:
        if _usual_gaps(grouping, len(digits)) == gaps:
            return _Shape(beginning, grouping, digits, gaps)
    return _Shape(beginning, _FREE, digits, gaps)


class PhoneCoding:
    """The coding of phone numbers; a text is a legal value if `in` says so. Weights are of fields model 1."""

    grouping = Choice(dict(zip((*USUAL, _FREE), (8, 5, 4, 2, 1, 2), strict=True)))
    count = Number((12, 8, 11), (2, 5, 13), (1, 0, 80))
    operator = Choice(dict.fromkeys(range(10), 1))
    """The first digit after 08."""

    _beginning = Choice(_BEGINNINGS)
    _gap = Choice(_GAPS)
    _digit = Number((1, 0, 9))

    def __contains__(self, text: str) -> bool:
        return _shape(text) is not None

    def put(self, out: IntervalWriter, value: str) -> None:
        """Write a text that has the shape of a phone number."""
        shape = _shape(value)
        if shape is None:
            raise ValueError("not the shape of a phone number")
        self._beginning.put(out, shape.beginning)
        self.grouping.put(out, shape.grouping)
        self.count.put(out, len(shape.digits))
        for place, digit in enumerate(shape.digits):
            if shape.grouping == _FREE and place:
                self._gap.put(out, shape.gaps[place - 1])
            self._digit_at(place, shape.beginning).put(out, int(digit))

    def take(self, source: IntervalReader) -> str:
        """Read it again."""
        beginning = text = self._beginning.take(source)
        grouping = self.grouping.take(source)
        count = self.count.take(source)
        usual = _usual_gaps(grouping, count)
        for place in range(count):
            if place:
                text += self._gap.take(source) if grouping == _FREE else usual[place - 1]
            text += str(self._digit_at(place, beginning).take(source))
        return text

    def _digit_at(self, place: int, beginning: str) -> Coding[int]:
        """Return the coding of a digit: an operator's first digit in its own way."""
        return self.operator if place == 0 and beginning.endswith("8") else self._digit
