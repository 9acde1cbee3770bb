"""What the pages of inbox and report ask about the triage score of a report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from hub.risk.random_share import Draw
from hub.risk.scoring import Assessment
from hub.services import SignedIn


@dataclass(frozen=True)
class Standing:
    """How a report stands: `band` holds, `computed` is what the score says, `by_staff` whether they may
    differ because a person decided; `drawn` that it was drawn for verification, and nobody took it out."""

    band: str
    points: int
    computed: str
    version: str
    by_staff: bool = False
    drawn: bool = False


@dataclass(frozen=True)
class Override:
    """One change of a band by a person; `becomes` is empty where the computed band holds again."""

    id: int
    at: float
    by: str
    was: str
    becomes: str
    reason: str
    undoes: int | None


@dataclass(frozen=True)
class ScoreView:
    """The score of one report with all its reasons.

    `network` holds what linking found and `signals` what counting found, in words: shown apart, never summed.
    `last` goes into forms: see `ScoreServices.override`. `can_be_undone` is what `undo` would take back.
    """

    report: str
    standing: Standing
    assessment: Assessment
    network: tuple[str, ...]
    signals: tuple[str, ...]
    overrides: tuple[Override, ...]
    last: int
    can_be_undone: Override | None


@dataclass(frozen=True)
class OverrideRate:
    """How often people put another band in place of the computed one, by one table of weights.

    Of reports, not of changes: one that was changed twice counts once, one that was undone does not.
    """

    version: str
    scored: int
    raised: int
    lowered: int


@dataclass(frozen=True)
class Excuse:
    """A person took a drawn report out of the draw, or back in."""

    id: int
    at: float
    by: str
    excused: bool
    reason: str


@dataclass(frozen=True)
class DrawView:
    """The draw of one report. `waits` tells that it is still to be verified because of it; `last` goes into
    forms: see `DrawServices.excuse`."""

    draw: Draw
    waits: bool
    history: tuple[Excuse, ...]
    last: int


class DrawServices(Protocol):
    """The random share, of one report. All raise UnknownReport; changes raise StepRefused."""

    def view(self, report_id: str, *, who: SignedIn) -> DrawView | None:
        """Return the draw of a report that was drawn; None for all others."""
        ...

    def excuse(self, report_id: str, excused: bool, reason: str, *, seen: int, who: SignedIn) -> None:
        """Take a drawn report out, or back in, with a reason; `seen` is `DrawView.last` as it was shown."""
        ...


class ScoreServices(Protocol):
    """The triage score of one report. All raise UnknownReport; changes raise StepRefused."""

    def view(self, report_id: str, *, who: SignedIn) -> ScoreView:
        """Return the score with its reasons."""
        ...

    def override(self, report_id: str, band: str, reason: str, *, seen: int, who: SignedIn) -> None:
        """Put another band in place of the computed one; `seen` is `ScoreView.last` as it was shown."""
        ...

    def undo(self, report_id: str, reason: str, *, seen: int, who: SignedIn) -> None:
        """Take the last change of the band back; it stays in the history."""
        ...
