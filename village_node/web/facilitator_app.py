"""The facilitator's site: a second app on its own port. Today it shows the box's health, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template

from village_node.web.guards import guard
from village_node.web.public_app import MAX_BODY_BYTES, PublicSite
from village_node.web.radio_words import radio_part


def create_facilitator_app(status: Callable[[], dict[str, Any]]) -> PublicSite:
    """Build the facilitator's site over `status` (see `village_node.health`). Nothing here opens a report."""
    app = PublicSite(__name__)

    @app.get("/")
    def health() -> str:
        now = status()
        return render_template("health.html", status=now, radio=radio_part(now))

    @app.context_processor
    def for_error_pages() -> dict[str, Any]:
        return {"village_name": "", "emergency_numbers": ()}

    guard(app, style_hash=app.style_hash, script_hash=app.script_hash, max_body_bytes=MAX_BODY_BYTES)
    return app
