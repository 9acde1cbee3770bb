"""What lists, profiles and decisions leave out while a person of interest is marked as wrongly named."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, Final

from hub.linking.evidence import Evidence
from hub.linking.scoring import Piece
from hub.links.bulk import select_in
from hub.links.correction_models import WronglyNamedReport
from hub.links.models import LinkGroup, LinkMember, LinkSuggestion
from hub.links.profile import Told
from hub.people_services import DecisionRefused

_OF_PERSON: Final = ("plate", "company", "phone", "account", "name", "title", "recruiter")
"""Pieces of evidence that speak of the recruiter."""


def corrected_among(database: Any, reports: Iterable[str]) -> set[str]:
    """Return which of these reports name somebody who was wrongly named."""
    found = select_in(database, [WronglyNamedReport.report], WronglyNamedReport.report, reports)
    return {report for (report,) in found}


def not_corrected() -> Any:
    """Return the condition that a suggestion is not about a person who was wrongly named."""
    gone = WronglyNamedReport.select(WronglyNamedReport.report)
    return (
        (LinkSuggestion.kind != "recruiter")
        | (LinkSuggestion.one.not_in(gone) & LinkSuggestion.other.not_in(gone))
    )  # fmt: skip


def standing() -> Any:
    """Return the condition that a person of interest is not marked; events always stand."""
    gone = WronglyNamedReport.select(LinkMember.group).join(
        LinkMember, on=(LinkMember.report == WronglyNamedReport.report)
    )
    return (LinkGroup.kind != "recruiter") | LinkGroup.number.not_in(
        gone.where(LinkMember.kind == "recruiter")
    )


def refuse_if_corrected(database: Any, kind: str, reports: Iterable[str]) -> None:
    """Raise DecisionRefused where a decision would change who a wrongly named person is."""
    if kind == "recruiter" and corrected_among(database, reports):
        raise DecisionRefused("Orang itu ditandai salah disebut. Batalkan koreksinya dulu.")


def without_person(told: Told) -> Told:
    """Return what a report tells without the recruiter."""
    nobody: Evidence = dataclasses.replace(
        told.evidence,
        names=(), phones=frozenset(), tails=frozenset(), companies=(), handles=frozenset(),
        plates=frozenset(),
    )  # fmt: skip
    return dataclasses.replace(told, report=dataclasses.replace(told.report, recruiter=None), evidence=nobody)


def without_pieces(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return evidence of one event without what speaks of the recruiter."""
    return tuple(piece for piece in pieces if piece.kind not in _OF_PERSON)
