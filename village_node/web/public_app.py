"""The public site of a village node: what anybody on the village's Wi-Fi sees."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from flask import Flask, render_template
from markupsafe import Markup

from village_node.services import PublicServices
from village_node.web.bodies import MAX_FIELDS, InMemoryRequest
from village_node.web.emergency_numbers import EMERGENCY_NUMBERS
from village_node.web.guards import guard, last_resort, log_failure
from village_node.web.receipt_pages import create_receipt_pages
from village_node.web.report_pages import create_report_pages

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

MAX_BODY_BYTES = 262_144
"""The largest report (every text full, four-byte letters, percent-encoded) is about 70 KB."""

_STYLE_SHEET = Path(__file__).parent / "static" / "site.css"


class PublicSite(Flask):
    """A Flask that keeps bodies in memory and never logs what a visitor typed."""

    request_class = InMemoryRequest

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request; let no error out to the server, which would log its text."""
        try:
            answer: Iterable[bytes] = super().wsgi_app(environ, start_response)
        except Exception as error:
            return last_resort(error)(environ, start_response)
        return answer

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Log the kind and place only; Flask would print the error's text and the path."""
        if exc_info[1] is not None:
            log_failure(exc_info[1])


def inline_style() -> tuple[Markup, str]:
    """Return the style sheet as it stands in every page, and its hash for the policy."""
    style = _STYLE_SHEET.read_text("utf-8")
    digest = hashlib.sha256(style.encode("utf-8")).digest()
    # The style sheet is ours and its hash stands in the policy: it must reach the page unescaped.
    return Markup(style), base64.b64encode(digest).decode("ascii")  # noqa: S704


def create_public_app(
    services: PublicServices,
    *,
    village_name: str,
    max_body_bytes: int = MAX_BODY_BYTES,
) -> PublicSite:
    """Build the public site over `services`. Starts nothing and keeps nothing.

    `village_name` stands behind "Informasi Desa", so it comes without the word "Desa".

    Serve it with `bodies.in_memory_server_options`, or the server may put bodies on the card.
    """
    # No static route: the one small style sheet stands in every page, which saves a request and
    # works in captive windows that fetch nothing else.
    app = PublicSite(__name__, static_folder=None)
    app.config.update(
        MAX_CONTENT_LENGTH=max_body_bytes,
        MAX_FORM_MEMORY_SIZE=max_body_bytes,
        MAX_FORM_PARTS=MAX_FIELDS,
    )
    app.url_map.strict_slashes = False  # "/lapor/" typed by hand is the same page
    app.url_map.merge_slashes = False  # never a redirect: its body would be in English
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.autoescape = True

    style, style_hash = inline_style()

    @app.context_processor
    def site_context() -> dict[str, Any]:
        return {
            "village_name": village_name,
            "style": style,
            "emergency_numbers": EMERGENCY_NUMBERS,
        }

    @app.get("/")
    def home() -> str:
        return render_template("home.html")

    app.register_blueprint(create_report_pages(services))
    app.register_blueprint(create_receipt_pages(services))
    guard(app, style_hash=style_hash, max_body_bytes=max_body_bytes)
    return app
