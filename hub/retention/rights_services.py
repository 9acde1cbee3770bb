"""What the pages about rights of Law 27/2022 may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hub.services import SignedIn

DETAIL_MAX_CHARACTERS = 2000


class UnknownClock(Exception):
    """No clock has that number, or the account may not see what it is about."""


@dataclass(frozen=True)
class Breach:
    """What a breach asks: what was affected, how and when, what is done about it."""

    affected: str = ""
    how: str = ""
    handling: str = ""


@dataclass(frozen=True)
class ClockRow:
    """One clock. Times are Unix seconds; `closed_how` is empty while it runs. `about` is report, case,
    person or hub."""

    number: int
    kind: str
    about: str
    ref: str
    way: str
    received_at: float
    due_at: float
    opened_by: str
    breach: Breach | None
    closed_by: str | None
    closed_at: float | None
    closed_how: str
    close_reason: str


class RightsServices(Protocol):
    """Clocks of the areas that an account may see. What changes something raises RetentionRefused."""

    def running(self, *, limit: int, who: SignedIn) -> tuple[list[ClockRow], int]:
        """Return the clocks that run, the first due first (so that overdue ones lead), and how many."""
        ...

    def closed(self, *, limit: int, who: SignedIn) -> list[ClockRow]:
        """Return those closed last."""
        ...

    def one(self, number: int, *, who: SignedIn) -> ClockRow:
        """Return one; raise UnknownClock."""
        ...

    def soon(self, now: float, *, who: SignedIn) -> tuple[int, float] | None:
        """Return how many are due within a day of `now`, or overdue, and when the first is; None for none."""
        ...

    def open(
        self,
        kind: str,
        ref: str,
        way: str,
        received_at: float | None,
        breach: Breach | None,
        *,
        who: SignedIn,
    ) -> int:
        """Begin a clock and return its number. `ref` is a report's id, a case's or a person's number, or
        empty; `breach` is for a breach alone."""
        ...

    def tell_breach(self, number: int, breach: Breach, *, who: SignedIn) -> None:
        """Keep what is known of a breach by now; raise UnknownClock."""
        ...

    def close(self, number: int, reason: str, *, who: SignedIn) -> None:
        """End a clock; raise UnknownClock."""
        ...
