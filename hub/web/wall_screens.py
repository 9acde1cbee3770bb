"""Screens that show the wall view for weeks, and nothing else of the hub."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from hub.services import READING_ROLES
from hub.web.guards import open_to, open_to_wall, who_is_signed_in
from hub.web.sessions import Sessions


def make_blueprint(sessions: Sessions) -> Blueprint:
    """Build what the forms below the wall view post to."""
    pages = Blueprint("wall", __name__)

    @pages.post("/dinding/tetap")
    @open_to(*READING_ROLES)
    def stay() -> Response:
        sessions.stay_as_wall(who_is_signed_in())
        return redirect(url_for("pictures.show_wall"), 303)

    @pages.post("/dinding/selesai")
    @open_to(*READING_ROLES)
    @open_to_wall
    def end() -> Response:
        sessions.end()
        return redirect(url_for("sign_in.show", done="signed-out"), 303)

    return pages
