"""Who is signed in at this browser. The signed cookie holds a random id and nothing else.

Everything else stands in the hub's rows: the role is read again at each request, so that a removed, locked or
changed account ends at once, and an administrator can end sessions in every process.
"""

from __future__ import annotations

from flask import g, session

from hub.account_services import Session, SignInServices
from hub.services import SignedIn


class Sessions:
    """Begins, continues and ends the sessions of one hub."""

    def __init__(self, accounts: SignInServices) -> None:
        self._accounts = accounts

    def begin(self, account: SignedIn) -> None:
        """Start a session under a fresh id; whatever the cookie held before is gone."""
        self._take(self._accounts.begin_session(account.name))

    def _take(self, session_id: str) -> None:
        before = self.session_id()
        if before:
            self._accounts.end_session(before)
        session.clear()
        session["id"] = session_id
        g.pop("session", None)

    def end(self) -> None:
        """Sign out: empty the cookie, and no copy of it counts any more."""
        session_id = self.session_id()
        session.clear()
        g.pop("session", None)
        if session_id:
            self._accounts.end_session(session_id)

    def live(self) -> Session | None:
        """Return the live session of this browser, whole or not, or None."""
        if "session" not in g:
            session_id = self.session_id()
            g.session = self._accounts.session(session_id) if session_id else None
        found: Session | None = g.session
        return found

    def current(self) -> SignedIn | None:
        """Return who is signed in now, be it that something must be set up first, or None."""
        found = self.live()
        return None if found is None or found.stage in ("code", "wall") else found.account

    def of_wall(self) -> SignedIn | None:
        """Return whose wall view this browser shows, where it may show nothing else."""
        found = self.live()
        return found.account if found is not None and found.stage == "wall" else None

    def stay_as_wall(self, account: SignedIn) -> None:
        """Go on as a session that shows the wall view and nothing else, under a fresh id."""
        self._take(self._accounts.begin_wall(account.name))
        session.permanent = True  # the cookie outlives the browser: a screen starts anew after a power cut

    def must_set_up(self) -> bool:
        """Return whether this session may only set a password or a second factor."""
        found = self.live()
        return found is not None and found.stage == "setup"

    def waits_for_code(self) -> bool:
        """Return whether the password was right and the second factor is asked."""
        found = self.live()
        return found is not None and found.stage == "code"

    def enter_code(self, code: str) -> bool:
        """Go on as a whole session, under a fresh id, if the code is right; raise SignInSlowed."""
        session_id = self._accounts.enter_code(self.session_id(), code)
        if session_id is None:
            return False
        self._take(session_id)
        return True

    def was_begun(self) -> bool:
        """Return whether the browser brings a session at all, live or ended."""
        return bool(self.session_id())

    def session_id(self) -> str:
        """Return the id of the session that the browser brings; empty when there is none."""
        found = session.get("id")
        return found if isinstance(found, str) else ""

    def note_activity(self) -> None:
        """Put off the idle end. Not called for a page that refreshes itself: nobody may be there."""
        self._accounts.note_activity(self.session_id())
