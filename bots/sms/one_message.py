"""Answers that fit into one SMS: 160 signs of the plain alphabet, or 70 of any other.

Indonesian needs nothing but the plain alphabet once typographic signs are written plainly; one curly quote
would halve the room. Texts are checked when they are made, with the longest values of their blanks, so that
no answer can turn out too long when somebody waits for it.
"""

from __future__ import annotations

import string
from dataclasses import dataclass

from firmware_bridge.sms_alphabet import septets_of
from firmware_bridge.sms_plain import plain as plain

GSM_SEPTETS = 160
UCS2_UNITS = 70


class TooLong(ValueError):
    """A text that does not fit into one SMS. Says how much there is and how much fits, never the text."""


@dataclass(frozen=True)
class Size:
    """How much room a text takes: `used` of `room`, in septets or in 16-bit units."""

    used: int
    room: int

    @property
    def fits(self) -> bool:
        """One SMS is enough."""
        return self.used <= self.room


def size_of(text: str) -> Size:
    """Return the room that a text takes as it is."""
    septets = septets_of(text)
    if septets is not None:
        return Size(len(septets), GSM_SEPTETS)
    return Size(len(text.encode("utf-16-be", "replace")) // 2, UCS2_UNITS)


def fit(text: str) -> str:
    """Return the text written plainly. Raises TooLong when it needs more than one SMS."""
    written = plain(text)
    size = size_of(written)
    if not size.fits:
        raise TooLong(f"{size.used} signs, and {size.room} fit into one SMS: shorten the text")
    return written


class OneMessage:
    """A text with blanks, `{code}`, that fits into one SMS whatever stands in them.

    `longest` has, for each blank, the value that takes most room. Raises TooLong when the text does not fit
    with them, ValueError when the blanks are others.
    """

    def __init__(self, template: str, **longest: str) -> None:
        blanks = {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}
        if blanks != set(longest):
            raise ValueError(f"the blanks are {sorted(blanks)}: give the longest value of each")
        self._template = plain(template)
        self._room = {name: size_of(plain(value)) for name, value in longest.items()}
        fit(self._template.format(**longest))

    def fill(self, **values: str) -> str:
        """Return the text with these values. Raises TooLong when one takes more room than was said."""
        written = {name: plain(value) for name, value in values.items()}
        for name, room in self._room.items():
            size = size_of(written[name])
            # A value that needs the wide alphabet would halve the room of the whole text.
            if size.used > room.used or size.room < room.room:
                raise TooLong(
                    f"the value of {{{name}}} takes more room than the {room.used} signs kept for it"
                )
        return fit(self._template.format(**written))
