"""Who may see the facilitator's pages: a PIN, then a session in memory that ends by itself.

The cookie holds a random token and nothing else; what it stands for is in this process's memory, so that
a restart ends all sessions. The default is no: a page that is not marked `open_without_pin` asks for the PIN.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from flask import Flask, Response, current_app, g, redirect, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from village_node.pin import Pin

COOKIE = "fasilitator"
IDLE_LIMIT_S = 45 * 60
ABSOLUTE_LIMIT_S = 12 * 3600
MAX_SESSIONS = 20
"""A phone and a laptop for each facilitator; the oldest ends when there are more."""
TOKEN_FIELD = "form_token"  # noqa: S105 - the name of a form field
REFRESHED = "otomatis"
"""Stands in the address with which a page refreshes itself: nobody may be at the screen."""

_OPEN = "kentongan_open_without_pin"
View = TypeVar("View", bound=Callable[..., object])


def open_without_pin(view: View) -> View:
    """Let a page be seen without the PIN."""
    setattr(view, _OPEN, True)
    return view


@dataclass
class Session:
    """One browser that gave the PIN. Times on the monotonic clock."""

    begun_at: float
    seen_at: float
    pin_serial: int
    form_token: str = field(default_factory=lambda: secrets.token_hex(16))


class FacilitatorSessions:
    """The sessions of one box, by the token in the cookie."""

    def __init__(self, pin: Pin, monotonic_s: Callable[[], float]) -> None:
        self._pin = pin
        self._now = monotonic_s
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, response: AnyResponse) -> None:
        """Begin a session under a fresh token, in the cookie of this response."""
        token, now, serial = secrets.token_urlsafe(32), self._now(), self._pin.serial
        with self._lock:
            self._sessions[token] = Session(now, now, serial)
            while len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
        # Not "secure": the village's Wi-Fi has no certificate that a phone could check.
        response.set_cookie(COOKIE, token, httponly=True, samesite="Strict", path="/")

    def current(self) -> Session | None:
        """Return the session of the request, or None when there is none or it has ended."""
        token, now = request.cookies.get(COOKIE, ""), self._now()
        with self._lock:
            session = self._sessions.get(token)
            if session is None:
                return None
            if now - session.seen_at < IDLE_LIMIT_S and now - session.begun_at < ABSOLUTE_LIMIT_S:
                return session if session.pin_serial == self._pin.serial else None
            del self._sessions[token]
            return None

    def note_activity(self, session: Session) -> None:
        """Put off the idle end."""
        session.seen_at = self._now()

    def end(self, response: AnyResponse) -> None:
        """End the session of the request."""
        with self._lock:
            self._sessions.pop(request.cookies.get(COOKIE, ""), None)
        response.delete_cookie(COOKIE, httponly=True, samesite="Strict", path="/")


class FacilitatorGuard:
    """Stands before every page of the facilitator's site."""

    def __init__(self, sessions: FacilitatorSessions) -> None:
        self._sessions = sessions

    def install(self, app: Flask) -> None:
        """Check every request of `app`; give templates `signed_in` and `token_field` for their forms."""
        app.before_request(self.check)
        app.context_processor(lambda: {"signed_in": "session" in g, "token_field": token_field()})

    def check(self) -> AnyResponse | None:
        """Let a request through (None), or answer in the page's place."""
        if request.endpoint is None:
            return None  # no such page: Flask answers 404 or 405
        session = self._sessions.current()
        if session is not None:
            g.session = session
        if getattr(current_app.view_functions[request.endpoint], _OPEN, False):
            return None
        if session is None:
            return _ask_for_pin()
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _has_token(session):
            return _not_sent("form")
        if request.args.get(REFRESHED) != "1":
            self._sessions.note_activity(session)
        return None


def token_field() -> Markup:
    """Return the hidden field that every form of the site needs."""
    if "session" not in g:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(TOKEN_FIELD, g.session.form_token)


def _has_token(session: Session) -> bool:
    # The form of a report has a token of its own under the same name, before this one.
    given = (token.encode("utf-8", "surrogatepass") for token in request.form.getlist(TOKEN_FIELD)[:2])
    return any(hmac.compare_digest(token, session.form_token.encode()) for token in given)


def _ask_for_pin() -> AnyResponse:
    if request.method not in ("GET", "HEAD"):
        return _not_sent("session")
    return redirect("/masuk", 303)


def _not_sent(why: str) -> AnyResponse:
    return Response(render_template("facilitator/not_sent.html", why=why), 403)
