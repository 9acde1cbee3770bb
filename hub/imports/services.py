"""What the pages of imports ask of the hub."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hub.imports.columns import CaseDraft
from hub.services import SignedIn


class UnknownImport(Exception):
    """No import has that number, or it is somebody else's draft."""


@dataclass(frozen=True)
class ImportRow:
    """One import in the list. `state` is draft, done or undone; `count` how many cases it made."""

    id: int
    source: str
    state: str
    made_at: float
    made_by: str
    count: int


@dataclass(frozen=True)
class ImportView:
    """One import. A draft has its header, what each column means, and its rows; one that is done the numbers
    of its cases."""

    row: ImportRow
    header: tuple[str, ...]
    columns: tuple[str, ...]
    drafts: tuple[CaseDraft, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True)
class ImportedView:
    """Where a case came from: the source, its number there, and what was told, by target."""

    batch: int
    source: str
    source_id: str
    told: Mapping[str, str]


class ImportServices(Protocol):
    """Imports. What changes something raises StepRefused or FileRefused; all but `upload` UnknownImport."""

    def rows(self, *, who: SignedIn) -> list[ImportRow]:
        """Return the last imports, the newest first, and one's own drafts."""
        ...

    def upload(self, source: str, content: bytes, *, who: SignedIn) -> int:
        """Keep a file as a draft; no case changes."""
        ...

    def view(self, batch: int, *, who: SignedIn) -> ImportView:
        """Return one import."""
        ...

    def set_columns(self, batch: int, columns: Sequence[str], *, who: SignedIn) -> None:
        """Say what the columns of a draft mean."""
        ...

    def drop(self, batch: int, *, who: SignedIn) -> None:
        """Throw a draft away."""
        ...

    def carry_out(self, batch: int, *, who: SignedIn) -> int:
        """Make the cases of a draft in one transaction; return how many."""
        ...

    def undo(self, batch: int, reason: str, *, who: SignedIn) -> None:
        """Remove every case of an import, unless somebody has worked on one."""
        ...

    def of_case(self, number: str) -> ImportedView | None:
        """Return where a case came from, or None."""
        ...
