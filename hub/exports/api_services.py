"""What the pages of tokens and the programs' interface ask of the hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hub.services import SignedIn

SCOPES = ("reports", "cases", "counts", "referrals")
FILE_SCOPE = "file"
"""Of a phone that files reports and reads nothing; never beside another."""
PURPOSE_MAX_CHARACTERS = 120
MOST_DAYS = 366
ITEMS_A_PAGE = 100
REQUESTS_A_MINUTE = 60


class UnknownToken(Exception):
    """No token has that number."""


@dataclass(frozen=True)
class TokenRow:
    """A token as administrators see it; times are Unix seconds."""

    id: int
    purpose: str
    scopes: tuple[str, ...]
    areas: tuple[str, ...]
    made_at: float
    made_by: str
    expires_at: float
    revoked_at: float | None
    lives: bool


@dataclass(frozen=True)
class Program:
    """Who asks: `who` carries the areas and the name for the log."""

    who: SignedIn
    scopes: frozenset[str]


@dataclass(frozen=True)
class ApiPage:
    """A page of items; `next` is the cursor of the page after it, None at the end."""

    items: list[dict[str, Any]]
    next: str | None


class TokenServices(Protocol):
    """Tokens of programs."""

    def rows(self) -> list[TokenRow]:
        """Return all tokens, the newest first."""
        ...

    def make(
        self, purpose: str, scopes: tuple[str, ...], areas: tuple[str, ...], days: int, *, who: SignedIn
    ) -> str:
        """Make a token and return it, for the only time; raise ExportRefused."""
        ...

    def revoke(self, number: int, *, who: SignedIn) -> None:
        """Let a token end; raise UnknownToken."""
        ...

    def program(self, token: str) -> Program | None:
        """Return who holds a token; None alike for one that never was, that ended and that was revoked."""
        ...


class ApiServices(Protocol):
    """What programs read. Every answer is noted and limited; raises ExportRefused when it is too much."""

    def page(self, collection: str, asked: Mapping[str, str], *, who: SignedIn) -> ApiPage:
        """Return a page of a collection; `asked` was checked. Raises BadCursor."""
        ...

    def report(self, report_id: str, *, who: SignedIn) -> dict[str, Any] | None:
        """Return one report, or None: unknown, or of another area."""
        ...


class BadCursor(Exception):
    """A cursor that no page gave."""
