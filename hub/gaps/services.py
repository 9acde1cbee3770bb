"""What pages and commands ask of the gaps."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hub.languages import N_
from hub.services import SignedIn

OPEN, ANSWERED, DECLINED = "open", "answered", "declined"
STATES: Final = (OPEN, ANSWERED, DECLINED)
WHY_MAX_CHARACTERS: Final = 300
TITLE_MAX_CHARACTERS: Final = 80
LINE_MAX_CHARACTERS: Final = 200
MOST_LINES: Final = 5
MOST_ASKS: Final = 30
SOURCE_MAX_CHARACTERS: Final = 200
_DATED = re.compile(r"[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")


class UnknownGap(Exception):
    """No gap has that number, or none of its questions comes from the areas of who asks."""


class GapRefused(Exception):
    """An answer or a step that cannot be taken; the text says why, for a person to read."""


@dataclass(frozen=True)
class GapAnswer:
    """An answer for the next pack of material. `dated` is the date of the source, such as 2026-11-26 or
    2026; `verified` whether somebody saw the source."""

    title: str
    lines: tuple[str, ...]
    asks: tuple[str, ...]
    source: str
    dated: str
    address: str = ""
    verified: bool = False


@dataclass(frozen=True)
class GapLine:
    """A gap in a list: how often it was asked from villages that the reader may see, and its newest text."""

    id: int
    state: str
    count: int
    newest_at: float
    newest: str


@dataclass(frozen=True, repr=False)
class AskedQuestion:
    """One question with where and when it came from. No repr: it holds what somebody wrote."""

    text: str
    language: str
    village: str
    received_at: float


@dataclass(frozen=True)
class GapView:
    """A gap with its questions, the newest first."""

    id: int
    state: str
    decided_by: str
    decided_at: float | None
    why: str
    answer: GapAnswer | None
    questions: tuple[AskedQuestion, ...]


class GapServices(Protocol):
    """The use cases of the page. `who` sees questions of its own areas alone."""

    def rows(self, state: str, *, who: SignedIn | str, first: int = 0, limit: int = 50) -> list[GapLine]:
        """Return the gaps of a state, the most asked first."""
        ...

    def counts(self, *, who: SignedIn | str) -> dict[str, int]:
        """Return how many gaps are in each state."""
        ...

    def look(self, gap: int, *, who: SignedIn) -> GapView:
        """Return one gap and note the look; raise UnknownGap."""
        ...

    def answer(self, gap: int, answer: GapAnswer, *, who: SignedIn) -> None:
        """Keep an answer for the next pack; raise UnknownGap or GapRefused."""
        ...

    def decide(self, gap: int, state: str, why: str, *, who: SignedIn) -> None:
        """Decline a gap, or open it again, for a reason; raise UnknownGap or GapRefused."""
        ...

    def answers(self) -> Sequence[tuple[int, GapAnswer]]:
        """Return all answers by the number of their gap."""
        ...


def check_answer(answer: GapAnswer) -> None:
    """Raise GapRefused for what the material could not carry."""
    if not answer.title or len(answer.title) > TITLE_MAX_CHARACTERS:
        raise GapRefused(N_("Judul: 1 sampai 80 huruf."))
    if not 1 <= len(answer.lines) <= MOST_LINES or max(map(len, answer.lines)) > LINE_MAX_CHARACTERS:
        raise GapRefused(N_("Jawaban: 1 sampai 5 baris, tiap baris paling banyak 200 huruf."))
    asks_fit = 1 <= len(answer.asks) <= MOST_ASKS and max(map(len, answer.asks)) <= LINE_MAX_CHARACTERS
    if not asks_fit or any(" / " in ask for ask in answer.asks):
        raise GapRefused(N_("Cara bertanya: 1 sampai 30 baris, tanpa garis miring di antara spasi."))
    if not answer.source or max(len(answer.source), len(answer.address)) > SOURCE_MAX_CHARACTERS:
        raise GapRefused(N_("Sumber: 1 sampai 200 huruf. Tanpa sumber tidak ada jawaban."))
    if not _DATED.fullmatch(answer.dated):
        raise GapRefused(N_("Tanggal sumber: 2026-11-26, 2026-11 atau 2026."))
