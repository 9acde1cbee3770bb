"""What the pages about boxes ask: is a box vouched for, shut it out, make an enrolment."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from hub.services import SignedIn
from sync.sealing.radio_plan import RadioPlan

REASON_MAX_CHARACTERS = 200


@dataclass(frozen=True)
class BoxView:
    """One box. Times are Unix seconds. `spoken`: a box was bound. `ends_at` is of an unused enrolment."""

    node: int
    village: str
    village_name: str
    spoken: bool
    refused_keys: int
    retired: bool
    compared_at: float | None
    compared_by: str | None
    revoked_at: float | None
    ends_at: float | None


@dataclass(frozen=True)
class NewBox:
    """What an administrator types to make an enrolment."""

    village: str
    village_name: str
    hub_url: str
    days: int
    replace: bool


@dataclass(frozen=True, repr=False)
class MadeEnrolment:
    """An enrolment on its way out: the sheet is a PDF, the code a PNG, `text` the file. Nothing is kept.

    `pack` is the signed material that the file names.
    """

    node: int
    sheet: bytes
    qr: bytes
    text: str
    ends_on: datetime.date
    radio: RadioPlan | None = None
    pack: bytes | None = None


class NotEnrolled(Exception):
    """Nothing was enrolled; `why` is "code", "url", "days", "long" or "box"."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class NotCompared(Exception):
    """The digits are not those of the box ("other"), or no box spoke yet ("silent")."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class BoxServices(Protocol):
    """The boxes of the villages that `who` may see; any other raises hub.services.UnknownVillage."""

    def box(self, node: int, *, who: SignedIn) -> BoxView:
        """Return one, also one that was replaced."""
        ...

    def to_compare(self, nodes: Collection[int]) -> frozenset[int]:
        """Return those of the numbers whose box spoke, and whose fingerprint nobody compared by voice."""
        ...

    def mark_compared(self, node: int, heard: str, *, who: SignedIn) -> None:
        """Note who compared, and when; raise NotCompared."""
        ...

    def shut_out(self, node: int, reason: str, *, who: SignedIn) -> None:
        """Let it count no more; twice is as once."""
        ...

    def enrol(self, new: NewBox, *, who: SignedIn) -> MadeEnrolment:
        """Make an enrolment of a village that `who` may see; raise NotEnrolled."""
        ...
