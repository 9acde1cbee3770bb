"""What the weekly watch hands on, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from hub.signals.finding import Finding


class TakesFindings(Protocol):
    """Makes signals of findings."""

    def takes_findings(self, findings: Sequence[Finding], now: float) -> None:
        """Keep the findings of one week. Called once for each week, inside a job of the writer: in the
        transaction that keeps that the week was judged. What it raises undoes both."""
        ...


class NobodyTakes:
    """Keeps nothing: the command line prints what was found."""

    def takes_findings(self, findings: Sequence[Finding], now: float) -> None:
        """See `TakesFindings.takes_findings`."""
