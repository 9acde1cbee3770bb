"""What the pages of cases ask of the hub."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.cases.services import BulkOutcome, InboxRow, StaffComment
from hub.services import AttachmentView, SignedIn

TITLE_MAX_CHARACTERS = 120
NOTE_MAX_CHARACTERS = 1000


class UnknownCase(Exception):
    """No case has that number, or the account may not see it."""


@dataclass(frozen=True)
class CaseRow:
    """One line of the list. `state` is open, closed or merged; `late` counts open tasks past their day."""

    number: str
    title: str
    state: str
    outcome: str | None
    opened_at: float
    opened_by: str
    reports: int
    open_tasks: int
    late: int


@dataclass(frozen=True)
class PersonView:
    """Somebody of interest."""

    id: int
    name: str
    phones: tuple[str, ...]
    note: str


@dataclass(frozen=True)
class TaskView:
    """Something to do."""

    id: int
    text: str
    due: datetime.date
    assignee: str | None
    done_at: float | None
    done_by: str | None
    late: bool


@dataclass(frozen=True)
class CaseStepView:
    """One line of the history."""

    at: float
    by: str
    what: str
    detail: str
    reason: str


@dataclass(frozen=True)
class MergeView:
    """A case that was merged into this one and can be taken out again."""

    id: int
    number: str


@dataclass(frozen=True)
class CaseView:
    """One case, whole. `elsewhere` counts its reports of areas that the account may not see."""

    row: CaseRow
    reports: tuple[InboxRow, ...]
    elsewhere: int
    people: tuple[PersonView, ...]
    places: tuple[tuple[int, str], ...]
    tasks: tuple[TaskView, ...]
    comments: tuple[StaffComment, ...]
    history: tuple[CaseStepView, ...]
    merges: tuple[MergeView, ...]
    merged_into: str | None
    attachments: tuple[tuple[str, AttachmentView], ...]


class CaseServices(Protocol):
    """Cases. All but `rows` and `of_report` raise UnknownCase, and what changes something StepRefused."""

    def rows(
        self, state: str, *, before: int | None, limit: int, who: SignedIn
    ) -> tuple[list[CaseRow], int | None]:
        """Return a page of cases in a state, the newest first, and where the next begins."""
        ...

    def of_report(self, report_id: str) -> str | None:
        """Return the number of the case that a report is in."""
        ...

    def view(self, number: str, *, who: SignedIn) -> CaseView:
        """Return one case; who looked is noted."""
        ...

    def open(self, title: str, *, who: SignedIn) -> str:
        """Open a case and return its number."""
        ...

    def add_reports(self, number: str, report_ids: Sequence[str], *, who: SignedIn) -> BulkOutcome:
        """Put reports into a case, each that can be."""
        ...

    def take_out(self, number: str, report_id: str, reason: str, *, who: SignedIn) -> None:
        """Take a report out of a case; of a case that is held for a court only a supervisor or an
        administrator does."""
        ...

    def add_person(self, number: str, name: str, phones: str, note: str, *, who: SignedIn) -> None:
        """Add somebody of interest; phones one a line."""
        ...

    def remove_person(self, number: str, person: int, reason: str, *, who: SignedIn) -> None:
        """Remove somebody who does not belong here."""
        ...

    def add_place(self, number: str, text: str, *, who: SignedIn) -> None:
        """Add a place."""
        ...

    def add_task(
        self, number: str, text: str, due: datetime.date | None, assignee: str | None, *, who: SignedIn
    ) -> None:
        """Add something to do by a day."""
        ...

    def finish_task(self, number: str, task: int, *, who: SignedIn) -> None:
        """Mark a task as done."""
        ...

    def comment(self, number: str, text: str, *, who: SignedIn) -> None:
        """Add a comment for the staff."""
        ...

    def close(self, number: str, outcome: str, reason: str, *, who: SignedIn) -> None:
        """Close a case."""
        ...

    def reopen(self, number: str, reason: str, *, who: SignedIn) -> None:
        """Open a closed case again."""
        ...

    def merge(self, number: str, into: str, reason: str, *, who: SignedIn) -> None:
        """Move all of one case into another; it can be undone."""
        ...

    def undo_merge(self, number: str, merge: int, reason: str, *, who: SignedIn) -> None:
        """Take a merged case out again, with what it brought and is still here; held as in `take_out`."""
        ...
