"""What the pages of the node ask of it. The pages hold no store and no keys; they call these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from sync.records import Report
from sync.wire.attachments import Attachment
from sync.wire.numbers import WithdrawalReason

StepName = Literal["saved", "on_its_way", "received", "read", "acted_on"]
STEP_NAMES: tuple[StepName, ...] = ("saved", "on_its_way", "received", "read", "acted_on")


FilesState = Literal["none", "waiting", "received"]
"""Pictures and sounds: there are none, some wait for internet or a courier, all are at the hub."""


@dataclass(frozen=True)
class LadderStep:
    """One step of a report's way. `age_s` is None when the step was not reached or its age is unknown."""

    name: StepName
    reached: bool
    age_s: int | None


@dataclass(frozen=True)
class Answer:
    """What the hub wrote back, opened with the receipt code, in memory only."""

    text: str
    asks: bool
    """True when the hub asks something rather than answers."""
    age_s: int | None
    written_at_s: int = 0
    """By this an addition names the question that it answers."""


@dataclass(frozen=True)
class FollowUpView:
    """An addition or a withdrawal, as far as it has come: saved, on its way, received."""

    withdraws: bool
    ladder: tuple[LadderStep, ...]
    files: FilesState = "none"


@dataclass(frozen=True)
class ReceiptView:
    """What a receipt code shows to its holder."""

    ladder: tuple[LadderStep, ...]
    answers: tuple[Answer, ...]
    follow_ups: tuple[FollowUpView, ...] = ()
    """What the reporter sent after the report, in order."""
    files: FilesState = "none"

    @property
    def withdrawn(self) -> bool:
        """Whether the reporter took the report back."""
        return any(one.withdraws for one in self.follow_ups)


@dataclass(frozen=True)
class Taken:
    """A report that is committed. `code` is None when the form was used before a restart: the report is
    saved, but only the reporter has its code."""

    code: str | None
    envelope_id: str | None
    pictures: tuple[int, ...] = field(default=(), compare=False)
    """Four pictures, each from 0 to 15, that show the ladder alone."""
    duress_digits: str = field(default="", compare=False)
    """The last four digits of the code to show when forced."""
    repeated: bool = field(default=False, compare=False)
    """Whether an earlier POST of the same form was taken, so that nothing of this one was kept."""


class NotTaken(Exception):
    """The report was not taken and nothing was kept; the reporter must be told so."""


class StorageFull(NotTaken):
    """The disk is full or nearly so: new reports are refused before anything is promised."""


class StorageFailed(NotTaken):
    """The store did not commit."""


class TooManyFollowUps(NotTaken):
    """That receipt has as many additions as a receipt may have."""


class UnknownReceipt(Exception):
    """No report of this node has that code."""


class ReceiptMayBeLost(UnknownReceipt):
    """No report of this node has that code, and the card has lost receipts once: it may have been given."""


class TooManyGuesses(Exception):
    """Wrong codes come too fast; `wait_s` says how long to wait."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(f"wait {wait_s} s")


def pictures_number(pictures: tuple[int, ...]) -> int:
    """Return four pictures (each 0 to 15) as one number."""
    number = 0
    for picture in pictures:
        number = number << 4 | picture
    return number


class PublicServices(Protocol):
    """The use cases of the public site."""

    def take_report(
        self, report: Report, *, form_token: str | None, attachments: Sequence[Attachment] = ()
    ) -> Taken:
        """Seal and commit one checked report with its attachments; return only after the commit.

        A second call with the same `form_token` returns the first's result and takes nothing.
        Raises NotTaken (or one of its kinds).
        """
        ...

    def add_to_report(
        self,
        code: str,
        text: str,
        *,
        urgent: bool,
        question: int | None,
        form_token: str,
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        """Seal and commit more to the report with this code; return whether that form was taken before.

        Raises as `look_up` and `take_report` do, and TooManyFollowUps. A duress code is thanked, and nothing
        is sealed.
        """
        ...

    def withdraw_report(self, code: str, reason: WithdrawalReason, *, form_token: str) -> bool:
        """Take the report with this code back; else as `add_to_report`. A second time changes nothing."""
        ...

    def look_up(self, code: str) -> ReceiptView:
        """Return the ladder and the answers of one receipt code (16 digits).

        Raises UnknownReceipt or TooManyGuesses.
        """
        ...

    def look_up_pictures(self, pictures: tuple[int, ...]) -> ReceiptView:
        """Return the ladder, and never a text, of the receipt with these four pictures.

        Raises UnknownReceipt, also when several receipts share them, or TooManyGuesses.
        """
        ...

    def today(self) -> str | None:
        """Return the day in the middle of Indonesia as 2026-11-25, or None when the box does not know it."""
        ...

    def new_form_token(self) -> str:
        """Return a fresh one-use token for a form."""
        ...
