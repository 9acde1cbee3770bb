"""Which material the villages show, and what is on its way."""

from __future__ import annotations

from flask import Blueprint, render_template

from hub.notice_services import ContentServices
from hub.services import READING_ROLES
from hub.web import notice_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.parts import ROWS, first_row, following
from sync.clock import Clock


def make_blueprint(content: ContentServices, clock: Clock) -> Blueprint:
    """Build the page `/materi`."""
    pages = Blueprint("content", __name__)

    @pages.get("/materi")
    @open_to(*READING_ROLES)
    def show() -> str:
        newest, by = content.newest(), who_is_signed_in()
        rows, first = content.villages(by=by), first_row()
        return render_template(
            "content.html",
            newest=newest,
            rows=rows[first : first + ROWS],
            following=following(first, len(rows)),
            now=clock.wall_s(),
            said=notice_words,
        )

    return pages
