"""How people decided, by what spoke for the pair: where many are rejected, a weight or threshold is wrong."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import peewee

from hub.links.models import LinkDecision, LinkDecisionPiece
from hub.links.weighing import Kind
from hub.people_services import Measure

BAND_BITS: Final = 5
HIGHEST_BAND: Final = 30


def band_of(bits: float) -> int:
    """Return the lower end of the band of bits, 5 wide, from 0 to 30 and more."""
    return max(0, min(HIGHEST_BAND, BAND_BITS * int(bits // BAND_BITS)))


def by_piece(database: Any) -> tuple[Measure, ...]:
    """Count decisions by each kind of evidence that spoke for the pair."""
    joined = LinkDecision.select(LinkDecision.kind, LinkDecisionPiece.piece, *_outcome()).join(
        LinkDecisionPiece, on=(LinkDecisionPiece.decision == LinkDecision.id)
    )
    return _measures(joined, LinkDecisionPiece.piece, database)


def by_band(database: Any) -> tuple[Measure, ...]:
    """Count decisions by the band of the evidence that was shown."""
    return _measures(
        LinkDecision.select(LinkDecision.kind, LinkDecision.band, *_outcome()), LinkDecision.band, database
    )


def _outcome() -> tuple[Any, ...]:
    return (LinkDecision.same, LinkDecision.undone_at.is_null(), peewee.fn.COUNT(LinkDecision.id))


def _measures(query: Any, what: Any, database: Any) -> tuple[Measure, ...]:
    grouped = query.group_by(LinkDecision.kind, what, LinkDecision.same, LinkDecision.undone_at.is_null())
    found: dict[tuple[Kind, Any], list[int]] = defaultdict(lambda: [0, 0, 0])
    for kind, of, same, holds, count in grouped.tuples().execute(database):
        found[kind, of][2 if not holds else 0 if same else 1] += count
    # What has no band stands first.
    ordered = sorted(found.items(), key=lambda item: (item[0][0], item[0][1] is not None, item[0][1]))
    return tuple(Measure(kind, "" if of is None else str(of), *counts) for (kind, of), counts in ordered)
