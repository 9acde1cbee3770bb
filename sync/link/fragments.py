"""Envelopes that are too large for a packet: cut into equal pieces, put together again, within bounds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from sync.wire.frame_codec import MAX_FRAGMENTS, PartialReceipt

MAX_PARTIALS = 256
"""Envelopes under assembly at once; the one that has waited longest is dropped, its pieces come again."""


class OutgoingPieces:
    """One envelope cut into pieces of at most `most_bytes`, and which of them the other side has.

    As few as can be and, but for the last, of one size: then few frames are full, and the last has room left.
    """

    def __init__(self, sealed: bytes, most_bytes: int) -> None:
        if not 0 < len(sealed) <= most_bytes * MAX_FRAGMENTS:
            raise ValueError("an envelope is cut into 1 to 255 pieces")
        piece_bytes = -(-len(sealed) // -(-len(sealed) // most_bytes))
        self.pieces = [sealed[i : i + piece_bytes] for i in range(0, len(sealed), piece_bytes)]
        self.wanted = set(range(len(self.pieces)))

    @property
    def last(self) -> int:
        """Return the number of the last piece."""
        return len(self.pieces) - 1

    def missing_after(self, partial: PartialReceipt | None) -> None:
        """Want what a receipt does not name: all, when it names none or was cut another way."""
        everything = set(range(len(self.pieces)))
        if partial is not None and partial.last == self.last:
            bits = partial.bitmap
            self.wanted = {i for i in everything if not bits[i // 8] & (0x80 >> (i % 8))} or everything
        else:
            self.wanted = everything


class _Partial:
    def __init__(self, last: int) -> None:
        self.last = last
        self.pieces: dict[int, bytes] = {}


class Assembly:
    """Pieces that came, by (sender's epoch, counter) or whatever names an envelope."""

    def __init__(self, max_partials: int = MAX_PARTIALS) -> None:
        self._partials: OrderedDict[Hashable, _Partial] = OrderedDict()
        self._max_partials = max_partials

    def add(self, name: Hashable, index: int, last: int, data: bytes) -> bytes | None:
        """Take one authenticated piece; return the whole when it is complete, and forget it."""
        partial = self._partials.get(name)
        if partial is None or partial.last != last:  # cut anew after a restart with another packet size
            partial = self._partials[name] = _Partial(last)
        self._partials.move_to_end(name)
        partial.pieces[index] = data
        if len(partial.pieces) == last + 1:
            del self._partials[name]
            return b"".join(partial.pieces[i] for i in range(last + 1))
        while len(self._partials) > self._max_partials:
            self._partials.popitem(last=False)
        return None

    def bitmap(self, name: Hashable) -> tuple[int, bytes] | None:
        """Return (last, bitmap) of an envelope under assembly, or None."""
        partial = self._partials.get(name)
        if partial is None:
            return None
        bits = bytearray(partial.last // 8 + 1)
        for index in partial.pieces:
            bits[index // 8] |= 0x80 >> (index % 8)
        return partial.last, bytes(bits)

    def names(self) -> list[Hashable]:
        """Return what is under assembly, oldest first."""
        return list(self._partials)

    def forget(self, name: Hashable) -> None:
        """Drop an envelope that came whole by another way."""
        self._partials.pop(name, None)
