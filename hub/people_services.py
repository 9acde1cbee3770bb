"""What the pages about suggestions, people of interest and events ask of the hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hub.linking.scoring import Piece
from hub.links.correction_services import CorrectionServices
from hub.links.network import Network
from hub.links.profile import Profile
from hub.links.states import State
from hub.links.weighing import Kind
from hub.services import SignedIn
from sync.records import Report

REASON_MAX_CHARACTERS = 500


@dataclass(frozen=True)
class ReportFacts:
    """One report beside another. `group` is the number of its person of interest or event, if it has one."""

    id: str
    village: str
    village_name: str
    received_at: float
    report: Report
    withdrawn: bool
    group: int | None


@dataclass(frozen=True)
class DecisionRow:
    """What somebody decided about two reports; times are Unix seconds. Reasons are empty where a report was
    taken away since."""

    number: int
    kind: Kind
    one: str
    other: str
    same: bool
    by: str
    at: float
    reason: str
    undone_by: str | None
    undone_at: float | None
    undo_reason: str

    @property
    def holds(self) -> bool:
        """Whether nobody took it back."""
        return self.undone_at is None


@dataclass(frozen=True)
class SuggestionView:
    """Two reports that may belong together. `keeps_apart` is the decision that stands against it, `decision`
    the one about this very pair."""

    kind: Kind
    one: ReportFacts
    other: ReportFacts
    bits: float
    pieces: tuple[Piece, ...]
    state: State
    keeps_apart: DecisionRow | None
    decision: DecisionRow | None


@dataclass(frozen=True)
class ReportLinks:
    """What linking knows of one report, without saying what stands in others."""

    waiting: Mapping[Kind, int]
    """How many suggestions wait for a decision."""
    groups: Mapping[Kind, int]
    """Number of its person of interest and of its event, as far as it has one."""
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class SimilarView:
    """One report, those that may belong to it, and the groups that would come of it if all were confirmed."""

    report: ReportFacts
    suggestions: tuple[SuggestionView, ...]
    would_be: Mapping[Kind, tuple[str, ...]]
    """Reports of the group, this one among them; left out where it would stand alone."""
    cautions: tuple[DecisionRow, ...]
    """Decisions that two of the suggested reports do not belong together: both cannot be confirmed."""


@dataclass(frozen=True)
class GroupRow:
    """A person of interest or an event: its reports, and what they say of it."""

    number: int
    kind: Kind
    reports: int
    first_at: float
    last_at: float
    profile: Profile


@dataclass(frozen=True)
class GroupView:
    """One person of interest, or one event, whole."""

    row: GroupRow
    members: tuple[ReportFacts, ...]
    history: tuple[DecisionRow, ...]
    """All decisions about its reports, the newest first, those too that were undone."""
    waiting: tuple[SuggestionView, ...]
    """Suggestions that would make it grow."""
    network: Network


@dataclass(frozen=True)
class Measure:
    """How often a kind of evidence, or a band of strength, was confirmed and rejected by people."""

    kind: Kind
    what: str
    confirmed: int
    rejected: int
    undone: int


@dataclass(frozen=True)
class Measures:
    """By kind of evidence that spoke for the pair, and by band of bits (5 wide, "" where none were shown)."""

    by_piece: tuple[Measure, ...]
    by_band: tuple[Measure, ...]
    waiting: int


class UnknownGroup(Exception):
    """No person of interest and no event has that number now; `now` are those that came out of it."""

    def __init__(self, now: tuple[int, ...] = ()) -> None:
        self.now = now
        super().__init__("no such group")


class UnknownDecision(Exception):
    """No decision that holds has that number."""


class DecisionRefused(Exception):
    """A decision that is not taken; the text says what is allowed, in Indonesian."""


class Contradicts(Exception):
    """A decision against one or several that hold: those must be undone first."""

    def __init__(self, standing: tuple[DecisionRow, ...]) -> None:
        self.standing = standing
        super().__init__("contradicts a decision that holds")


class PeopleServices(Protocol):
    """What the pages ask. Where a report or a group is unknown or not to be seen by `who`, UnknownReport or
    UnknownGroup is raised."""

    @property
    def corrections(self) -> CorrectionServices:
        """Who was wrongly named."""
        ...

    def of_report(self, report: str) -> ReportLinks:
        """Return what linking knows of a report that is shown anyway."""
        ...

    def similar(self, report: str, *, who: SignedIn) -> SimilarView:
        """Return a report beside those that may belong to it, and note who looked at all of them."""
        ...

    def waiting(
        self, *, before: str | None, limit: int, who: SignedIn
    ) -> tuple[list[SuggestionView], str | None]:
        """Return a page of suggestions that wait, the best first, and a cursor for the next."""
        ...

    def decide(self, kind: Kind, one: str, other: str, *, same: bool, reason: str, who: SignedIn) -> int:
        """Keep a decision about two reports and return its number; raise DecisionRefused or Contradicts."""
        ...

    def decision(self, number: int, *, who: SignedIn) -> DecisionRow:
        """Return a decision that holds; raise UnknownDecision."""
        ...

    def undo(self, number: int, *, reason: str, who: SignedIn) -> DecisionRow:
        """Take a decision back; raise UnknownDecision or DecisionRefused."""
        ...

    def groups(
        self, kind: Kind, *, before: str | None, limit: int, who: SignedIn
    ) -> tuple[list[GroupRow], str | None]:
        """Return a page of people of interest or events, those with the newest report first."""
        ...

    def group(self, kind: Kind, number: int, *, who: SignedIn, what: str = "person") -> GroupView:
        """Return one and note who looked at its reports; raise UnknownGroup."""
        ...

    def measures(self) -> Measures:
        """Return how people decided, by evidence."""
        ...
