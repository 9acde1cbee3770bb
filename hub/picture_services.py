"""What the pages with pictures and the wall ask of the hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.services import SignedIn

SILENT_AFTER_DAYS = 3
"""A node calls every six hours: after twelve calls that nobody heard somebody should ask."""

MOST_COUNTED = 10_000
"""The wall counts no further: one more stands for any number above."""


@dataclass(frozen=True)
class WallNumbers:
    """What a duty room must know now. `oldest_urgent_at` is when the urgent report that nobody has read for
    longest came in, Unix seconds, or None."""

    urgent_unread: int
    oldest_urgent_at: float | None
    unread: int
    waiting: int
    """Read, and neither answered, asked, acted on nor withdrawn."""
    silent_villages: int
    villages: int


@dataclass(frozen=True)
class Flow:
    """How many reports tell of one way: from a province or regency (its code), through a place (a key of
    `hub.flows.transit`), to a country (ISO code); both are empty where nobody said."""

    origin: str
    through: str
    destination: str
    reports: int

    @property
    def place(self) -> tuple[str, str, str]:
        """Return the three codes."""
        return self.origin, self.through, self.destination


class PictureServices(Protocol):
    """Counts of what an account may see. None of them holds anything that a reporter said."""

    def by_week(self, starts: Sequence[float], who: SignedIn) -> list[dict[str, int]]:
        """Return counts by kind from each start, Unix seconds, to the next; the last start only ends.

        A report counts when it was taken, where that is known within an hour, else when it was received.
        """
        ...

    def by_area(self, begins_at: float, ends_at: float, kind: str | None, who: SignedIn) -> Mapping[str, int]:
        """Return counts of whole weeks by the code of the regency that reports came from."""
        ...

    def by_destination(
        self, begins_at: float, ends_at: float, kind: str | None, who: SignedIn
    ) -> Mapping[str | None, int]:
        """Return counts by the ISO code of the country of destination; under None those that name none."""
        ...

    def flows(
        self, begins_at: float, ends_at: float, kind: str | None, province: str | None, who: SignedIn
    ) -> list[Flow]:
        """Return the ways of whole weeks, from provinces, or from the regencies of one; most reports first.

        Accounts with areas see the regencies of these. A report counts in the week in which it was received.
        """
        ...

    def wall(self, now: float, who: SignedIn) -> WallNumbers:
        """Return the numbers of the wall."""
        ...
