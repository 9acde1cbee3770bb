"""Who is signed in at this browser, from when, and until when.

The signed cookie holds the account's name, a random session id and two times, and nothing else: the
role is read again from the accounts at each request, so that a removed or changed account ends at once.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass
from typing import Final

from flask import session

from hub.services import HubServices, SignedIn
from sync.clock import Clock

IDLE_LIMIT_S: Final = 30 * 60
ABSOLUTE_LIMIT_S: Final = 12 * 60 * 60
_CLOCK_STEP_BACK_S: Final = 60
"""A clock may be set back a little (NTP); a cookie from further in the future is not believed."""


@dataclass(frozen=True)
class _Cookie:
    name: str
    session_id: str
    issued_at: float
    seen_at: float


class Sessions:
    """Begins, continues and ends the sessions of one hub."""

    def __init__(self, services: HubServices, clock: Clock) -> None:
        self._services = services
        self._clock = clock
        self._ended: dict[str, float] = {}
        self._ended_lock = threading.Lock()

    def begin(self, account: SignedIn) -> None:
        """Start a session under a fresh id; whatever the cookie held before is gone."""
        now = self._clock.wall_s()
        session.clear()
        session.update({"name": account.name, "id": secrets.token_hex(16), "issued_at": now, "seen_at": now})

    def end(self) -> None:
        """Sign out: empty the cookie and refuse copies of it for as long as they would have lived."""
        cookie = _read_cookie()
        session.clear()
        if cookie is None:
            return
        now = self._clock.wall_s()
        with self._ended_lock:
            self._ended = {ended: until for ended, until in self._ended.items() if until > now}
            self._ended[cookie.session_id] = cookie.issued_at + ABSOLUTE_LIMIT_S

    def current(self) -> SignedIn | None:
        """Return who is signed in now, or None."""
        cookie = _read_cookie()
        if cookie is None or not self._is_live(cookie):
            return None
        return self._services.account(cookie.name)

    def was_begun(self) -> bool:
        """Return whether the browser brings a session at all, live or ended."""
        return _read_cookie() is not None

    def session_id(self) -> str:
        """Return the id of the session that the browser brings; empty when there is none."""
        cookie = _read_cookie()
        return cookie.session_id if cookie else ""

    def note_activity(self) -> None:
        """Put off the idle end. Not called for a page that refreshes itself: nobody may be there."""
        session["seen_at"] = self._clock.wall_s()

    def _is_live(self, cookie: _Cookie) -> bool:
        now = self._clock.wall_s()
        with self._ended_lock:
            if cookie.session_id in self._ended:
                return False
        return (
            -_CLOCK_STEP_BACK_S <= now - cookie.seen_at < IDLE_LIMIT_S
            and now - cookie.issued_at < ABSOLUTE_LIMIT_S
        )


def _read_cookie() -> _Cookie | None:
    name, session_id = session.get("name"), session.get("id")
    issued_at, seen_at = session.get("issued_at"), session.get("seen_at")
    if not (isinstance(name, str) and isinstance(session_id, str) and session_id):
        return None
    if not (isinstance(issued_at, (int, float)) and isinstance(seen_at, (int, float))):
        return None
    return _Cookie(name, session_id, issued_at, seen_at)
