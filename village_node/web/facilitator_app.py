"""The facilitator's site: a second app on its own port, behind a PIN. Nothing here opens a report.

A part of it is a blueprint of its own, mounted in `create_facilitator_app`, with a line in `NAV`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import render_template

from village_node.pin import Pin
from village_node.web.facilitator_guard import FacilitatorGuard, FacilitatorSessions
from village_node.web.guards import guard
from village_node.web.pin_pages import create_pin_pages
from village_node.web.public_app import MAX_BODY_BYTES, PublicSite, inlined
from village_node.web.radio_words import radio_part

NAV: tuple[tuple[str, str, str], ...] = (
    ("/keadaan", "Keadaan kotak", "check"),
    ("/pin", "Ganti PIN", "no"),
)
"""Path, words and icon (of `icons.ICONS`) of every part, in the order of the start page."""


@dataclass(frozen=True)
class FacilitatorServices:
    """What the pages ask of the box. `status`: see `village_node.health`."""

    status: Callable[[], dict[str, Any]]
    pin: Pin
    monotonic_s: Callable[[], float]


def create_facilitator_app(services: FacilitatorServices) -> PublicSite:
    """Build the facilitator's site. Starts nothing; sessions are in its memory."""
    app = PublicSite(__name__)
    app.style, app.style_hash = inlined("site.css", "facilitator.css")
    app.jinja_env.globals.update(style=app.style, nav=NAV)
    sessions = FacilitatorSessions(services.pin, services.monotonic_s)

    @app.get("/")
    def home() -> str:
        return render_template("facilitator/home.html")

    @app.get("/keadaan")
    def health() -> str:
        now = services.status()
        return render_template("health.html", status=now, radio=radio_part(now))

    @app.context_processor
    def for_error_pages() -> dict[str, Any]:
        return {"village_name": "", "emergency_numbers": ()}

    guard(app, style_hash=app.style_hash, script_hash=app.script_hash, max_body_bytes=MAX_BODY_BYTES)
    FacilitatorGuard(sessions).install(app)
    app.register_blueprint(create_pin_pages(services.pin, sessions))
    return app
