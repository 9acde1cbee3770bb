"""The texts of a report as one byte string, by numbered models.

A model's number is on the wire and is never given to another model, nor does the meaning of its bytes
ever change: the hub opens every number ever shipped. A better model gets the next number and a class
here with the same two methods.
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Mapping, Sequence
from importlib import resources
from types import MappingProxyType
from typing import Any, Protocol

from sync.errors import MalformedWire
from sync.wire.dense_text import DenseText
from sync.wire.intervals import Interval
from sync.wire.limits import MAX_TEXT_BYTES
from sync.wire.quick_text import QuickText
from sync.wire.said import NOTHING_SAID, Said

_SEPARATOR = b"\xff"  # never part of UTF-8, so a text may hold any character, NUL too


class TextModel(Protocol):
    """One way to write texts; all state is built from package data, none is kept between calls."""

    number: int

    def encode(self, texts: Sequence[str]) -> bytes:
        """Return the bytes of one or more texts."""

    def decode(self, data: bytes, count: int) -> tuple[str, ...]:
        """Return exactly `count` texts; raise `MalformedWire` when `data` holds anything else."""


class RowModel(TextModel, Protocol):
    """A model that can go on in the row of choices that the fields began, so that no byte is cut between."""

    def encode_on(
        self, start: Interval, texts: Sequence[str], fields: Sequence[int], said: Said = NOTHING_SAID
    ) -> bytes:
        """Return the bytes of the whole row: what led to `start`, then the texts of those fields."""

    def decode_on(
        self, start: Interval, data: bytes, fields: Sequence[int], said: Said = NOTHING_SAID
    ) -> tuple[str, ...]:
        """Return the texts; `data` is the whole row. Raise `MalformedWire` for any other bytes."""


class RawText:
    """Model 0: UTF-8."""

    number = 0

    def encode(self, texts: Sequence[str]) -> bytes:
        """Return the texts in UTF-8, a byte FF between two."""
        return _SEPARATOR.join(text.encode() for text in texts)

    def decode(self, data: bytes, count: int) -> tuple[str, ...]:
        """Return the texts again."""
        if len(data) > MAX_TEXT_BYTES:
            raise MalformedWire("texts longer than a report allows")
        parts = data.split(_SEPARATOR)
        if len(parts) != count:
            raise MalformedWire("another number of texts than announced")
        try:
            return tuple(part.decode() for part in parts)
        except UnicodeDecodeError:
            raise MalformedWire("text is not UTF-8") from None


@functools.cache
def _dictionary() -> bytes:
    return resources.files("sync.wire").joinpath("dictionary-1.bin").read_bytes()


@functools.cache
def _primed_packer() -> Any:
    """Return a packer that has read the dictionary, to be copied: reading it takes ten times as long.

    Its window holds the dictionary and a text. At zlib's largest sizes a copy takes thirty times as long, for
    the system gives and takes back each of its blocks.
    """
    return zlib.compressobj(9, zlib.DEFLATED, -14, 7, zlib.Z_DEFAULT_STRATEGY, _dictionary())


class PrimedDeflate:
    """Model 1: model 0 in raw DEFLATE with a frozen preset dictionary of this domain's Indonesian."""

    number = 1

    def encode(self, texts: Sequence[str]) -> bytes:
        """Return the form in which zlib needs the fewest bytes; whatever it chose reads back alike."""
        packer = _primed_packer().copy()
        packed: bytes = packer.compress(RawText().encode(texts)) + packer.flush()
        return packed

    def decode(self, data: bytes, count: int) -> tuple[str, ...]:
        """Return the texts again; stops at what a report may hold, however much the data would unpack to."""
        unpacker = zlib.decompressobj(-15, _dictionary())
        try:
            joined = unpacker.decompress(data, MAX_TEXT_BYTES + 1)
        except zlib.error:
            raise MalformedWire("texts do not unpack") from None
        if len(joined) > MAX_TEXT_BYTES:
            raise MalformedWire("texts longer than a report allows")
        if not unpacker.eof or unpacker.unused_data:
            raise MalformedWire("texts end too early or too late")
        return RawText().decode(joined, count)


QUICK = QuickText.number
DENSE = DenseText.number

INSTANT_MODELS: Mapping[int, TextModel] = MappingProxyType(
    {model.number: model for model in (RawText(), PrimedDeflate())}
)
"""Models that cost next to no time."""

ROW_MODELS: Mapping[int, RowModel] = MappingProxyType({QUICK: QuickText(), DENSE: DenseText()})
"""Models that share a row with the fields."""

TEXT_MODELS: Mapping[int, TextModel] = MappingProxyType({**INSTANT_MODELS, **ROW_MODELS})
"""Every model ever shipped, by its number (0 to 15)."""


PATIENCE_MS = 500.0
"""How long people in a queue may wait for denser forms."""
LONE_PATIENCE_MS = 2500.0
"""How long one may wait with nobody before it: on a slow board, for a packet less on the air."""


def model_for(dense_ms: float, *, ahead_ms: float) -> int:
    """Return the text model for a report: dense, unless somebody would wait too long for it.

    `dense_ms` is what the dense model takes on this board for this report, `ahead_ms` what it takes for
    those before it.
    """
    patience_ms = PATIENCE_MS if ahead_ms > 0 else LONE_PATIENCE_MS
    return DENSE if ahead_ms + dense_ms <= patience_ms else QUICK


def encode_shortest(texts: Sequence[str]) -> tuple[int, bytes]:
    """Return the number and bytes of the instant model that needs the fewest, the lowest among equals."""
    forms = [(number, model.encode(texts)) for number, model in INSTANT_MODELS.items()]
    return min(forms, key=lambda form: (len(form[1]), form[0]))
