"""What a mixture of contexts has learnt from its priming text: the data that a dense model ships.

All numbers are small and stand in flat arrays; nothing is changed after loading. Slots are found by the
upper bits of a 32-bit hash and hold `chance << 16 | count << 8 | lower 8 bits of the hash`; a slot whose
place is taken may stand at the neighbouring place (last bit of the place turned).
"""

from __future__ import annotations

import sys
import zlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import compress

from sync.wire.logistic import CHANCE_OF_LOGIT
from sync.wire.text_history import CONTEXTS

SLOT_BITS = (12, 13, 16, 18, 18, 17, 19, 18, 19, 19, 16, 18, 18, 19, 17)
"""How many slots each context has, as a power of two: about twice what the priming text fills."""
SLOT_STARTS = tuple(sum(1 << bits for bits in SLOT_BITS[:which]) for which in range(CONTEXTS + 1))
MATCH_BITS = 18
MATCH_LENGTHS = (5, 8)
"""How many bytes (without case) must agree before what followed them is expected again."""
LONGEST_MATCH = 31
CONFIDENCES = 256
INPUTS = 2 * CONTEXTS + len(MATCH_LENGTHS) + 1
SELECTORS = (256, 64, 512, 256, 128, 256)
"""How many sets of weights each way of choosing one has."""
FINALS = 8
REFINED = (256, 4096)
STEPS = 25

_FIRST_WEIGHT = 5243  # 0.08
_BLOCK = 1 << 16
_PIECE = 1 << 14


def _of(code: str, value: int, count: int) -> array[int]:
    return array(code, [value]) * count


def _start_maps() -> array[int]:
    return array("H", [((index & 15) * 2 + 1) * 2048 for index in range(CONFIDENCES)] * CONTEXTS)


def _start_matches() -> array[int]:
    return array("H", [65535 - 65535 // (length + 2) for length in range(32)] * len(MATCH_LENGTHS))


def _start_refined() -> array[int]:
    return array("H", [CHANCE_OF_LOGIT[step * 256] for step in range(STEPS)] * sum(REFINED))


@dataclass
class Primed:
    """The arrays, by default those of a model that has read nothing."""

    lengths: bytes
    past: bytes = b""
    slots: array[int] = field(default_factory=lambda: _of("I", 0, SLOT_STARTS[CONTEXTS]))
    places: array[int] = field(default_factory=lambda: _of("I", 0, len(MATCH_LENGTHS) << MATCH_BITS))
    maps: array[int] = field(default_factory=_start_maps)
    weights: array[int] = field(default_factory=lambda: _of("i", _FIRST_WEIGHT, sum(SELECTORS) * INPUTS))
    finals: array[int] = field(
        default_factory=lambda: _of("i", 65536 // len(SELECTORS), FINALS * len(SELECTORS))
    )
    matches: array[int] = field(default_factory=_start_matches)
    refined: array[int] = field(default_factory=_start_refined)

    def _arrays(self) -> Iterator[array[int]]:
        yield from (self.slots, self.places, self.maps, self.weights, self.finals, self.matches, self.refined)

    def packed(self) -> bytes:
        """Return the file: code lengths, past, arrays in blocks: which numbers are not 0, then these."""
        packer = zlib.compressobj(9)
        parts = [packer.compress(self.lengths + len(self.past).to_bytes(4, "little") + self.past)]
        for numbers in self._arrays():
            for start in range(0, len(numbers), _BLOCK):
                block = numbers[start : start + _BLOCK]
                parts.append(packer.compress(_marks(block)))
                raw = _little(array(block.typecode, filter(None, block))).tobytes()
                for byte in range(block.itemsize):
                    parts.append(packer.compress(raw[byte :: block.itemsize]))
        return b"".join([*parts, packer.flush()])

    @classmethod
    def unpacked(cls, data: bytes) -> Primed:
        """Return what `packed` wrote; needs little more memory than the arrays themselves."""
        source = _Unpacker(data)
        primed = cls(source.take(256))
        primed.past = source.take(int.from_bytes(source.take(4), "little"))
        for numbers in primed._arrays():
            for start in range(0, len(numbers), _BLOCK):
                count = min(_BLOCK, len(numbers) - start)
                marks = b"".join(map(_EIGHT.__getitem__, source.take((count + 7) // 8)))
                raw = bytearray(sum(marks) * numbers.itemsize)
                for byte in range(numbers.itemsize):
                    raw[byte :: numbers.itemsize] = source.take(len(raw) // numbers.itemsize)
                block = array(numbers.typecode, [0]) * count
                values = _little(array(numbers.typecode, bytes(raw)))
                for at, value in zip(compress(range(count), marks), values, strict=True):
                    block[at] = value
                numbers[start : start + count] = block
        return primed


_EIGHT = [bytes(value >> bit & 1 for bit in range(8)) for value in range(256)]


def _marks(block: array[int]) -> bytes:
    """Return one bit a number, the lowest bit first: set where it is not 0."""
    marks = bytearray((len(block) + 7) // 8)
    for at, number in enumerate(block):
        if number:
            marks[at >> 3] |= 1 << (at & 7)
    return bytes(marks)


class _Unpacker:
    """Gives the next so many unpacked bytes.

    zlib copies what it was given and did not come to, so it is given little at a time.
    """

    def __init__(self, data: bytes) -> None:
        self._unpacker = zlib.decompressobj()
        self._pieces = (data[at : at + _PIECE] for at in range(0, len(data), _PIECE))

    def take(self, count: int) -> bytes:
        taken = bytearray()
        while len(taken) < count:
            piece = self._unpacker.unconsumed_tail or next(self._pieces, b"")
            taken += self._unpacker.decompress(piece, count - len(taken))
        return bytes(taken)


def _little(numbers: array[int]) -> array[int]:
    if sys.byteorder == "little":
        return numbers
    turned = array(numbers.typecode, numbers)
    turned.byteswap()
    return turned
