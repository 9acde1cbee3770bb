"""What has been read so far, and the contexts in which the next byte is expected.

A context is a 24-bit number: a hash of one view of the past (the last few bytes, the word so far with
the word before it, the kinds of the last characters, ...) and of what the fields say, for people write
the text after the form. Letters are A to Z without case, and every byte beyond ASCII counts as a letter;
this is fixed here, both ends must see alike.
"""

from __future__ import annotations

from sync.wire.said import NOTHING_SAID, Said

END = 0xFF
"""Ends each text; never part of UTF-8."""

_M32 = 0xFFFFFFFF
_M64 = 0xFFFFFFFFFFFFFFFF
_SPREAD = 0xD6E8FEB86659FD93
_APART = 0x9E3779B97F4A7C15
_WORD = 0x2F0B4C47
_GAP = 0x01000193


def spread(kind: int, value: int) -> int:
    """Return 32 bits that depend on all of a value's lower 64; the kind keeps contexts apart."""
    return ((value + (kind + 1) * _APART) * _SPREAD & _M64) >> 32


def _kind_of(byte: int) -> int:
    if byte == END:
        return 7
    if byte >= 0x80:
        return 6
    character = chr(byte)
    if character.isalpha():
        return 2 if character.isupper() else 1
    if character.isdigit():
        return 3
    return 4 if byte == 0x20 else 5 if character in ".,?!" else 0


_KINDS = tuple(_kind_of(byte) for byte in range(256))
_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
PLAIN = bytes(48 if 48 <= byte <= 57 else _LOWER[byte] for byte in range(256))
"""Bytes without case, every digit as 0."""

CONTEXT_BITS = 24
CONTEXTS = 20
"""How many contexts `History.contexts` gives."""


class History:
    """The bytes of one report's texts up to here, and what its fields say (`sync.wire.said`)."""

    def __init__(self, said: Said = NOTHING_SAID) -> None:
        self.last = _M64
        self.plain = _M64
        self.kinds = 0
        self.field = 0
        self.place = 0
        self.letters = 0
        self._word = self._before = self._second = 0
        self._kind, self._channel, self._language, self._province = said.numbers()

    def begin_text(self, field: int) -> None:
        """The next byte begins a text of that field."""
        self.field = field
        self.place = 0

    def add(self, byte: int) -> None:
        """Read one byte."""
        kind = _KINDS[byte]
        self.last = (self.last << 8 | byte) & _M64
        self.plain = (self.plain << 8 | PLAIN[byte]) & _M64
        self.kinds = (self.kinds << 3 | kind) & 0x3FFFF
        self.place += 1
        if kind in (1, 2, 3, 6):
            self._word = (self._word + _LOWER[byte] + 1) * _WORD & _M32
            self.letters += 1
            return
        if self.letters:
            self._second, self._before = self._before, self._word
            self._word = self.letters = 0
        if byte == END:
            self._second = self._before = 0
        elif byte != 0x20:
            self._before = (self._before + byte + 1) * _WORD & _M32

    def contexts(self) -> list[int]:
        """Return the contexts of the next byte."""
        last, plain = self.last, self.plain
        gap = 0 if self.letters else last & 0xFF
        word = self._word << 32
        between = gap * _GAP
        views = (
            self.field * 4 + min(self.place, 3),
            last & 0xFF,
            last & 0xFFFF,
            last & 0xFFFFFF,
            last & 0xFFFFFFFF,
            (self.kinds & 0xFFF) << 8 | last & 0xFF,
            last & 0xFFFFFFFFFFFF,
            word | gap,
            word | (self._before + between) & _M32,
            word | (self._second + between) & _M32,
            self.kinds,
            (plain & 0xFFFFFF) << 4 | min(self.letters, 15),
            word | self.field,
            (plain & 0xFFFF) << 32 | self._before,
            last & 0xFF00FF00,
            word | (self._kind + between) & _M32,
            word | (self._channel + between) & _M32,
            word | (self._language + between) & _M32,
            word | (self._province + between) & _M32,
            (last & 0xFFFFFF) << 32 | self._language,
        )
        return [((view + apart) * _SPREAD & _M64) >> 40 for view, apart in zip(views, _APARTS, strict=True)]


_APARTS = tuple((kind + 1) * _APART for kind in range(CONTEXTS))
