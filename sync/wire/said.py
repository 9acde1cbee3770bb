"""What a report's fields say to a model of its texts: people write them after the form, and about it.

A field says something only where both ends know it before the texts.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from zlib import crc32

from sync.areas.table import area_names

_NAMES_TABLE = 1  # part of text model 3, whatever table is the newest


class Said(NamedTuple):
    """The fields that a text model knows before the texts."""

    kind: str | None = None
    channel: str | None = None
    language: str | None = None
    place: str | None = None

    def numbers(self) -> tuple[int, int, int, int]:
        """Return 32 bits each for kind, channel, language and province, 0 where nothing is said."""
        province = self.place and self.place.partition(".")[0]
        return _number(self.kind), _number(self.channel), _number(self.language), _number(province)

    def names(self) -> str:
        """Return the names of the place and of the areas above it, the smallest first; empty if unknown."""
        code = self.place or ""
        names = []
        while code:
            name = area_names(_NAMES_TABLE).name_of(code)
            if name:
                names.append(name)
            code = code.rpartition(".")[0]
        return " ".join(names)


NOTHING_SAID = Said()


class Texts(NamedTuple):
    """One report as text models see it: the number of the field of each text, the texts, what fields say."""

    fields: Sequence[int]
    texts: Sequence[str]
    said: Said = NOTHING_SAID

    def row(self) -> bytes:
        """Return the texts as one row of bytes, each in UTF-8 and ended by FF."""
        return b"".join(text.encode() + b"\xff" for text in self.texts)


def said_by(flat: Mapping[str, object], texts: Collection[str]) -> Said:
    """Return what the fields say, where `texts` are the paths of those that the text model gets itself."""
    values = [None if path in texts else flat.get(path) for path in Said._fields]
    return Said(*(value if isinstance(value, str) else None for value in values))


def _number(value: str | None) -> int:
    return crc32(value.encode()) if value else 0
