"""All accounts, for an administrator: make, change, lock, reset. Implements `AdministrationServices`.

Nobody changes himself here, so nobody raises himself; and one administrator who can sign in always stays.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from typing import Any

from hub.account_services import AccountRefused, AccountRow, UnknownAccount
from hub.accounts.accounts import Accounts
from hub.accounts.areas import lies_within
from hub.accounts.models import User
from hub.audit.entries import REASON_MAX_CHARACTERS
from hub.audit.log import AuditLog
from hub.services import SignedIn
from sync.passwords import hash_password
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

Who = SignedIn | str


class Administration:
    """Changes accounts and notes each change."""

    def __init__(self, database: Any, writer: GroupCommitWriter, accounts: Accounts, audit: AuditLog) -> None:
        self._db = database
        self._writer = writer
        self._accounts = accounts
        self._audit = audit

    def accounts(self) -> list[AccountRow]:
        """Return all accounts by name."""
        connect(self._db)
        names = [row.name for row in User.select(User.name).order_by(User.name).execute(self._db)]
        return [self._accounts.row(name) for name in names]

    def one(self, name: str) -> AccountRow:
        """Return one; raise UnknownAccount."""
        return self._accounts.row(name)

    def create(self, name: str, role: str, areas: tuple[str, ...], *, by: Who) -> str:
        """Make an account and return its one-time password; raise AccountRefused."""
        kept = self._accounts.checked(name, role, areas)
        if not lies_within(kept, by):
            raise AccountRefused("beyond")
        code, hashed = _one_time()

        def job() -> None:
            if User.select().where(User.name == name).exists(self._db):
                raise AccountRefused("taken")
            self._accounts.keep(name, role, hashed, kept, must_change=True, by=by, what="account made")

        self._writer.run(job)
        return code

    def change(self, name: str, role: str, areas: tuple[str, ...], *, by: Who) -> None:
        """Set role and areas; raise AccountRefused or UnknownAccount."""
        kept = self._accounts.checked(name, role, areas)
        if not lies_within(kept, by):
            raise AccountRefused("beyond")

        def job() -> None:
            User.update(role=role).where(User.name == name).execute(self._db)
            self._accounts.set_areas(name, kept)
            if self._accounts.set_up(name).second_factor:
                # The new role demands what was not asked when these sessions began.
                self._accounts.rows.end_all(name)

        self._change(name, by, "account changed", job, " ".join((role, *kept))[:REASON_MAX_CHARACTERS])

    def lock(self, name: str, locked: bool, *, by: Who) -> None:
        """Lock an account and end its sessions, or open it; raise AccountRefused or UnknownAccount."""

        def job() -> None:
            User.update(locked=locked).where(User.name == name).execute(self._db)
            if locked:
                self._accounts.rows.end_all(name)
            else:
                self._accounts.lock_out.clear(name)

        self._change(name, by, "account locked" if locked else "account unlocked", job)

    def reset(self, name: str, *, by: Who) -> str:
        """Unset password and second factor, end the sessions, return a one-time password.

        Raises AccountRefused or UnknownAccount.
        """
        code, hashed = _one_time()

        def job() -> None:
            User.update(password_hash=hashed, must_change=True).where(User.name == name).execute(self._db)
            self._accounts.factor.remove(name)
            self._accounts.rows.end_all(name)
            self._accounts.lock_out.clear(name)

        self._change(name, by, "account reset", job)
        return code

    def end_sessions(self, name: str, *, by: Who) -> int:
        """End all sessions of an account; return how many. Raises AccountRefused or UnknownAccount."""
        ended: list[int] = []
        self._change(name, by, "sessions ended", lambda: ended.append(self._accounts.rows.end_all(name)))
        return ended[0]

    def _change(self, name: str, by: Who, what: str, change: Callable[[], None], reason: str = "") -> None:
        """Make a change and its note in one transaction, if it may be made."""

        def job() -> None:
            # The note comes first: it takes the lock of the log, so that two administrators who lock each
            # other at the same moment do it one after the other, and the second is refused.
            self._audit.note(by, what, f"account {name}", reason)
            if not User.select().where(User.name == name).exists(self._db):
                raise UnknownAccount
            if not isinstance(by, str) and by.name == name:
                raise AccountRefused("own")
            if not lies_within(self._accounts.areas_of(name), by):
                raise AccountRefused("beyond")
            with self._accounts.keeping_an_administrator():
                change()

        self._writer.run(job)


def _one_time() -> tuple[str, str]:
    """Return a one-time password of 80 random bits and its hash."""
    letters = base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()
    code = "-".join(letters[at : at + 4] for at in range(0, 16, 4))
    return code, hash_password(code)
