"""Accounts of the hub's staff and the slowing of wrong passwords."""

from __future__ import annotations

import threading
from typing import Any, cast

from hub.models import User
from hub.services import ROLES, Role, SignedIn, SignInSlowed
from hub.storage.statements import put
from sync.clock import Clock
from sync.passwords import hash_password, needs_new_hash, password_matches
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

WRONG_BEFORE_WAITING = 5
WAIT_S = 30.0
MAX_WAIT_S = 900.0
MIN_PASSWORD_CHARACTERS = 12
MAX_NAMES = 1024


class AccountRefused(Exception):
    """An account that cannot be made; the text says what is allowed."""


class Accounts:
    """Makes and checks accounts. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._wrong: dict[str, tuple[int, float]] = {}
        self._lock = threading.Lock()

    def add(self, name: str, role: str, password: str) -> None:
        """Make an account, or give an existing one a new role and password; raise AccountRefused."""
        if not name.strip() or len(name) > 64 or not name.isprintable():
            raise AccountRefused("a name has 1 to 64 printable characters")
        if role not in ROLES:
            raise AccountRefused(f"the role is one of {', '.join(ROLES)}")
        if len(password) < MIN_PASSWORD_CHARACTERS:
            raise AccountRefused(f"a password has at least {MIN_PASSWORD_CHARACTERS} characters")
        self._keep(name, role, password)

    def _keep(self, name: str, role: str, password: str) -> None:
        row = {"name": name, "role": role, "password_hash": hash_password(password)}
        self._writer.run(lambda: put(User, row).execute(self._db))

    def account(self, name: str) -> SignedIn | None:
        """Return the account as it is now."""
        connect(self._db)
        row = User.select().where(User.name == name).first(self._db)
        return None if row is None else SignedIn(row.name, cast(Role, row.role))

    def sign_in(self, name: str, password: str) -> SignedIn | None:
        """Return who it is; None when wrong; raise SignInSlowed after some wrong ones in a row."""
        now = self._clock.monotonic_s()
        with self._lock:
            _, until = self._wrong.get(name, (0, 0.0))
        if now < until:
            raise SignInSlowed(int(until - now) + 1)
        connect(self._db)
        row = User.select().where(User.name == name).first(self._db)
        if password_matches(password, None if row is None else row.password_hash):
            with self._lock:
                self._wrong.pop(name, None)
            if row is not None and needs_new_hash(row.password_hash):
                self._keep(name, row.role, password)
            return self.account(name)
        self._count_wrong(name, now)
        return None

    def _count_wrong(self, name: str, now: float) -> None:
        with self._lock:
            # Read here and not before the check: guesses at the same time must each count.
            wrong = self._wrong.get(name, (0, 0.0))[0] + 1
            over = wrong - WRONG_BEFORE_WAITING
            until = 0.0 if over < 0 else now + min(MAX_WAIT_S, WAIT_S * 2.0 ** min(over, 10))
            if len(self._wrong) >= MAX_NAMES:
                self._wrong.clear()
            self._wrong[name] = (wrong, until)
