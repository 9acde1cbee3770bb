"""What the pages of the weekly report ask of the hub."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final, Protocol

from hub.services import Role, SignedIn
from hub.weekly.facts import Facts

INTERNAL, PUBLIC = "internal", "public"
AUDIENCES: Final = (INTERNAL, PUBLIC)
PUBLIC_ROLES: Final[tuple[Role, ...]] = ("supervisor", "administrator")
"""Who may take the version for readers outside along; one that sees the whole hub."""
LISTED_AT_ONCE: Final = 53
_EPOCH: Final = datetime.date(1970, 1, 1)


class UnknownWeek(Exception):
    """There is no report of that week for what the account sees, or none that it may take outside."""


@dataclass(frozen=True)
class WeekRow:
    """One week in the list; more than one version means that it was corrected."""

    week: int
    versions: int
    made_at: float


@dataclass(frozen=True)
class KeptReport:
    """The figures of one week as they were kept. `latest` is the number of versions; `before` and `after` are
    the neighbouring weeks that there is a report of."""

    facts: Facts
    version: int
    latest: int
    made_at: float
    before: int | None = None
    after: int | None = None


class WeeklyServices(Protocol):
    """Weekly reports; each look is noted in the log of accesses. What names a week raises UnknownWeek."""

    def rows(self, *, before: int | None = None, who: SignedIn) -> list[WeekRow]:
        """Return the newest weeks of which there is a report, of those before one."""
        ...

    def report(
        self,
        week: int,
        version: int | None = None,
        *,
        who: SignedIn,
        audience: str = INTERNAL,
        taken: bool = False,
    ) -> KeptReport:
        """Return a report, by default its last version; the public one is always of the first. `taken` tells
        that it leaves as a file."""
        ...


def name_of(week: int) -> str:
    """Return a Monday as the name of its week, such as 2026-W48."""
    year, number, _ = monday_of(week).isocalendar()
    return f"{year}-W{number:02}"


def week_named(name: str) -> int:
    """Return the Monday of a week such as 2026-W48, in days from 1970-01-01; raise ValueError."""
    day = datetime.datetime.strptime(f"{name}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a date, no time
    week = (day - _EPOCH).days
    if name_of(week) != name:
        raise ValueError("a week is written as 2026-W48")
    return week


def monday_of(week: int) -> datetime.date:
    """Return a week as the date of its Monday."""
    return _EPOCH + datetime.timedelta(week)
