"""Makes a primed model from texts: reads them once and keeps what was learnt. Used by scripts only."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence

from sync.wire.byte_tree import ByteTree, code_lengths
from sync.wire.mixing import Mixture
from sync.wire.primed import INPUTS, MATCH_BITS, SELECTORS, SLOT_BITS, SLOT_STARTS, STEPS, Primed
from sync.wire.text_history import END

Texts = Sequence[tuple[int, str]]
"""One report's texts with the number of the field of each."""


def prime(reports: Iterable[Texts]) -> Primed:
    """Return what is learnt from the reports; those that come last count most."""
    reports = list(reports)
    tree = ByteTree(code_lengths(_weights(reports)))
    blank = Primed(tree.lengths)
    mixture = Mixture(blank, tree)
    for texts in reports:
        mixture.begin_report()
        for field, text in texts:
            mixture.begin_text(field)
            for byte in text.encode() + bytes([END]):
                for depth, (node, bit) in enumerate(tree.paths[byte]):
                    mixture.chance(node, depth)
                    mixture.learn(bit)
                mixture.add(byte)
    return _kept(mixture, blank)


def _weights(reports: Iterable[Texts]) -> list[int]:
    weights = [1] * 256
    for texts in reports:
        for _, text in texts:
            for byte in text.encode() + bytes([END]):
                weights[byte] += 4
    return weights


def _kept(mixture: Mixture, primed: Primed) -> Primed:
    """Write what the mixture learnt into the arrays that were blank."""
    primed.past = bytes(mixture.past)
    primed.maps[:] = mixture.maps
    primed.matches[:] = mixture.matches
    for which, slots in enumerate(mixture.slots):
        _settle(primed.slots, SLOT_STARTS[which], SLOT_BITS[which], slots)
    for which, places in enumerate(mixture.places):
        for key, place in places.items():
            primed.places[(which << MATCH_BITS) + key] = place
    start = 0
    for rows, count in zip(mixture.rows, SELECTORS, strict=True):
        _put_rows(primed.weights, start, rows, INPUTS)
        start += count * INPUTS
    _put_rows(primed.finals, 0, mixture.finals, len(SELECTORS))
    _put_rows(primed.refined, 0, mixture.refined, STEPS)
    return primed


def _put_rows(numbers: array[int], start: int, rows: dict[int, list[int]], width: int) -> None:
    for index, row in rows.items():
        at = start + index * width
        numbers[at : at + width] = array(numbers.typecode, row)


def _settle(table: array[int], start: int, bits: int, slots: dict[int, int]) -> None:
    """Place slots by their hash; where both places are taken, those counted most often stay."""
    ordered = sorted(slots.items(), key=lambda item: (-(item[1] & 0xFF), item[0]))
    for key, slot in ordered:
        at = start + (key >> (32 - bits))
        for place in (at, at ^ 1):
            if not table[place] & 0xFF00:
                table[place] = slot << 8 | key & 0xFF
                break
