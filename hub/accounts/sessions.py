"""Sessions as rows: any process knows them, and all of an account can be ended at once.

The cookie holds a random id, the row its hash: who reads the database signs in as nobody.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any, Final

from hub.account_services import SessionView, Stage
from hub.accounts.models import UserSession
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

IDLE_LIMIT_S: Final = 30 * 60
ABSOLUTE_LIMIT_S: Final = 12 * 60 * 60
WALL_IDLE_LIMIT_S: Final = 24 * 60 * 60
WALL_ABSOLUTE_LIMIT_S: Final = 30 * 24 * 60 * 60
"""A wall view asks anew every half minute. It outlives a cut of power, and is let in anew once a month."""
CLOCK_STEP_BACK_S: Final = 60
"""A clock may be set back a little (NTP); a session from further in the future is not believed."""
SEEN_STEP_S: Final = 20.0
"""A look sooner after the last one writes nothing: a session may end so much early."""


def is_live(begun_at: float, seen_at: float, now: float, stage: Stage = "whole") -> bool:
    """Return whether a session may go on."""
    idle_s, whole_s = _limits_s(stage)
    return -CLOCK_STEP_BACK_S <= now - seen_at < idle_s and now - begun_at < whole_s


def _limits_s(stage: Stage) -> tuple[int, int]:
    if stage == "wall":
        return WALL_IDLE_LIMIT_S, WALL_ABSOLUTE_LIMIT_S
    return IDLE_LIMIT_S, ABSOLUTE_LIMIT_S


def row_id(session_id: str) -> str:
    """Return under which id a session is kept."""
    return hashlib.sha256(session_id.encode("utf-8", "surrogatepass")).hexdigest()


class SessionRows:
    """Begins, finds and ends sessions."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock

    def begin(self, name: str, stage: Stage) -> str:
        """Keep a new session and return its id, for the cookie alone."""
        session_id, now = secrets.token_hex(16), self._clock.wall_s()

        def job() -> None:
            for of_wall in (False, True):
                idle_s, whole_s = _limits_s("wall" if of_wall else "whole")
                UserSession.delete().where(
                    (UserSession.stage == "wall" if of_wall else UserSession.stage != "wall")
                    & ((UserSession.seen_at < now - idle_s) | (UserSession.begun_at < now - whole_s))
                ).execute(self._db)
            UserSession.insert(
                id=row_id(session_id), user=name, stage=stage, begun_at=now, seen_at=now
            ).execute(self._db)

        self._writer.run(job)
        return session_id

    def find(self, session_id: str) -> tuple[str, Stage] | None:
        """Return whose live session it is and how far it came, or None."""
        connect(self._db)
        row = UserSession.select().where(UserSession.id == row_id(session_id)).first(self._db)
        if row is None or not is_live(row.begun_at, row.seen_at, self._clock.wall_s(), row.stage):
            return None
        return str(row.user), row.stage

    def note_activity(self, session_id: str) -> None:
        """Put off the idle end."""
        now, mine = self._clock.wall_s(), row_id(session_id)
        connect(self._db)
        row = UserSession.select(UserSession.seen_at).where(UserSession.id == mine).first(self._db)
        if row is not None and not 0 <= now - row.seen_at < SEEN_STEP_S:
            change = UserSession.update(seen_at=now).where(UserSession.id == mine)
            self._writer.run(lambda: change.execute(self._db))

    def finish_setup(self, name: str) -> None:
        """Let sessions that waited for a set-up go on; one that waits for a code waits on."""
        mine = (UserSession.user == name) & (UserSession.stage == "setup")
        change = UserSession.update(stage="whole").where(mine)
        self._writer.run(lambda: change.execute(self._db))

    def end(self, session_id: str) -> None:
        """End one."""
        gone = UserSession.delete().where(UserSession.id == row_id(session_id))
        self._writer.run(lambda: gone.execute(self._db))

    def end_all(self, name: str, *, but: str | None = None) -> int:
        """End the sessions of an account, but the one with the id `but`; return how many."""
        gone = UserSession.delete().where(UserSession.user == name)
        if but is not None:
            gone = gone.where(UserSession.id != row_id(but))
        return int(self._writer.run(lambda: gone.execute(self._db)))

    def of(self, name: str, *, own: str | None = None) -> list[SessionView]:
        """Return the live sessions of an account, the newest first; `own` is the id of the one that asks."""
        connect(self._db)
        now, mine = self._clock.wall_s(), None if own is None else row_id(own)
        rows = UserSession.select().where(UserSession.user == name).order_by(UserSession.begun_at.desc())
        return [
            SessionView(float(row.begun_at), float(row.seen_at), row.id == mine, row.stage == "wall")
            for row in rows.execute(self._db)
            if is_live(row.begun_at, row.seen_at, now, row.stage)
        ]
