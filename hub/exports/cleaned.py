"""What leaves this hub of a report that names somebody wrongly: all but that person. Pure.

Companies stay, as in dossiers: others work there. What the report itself says is not changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from hub.referrals.hiding import hide
from sync.records import Recruiter, Report

WronglyNamed = Callable[[Sequence[str]], Mapping[str, tuple[str, ...]]]
"""Names, numbers, accounts and plates of who is wrongly named, by report; reports without such are left out:
`Corrections.words_by_report`."""


def cleaned(report: Report, words: Sequence[str]) -> Report:
    """Return a report without the person whom it names wrongly, also where its texts say who it is."""
    who = report.recruiter or Recruiter()
    said = (who.name, who.alias, who.phone, who.social, who.vehicle_plate)
    hidden = tuple(dict.fromkeys([*words, *(text for text in said if text)]))
    kept = Recruiter(company=_if_any(who.company, hidden), licence_shown=who.licence_shown)
    offer = report.offer
    return replace(
        report,
        narrative=without(report.narrative, hidden),
        place_text=_if_any(report.place_text, hidden),
        recruiter=None if kept == Recruiter() else kept,
        offer=None if offer is None else replace(offer, route=_if_any(offer.route, hidden)),
    )


def without(text: str, words: Sequence[str]) -> str:
    """Return a text without words; as it is where there are none."""
    return hide(text, words) if words else text


def _if_any(text: str | None, words: Sequence[str]) -> str | None:
    return None if text is None else without(text, words)
