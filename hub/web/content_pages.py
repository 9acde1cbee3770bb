"""Which material the villages show, and what is on its way."""

from __future__ import annotations

from flask import Blueprint, render_template

from hub.accounts.areas import may_see
from hub.notice_services import ContentServices
from hub.services import READING_ROLES
from hub.web import notice_words
from hub.web.guards import open_to, who_is_signed_in
from sync.clock import Clock


def make_blueprint(content: ContentServices, clock: Clock) -> Blueprint:
    """Build the page `/materi`."""
    pages = Blueprint("content", __name__)

    @pages.get("/materi")
    @open_to(*READING_ROLES)
    def show() -> str:
        newest, by = content.newest(), who_is_signed_in()
        rows = [row for row in content.villages() if may_see(by, row.village)]
        return render_template(
            "content.html", newest=newest, rows=rows, now=clock.wall_s(), said=notice_words
        )

    return pages
