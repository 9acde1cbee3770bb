"""What the pages about notices and about the villages' material ask of the hub."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Protocol

from content.packs import Manifest
from hub.services import SignedIn
from sync.wire.numbers import ContentTrouble, NoticeKind


@dataclass(frozen=True)
class NoticeDraft:
    """A notice as somebody wrote it: a bulletin, or an opportunity whose `level` is an `OpportunityKind`."""

    kind: NoticeKind
    level: int
    public: bool
    until: datetime.date
    text: str
    nodes: tuple[int, ...]


@dataclass(frozen=True)
class VillageChoice:
    """A village that can be written to."""

    node: int
    village: str
    village_name: str


@dataclass(frozen=True)
class NoticeRow:
    """One notice: to how many villages it goes, in how many it arrived and was seen."""

    serial: int
    kind: NoticeKind
    level: int
    public: bool
    issued: datetime.date
    until: datetime.date
    text: str
    written_by: str
    withdrawn: bool
    villages: int
    delivered: int
    seen: int


@dataclass(frozen=True)
class NoticeVillage:
    """How far a notice came in one village; times are Unix seconds, None where it did not get there."""

    node: int
    village: str
    village_name: str
    delivered: bool
    delivered_at: float | None
    read_at: float | None
    announced_at: float | None


@dataclass(frozen=True)
class NoticeView:
    """One notice and its villages."""

    row: NoticeRow
    villages: tuple[NoticeVillage, ...]
    following: int | None = None
    """Where the next part of the villages begins."""
    all_shown: bool = True
    """Whether it went to no village beyond these; who does not see all may not take it back."""


class NoticeRefused(Exception):
    """A notice that is not sent; the text says what is allowed, in Indonesian, and `field` where."""

    def __init__(self, text: str, field: str) -> None:
        self.field = field
        super().__init__(text)


class UnknownNotice(Exception):
    """No notice has that serial number."""


@dataclass(frozen=True)
class VillageContent:
    """Which material a village shows; `version` is None when it never told."""

    node: int
    village: str
    village_name: str
    version: int | None
    told_at: float | None
    trouble: ContentTrouble
    of_version: int
    on_its_way: bool


class NoticeServices(Protocol):
    """What the pages about notices ask."""

    def choices(self, *, by: SignedIn) -> list[VillageChoice]:
        """Return the villages that `by` may write to."""
        ...

    def check(self, draft: NoticeDraft, *, by: SignedIn) -> None:
        """Raise NoticeRefused with what is allowed."""
        ...

    def packet_bytes(self, draft: NoticeDraft) -> int:
        """Return how many bytes the draft takes in a radio packet."""
        ...

    def write(self, draft: NoticeDraft, *, by: SignedIn) -> int:
        """Sign and queue a notice; return its serial number. Raises NoticeRefused."""
        ...

    def withdraw(self, serial: int, *, by: SignedIn) -> None:
        """Take a notice back, if all its villages are of the areas of `by`; raise UnknownNotice."""
        ...

    def rows(self, *, by: SignedIn, before: int | None, limit: int) -> list[NoticeRow]:
        """Return the notices to a village that `by` may see, the newest first: those before a serial."""
        ...

    def view(self, serial: int, *, by: SignedIn, first: int, limit: int) -> NoticeView:
        """Return one notice with a part of those of its villages that `by` may see; raise UnknownNotice."""
        ...

    def today(self) -> datetime.date:
        """Return today's date."""
        ...


class ContentServices(Protocol):
    """What the page about the material of the villages asks."""

    def newest(self) -> Manifest | None:
        """Return the newest pack's manifest, or None."""
        ...

    def villages(self, *, by: SignedIn) -> list[VillageContent]:
        """Return what each village shows."""
        ...
