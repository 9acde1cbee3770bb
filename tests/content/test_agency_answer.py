"""What is said of a firm that was looked up."""

from __future__ import annotations

import datetime

import pytest

from content.agencies import Agency, AgencySnapshot
from content.agency_answer import answer_for
from content.catalogue import Catalogue, languages_of
from content.offer_check import Verdict

AS_OF = datetime.date(2026, 11, 1)
TODAY = datetime.date(2026, 11, 25)


def agency(status: str, until: datetime.date | None = None) -> Agency:
    return Agency("PT Rekaan", "R-1", status, "", until)


@pytest.mark.parametrize(
    ("found", "state", "verdict"),
    [
        (agency("active"), "active", Verdict.GREEN),
        (agency("active", TODAY), "active", Verdict.GREEN),
        (agency("active", TODAY - datetime.timedelta(1)), "expired", Verdict.YELLOW),
        (agency("suspended", TODAY), "suspended", Verdict.RED),
        (agency("revoked"), "revoked", Verdict.RED),
        (agency("unknown"), "unknown", Verdict.YELLOW),
        (None, "not_found", Verdict.YELLOW),
    ],
)
def test_each_state_has_its_colour_and_words(
    shipped: dict[str, bytes], found: Agency | None, state: str, verdict: Verdict
) -> None:
    words = Catalogue(shipped).agency_words
    answer = answer_for(words, AgencySnapshot((), AS_OF, "x", False), found, TODAY)
    assert (answer.state, answer.verdict, answer.text) == (state, verdict, words.states[state])
    assert answer.as_of == "Menurut daftar tanggal 01-11-2026."
    assert answer.banners == ()


def test_a_stale_or_made_up_list_makes_nothing_green(shipped: dict[str, bytes]) -> None:
    words = Catalogue(shipped).agency_words
    later = AS_OF + datetime.timedelta(120)
    stale = answer_for(words, AgencySnapshot((), AS_OF, "x", False), agency("active"), later)
    assert stale.verdict is Verdict.YELLOW
    assert "120 hari" in stale.banners[0]
    sample = answer_for(words, AgencySnapshot((), AS_OF, "x", True), agency("active"), TODAY)
    assert sample.verdict is Verdict.YELLOW
    assert "rekaan" in sample.banners[0]
    assert len(answer_for(words, AgencySnapshot((), AS_OF, "x", True), None, later).banners) == 2


def test_not_found_is_never_called_illegal(shipped: dict[str, bytes]) -> None:
    for code in languages_of(shipped):
        text = Catalogue(shipped, code).agency_words.states["not_found"]
        assert {"id": "bukan berarti ilegal", "en": "does not mean illegal"}[code] in text
