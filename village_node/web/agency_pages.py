"""Licensed agencies (P3MI): a name looked up in the box's list, which has a date and forgives spelling.

What was typed travels in the body of a POST and is not kept. Out of "Cek tawaran" its answers travel along.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from content.catalogue import Catalogue
from content.offer_check import Verdict
from village_node.spoken_text import sentences
from village_node.web.material import Material
from village_node.web.offer_steps import FIELD, answers_in, hidden_fields
from village_node.web.shown_content import day_in_digits
from village_node.web.spoken import Clip

if TYPE_CHECKING:
    from content.agencies import Agency
    from content.agency_answer import AgencyAnswer

FILE = "agency_words"
MAX_ASKED = 120
"""The longest name in the list of 2024 has about 60 letters."""


@dataclass(frozen=True)
class Found:
    """One firm that is like what was asked: what is said of it, or only its name for a hint."""

    agency: Agency
    answer: AgencyAnswer | None
    clip: Clip | None


def create_agency_pages(material: Material) -> Blueprint:
    """Build the page."""
    pages = Blueprint("agencies", __name__)

    @pages.get("/agen")
    def ask() -> Response:
        return agency_page(material, [])

    @pages.post("/agen")
    def search() -> Response:
        answers = answers_in(material.catalogue().offer_rules, request.form)
        return agency_page(material, hidden_fields(answers), request.form.get("firm", ""))

    return pages


def agency_page(material: Material, kept: list[tuple[str, str]], asked: str | None = None) -> Response:
    """Show the question, and below it what the list says where a name was asked."""
    from content.agency_answer import answer_for  # with the list itself half a megabyte, for one page

    catalogue = material.catalogue()
    list_of_firms = catalogue.agencies
    today = material.today()
    # Without a clock the list counts as of its own day, and the page says that its age is not known.
    day = today or list_of_firms.as_of
    words = (asked or "").strip()[:MAX_ASKED]
    none_found = answer_for(catalogue.agency_words, list_of_firms, None, day)
    found = _found(material, catalogue, words, day) if words else []
    sure = [firm for firm in found if firm.answer]
    return material.page(
        "agencies.html",
        catalogue,
        FILE,
        status=422 if asked is not None and not words else 200,
        asked=asked,
        words=words,
        sure=sure,
        hints=[firm for firm in found if not firm.answer],
        none_found=none_found if words and not sure else None,
        none_clip=_clip(material, "not_found") if words and not sure else None,
        banners=none_found.banners,
        as_of=none_found.as_of,
        day=day_in_digits(list_of_firms.as_of.isoformat()),
        age_unknown=today is None,
        ministry=[line for line in catalogue.help_lines.values() if line.kind == "migrant" and line.number],
        kept=kept,
        path="/agen",
        again=[*kept, ("firm", words)] if words or kept else None,
        from_check=any(name.startswith(FIELD) for name, _ in kept),
    )


def _found(material: Material, catalogue: Catalogue, words: str, day: datetime.date) -> list[Found]:
    from content.agency_answer import answer_for

    found = []
    for match in catalogue.agencies.search(words):
        if match.is_hint:
            found.append(Found(match.agency, None, None))
            continue
        answer = answer_for(catalogue.agency_words, catalogue.agencies, match.agency, day)
        if material.today() is None and answer.verdict == Verdict.GREEN:
            answer = replace(answer, verdict=Verdict.YELLOW)
        found.append(Found(match.agency, answer, _clip(material, answer.state)))
    return found


def _clip(material: Material, state: str) -> Clip | None:
    return material.clip(
        f"agency-{state}", FILE, lambda catalogue: sentences((catalogue.agency_words.states[state],))
    )
