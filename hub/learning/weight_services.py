"""What the page and the commands about weights ask of the hub."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from hub.learning.comparing import Comparison
from hub.services import Role, SignedIn

CHANGING_ROLES: Final[tuple[Role, ...]] = ("supervisor", "administrator")
HELD_BACK_CHOICES: Final = (0, 4, 8, 13, 26)
USUAL_HELD_BACK: Final = 8


class WeightsRefused(Exception):
    """It cannot be done; the text says what is allowed, in Indonesian."""


@dataclass(frozen=True)
class SignRow:
    """One sign: its points in the table that holds and in the one on trial (None where there is none)."""

    sign: str
    why: str
    champion: int
    challenger: int | None


@dataclass(frozen=True)
class Trial:
    """The table on trial: on what it was fitted, and what it says of new reports in the shadow; `until` is
    Unix seconds. `shadowed` new reports were scored by both, `higher` and `lower` stand in another band."""

    version: str
    made_at: float
    made_by: str
    until: float
    labels: int
    confirmed: int
    shadowed: int
    higher: int
    lower: int


@dataclass(frozen=True)
class WeightStep:
    """One step between tables; see `hub.risk.models.WeightSwitch`."""

    id: int
    at: float
    by: str
    what: str
    version: str
    reason: str


@dataclass(frozen=True)
class WeightsView:
    """The table that holds, the one on trial, and what lacks for refitting (labels, confirmed ones).

    `labels` and `confirmed` are those that count, see `hub.learning.labels.weights`; `counted_at` tells when
    they and what is missing were counted, Unix seconds.

    `proposal` is a switch that waits for a second person; `last` goes into forms; `before` the table that
    undoing brings back, None where there is nothing to undo.
    """

    champion: str
    trial: Trial | None
    signs: tuple[SignRow, ...]
    labels: int
    confirmed: int
    missing: tuple[int, int]
    counted_at: float
    proposal: WeightStep | None
    before: str | None
    history: tuple[WeightStep, ...]
    last: int


class WeightServices(Protocol):
    """Tables of weights. Only who sees the whole hub may look and change: all raise WeightsRefused."""

    def view(self, *, who: SignedIn | str) -> WeightsView:
        """Return how the tables stand."""
        ...

    def refit(self, held_back: int, *, who: SignedIn | str) -> str:
        """Fit a table on all labels of reports that came before the last `held_back` whole weeks, and put it
        on trial; return its version."""
        ...

    def compare(self, capacity: int, *, who: SignedIn | str) -> Comparison:
        """Compare the table on trial with the one that it challenges, on later weeks alone."""
        ...

    def propose(self, version: str, reason: str, *, seen: int | None, who: SignedIn | str) -> None:
        """Propose that the table on trial takes over."""
        ...

    def decide(
        self, version: str, accept: bool, reason: str, *, seen: int | None, who: SignedIn | str
    ) -> None:
        """Let a proposed table take over, as another person than who proposed it; or reject the table."""
        ...

    def undo(self, reason: str, *, seen: int | None, who: SignedIn | str) -> str:
        """Bring the table before back; return its version."""
        ...
