"""The villages and how well each is heard; one village; the hub's own radio."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from hub.services import READING_ROLES, LinkServices, UnknownVillage
from hub.web import link_words
from hub.web.guards import open_to
from hub.web.local_time import duration
from sync.clock import Clock


def make_blueprint(links: LinkServices, clock: Clock) -> Blueprint:
    """Build the pages `/desa` and `/desa/NUMBER`. Nothing of a report stands on them."""
    pages = Blueprint("villages", __name__)
    pages.register_error_handler(UnknownVillage, _show_as_not_found)

    @pages.get("/desa")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        own = links.own_radio()
        return render_template(
            "villages.html",
            rows=links.villages(),
            own=own,
            picture=None if own is None else link_words.own_picture(own),
            now=clock.wall_s(),
            link_words=link_words,
            duration=duration,
        )

    @pages.get("/desa/<int:node>")
    @open_to(*READING_ROLES)
    def show_village(node: int) -> str:
        view = links.village(node)
        return render_template(
            "village.html",
            view=view,
            picture=link_words.village_picture(view.days),
            now=clock.wall_s(),
            link_words=link_words,
            duration=duration,
        )

    return pages


def _show_as_not_found(_: UnknownVillage) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
