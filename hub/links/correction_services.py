"""What the pages about wrongly named people may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hub.services import SignedIn


@dataclass(frozen=True)
class Correction:
    """That a person of interest was wrongly named, and whether that was undone. Times are Unix seconds."""

    person: int
    by: str
    at: float
    reason: str
    undone_by: str | None
    undone_at: float | None
    undo_reason: str

    @property
    def holds(self) -> bool:
        """Whether nobody took it back."""
        return self.undone_at is None


@dataclass(frozen=True)
class CorrectionView:
    """One person of interest as the page of corrections shows it: no name. `reports` name it; `history` has
    the newest first."""

    person: int
    reports: tuple[str, ...]
    standing: Correction | None
    history: tuple[Correction, ...]


class CorrectionServices(Protocol):
    """Raises UnknownGroup for a person whom the account may not see, DecisionRefused with words."""

    def all(self, *, who: SignedIn) -> list[Correction]:
        """Return those that stand, the newest first."""
        ...

    def view(self, person: int, *, who: SignedIn) -> CorrectionView:
        """Return what was decided about a person, and note who looked."""
        ...

    def mark(self, person: int, reason: str, *, who: SignedIn) -> None:
        """Decide that a person was wrongly named."""
        ...

    def undo(self, person: int, reason: str, *, who: SignedIn) -> None:
        """Take that back: everything is as it was."""
        ...

    def of_report(self, report: str) -> Correction | None:
        """Return what stands about the person whom a report names, for a report that is shown anyway."""
        ...
