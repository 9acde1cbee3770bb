"""What the pages of referrals ask of the hub."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from hub.referrals.dossier import Choices, PartnerView
from hub.referrals.files import DossierFile
from hub.referrals.hiding import Proposal
from hub.services import Role, SignedIn

WAITING, SENT, TAKEN, ANSWERED = "waiting", "sent", "taken", "answered"
REFUSED, WITHDRAWN, REPLACED, DECLINED = "refused", "withdrawn", "replaced", "declined"
OPEN_STATES: Final = (WAITING, SENT, TAKEN)
LISTS: Final = ("late", "open", "waiting", "done")
APPROVERS: Final[tuple[Role, ...]] = ("supervisor", "administrator")
ANSWER_MAX_CHARACTERS: Final = 2000


class UnknownReferral(Exception):
    """No referral, agency or report has that name, or the account may not see it."""


@dataclass(frozen=True)
class ReferralRow:
    """One version of a referral in a list. `late`: past its day, and nobody has answered."""

    name: str
    about: str
    partner: str
    state: str
    due: datetime.date
    made_at: float
    made_by: str
    late: bool


@dataclass(frozen=True)
class ReferralStepView:
    """One line of a referral's history."""

    at: float
    by: str
    what: str
    text: str


@dataclass(frozen=True)
class ReferralView:
    """One version of a referral, whole. `content` is the dossier, empty when it was removed for good;
    `asked_not_to` tells whether a reporter asked that it not be passed on; `may_approve` is about who looks.
    """

    row: ReferralRow
    content: dict[str, Any]
    sha256: str
    history: tuple[ReferralStepView, ...]
    may_approve: bool
    latest: bool


@dataclass(frozen=True)
class Draft:
    """What an officer chooses from: what the reports said of being passed on (None: nothing), what may have
    to be hidden, which keys have anything in them, whether a reporter has withdrawn, when the last came."""

    about: str
    refer: tuple[bool | None, ...]
    proposals: tuple[Proposal, ...]
    present: frozenset[str]
    withdrawn: bool
    arrived_on: datetime.date | None


@dataclass(frozen=True)
class Preview:
    """A dossier as it would be sent; `seen` is its hash without its number, which another officer may take
    meanwhile; `needs_second` when another person must approve it."""

    content: dict[str, Any]
    seen: str
    needs_second: bool


class PartnerServices(Protocol):
    """Agencies. What changes something raises StepRefused; an unknown number UnknownReferral."""

    def all(self) -> list[PartnerView]:
        """Return all agencies by name, those in use first."""
        ...

    def one(self, partner: int) -> PartnerView:
        """Return one."""
        ...

    def save(
        self,
        partner: int | None,
        name: str,
        kind: str,
        contact: str,
        area: str,
        active: bool,
        *,
        who: SignedIn,
    ) -> int:
        """Add (None) or change an agency; return its number."""
        ...

    def set_account(self, partner: int, user: str, member: bool, *, who: SignedIn) -> None:
        """Let an account of the role `agency` belong to an agency, and to no other, or no more."""
        ...

    def free_accounts(self) -> list[str]:
        """Return accounts of the role `agency` that belong to no agency."""
        ...


class ReferralServices(Protocol):
    """Referrals as officers see them. `about` is "report ID" or "case NUMBER".

    All raise UnknownReferral for what the account may not see; what changes something StepRefused.
    """

    def draft(self, about: str, *, who: SignedIn) -> Draft:
        """Return what there is to choose; looking is noted."""
        ...

    def preview(self, about: str, choices: Choices, replaces: str | None, *, who: SignedIn) -> Preview:
        """Return the dossier that `make` would keep; nothing changes."""
        ...

    def make(self, about: str, choices: Choices, replaces: str | None, seen: str, *, who: SignedIn) -> str:
        """Keep the dossier whose preview had that `seen`, and send it or let it wait; return its name."""
        ...

    def choices_of(self, name: str, *, who: SignedIn) -> tuple[str, Choices]:
        """Return what a referral is about and what was chosen, for a correction."""
        ...

    def rows(
        self, which: str, *, after: str | None, limit: int, who: SignedIn
    ) -> tuple[list[ReferralRow], str | None]:
        """Return a page of one of `LISTS`, and where the next begins."""
        ...

    def of(self, about: str, *, who: SignedIn) -> Sequence[ReferralRow]:
        """Return the referrals of one report or case, the newest first."""
        ...

    def late(self, *, who: SignedIn) -> int:
        """Return how many are late."""
        ...

    def view(self, name: str, *, who: SignedIn) -> ReferralView:
        """Return one; looking is noted."""
        ...

    def file(self, name: str, form: str, *, who: SignedIn) -> DossierFile:
        """Return the dossier as a file; noted."""
        ...

    def approve(self, name: str, *, who: SignedIn) -> None:
        """Send what waits for a second person."""
        ...

    def decline(self, name: str, reason: str, *, who: SignedIn) -> None:
        """Let what waits not be sent."""
        ...

    def withdraw(self, name: str, reason: str, *, who: SignedIn) -> None:
        """Take a referral back: the agency reads it no more."""
        ...


class AgencyDeskServices(Protocol):
    """Referrals as an agency's account sees them: those to its agency alone. Every look is noted."""

    def agency(self, *, who: SignedIn) -> PartnerView | None:
        """Return the agency of an account."""
        ...

    def agency_rows(self, *, who: SignedIn) -> list[ReferralRow]:
        """Return the referrals to it, open ones first, at most some hundred."""
        ...

    def agency_view(self, name: str, *, who: SignedIn) -> ReferralView:
        """Return one; without its dossier once it was withdrawn or replaced. Raises UnknownReferral."""
        ...

    def agency_file(self, name: str, form: str, *, who: SignedIn) -> DossierFile:
        """Return the dossier as a file; raise UnknownReferral."""
        ...

    def answer(self, name: str, what: str, text: str, *, who: SignedIn) -> None:
        """Note that it was taken, answered or refused; raise UnknownReferral or StepRefused."""
        ...
