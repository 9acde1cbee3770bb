"""What is said of a firm that was looked up: never that a firm is illegal because it was not found."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from content.agencies import Agency, AgencySnapshot
from content.offer_check import Verdict
from content.reading import Table

STATES: Mapping[str, Verdict] = {
    "active": Verdict.GREEN,
    "expired": Verdict.YELLOW,
    "suspended": Verdict.RED,
    "revoked": Verdict.RED,
    "unknown": Verdict.YELLOW,
    "not_found": Verdict.YELLOW,
}


@dataclass(frozen=True)
class AgencyWords:
    """Texts for each state and the banners; `TANGGAL` and `HARI` stand for the list's date and age."""

    states: Mapping[str, str]
    stale: str
    sample: str
    as_of: str


@dataclass(frozen=True)
class AgencyAnswer:
    """What the page says: verdict, text, the date of the list, and banners that must stand beside it."""

    verdict: Verdict
    state: str
    text: str
    as_of: str
    banners: tuple[str, ...]


def answer_for(
    words: AgencyWords, snapshot: AgencySnapshot, agency: Agency | None, today: datetime.date
) -> AgencyAnswer:
    """Return what to say of one firm, or of none found. A stale or made-up list makes nothing green."""
    state = "not_found" if agency is None else agency.status_on(today)
    verdict = STATES[state]
    banners = []
    if snapshot.is_sample:
        banners.append(words.sample)
    if snapshot.is_stale(today):
        banners.append(_filled(words.stale, snapshot, today))
    if banners:
        verdict = max(verdict, Verdict.YELLOW)
    return AgencyAnswer(
        verdict,
        state,
        _filled(words.states[state], snapshot, today),
        _filled(words.as_of, snapshot, today),
        tuple(banners),
    )


def _filled(text: str, snapshot: AgencySnapshot, today: datetime.date) -> str:
    date = snapshot.as_of.strftime("%d-%m-%Y")
    return text.replace("TANGGAL", date).replace("HARI", str(snapshot.age_days(today)))


def read_agency_words(table: Table) -> AgencyWords:
    """Return the texts."""
    states = table.table("states")
    words = AgencyWords(
        {state: states.text(state) for state in STATES},
        table.text("stale"),
        table.text("sample"),
        table.text("as_of"),
    )
    states.end()
    table.end()
    return words
