"""Which reports of the lowest band are verified all the same: a draw that nobody can steer. Pure.

What is verified is else what people choose, so of low reports nobody would ever learn how many were true.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from hub.risk.scoring import LOW

LOWEST_BANDS: Final = (LOW,)
"""Bands of which a random share is verified."""
USUAL_SHARE: Final = 0.05
_ALL: Final = 1 << 64


@dataclass(frozen=True)
class Draw:
    """How the draw ended for one report: the `chance` that it had, whether it was `drawn`, and whether a
    person took it out again with a reason."""

    chance: float
    drawn: bool
    excused: bool = False

    @property
    def stands(self) -> bool:
        """Return whether the report is to be verified because of the draw."""
        return self.drawn and not self.excused


def is_drawn(report: str, key: bytes, share: float) -> bool:
    """Tell whether a report falls into a share: the keyed hash of its id (HMAC-SHA-256), as a number.

    Who does not have the key cannot tell, and neither who reports nor who verifies can choose it.
    Raises ValueError for a share that is none.
    """
    if not 0 <= share <= 1:
        raise ValueError("a random share is between 0 and 1")
    found = hmac.new(key, report.encode(), hashlib.sha256).digest()
    return int.from_bytes(found[:8], "big") < share * _ALL
