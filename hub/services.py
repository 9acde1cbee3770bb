"""What the pages of the hub ask of it."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from hub.languages import INDONESIAN
from sync.records import Report
from sync.wire.numbers import WithdrawalReason
from sync.wire.session_summary import SessionSummary

Role = Literal["analyst", "supervisor", "administrator", "auditor", "agency"]
ROLES: tuple[Role, ...] = ("analyst", "supervisor", "administrator", "auditor", "agency")
READING_ROLES: tuple[Role, ...] = ("analyst", "supervisor", "administrator")
"""Roles that may read and answer reports. Auditors and agencies get pages of their own."""

COMMAND_LINE = "command line"
"""Whose name stands beside what was done on the hub's own machine."""

ANSWER_MAX_CHARACTERS = 1000
"""An answer must reach a village over the radio: 1,000 characters are about five packets."""


@dataclass(frozen=True)
class ReportRow:
    """One line of the list: enough to choose, never a bare score."""

    id: str
    village: str
    kind: str
    urgency: str | None
    """As reported."""
    received_at: float
    read: bool
    acted_on: bool
    answers: int
    excerpt: str
    news: bool = False
    """Whether the reporter added something, or withdrew, and nobody has read it."""
    withdrawn: bool = False
    urgent: bool = False
    """Whether it is urgent, by its departure or by what was added too, and nobody has read that."""
    from_shut_out: bool = False
    """Whether its box was shut out by then, and a person took it in."""


@dataclass(frozen=True)
class AnswerRow:
    """One answer or question sent to a reporter. `delivered` is true once the node has it."""

    text: str
    asks: bool
    written_at: float
    written_by: str
    delivered: bool


@dataclass(frozen=True)
class AttachmentView:
    """A picture or a sound of a report, as far as it has come; `media_type` as in "image/jpeg"."""

    number: int
    media_type: str
    bytes_here: int
    pieces_here: int
    pieces: int

    @property
    def complete(self) -> bool:
        """Whether all pieces are here; `bytes_here` is then the size."""
        return self.pieces_here == self.pieces


@dataclass(frozen=True)
class AdditionView:
    """What a reporter added. `id` names its own pictures and sounds; `question` is when the question that it
    answers was written. Times are Unix seconds; `taken_at` is the best guess."""

    id: str
    text: str
    urgent: bool
    question: int | None
    taken_at: float | None
    received_at: float
    via: str
    from_shut_out: bool = False
    """Whether its box was shut out by then, and a person took it in."""


@dataclass(frozen=True)
class WithdrawalView:
    """The reporter took the report back; staff must stop using what was told by `stop_until`."""

    reason: WithdrawalReason
    taken_at: float | None
    received_at: float
    stop_until: float
    from_shut_out: bool = False


@dataclass(frozen=True)
class AskedBack:
    """The report was taken back outside of the village, by letter or phone for instance."""

    received_at: float
    stop_until: float


@dataclass(frozen=True)
class ReportView:
    """One report, whole. Times are Unix seconds; `taken_between` is (earliest, latest)."""

    id: str
    village: str
    report: Report
    via: str
    received_at: float
    taken_at: float | None
    taken_between: tuple[float, float]
    read_at: float | None
    acted_on_at: float | None
    answers: tuple[AnswerRow, ...]
    attachments: int = 0
    """How many have come, at least in part."""
    additions: tuple[AdditionView, ...] = ()
    withdrawal: WithdrawalView | None = None
    asked_back: AskedBack | None = None
    from_shut_out: bool = False


@dataclass(frozen=True)
class SignedIn:
    """Who is at the browser. Beyond its `areas`, by code, it sees nothing; none: the whole region."""

    name: str
    role: Role
    areas: tuple[str, ...] = ()
    language: str = INDONESIAN.tag
    """The tag of the language in which it reads the pages."""


@dataclass(frozen=True)
class VillageRow:
    """One node and how well it is heard. `grade` is that of its radio over the last week, a word of
    `sync.link_quality.Grade`; signal figures are means of the same week, None where nothing was measured.
    `last_via` is the carrier of the last contact: radio, gateway, http or courier."""

    node: int
    village: str
    village_name: str
    grade: str
    last_contact_at: float | None
    last_via: str | None
    margin_db: float | None
    snr_db: float | None
    rssi_dbm: float | None
    answered_share: float | None


@dataclass(frozen=True)
class VillagePart:
    """Some rows of a list of `count` villages; `by_silence` tells in which of its two orders they are."""

    rows: tuple[VillageRow, ...]
    count: int
    by_silence: bool


