"""Waits after wrong sign-ins, kept in the database: they survive restarts and count over all processes.

A name that no account has is counted and slowed like any other, so that waits do not tell which names exist.
"""

from __future__ import annotations

import hmac
from typing import Any

from hub.accounts.models import SignInFailure
from hub.services import SignInSlowed
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

WRONG_BEFORE_WAITING = 5
WAIT_S = 30.0
MAX_WAIT_S = 900.0
FORGOTTEN_AFTER_S = 86_400.0

ALL = "all"
ALL_BEFORE_WAITING = 60.0
"""Wrong ones under any names: sixty at once, then ten a minute, before everybody waits a little."""
ALL_LEAK_S = 6.0
ALL_WAIT_S = 5.0
ALL_MAX_WAIT_S = 60.0


class LockOut:
    """Counts wrong sign-ins and says how long to wait."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock, key: bytes) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._key = key

    def _row_of(self, name: str) -> str:
        # What was typed as a name may be a password: only a keyed hash of it is kept.
        return hmac.digest(self._key, name.encode("utf-8", "surrogatepass"), "sha256").hex()

    def check(self, name: str) -> None:
        """Raise SignInSlowed while the name, or everybody, must wait."""
        now = self._clock.wall_s()
        connect(self._db)
        rows = SignInFailure.select().where(SignInFailure.key.in_([self._row_of(name), ALL]))
        waits = [
            min(row.until - now, ALL_MAX_WAIT_S if row.key == ALL else MAX_WAIT_S)
            for row in rows.execute(self._db)
        ]
        longest = max(waits, default=0.0)
        if longest > 0:
            raise SignInSlowed(int(longest) + 1)

    def count_wrong(self, name: str) -> None:
        """Count a wrong one."""
        now, row = self._clock.wall_s(), self._row_of(name)

        def job() -> None:
            # Raised in the database and read afterwards: guesses at the same time each count.
            wrong = self._raise(row, now, leak_s=None)
            over = wrong - WRONG_BEFORE_WAITING
            if over >= 0:
                self._wait(row, now + min(MAX_WAIT_S, WAIT_S * 2.0 ** min(over, 10)))
            over = self._raise(ALL, now, leak_s=ALL_LEAK_S) - ALL_BEFORE_WAITING
            if over >= 0:
                self._wait(ALL, now + min(ALL_MAX_WAIT_S, ALL_WAIT_S * 2.0 ** min(over / 10, 10)))
            SignInFailure.delete().where(
                (SignInFailure.last_at < now - FORGOTTEN_AFTER_S) & (SignInFailure.key != ALL)
            ).execute(self._db)

        self._writer.run(job)

    def _raise(self, key: str, now: float, *, leak_s: float | None) -> float:
        fresh = {"key": key, "count": 0.0, "last_at": now, "until": 0.0}
        SignInFailure.insert(fresh).on_conflict_ignore().execute(self._db)
        mine = SignInFailure.key == key
        SignInFailure.update(count=SignInFailure.count + 1).where(mine).execute(self._db)
        row = SignInFailure.select().where(mine).get(self._db)
        leaked = 0.0 if leak_s is None else max(0.0, now - row.last_at) / leak_s
        count = max(1.0, row.count - leaked)
        SignInFailure.update(count=count, last_at=now).where(mine).execute(self._db)
        return count

    def _wait(self, key: str, until: float) -> None:
        SignInFailure.update(until=until).where(SignInFailure.key == key).execute(self._db)

    def clear(self, name: str) -> None:
        """Forget the wrong ones of a name; in a job of the writer or outside."""
        row = self._row_of(name)
        self._writer.run(lambda: SignInFailure.delete().where(SignInFailure.key == row).execute(self._db))
