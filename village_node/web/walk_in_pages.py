"""A report of somebody who comes in person, or on paper: the same form, and a slip for the person.

Nothing of it stays on this screen or can be opened again: the receipt is shown once, to be printed.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from village_node.services import PublicServices
from village_node.web.questions import QUESTIONS
from village_node.web.report_pages import Place, create_report_pages
from village_node.web.uploads import UploadDesk


def _place(path: str, name: str, channel: str) -> Place:
    return Place(
        path,
        practice=False,
        name=name,
        channel=channel,
        receipt="facilitator/walk_in_taken.html",
        saved="facilitator/walk_in_saved.html",
        opens_alike=False,  # each signed-in browser has a token of its own in every form
    )


WALK_IN = _place("/lapor-warga", "walk_in", "facilitator")
PAPER = _place("/lapor-kertas", "paper", "paper")


def create_walk_in_pages(services: PublicServices, uploads: UploadDesk, place: Place) -> Blueprint:
    """Build the form for `WALK_IN` or `PAPER`."""
    return create_report_pages(services, uploads, place)


def create_paper_pages() -> Blueprint:
    """Build the page where one begins, and the blank form to print."""
    pages = Blueprint("paper_form", __name__)

    @pages.get("/bantu-lapor")
    def begin() -> str:
        return render_template("facilitator/walk_in.html")

    @pages.get("/formulir-kertas")
    def blank() -> str:
        return render_template("facilitator/paper_form.html", questions=QUESTIONS.values())

    return pages
