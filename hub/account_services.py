"""What the pages of the hub ask about accounts: signing in, one's own account, and all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from hub.services import ROLES, Role, SignedIn
from sync.passwords import PASSWORD_MAX_CHARACTERS

MIN_PASSWORD_CHARACTERS = 12

Stage = Literal["whole", "code", "setup", "wall"]
"""How far a session came: signed in; a code is asked; a password or second factor must be set first."""

DEMAND_SECOND_FACTOR: tuple[Role, ...] = ("administrator", "supervisor")
"""Roles of which a hub demands a second factor unless it is told otherwise."""


REFUSALS: Mapping[str, str] = {
    "name": "a name has 1 to 64 printable characters",
    "role": f"the role is one of {', '.join(ROLES)}",
    "area": "an area is a Kemendagri code of a province, regency, district or village, such as 52 or 52.02",
    "short": f"a password has at least {MIN_PASSWORD_CHARACTERS} characters",
    "long": f"a password has at most {PASSWORD_MAX_CHARACTERS} characters",
    "common": "that password is among the first that are tried: take words that do not belong together",
    "again": "the new password was typed in two ways",
    "same": "the new password is the old one",
    "wrong": "the present password is wrong",
    "taken": "there is an account of that name: choose another name, or change that one",
    "own": "nobody changes the own account here: ask another administrator",
    "last": "one administrator who can sign in must stay: make another one first",
    "beyond": "an administrator of some areas handles accounts within them alone, each with areas of its own",
    "demanded": "this hub demands a second factor of that role",
}
"""What may be wrong with an account or a change, and what is allowed."""


class AccountRefused(Exception):
    """An account that cannot be made or changed so; `why` is a key of `REFUSALS`, whose text it says."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(REFUSALS[why])


class UnknownAccount(Exception):
    """No account has that name."""


@dataclass(frozen=True)
class Session:
    """A live session: whose it is, and how far it came."""

    account: SignedIn
    stage: Stage


@dataclass(frozen=True)
class SessionView:
    """A session as its owner sees it. Times are Unix seconds; `this` is the one that asks, `wall` one that
    shows the wall view and nothing else."""

    begun_at: float
    seen_at: float
    this: bool
    wall: bool = False


@dataclass(frozen=True)
class AccountRow:
    """An account as an administrator sees it."""

    name: str
    role: Role
    areas: tuple[str, ...]
    locked: bool
    must_change: bool
    second_factor: bool
    recovery_codes: int
    sessions: int

    @property
    def key(self) -> str:
        """What stands for the account in an address: no name does."""
        return account_key(self.name)


def account_key(name: str) -> str:
    """Return 16 hexadecimal digits that stand for an account in addresses."""
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True)
class SetUp:
    """What is still to be set before an account may go on, and whether the role demands a second factor."""

    password: bool
    second_factor: bool
    demanded: bool


class SignInServices(Protocol):
    """What signing in and every request ask."""

    def sign_in(self, name: str, password: str) -> SignedIn | None:
        """Return who it is, or None when name or password is wrong; raise SignInSlowed."""
        ...

    def begin_session(self, name: str) -> str:
        """Begin a session after the right password, at the stage that the account needs; return its id."""
        ...

    def begin_wall(self, name: str) -> str:
        """Begin a session that shows the wall view and nothing else, for weeks; return its id."""
        ...

    def session(self, session_id: str) -> Session | None:
        """Return the live session with that id, with its account as it is now, or None."""
        ...

    def note_activity(self, session_id: str) -> None:
        """Put off the idle end of a session."""
        ...

    def end_session(self, session_id: str) -> None:
        """End a session."""
        ...

    def enter_code(self, session_id: str, code: str) -> str | None:
        """Return the id of a new, whole session when the second factor is right, else None.

        `code` is one of the authenticator or a recovery code. Raises SignInSlowed.
        """
        ...


class OwnAccountServices(Protocol):
    """What the pages of one's own account ask."""

    def set_up(self, name: str) -> SetUp:
        """Return what an account must still set before it may go on."""
        ...

    def change_password(self, name: str, old: str, new: str, *, session_id: str) -> None:
        """Set one's own password and end one's other sessions; raise AccountRefused or SignInSlowed."""
        ...

    def second_factor_secret(self, name: str) -> str:
        """Return the secret of the second factor that is being set up (base32); the same until it is used."""
        ...

    def confirm_second_factor(
        self, name: str, code: str, *, password: str = "", session_id: str
    ) -> tuple[str, ...] | None:
        """Use the secret from now on if `code` is right; return ten recovery codes, or None.

        Where another one is in use, it takes the password, too. Raises AccountRefused and SignInSlowed.
        """
        ...

    def remove_second_factor(self, name: str, password: str) -> None:
        """Stop using it; raise AccountRefused where the role demands it or the password is wrong."""
        ...

    def change_language(self, name: str, tag: str) -> None:
        """Read the pages in the language of that tag from now on."""
        ...

    def own(self, name: str) -> AccountRow:
        """Return one's own account; raise UnknownAccount."""
        ...

    def sessions_of(self, name: str, session_id: str) -> list[SessionView]:
        """Return one's own sessions."""
        ...

    def end_other_sessions(self, name: str, session_id: str) -> int:
        """End one's sessions but this one; return how many."""
        ...


class AdministrationServices(Protocol):
    """What the pages about all accounts ask. `by` is the administrator; nobody changes himself here."""

    def accounts(self) -> list[AccountRow]:
        """Return all accounts by name."""
        ...

    def one(self, name: str) -> AccountRow:
        """Return one; raise UnknownAccount."""
        ...

    def create(self, name: str, role: str, areas: tuple[str, ...], *, by: SignedIn) -> str:
        """Make an account and return its one-time password; raise AccountRefused."""
        ...

    def change(self, name: str, role: str, areas: tuple[str, ...], *, by: SignedIn) -> None:
        """Set role and areas; raise AccountRefused or UnknownAccount."""
        ...

    def lock(self, name: str, locked: bool, *, by: SignedIn) -> None:
        """Lock an account and end its sessions, or open it; raise AccountRefused or UnknownAccount."""
        ...

    def reset(self, name: str, *, by: SignedIn) -> str:
        """Unset password and second factor, end the sessions, return a one-time password.

        Raises AccountRefused or UnknownAccount.
        """
        ...

    def end_sessions(self, name: str, *, by: SignedIn) -> int:
        """End all sessions of an account; return how many. Raises AccountRefused or UnknownAccount."""
        ...
