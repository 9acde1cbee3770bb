"""How much an attack of `tests/security` sends: little in the suite, much in `scripts/security-rig`."""

from __future__ import annotations

import os

FACTOR = int(os.environ.get("KENTONGAN_ATTACK_FACTOR", "1"))
"""1 in the suite."""


def times(count: int) -> int:
    """Return how often something is tried: `count` in the suite."""
    return count * FACTOR
