"""The search page. What is typed travels in a form and never in an address: it may name people."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request

from hub.cases.search import SearchServices
from hub.cases.search_words import QUERY_MAX_CHARACTERS
from hub.languages import N_
from hub.services import READING_ROLES
from hub.web.guards import open_to, who_is_signed_in
from sync.clock import Clock

FOUND_PER_PAGE: Final = 20
WHAT_WORDS: Final = {
    "report": N_("Laporan"),
    "addition": N_("Tambahan pelapor"),
    "comment": N_("Komentar petugas"),
    "case": N_("Kasus"),
}


def make_blueprint(search: SearchServices, clock: Clock) -> Blueprint:
    """Build the page `/cari`."""
    pages = Blueprint("search", __name__)

    @pages.get("/cari")
    @open_to(*READING_ROLES)
    def show() -> str:
        return render_template("search.html", typed="", found=None, following=None, max=QUERY_MAX_CHARACTERS)

    @pages.post("/cari")
    @open_to(*READING_ROLES)
    def find() -> str:
        typed = request.form.get("text", "")[:QUERY_MAX_CHARACTERS]
        before = request.form.get("before", "")
        found, following = search.search(
            typed,
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 18 else None,
            limit=FOUND_PER_PAGE,
            who=who_is_signed_in(),
        )
        return render_template(
            "search.html",
            typed=typed,
            found=found,
            following=following,
            max=QUERY_MAX_CHARACTERS,
            what_words=WHAT_WORDS,
            now=clock.wall_s(),
        )

    return pages
