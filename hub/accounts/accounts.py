"""Accounts of the hub's staff: made, signed in, and their own page. Implements `SignInServices` and
`OwnAccountServices`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from hub.account_services import (
    AccountRefused,
    AccountRow,
    Session,
    SessionView,
    SetUp,
    Stage,
    UnknownAccount,
)
from hub.accounts.areas import check_areas
from hub.accounts.lock_out import LockOut
from hub.accounts.models import User, UserArea
from hub.accounts.passphrases import problem_of
from hub.accounts.second_factor import SecondFactor
from hub.accounts.sessions import SessionRows
from hub.audit.entries import REASON_MAX_CHARACTERS
from hub.audit.log import AuditLog
from hub.languages import BY_TAG
from hub.services import COMMAND_LINE, ROLES, Role, SignedIn
from sync.clock import Clock
from sync.passwords import hash_password, needs_new_hash, password_matches
from sync.sealing.derivation import expand
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter


class Accounts:
    """Makes and checks accounts. Threads may share it; several processes may work on one database."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        audit: AuditLog,
        *,
        folder_key: bytes,
        demand_second_factor: Iterable[Role],
    ) -> None:
        self._db = database
        self._writer = writer
        self._audit = audit
        self._demanded = frozenset(demand_second_factor)
        self.rows = SessionRows(database, writer, clock)
        self.factor = SecondFactor(database, writer, clock, folder_key)
        self.lock_out = LockOut(database, writer, clock, expand(folder_key, "hub-lock-out"))

    # -- making -----------------------------------------------------------------------------------

    def add(
        self, name: str, role: str, password: str, areas: Iterable[str] = (), *, by: str = COMMAND_LINE
    ) -> None:
        """Make an account, or give an existing one a new role, areas and password; raise AccountRefused."""
        kept, checked = self.checked(name, role, areas), problem_of(password, name)
        if checked is not None:
            raise AccountRefused(checked)
        self.keep(name, role, hash_password(password), kept, must_change=False, by=by, what="account set")

    def checked(self, name: str, role: str, areas: Iterable[str]) -> tuple[str, ...]:
        """Return the areas as they are kept; raise AccountRefused for what no account may have."""
        if not name.strip() or len(name) > 64 or not name.isprintable():
            raise AccountRefused("name")
        if role not in ROLES:
            raise AccountRefused("role")
        return check_areas(areas)

    def keep(
        self,
        name: str,
        role: str,
        hashed: str,
        areas: tuple[str, ...],
        *,
        must_change: bool,
        by: SignedIn | str,
        what: str,
    ) -> None:
        """Write an account as checked before, end its sessions and note it."""

        def job() -> None:
            self._audit.note(by, what, f"account {name}", " ".join((role, *areas))[:REASON_MAX_CHARACTERS])
            row = {"role": role, "password_hash": hashed, "must_change": must_change}
            with self.keeping_an_administrator():
                if User.update(row).where(User.name == name).execute(self._db) == 0:
                    User.insert({"name": name, **row}).execute(self._db)
            self.set_areas(name, areas)
            self.rows.end_all(name)

        self._writer.run(job)

    @contextmanager
    def keeping_an_administrator(self) -> Iterator[None]:
        """Undo a change, by AccountRefused, that leaves a hub which has an administrator without one."""
        before = self._administrators()
        yield
        if before and not self._administrators():
            raise AccountRefused("last")

    def _administrators(self) -> int:
        return int(User.select().where((User.role == "administrator") & ~User.locked).count(self._db))

    def set_areas(self, name: str, areas: tuple[str, ...]) -> None:
        """Set what an account may see, as checked before; in a job of the writer."""
        UserArea.delete().where(UserArea.user == name).execute(self._db)
        for code in areas:
            UserArea.insert(user=name, code=code).execute(self._db)

    def _user(self, name: str) -> Any:
        connect(self._db)
        return User.select().where(User.name == name).first(self._db)

    def areas_of(self, name: str) -> tuple[str, ...]:
        """Return the areas that an account may see; none: the whole region."""
        connect(self._db)
        rows = UserArea.select().where(UserArea.user == name).order_by(UserArea.code).execute(self._db)
        return tuple(str(row.code) for row in rows)

    def account(self, name: str) -> SignedIn | None:
        """Return the account as it is now; None for one that is not there, or locked."""
        row = self._user(name)
        if row is None or row.locked:
            return None
        return SignedIn(row.name, cast(Role, row.role), self.areas_of(name), row.language)

    def row(self, name: str) -> AccountRow:
        """Return an account as an administrator sees it; raise UnknownAccount."""
        row = self._user(name)
        if row is None:
            raise UnknownAccount
        return AccountRow(
            name=row.name,
            role=cast(Role, row.role),
            areas=self.areas_of(name),
            locked=bool(row.locked),
            must_change=bool(row.must_change),
            second_factor=row.totp_sealed is not None,
            recovery_codes=self.factor.codes_left(name),
            sessions=len(self.rows.of(name)),
        )

    # -- signing in -------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str) -> SignedIn | None:
        """Return who it is; None when wrong or locked; raise SignInSlowed after some wrong ones in a row."""
        self.lock_out.check(name)
        row = self._user(name)
        # Unknown and locked accounts take the same way and the same time, so that neither shows.
        right = password_matches(password, None if row is None else row.password_hash)
        if not right or row.locked:
            self.lock_out.count_wrong(name)
            return None
        # With a second factor the count goes on: a stolen password must not clear it between codes.
        if row.totp_sealed is None:
            self.lock_out.clear(name)
        if needs_new_hash(row.password_hash):
            renewed = User.update(password_hash=hash_password(password)).where(User.name == name)
            self._writer.run(lambda: renewed.execute(self._db))
        return self.account(name)

    def set_up(self, name: str) -> SetUp:
        """Return what an account must still set before it may go on."""
        row = self._user(name)
        if row is None:
            return SetUp(password=False, second_factor=False, demanded=False)
        demanded = row.role in self._demanded
        return SetUp(bool(row.must_change), demanded and row.totp_sealed is None, demanded)

    def _stage_after_code(self, name: str) -> Stage:
        missing = self.set_up(name)
        return "setup" if missing.password or missing.second_factor else "whole"

    def begin_session(self, name: str) -> str:
        """Begin a session after the right password; return its id."""
        row = self._user(name)
        if row is not None and row.totp_sealed is not None:
            return self.rows.begin(name, "code")
        return self._begin(name)

    def _begin(self, name: str) -> str:
        def job() -> str:
            self._audit.note(name, "signed in", f"account {name}")
            return self.rows.begin(name, self._stage_after_code(name))

        return self._writer.run(job)

    def begin_wall(self, name: str) -> str:
        """Begin a session that shows the wall view and nothing else; return its id."""

        def job() -> str:
            self._audit.note(name, "wall begun", f"account {name}")
            return self.rows.begin(name, "wall")

        return self._writer.run(job)

    def session(self, session_id: str) -> Session | None:
        """Return the live session with that id, or None."""
        found = self.rows.find(session_id)
        account = None if found is None else self.account(found[0])
        return None if found is None or account is None else Session(account, found[1])

    def note_activity(self, session_id: str) -> None:
        """Put off the idle end of a session."""
        self.rows.note_activity(session_id)

    def end_session(self, session_id: str) -> None:
        """End a session."""
        self.rows.end(session_id)

    def enter_code(self, session_id: str, code: str) -> str | None:
        """Return the id of a whole session when the second factor is right; raise SignInSlowed."""
        waiting = self.session(session_id)
        if waiting is None or waiting.stage != "code":
            return None
        name = waiting.account.name
        self.lock_out.check(name)
        if not self.factor.accepts(name, code):
            self.lock_out.count_wrong(name)
            return None
        self.lock_out.clear(name)
        self.rows.end(session_id)
        return self._begin(name)

    # -- one's own account ------------------------------------------------------------------------

    def _go_on(self, name: str) -> None:
        """Let sessions that waited for a set-up go on, when nothing is missing; in a job."""
        if self._stage_after_code(name) == "whole":
            self.rows.finish_setup(name)

    def _check_own_password(self, name: str, password: str) -> None:
        self.lock_out.check(name)
        row = self._user(name)
        if not password_matches(password, None if row is None else row.password_hash):
            self.lock_out.count_wrong(name)
            raise AccountRefused("wrong")

    def change_password(self, name: str, old: str, new: str, *, session_id: str) -> None:
        """Set one's own password and end one's other sessions; raise AccountRefused or SignInSlowed."""
        self._check_own_password(name, old)
        problem = "same" if old == new else problem_of(new, name)
        if problem is not None:
            raise AccountRefused(problem)
        hashed = hash_password(new)

        def job() -> None:
            self._audit.note(name, "password changed", f"account {name}")
            User.update(password_hash=hashed, must_change=False).where(User.name == name).execute(self._db)
            self.rows.end_all(name, but=session_id)
            self._go_on(name)

        self._writer.run(job)

    def second_factor_secret(self, name: str) -> str:
        """Return the secret that is being set up, base32."""
        return self.factor.pending(name)

    def confirm_second_factor(
        self, name: str, code: str, *, password: str = "", session_id: str
    ) -> tuple[str, ...] | None:
        """Begin to use the secret when `code` is right; return ten recovery codes, or None.

        Raises AccountRefused where it would replace one and the password is wrong.
        """
        self.lock_out.check(name)
        row = self._user(name)
        if row is not None and row.totp_sealed is not None:
            self._check_own_password(name, password)

        def job() -> tuple[str, ...] | None:
            codes = self.factor.confirm(name, code)
            if codes is not None:
                self.rows.end_all(name, but=session_id)
                self._audit.note(name, "second factor set", f"account {name}")
                self._go_on(name)
            return codes

        codes = self._writer.run(job)
        if codes is None:
            self.lock_out.count_wrong(name)
        return codes

    def remove_second_factor(self, name: str, password: str) -> None:
        """Stop using it; raise AccountRefused where the role demands it or the password is wrong."""
        if self.set_up(name).demanded:
            raise AccountRefused("demanded")
        self._check_own_password(name, password)

        def job() -> None:
            self._audit.note(name, "second factor removed", f"account {name}")
            self.factor.remove(name)

        self._writer.run(job)

    def change_language(self, name: str, tag: str) -> None:
        """Read the pages in that language from now on; one that is none of `LANGUAGES` changes nothing."""
        if tag not in BY_TAG:
            return

        def job() -> None:
            User.update(language=tag).where(User.name == name).execute(self._db)
            self._audit.note(name, "language chosen", f"account {name}")

        self._writer.run(job)

    def own(self, name: str) -> AccountRow:
        """Return one's own account; raise UnknownAccount."""
        return self.row(name)

    def sessions_of(self, name: str, session_id: str) -> list[SessionView]:
        """Return one's own sessions."""
        return self.rows.of(name, own=session_id)

    def end_other_sessions(self, name: str, session_id: str) -> int:
        """End one's sessions but this one; return how many."""

        def job() -> int:
            self._audit.note(name, "sessions ended", f"account {name}")
            return self.rows.end_all(name, but=session_id)

        return self._writer.run(job)
