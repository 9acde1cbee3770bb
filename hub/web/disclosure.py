"""`/.well-known/security.txt` (RFC 9116): whom to tell of a weakness, for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Flask, Response, abort, url_for

from hub.disclosure import Disclosure
from hub.web.guards import open_to_everybody
from sync.clock import Clock

PATH: Final = "/.well-known/security.txt"


def register(app: Flask, disclosure: Callable[[], Disclosure], clock: Clock, *, secure: bool) -> None:
    """Put the page into a site; without a contact there is none. It is asked for anew each time."""
    pages = Blueprint("disclosure", __name__)

    @pages.get(PATH)
    @open_to_everybody
    def show() -> Response:
        found = disclosure()
        if not found.contacts:
            abort(404)
        canonical = url_for("disclosure.show", _external=True, _scheme="https") if secure else ""
        return Response(found.text(clock.wall_s(), canonical), content_type="text/plain; charset=utf-8")

    app.register_blueprint(pages)
