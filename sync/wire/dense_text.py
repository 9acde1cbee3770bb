"""Text model 3: a mixture of contexts, primed with in-domain text. Small, and takes its time.

The texts go byte by byte in UTF-8, each ended by FF, down the byte tree; the mixture says each bit's
chance. After `PATIENCE` bytes it is no longer asked and model 2's table goes on, so that a text without
end cannot hold a hub for long.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from importlib import resources

from sync.errors import MalformedWire
from sync.wire.byte_tree import ByteTree
from sync.wire.intervals import EVERYTHING, Interval
from sync.wire.limits import MAX_TEXT_BYTES
from sync.wire.mixing import Mixture
from sync.wire.primed import Primed
from sync.wire.quick_text import START, put_byte, shipped_table, take_byte
from sync.wire.range_coder import RowReader, RowWriter
from sync.wire.said import NOTHING_SAID, Said
from sync.wire.text_history import END

PATIENCE = 1000
_OTHER_FIELD = 15


class DenseText:
    """Texts as a row of bits whose chances a `Mixture` gives."""

    number = 3

    def __init__(self, primed: Primed | None = None) -> None:
        self._own = primed

    def encode(self, texts: Sequence[str]) -> bytes:
        """Return the bytes of one or more texts."""
        return self.encode_on(EVERYTHING, texts, _unnamed(len(texts)))

    def decode(self, data: bytes, count: int) -> tuple[str, ...]:
        """Return exactly `count` texts; raise `MalformedWire` for what `encode` never gives for so many."""
        return self.decode_on(EVERYTHING, data, _unnamed(count))

    def encode_on(
        self, start: Interval, texts: Sequence[str], fields: Sequence[int], said: Said = NOTHING_SAID
    ) -> bytes:
        """Return the bytes of a row that begins with what led to `start` and goes on with the texts."""
        primed, tree = self._loaded()
        mixture = Mixture(primed, tree, said)
        out = RowWriter(start)
        patience = PATIENCE
        past = START
        for field, text in zip(fields, texts, strict=True):
            mixture.begin_text(field)
            for byte in text.encode() + bytes([END]):
                if patience:
                    patience -= 1
                    _put(out, tree, mixture, byte)
                else:
                    put_byte(out, shipped_table(), past, byte)
                past = (past << 8 | byte) & START
        return out.getvalue()

    def decode_on(
        self, start: Interval, data: bytes, fields: Sequence[int], said: Said = NOTHING_SAID
    ) -> tuple[str, ...]:
        """Return the texts of those fields again; `data` is the whole row."""
        primed, tree = self._loaded()
        mixture = Mixture(primed, tree, said)
        source = RowReader(data, start)
        texts = []
        read = 0
        past = START
        for field in fields:
            mixture.begin_text(field)
            raw = bytearray()
            while True:
                if read < PATIENCE:
                    byte = _take(source, tree, mixture)
                else:
                    byte = take_byte(source, shipped_table(), past)
                past = (past << 8 | byte) & START
                read += 1
                if byte == END:
                    break
                raw.append(byte)
                if read > MAX_TEXT_BYTES:
                    raise MalformedWire("texts longer than a report allows")
            texts.append(bytes(raw))
        source.end()
        try:
            return tuple(text.decode() for text in texts)
        except UnicodeDecodeError:
            raise MalformedWire("text is not UTF-8") from None

    def _loaded(self) -> tuple[Primed, ByteTree]:
        primed = self._own or _shipped()
        return primed, _tree(primed.lengths)


def _put(out: RowWriter, tree: ByteTree, mixture: Mixture, byte: int) -> None:
    for depth, (node, bit) in enumerate(tree.paths[byte]):
        out.put(bit, mixture.chance(node, depth))
        mixture.learn(bit)
    mixture.add(byte)


def _take(source: RowReader, tree: ByteTree, mixture: Mixture) -> int:
    node = depth = 0
    while node >= 0:
        bit = source.take(mixture.chance(node, depth))
        mixture.learn(bit)
        node = tree.next[node][bit]
        depth += 1
    mixture.add(-1 - node)
    return -1 - node


def _unnamed(count: int) -> list[int]:
    """The fields of texts of which only the first is known: the narrative."""
    return [0] + [_OTHER_FIELD] * (count - 1)


@functools.cache
def _tree(lengths: bytes) -> ByteTree:
    return ByteTree(lengths)


@functools.cache
def _shipped() -> Primed:
    return Primed.unpacked(resources.files("sync.wire").joinpath("dense-3.bin").read_bytes())
