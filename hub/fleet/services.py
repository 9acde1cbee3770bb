"""What pages and commands ask of the fleet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.services import SignedIn
from sync.wire.beacons import Beacon
from sync.wire.numbers import UpdateTrouble


@dataclass(frozen=True)
class UpdateView:
    """What a box said of its versions, empty for none; `told_at` in Unix seconds."""

    running: str
    trial: str
    left: str
    trouble: UpdateTrouble
    told_at: float


@dataclass(frozen=True)
class BoxView:
    """One box for a list. `contacts` says when it was heard by each way; `troubles` are words of
    `hub.fleet.troubles.KINDS`, the worst first; `since` is when the count of starts began."""

    node: int
    village: str
    village_name: str
    contacts: Mapping[str, float]
    troubles: tuple[str, ...]
    silent_days: int
    needs_person: bool
    beacon: Beacon | None
    told_at: float | None
    told_online: bool
    starts: int
    unclean: int
    since: float | None
    figures: Mapping[str, int]
    update: UpdateView | None = None

    @property
    def last_via(self) -> str | None:
        """Return the way by which it was heard last."""
        return max(self.contacts, key=lambda via: self.contacts[via], default=None)


@dataclass(frozen=True)
class FleetPart:
    """A part of the list, and where the next one begins (None: there is none)."""

    rows: tuple[BoxView, ...]
    following: int | None


class FleetServices(Protocol):
    """The boxes that an account may see."""

    def part(self, *, who: SignedIn, after: int, limit: int) -> FleetPart:
        """Return boxes behind a place of the list, who needs a person first."""
        ...

    def counts(self, *, who: SignedIn) -> tuple[int, int]:
        """Return how many boxes there are, and how many need a person."""
        ...

    def needing_by_village(self, *, who: SignedIn) -> dict[str, int]:
        """Return in which villages boxes need a person, and how many."""
        ...
