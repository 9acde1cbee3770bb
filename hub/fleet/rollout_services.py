"""What pages and commands ask of rollouts, and what a kind of thing that is rolled out must do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.fleet.rollouts import Condition, RolloutBox, Step
from hub.services import SignedIn

REASON_MAX_CHARACTERS = 200


class RolloutRefused(Exception):
    """Nothing was changed. `why` is "reason", "boxes" (none that the account sees, that spoke and is in use),
    "busy" (one of them is in a rollout that is not over), "ended", "newer" (one of them has what a later one
    brought), "unknown", or what a kind says."""

    def __init__(self, why: str, text: str) -> None:
        self.why = why
        super().__init__(text)


@dataclass(frozen=True)
class Sent:
    """What was queued for a box: `ref` names it in what the box says, `before` is what the box had. `said`:
    nothing was queued, for the box said before what became of it, and will not say it again."""

    ref: str
    before: str
    said: Step | None = None


class RolloutKind(Protocol):
    """Settings, or a release: how it reaches one box. All is called in a job of the writer."""

    name: str

    def overdue_s(self, what: str) -> float:
        """Return after how long a box that has it must have been heard again."""
        ...

    def send(self, node: int, what: str) -> Sent:
        """Queue it for a box."""
        ...

    def undo(self, node: int, before: str) -> None:
        """Queue for a box what it had before."""
        ...

    def takes_none(self, since: Mapping[int, float], heard_at: Mapping[int, float]) -> Sequence[int]:
        """Return which of these boxes can take nothing of the kind. `since`: when it was offered to each;
        `heard_at`: when each was heard last."""
        ...

    def arrived(self, refs: Mapping[int, str]) -> Sequence[int]:
        """Return to which of these boxes what was sent has come."""
        ...


@dataclass(frozen=True)
class ToldSettings:
    """What a box said of settings: `kept` as the kind wrote it down, `state` one of `SettingsState`."""

    kept: str
    state: int
    told_at: float


class SettingsTold(Protocol):
    """What boxes said of settings."""

    def told(self, node: int) -> ToldSettings | None:
        """Return what a box said, or None when it never did."""
        ...


@dataclass(frozen=True)
class BoxInRollout:
    """One box of a rollout, with its village."""

    box: RolloutBox
    village: str
    village_name: str


@dataclass(frozen=True)
class RolloutView:
    """One rollout. Times are Unix seconds; `stage` counts from 0, -1 before the first. `boxes` may be a part
    of all (`count`), the failed ones first."""

    number: int
    kind: str
    what: str
    whom: str
    reason: str
    made_by: str
    made_at: float
    condition: Condition
    ended_at: float | None
    ended_by: str | None
    undone_at: float | None
    stage: int
    stages: int
    steps: Mapping[Step, int]
    halted_by: tuple[int, ...]
    boxes: tuple[BoxInRollout, ...]

    @property
    def count(self) -> int:
        """Return how many boxes it has."""
        return sum(self.steps.values())


@dataclass(frozen=True)
class Choice:
    """Which boxes: those of an area (a code; empty: all) or those with these numbers; `first` goes first."""

    area: str = ""
    nodes: tuple[int, ...] = ()
    first: int | None = None

    def in_words(self) -> str:
        """Return it as the command line writes it."""
        if self.nodes:
            return "box " + ", ".join(map(str, self.nodes))
        return f"area {self.area}" if self.area else "all"


class RolloutServices(Protocol):
    """Rollouts all of whose boxes an account may see; any other raises RolloutRefused ("unknown")."""

    def begin(self, kind: str, what: str, choice: Choice, reason: str, *, who: SignedIn | str) -> int:
        """Write down a new one and queue it for its first box; return its number; raise RolloutRefused."""
        ...

    def several(self, *, who: SignedIn | str, before: int | None, limit: int) -> Sequence[RolloutView]:
        """Return them without their boxes, the newest first."""
        ...

    def one(self, number: int, *, who: SignedIn | str) -> RolloutView:
        """Return one with its boxes."""
        ...

    def stop(self, number: int, reason: str, *, who: SignedIn | str) -> None:
        """Queue nothing more of it."""
        ...

    def undo(self, number: int, reason: str, *, who: SignedIn | str) -> int:
        """Stop it, and queue what they had before for all boxes that may have it; return how many."""
        ...

    def leave_out(self, number: int, node: int, reason: str, *, who: SignedIn | str) -> None:
        """Let it go on without a box."""
        ...
