"""What the pages of the duty roster may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from hub.duty.plan import Shift
from hub.services import SignedIn


@dataclass(frozen=True)
class KeptShift:
    """A weekly shift; `editable` for who asked."""

    number: int
    shift: Shift
    editable: bool


@dataclass(frozen=True)
class KeptChange:
    """What is different on one day, see `hub.duty.plan.Change`."""

    number: int
    day: date
    account: str | None
    shift: Shift | None
    editable: bool


@dataclass(frozen=True)
class Contact:
    """How an account is told. Empty: not in this way."""

    account: str
    mail: str
    phone: str


@dataclass(frozen=True)
class WayState:
    """How a way did last; `failing_since` None: well."""

    way: str
    configured: bool
    used_at: float | None
    failing_since: float | None
    problem: str | None


@dataclass(frozen=True)
class RosterView:
    """The page of the roster, for one account. `now` is who is on duty, (level, account)."""

    now: tuple[tuple[int, str], ...]
    shifts: tuple[KeptShift, ...]
    changes: tuple[KeptChange, ...]
    contacts: tuple[Contact, ...]
    """Of those whose shifts one may change; empty for who may change none."""
    editable: tuple[str, ...]
    """Accounts whose shifts one may change."""
    whole_office: bool
    """Whether one may free a day of all."""
    ways: tuple[WayState, ...]


@dataclass(frozen=True)
class Call:
    """Somebody was told, or was to be. `way` is mail, hook or wall (no other way is known for them)."""

    account: str
    level: int
    way: str
    made_at: float
    sent_at: float | None
    tries: int
    given_up: bool


@dataclass(frozen=True)
class RingView:
    """One ring of a report with whom it told."""

    begun_at: float
    level: int
    ended_at: float | None
    seen_at: float | None
    seen_by: str | None
    calls: tuple[Call, ...]


class DutyServices(Protocol):
    """The use cases of the duty roster. Who may edit is checked by the page's role and here by areas."""

    def roster(self, *, who: SignedIn) -> RosterView:
        """Return the plan as far as it touches the areas of `who`."""
        ...

    def add_shifts(
        self,
        account: str,
        level: int,
        weekdays: list[int],
        hours: tuple[int, int],
        only_urgent: bool,
        *,
        by: SignedIn,
    ) -> None:
        """Add a weekly shift on each of the days; raise DutyRefused."""
        ...

    def remove_shift(self, number: int, *, by: SignedIn) -> None:
        """Take a weekly shift away; one that is gone already is no error. Raises DutyRefused."""
        ...

    def add_change(
        self, day: str, account: str | None, shift: tuple[int, int, int, bool] | None, *, by: SignedIn
    ) -> None:
        """Add what differs on one day; `shift` is level, begin, end, only urgent. Raises DutyRefused."""
        ...

    def remove_change(self, number: int, *, by: SignedIn) -> None:
        """Take such a day away; raise DutyRefused."""
        ...

    def set_contact(self, account: str, mail: str, phone: str, *, by: SignedIn) -> None:
        """Keep how an account is told; raise DutyRefused."""
        ...

    def unseen(self, *, who: SignedIn) -> int:
        """Return how many urgent reports ring that nobody has opened or silenced."""
        ...

    def silence(self, *, by: SignedIn) -> None:
        """Stop the sound for all that ring in the areas of `by`; the levels go on until they are opened."""
        ...

    def rings_of(self, report_id: str) -> tuple[RingView, ...]:
        """Return the rings of a report, oldest first; who may see it is checked where it is shown."""
        ...
