"""The facilitator's site: a second app on its own port, behind a PIN. Nothing here opens a report.

A part of it is a blueprint of its own, mounted in `create_facilitator_app`, with a line in `NAV`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import abort, render_template, request
from jinja2 import ChoiceLoader, FunctionLoader

from sync.upload_bodies import MAX_UPLOAD_BYTES
from village_node.awareness import AwarenessSessions
from village_node.captive_portal import names_the_box
from village_node.pin import Pin
from village_node.printing import Printing
from village_node.web import village_work
from village_node.web.attendance_pages import create_attendance_pages
from village_node.web.facilitator_content import Content
from village_node.web.facilitator_guard import FacilitatorGuard, FacilitatorSessions
from village_node.web.guards import guard
from village_node.web.health_words import health_lines
from village_node.web.pin_pages import create_pin_pages
from village_node.web.print_pages import create_print_pages
from village_node.web.public_app import MAX_BODY_BYTES, PublicSite, inlined
from village_node.web.quiz_screens import create_quiz_screens
from village_node.web.radio_words import radio_part
from village_node.web.session_pages import add_session_errors, create_session_pages
from village_node.web.session_quiz_pages import create_session_quiz_pages
from village_node.web.slide_pages import create_slide_pages
from village_node.web.village_work import VillageWork, add_village_work

NAV: tuple[tuple[str, str, str], ...] = (
    ("/sesi", "Sesi penyuluhan", "people"),
    ("/materi", "Pelajaran", "sound"),
    ("/cetak", "Kartu dan poster", "print"),
    *village_work.NAV,
    ("/keadaan", "Keadaan kotak", "check"),
    ("/pin", "Ganti PIN", "no"),
)
"""Path, words and icon (of `icons.ICONS`) of every part, in the order of the start page."""


_OWN_BASE = '{% extends "facilitator/base.html" %}'


@dataclass(frozen=True)
class FacilitatorServices:
    """What the pages ask of the box. `status`: see `village_node.health`."""

    status: Callable[[], dict[str, Any]]
    pin: Pin
    monotonic_s: Callable[[], float]
    sessions: AwarenessSessions
    content: Content
    printing: Printing
    today: Callable[[], str | None]
    public_port: int
    site_address: str = ""
    """What people type to reach the public site, where the box was told."""
    work: VillageWork | None = None


def create_facilitator_app(services: FacilitatorServices) -> PublicSite:
    """Build the facilitator's site. Starts nothing; sessions are in its memory."""
    app = PublicSite(__name__)
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_UPLOAD_BYTES=MAX_UPLOAD_BYTES,
    )
    # The form of a report is the public site's; around it stands this one.
    own = FunctionLoader(lambda name: _OWN_BASE if name == "base.html" else None)
    app.jinja_loader = ChoiceLoader([own, app.jinja_loader] if app.jinja_loader else [own])
    app.style, app.style_hash = inlined("site.css", "facilitator.css")
    turning, app.script_hash = inlined("facilitator.js")
    app.jinja_env.globals.update(style=app.style, turning=turning, nav=NAV)

    def site_address() -> str:
        """Return the public site's address: as kept for prints, as the box was told, or this one's own name
        with its port."""
        known = services.printing.settings().address or services.site_address
        if known:
            return known if known.endswith("/") else f"{known}/"
        host = urlsplit(f"//{request.host}").hostname or "localhost"
        port = "" if services.public_port == 80 else f":{services.public_port}"
        return f"http://{f'[{host}]' if ':' in host else host}{port}/"

    sessions = FacilitatorSessions(services.pin, services.monotonic_s)

    @app.get("/")
    def home() -> str:
        unread = services.work.notices.unread_count() if services.work else 0
        return render_template("facilitator/home.html", said={"/pengumuman": unread})

    @app.get("/keadaan")
    def health() -> str:
        now = services.status()
        return render_template("health.html", status=now, lines=health_lines(now), radio=radio_part(now))

    @app.context_processor
    def for_error_pages() -> dict[str, Any]:
        return {"village_name": "", "emergency_numbers": ()}

    @app.before_request
    def refuse_other_names() -> None:
        """A page of the internet can let its own name lead to this box, and is then "the same site"."""
        own = urlsplit(services.site_address).hostname or ""
        if not names_the_box(request.host, own):
            abort(404)

    guard(app, style_hash=app.style_hash, script_hash=app.script_hash, max_body_bytes=MAX_BODY_BYTES)
    FacilitatorGuard(sessions).install(app)
    app.register_blueprint(create_pin_pages(services.pin, sessions))
    add_session_errors(app)
    app.register_blueprint(
        create_session_pages(services.sessions, services.content, services.today, site_address)
    )
    app.register_blueprint(create_attendance_pages(services.sessions))
    app.register_blueprint(create_slide_pages(services.content))
    app.register_blueprint(create_session_quiz_pages(services.sessions, services.content, site_address))
    app.register_blueprint(create_quiz_screens(services.sessions, site_address))
    app.register_blueprint(create_print_pages(services.printing, services.content, site_address))
    if services.work is not None:
        add_village_work(app, services.work)
    return app
