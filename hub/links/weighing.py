"""How strongly a report and another may belong together, and which pairs a person looks at first. Pure."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Final, Literal

from hub.linking.evidence import Evidence
from hub.linking.linking import DEFAULT, Settings, asked_more
from hub.linking.scoring import NAME_KINDS, Background, Link, Piece, score_event, score_recruiter

Kind = Literal["recruiter", "event"]
KINDS: Final[tuple[Kind, ...]] = ("recruiter", "event")

SLACK_BITS: Final = 3.0
"""Pairs so far below the threshold are kept too: a group may take them in, and they are not shown."""

NAME_MOST_BITS: Final = 4.0
"""What names add to the rank of a pair that no number, account, plate or company joins."""


MOST_OF_A_KIND: Final = 20
"""Suggestions that a new report makes: where a hundred reports name one number, twenty tell it as well."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """What joins two reports: as one recruiter, or as one event. `strong` tells whether it is suggested."""

    kind: Kind
    pieces: tuple[Piece, ...]
    bits: float
    rank: float
    strong: bool


def weigh(
    one: Evidence, other: Evidence, known: Background, reports: int, settings: Settings = DEFAULT
) -> list[Weighed]:
    """Return what joins two reports among so many, as far as it is near the thresholds or above."""
    more = asked_more(reports)
    recruiter = score_recruiter(one, other, known)
    event = score_event(one, other, known, recruiter, least=settings.event_threshold + more - SLACK_BITS)
    found: list[Weighed] = []
    if recruiter.pieces and recruiter.rests_on_more_than_a_name:
        found += _near("recruiter", recruiter, settings.recruiter_threshold + more)
    if event.pieces and event.has_anchor:
        found += _near("event", event, settings.event_threshold + more)
    return found


def _near(kind: Kind, link: Link, threshold: float) -> list[Weighed]:
    bits = link.bits
    if bits < threshold - SLACK_BITS:
        return []
    return [Weighed(kind, link.pieces, bits, rank_of(kind, link), bits >= threshold)]


def rank_of(kind: Kind, link: Link) -> float:
    """Return by what a suggestion is put in order: its bits, but a name alone lifts nothing far up."""
    if kind == "event" or link.has_mark:
        return link.bits
    names = math.fsum(piece.bits for piece in link.pieces if piece.kind in NAME_KINDS)
    return link.bits - max(0.0, names - NAME_MOST_BITS)


def strongest(found: list[tuple[str, Weighed]]) -> list[tuple[str, Weighed]]:
    """Return the strongest of what joins one report to others, at most `MOST_OF_A_KIND` of each kind."""
    ordered = sorted(found, key=lambda pair: (-pair[1].bits, pair[0]))
    return [pair for kind in KINDS for pair in [p for p in ordered if p[1].kind == kind][:MOST_OF_A_KIND]]


def pieces_to_text(pieces: tuple[Piece, ...]) -> str:
    """Return pieces of evidence as JSON to keep."""
    return json.dumps(
        [[p.kind, p.says, round(p.bits, 2), p.how, list(p.about)] for p in pieces], ensure_ascii=False
    )


def pieces_from_text(text: str) -> tuple[Piece, ...]:
    """Return the pieces that `pieces_to_text` kept."""
    rows = json.loads(text)
    return tuple(Piece(kind, says, bits, how, tuple(about)) for kind, says, bits, how, about in rows)
