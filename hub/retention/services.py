"""What the page about retention may ask for."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.retention.periods import Periods
from hub.services import SignedIn

REASON_MAX_CHARACTERS = 300


class RetentionRefused(Exception):
    """Something that cannot be done; the text says what is allowed, in Indonesian."""


@dataclass(frozen=True)
class DueRow:
    """A report that falls due, without a word of it. Times are Unix seconds."""

    report: str
    village: str
    category: str
    due_at: float
    approved_by: str | None


@dataclass(frozen=True)
class HoldRow:
    """A hold that runs. `kind` is "report" or "case"."""

    number: int
    kind: str
    ref: str
    by: str
    at: float
    reason: str
    until: datetime.date


class RetentionServices(Protocol):
    """Lists, approvals and holds, of the areas that an account may see."""

    periods: Periods

    def due(self, *, limit: int, who: SignedIn) -> tuple[list[DueRow], int]:
        """Return what falls due, the first first, and how many there are."""
        ...

    def approve(self, reports: Sequence[str], *, approved: bool, who: SignedIn) -> int:
        """Approve that these are forgotten when they are due, or take that back; return how many changed."""
        ...

    def holds(self, who: SignedIn) -> list[HoldRow]:
        """Return the holds that run, the newest first."""
        ...

    def hold(self, ref: str, reason: str, until: datetime.date | None, *, who: SignedIn) -> None:
        """Hold a report by its id, or a case by its number; raise RetentionRefused."""
        ...

    def lift(self, number: int, reason: str, *, who: SignedIn) -> None:
        """End a hold; raise RetentionRefused."""
        ...