@dataclass(frozen=True)
class VillageDay:
    """One day of one node; `contact` is false on a day without any."""

    day: datetime.date
    contact: bool
    grade: str
    frames_heard: int
    questions: int
    answered_share: float | None
    snr_db: float | None
    rssi_dbm: float | None
    hops: float | None
    envelopes: Mapping[str, int]
    """New envelopes by carrier."""
    receipts_sent: int
    downs_sent: int
    airtime_ms: float


@dataclass(frozen=True)
class VillageView:
    """One node: its row, when each carrier brought something last, and its days, oldest first."""

    row: VillageRow
    contacts: Mapping[str, float]
    days: tuple[VillageDay, ...]


@dataclass(frozen=True)
class OwnRadioDay:
    """One day of the hub's own radio: shares of the time, None when it was not there."""

    day: datetime.date
    sending_share: float | None
    channel_used: float | None
    frames_sent: int
    frames_heard: int
    foreign_frames: int


@dataclass(frozen=True)
class OwnRadio:
    """The hub's own radio. `duty_cycle` is the share of the time in which it may send; `problem` says in one
    line what is wrong, for the administrator; None without a radio on this hub."""

    connected: bool
    problem: str | None
    duty_cycle: float
    days: tuple[OwnRadioDay, ...]


@dataclass(frozen=True)
class HeldSession:
    """The totals of one awareness session of a village, and how they came."""

    summary: SessionSummary
    via: str
    received_at: float


@dataclass(frozen=True)
class SessionCount:
    """How many sessions a node has told of, and how many people attended them together."""

    sessions: int
    people: int


class UnknownVillage(Exception):
    """No node has that number."""


class UnknownReport(Exception):
    """No report has that id."""


class UnknownAttachment(Exception):
    """The report has no attachment of that number."""


class AttachmentIncomplete(Exception):
    """Some pieces of the attachment have not come yet."""


class AnswerRefused(Exception):
    """An answer that is empty or too long; the text says what is allowed, in Indonesian."""


class SignInSlowed(Exception):
    """Too many wrong passwords for that name; `wait_s` says how long to wait."""

    def __init__(self, wait_s: int) -> None:
        self.wait_s = wait_s
        super().__init__(f"wait {wait_s} s")


class HubServices(Protocol):
    """The use cases of the pages about reports. A report of an area that `by` may not see is unknown."""

    def show_report(self, report_id: str, *, by: SignedIn) -> ReportView:
        """Return one report and mark it read by `by`; raise UnknownReport."""
        ...

    def attachments_of(self, report_id: str, *, by: SignedIn) -> tuple[AttachmentView, ...]:
        """Return the pictures and sounds of a report or an addition, as far as they have come.

        Raises UnknownReport.
        """
        ...

    def show_attachment(self, report_id: str, number: int, *, by: SignedIn) -> bytes:
        """Return the bytes of one and note who looked.

        Raises UnknownReport, UnknownAttachment or AttachmentIncomplete.
        """
        ...

    def answer(self, report_id: str, text: str, *, asks: bool, by: SignedIn) -> None:
        """Seal and queue an answer for the reporter; raise UnknownReport or AnswerRefused."""
        ...

    def mark_acted_on(self, report_id: str, *, by: SignedIn) -> None:
        """Move the reporter's ladder to its last step; raise UnknownReport."""
        ...


class LinkServices(Protocol):
    """What the pages about villages and their links ask."""

    def villages(self, *, who: SignedIn, area: str, first: int, limit: int) -> VillagePart:
        """Return a part of the nodes that were not replaced and that `who` may see, of an area or (empty) of
        all, the worst link first; of very many, those first that were not heard for longest."""
        ...

    def village(self, node: int) -> VillageView:
        """Return one node with its last 30 days; raise UnknownVillage."""
        ...

    def own_radio(self) -> OwnRadio | None:
        """Return the hub's own radio with its last 30 days, or None when it has none."""
        ...


class PinServices(Protocol):
    """What the page of a village asks about its facilitator's PIN."""

    def reset_pin(self, node_number: int, *, by: str) -> str:
        """Queue the reset and return the code to read out; raise UnknownVillage."""
        ...


class SessionServices(Protocol):
    """What the pages of villages ask about awareness sessions."""

    def sessions(self, node: int) -> list[HeldSession]:
        """Return the sessions of a node, the newest first."""
        ...

    def session_counts(self, nodes: Collection[int]) -> dict[int, SessionCount]:
        """Return the counts of those of the nodes that have told of a session."""
        ...
