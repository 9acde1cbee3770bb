"""What the pages about bulletins ask of the hub, and what other ways to tell people would be given."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final, Protocol

from hub.languages import N_
from hub.notice_services import NoticeView
from hub.services import SignedIn

NO_AREA: Final = "none"
"""The area of a draft for which none was chosen yet; the whole region is the empty code."""
DRAFT, WAITING, SENT = "draft", "waiting", "sent"
DROPPED, REPLACED, CANCELLED, EXPIRED = "dropped", "replaced", "cancelled", "expired"
STATES: Final = (DRAFT, WAITING, SENT, DROPPED, REPLACED, CANCELLED, EXPIRED)
REASON_MAX_CHARACTERS: Final = 300


@dataclass(frozen=True)
class BulletinDraft:
    """A bulletin as somebody wrote it. `area` is a code, empty for the whole region; `text` goes by radio,
    `text_en` to agencies alone."""

    status: str
    topic: str
    level: int
    certainty: str
    area: str
    until: datetime.date
    public: bool
    text: str
    text_en: str = ""
    template: str | None = None
    signal: int | None = None
    replaces: int | None = None


@dataclass(frozen=True)
class Problem:
    """Why a draft cannot go out; `field` is where."""

    field: str
    text: str


@dataclass(frozen=True)
class Checked:
    """What a draft would be: the text as villages read it, to how many, the bytes left in the packet (fewer
    than none: so many to cut), and what stands against it."""

    sent_text: str
    villages: int
    bytes_left: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Template:
    """A warning of the material, in Indonesian and English."""

    key: str
    text: str
    text_en: str


@dataclass(frozen=True)
class AreaChoice:
    """An area that somebody may write to."""

    code: str
    name: str
    villages: int


@dataclass(frozen=True)
class BulletinRow:
    """One bulletin of the list; `state` has it that days pass."""

    id: int
    state: str
    draft: BulletinDraft
    area_name: str
    written_by: str
    written_at: float


@dataclass(frozen=True)
class DeliveryRow:
    """How one message did at one agency."""

    receiver: str
    way: str
    message: str
    sent_at: float | None
    tries: int
    gave_up: bool
    problem: str | None


@dataclass(frozen=True)
class BulletinView:
    """One bulletin whole. `seen` names what stands in it, so that nothing else is approved than was read."""

    row: BulletinRow
    sent_text: str
    seen: str
    reason: str
    decided_by: str | None
    decided_at: float | None
    ended_by: str | None
    ended_at: float | None
    replaced_by: int | None
    notice: NoticeView | None
    deliveries: tuple[DeliveryRow, ...]
    may_edit: bool
    may_decide: bool
    may_end: bool


@dataclass(frozen=True)
class FeedEntry:
    """One message of the feed."""

    identifier: str
    headline: str
    message: str
    sent_at: float
    xml: str


class BulletinRefused(Exception):
    """What is not done; the text says what is allowed."""


class UnknownBulletin(Exception):
    """There is no such bulletin, or it is of another area."""


class BulletinOfNotice(Protocol):
    """What the pages of notices ask."""

    def of_notice(self, serial: int) -> int | None:
        """Return the bulletin that a notice carries, or None."""
        ...


class BulletinServices(BulletinOfNotice, Protocol):
    """What the pages ask. Whoever writes, decides or ends sees the bulletin's area whole."""

    def today(self) -> datetime.date:
        """Return the day by which bulletins begin and end."""
        ...

    def templates(self) -> tuple[Template, ...]:
        """Return the warnings of the material."""
        ...

    def areas(self, *, who: SignedIn) -> tuple[AreaChoice, ...]:
        """Return the areas with villages that `who` may write to, the widest first."""
        ...

    def check(self, draft: BulletinDraft, *, who: SignedIn) -> Checked:
        """Return what a draft would be."""
        ...

    def save(self, bulletin: int | None, draft: BulletinDraft, *, who: SignedIn) -> int:
        """Keep a draft, a new one or the writer's own; return its number. Raises BulletinRefused."""
        ...

    def submit(self, bulletin: int, *, who: SignedIn) -> None:
        """Ask for approval of one's own draft. Raises BulletinRefused."""
        ...

    def take_back(self, bulletin: int, *, who: SignedIn) -> None:
        """Make a draft again of what waits: the writer's own."""
        ...

    def drop(self, bulletin: int, *, who: SignedIn) -> None:
        """Put one's own draft away."""
        ...

    def give_back(self, bulletin: int, reason: str, *, who: SignedIn) -> None:
        """Do not approve what waits, and say why."""
        ...

    def approve(self, bulletin: int, seen: str, *, who: SignedIn) -> None:
        """Sign and send what waits, written by somebody else. Raises BulletinRefused."""
        ...

    def cancel(self, bulletin: int, *, who: SignedIn) -> None:
        """Take a bulletin back in all villages, and tell agencies so."""
        ...

    def rows(self, *, who: SignedIn, before: int | None, limit: int) -> list[BulletinRow]:
        """Return those that `who` may see, the newest first: those before a number."""
        ...

    def view(self, bulletin: int, *, who: SignedIn, first: int, limit: int) -> BulletinView:
        """Return one with a part of its villages; raise UnknownBulletin."""
        ...

    @property
    def sender_key(self) -> str:
        """Return by what messages of this hub are told apart from those of others."""
        ...

    def feed(self) -> tuple[FeedEntry, ...]:
        """Return the messages that agencies find today, the newest first."""
        ...


@dataclass(frozen=True)
class ReceiverRow:
    """An agency that is told; `waiting` messages are still tried, `gave_up` were given up."""

    id: int
    name: str
    way: str
    address: str
    area: str
    active: bool
    waiting: int
    gave_up: int
    problem: str | None


class ReceiverServices(Protocol):
    """What the page about agencies asks; administrators alone."""

    def rows(self) -> tuple[ReceiverRow, ...]:
        """Return all agencies."""
        ...

    def add(self, name: str, way: str, address: str, area: str, *, who: SignedIn) -> tuple[int, str]:
        """Keep one; return its number and the webhook's secret. Raises BulletinRefused."""
        ...

    def set_active(self, receiver: int, active: bool, *, who: SignedIn) -> None:
        """Tell it of bulletins from now on, or no more."""
        ...

    def new_secret(self, receiver: int, *, who: SignedIn) -> str:
        """Draw the secret of a webhook anew; the old one counts no more."""
        ...

    def mail_is_set(self) -> bool:
        """Return whether a mail server is configured."""
        ...


class Told(Protocol):
    """A further way to tell people, such as a bot: given what was committed, text as villages read it."""

    def bulletin_sent(self, bulletin: int, text: str, area: str, until: datetime.date) -> None:
        """Tell of a new bulletin, or of one in another's place."""
        ...

    def bulletin_ended(self, bulletin: int) -> None:
        """Take back what was told of it."""
        ...


EXPLAINED: Final = {
    "own": N_("Yang menulis buletin tidak boleh menyetujuinya: minta penyelia lain."),
    "state": N_("Keadaan buletin sudah berubah: muat ulang halaman ini."),
    "changed": N_("Isi buletin berubah sejak dibaca: baca lagi, lalu setujui."),
    "area": N_("Pilih wilayah di dalam wilayah Anda sendiri yang punya kotak desa."),
}
