"""What the pages of inbox and triage ask of the hub."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.cases.states import States, Step
from hub.cases.urgency import Reason
from hub.risk.services import Standing
from hub.services import ReportRow, SignedIn

COMMENT_MAX_CHARACTERS = 2000
FILTER_NAME_MAX_CHARACTERS = 40
SCORE_REASONS_SHOWN = 2
"""Reasons of a triage score that a line of the list has room for; the report's page has all."""


@dataclass(frozen=True)
class InboxChoice:
    """Which reports to list. Without a stage: all that are not finished.

    `area` is the beginning of a Kemendagri code: 2, 5, 8 or 13 characters.
    """

    stage: str | None = None
    mine: bool = False
    area: str | None = None
    kind: str | None = None
    unread: bool = False
    urgent: bool = False
    band: str | None = None
    drawn: bool = False
    """Only what waits for verification because it was drawn."""


@dataclass(frozen=True)
class InboxRow:
    """One line of the inbox: the report, why it stands here, and what is done about it; its triage score with
    the first reasons, None until there is one."""

    report: ReportRow
    reasons: tuple[Reason, ...]
    states: States
    assignee: str | None
    score: Standing | None = None
    score_reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class StaffComment:
    """What somebody of the staff wrote for the others."""

    at: float
    by: str
    text: str


@dataclass(frozen=True)
class TriageView:
    """Where one report stands and how it came there. `last_step` goes into forms: see `TriageServices.step`.

    `can_be_undone` is the step that would be taken back, or None.
    """

    report: str
    states: States
    assignee: str | None
    last_step: int
    history: tuple[Step, ...]
    comments: tuple[StaffComment, ...]
    reasons: tuple[Reason, ...]
    can_be_undone: Step | None


@dataclass(frozen=True)
class SavedFilterRow:
    """A choice of the inbox under a name; `query` is the query string of its address."""

    id: int
    name: str
    query: str


@dataclass(frozen=True)
class BulkOutcome:
    """What was done with many reports at once: the ids done, and for the others why not."""

    done: tuple[str, ...]
    refused: Mapping[str, str]


class LinkReasons(Protocol):
    """What linking knows of reports; it fills this."""

    def reasons(self, report_ids: Sequence[str]) -> Mapping[str, Iterable[str]]:
        """Return for each report what links it, in Indonesian words such as "tiga laporan menyebut nomor yang
        sama". Reports of which there is nothing to say may be missing."""
        ...


class InboxServices(Protocol):
    """The list of reports."""

    def page(
        self, choice: InboxChoice, *, before: str | None, limit: int, who: SignedIn
    ) -> tuple[list[InboxRow], str | None]:
        """Return a page, the most urgent first, and a cursor for the next.

        A cursor that is none starts at the top.
        """
        ...

    def drawn_waiting(self, who: SignedIn) -> int:
        """Return how many reports that an account may see wait for verification because they were drawn; it
        counts no further than 1,000."""
        ...

    def saved_filters(self, who: SignedIn) -> list[SavedFilterRow]:
        """Return the filters that this account saved, by name."""
        ...

    def save_filter(self, name: str, query: str, *, who: SignedIn) -> None:
        """Keep a filter under a name, in place of one with the same; raise StepRefused for a bad name."""
        ...

    def remove_filter(self, number: int, *, who: SignedIn) -> None:
        """Remove a filter of this account, if there is one with that id."""
        ...


class TriageServices(Protocol):
    """What is done with a report, beside answering it. Nothing of it reaches the village, but that the
    response has begun. All but `view` and `assignable` raise UnknownReport and StepRefused."""

    def view(self, report_id: str, *, who: SignedIn) -> TriageView:
        """Return where a report stands; raise UnknownReport."""
        ...

    def assignable(self, village: str | None = None) -> list[str]:
        """Return the names of accounts that reports can be assigned to; those of one village, where given."""
        ...

    def step(
        self, report_id: str, state: str, value: str, reason: str, *, seen: int | None, who: SignedIn
    ) -> None:
        """Make one step. `seen` is `TriageView.last_step` as it was shown: a newer step refuses this one."""
        ...

    def undo(self, report_id: str, reason: str, *, seen: int | None, who: SignedIn) -> None:
        """Take the last step back that stands; it stays in the history."""
        ...

    def assign(self, report_id: str, to: str | None, *, who: SignedIn) -> None:
        """Give a report to an account, or to nobody."""
        ...

    def comment(self, report_id: str, text: str, *, who: SignedIn) -> None:
        """Add a comment for the staff."""
        ...

    def assign_many(self, report_ids: Sequence[str], to: str | None, *, who: SignedIn) -> BulkOutcome:
        """Assign each that can be."""
        ...

    def discard_many(self, report_ids: Sequence[str], reason: str, *, who: SignedIn) -> BulkOutcome:
        """Discard each that can be."""
        ...
