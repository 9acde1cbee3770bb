"""How the data files of primed models hold numbers: byte by byte in planes, and all of it in one zlib stream.

Bytes of the same weight stand together, because they resemble each other.
"""

from __future__ import annotations

import sys
import zlib
from array import array

_PIECE = 1 << 14


def planes(values: array[int], width: int) -> bytes:
    """Return the `width` lower bytes of all values, the lowest bytes of all first."""
    raw = _little(values).tobytes()
    return b"".join(raw[byte :: values.itemsize] for byte in range(width))


def steps(rising: array[int]) -> array[int]:
    """Return how much each value is above the one before, the first above 0."""
    before = array(rising.typecode, [0]) + rising
    return array(rising.typecode, [value - lower for lower, value in zip(before, rising, strict=False)])


class Unpacker:
    """Gives the next so many unpacked bytes, without ever holding all.

    zlib copies what it was given and did not come to, so it is given little at a time.
    """

    def __init__(self, data: bytes) -> None:
        self._unpacker = zlib.decompressobj()
        self._pieces = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes; raise `ValueError` if there are not so many."""
        taken = bytearray()
        while len(taken) < count:
            piece = self._unpacker.unconsumed_tail or next(self._pieces, b"")
            more = self._unpacker.decompress(piece, count - len(taken))
            if not piece and not more:
                raise ValueError("the data file of a text model is cut short")
            taken += more
        return bytes(taken)

    def number(self) -> int:
        """Return the next u32, little-endian."""
        return int.from_bytes(self.take(4), "little")


def numbers(source: Unpacker, count: int, width: int, code: str = "I") -> array[int]:
    """Return the next `count` values of `width` planes."""
    values = array(code)
    raw = bytearray(values.itemsize * count)
    for byte in range(width):
        raw[byte :: values.itemsize] = source.take(count)
    values.frombytes(bytes(raw))
    return _little(values)


def _little(values: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return values
    turned = array(values.typecode, values)
    turned.byteswap()
    return turned
