"""The logistic curve in integers: chances (16 bits) and their logits (256 to one natural unit).

The tables are made by exact integer arithmetic, so they are the same on every machine.
"""

from __future__ import annotations

import bisect

LOGIT_LIMIT = 3071
"""Logits beyond this are cut: a chance of one in 160,000."""

_UNIT = 256
_ONE = 1 << 96


def _exponentials() -> list[int]:
    """Return e**(step / 256) for every logit from 0 to the limit and one more, times 2**96."""
    root, term = 0, _ONE
    for count in range(1, 24):
        root += term
        term = term // (_UNIT * count)
    powers = [_ONE]
    for _ in range(LOGIT_LIMIT + 1):
        powers.append(powers[-1] * root // _ONE)
    return powers


def _chances() -> list[int]:
    upper = [min(65520, (power * 65536 + (power + _ONE) // 2) // (power + _ONE)) for power in _exponentials()]
    return [65536 - chance for chance in upper[:0:-1]] + upper


CHANCE_OF_LOGIT = tuple(_chances())
"""Chance of yes in 2**16, at index logit + 3072; 16 to 65520."""


def squash(logit: int) -> int:
    """Return the chance of a logit within the limits."""
    return CHANCE_OF_LOGIT[logit + LOGIT_LIMIT + 1]


def _logits() -> list[int]:
    """Return for each step of 16 chances the logit nearest to its middle; the outermost are the limits."""
    logits = []
    for step in range(4096):
        middle = step * 16 + 8
        above = bisect.bisect_left(CHANCE_OF_LOGIT, middle)
        above = min(max(above, 1), len(CHANCE_OF_LOGIT) - 1)
        nearer_below = middle - CHANCE_OF_LOGIT[above - 1] < CHANCE_OF_LOGIT[above] - middle
        logit = above - nearer_below - LOGIT_LIMIT - 1
        logits.append(max(-LOGIT_LIMIT, min(LOGIT_LIMIT, logit)))
    return logits


LOGIT_OF_CHANCE = tuple(_logits())
"""Logit of a chance, at index chance // 16."""
