"""Reports that were verified, some as true and some not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inbox_arrivals import BUDI, arrive
from village import VILLAGE, Region

STRONG: dict[str, Any] = {"indicators": ["documents_held", "deception"]}
"""Six points: the band is high."""
WEAK: dict[str, Any] = {"indicators": ["no_contract"]}
"""One point: the band is low."""


def verified(
    region: Region, results: Sequence[str], *, village: str = VILLAGE, **fields: object
) -> list[str]:
    """Let reports arrive together, one a result, and verify each; an empty result leaves it."""
    ids = arrive(region, *(f"cerita {number}" for number in range(len(results))), village=village, **fields)
    for report, result in zip(ids, results, strict=True):
        if result:
            region.hub.store.triage.step(report, "verification", result, "diperiksa", seen=None, who=BUDI)
    return ids
