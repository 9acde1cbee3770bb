"""Joins what counts reports, finds what is unusual in the counts, and learns from what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

from hub.audit.log import AuditLog
from hub.cases.inbox import Inbox
from hub.cases.triage import Triage
from hub.counting.signs import SignsFilling
from hub.exports.ledger import ExportLedger
from hub.flows.flow_counts import FlowCounts
from hub.languages import N_
from hub.learning.challenging import Challenging
from hub.learning.evaluation import Evaluating
from hub.learning.teaching import Teaching
from hub.other_data.joining import join_series
from hub.retention.contents import ReportContents
from hub.retention.periods import Periods
from hub.services import SignedIn
from hub.warning.forgetting import WordsOfSignals
from hub.warning.forgetting import forget as forget_behind_signals
from hub.warning.signals import Signals
from hub.watching.weekly import WeeklyWatch
from hub.week_counts import WeekCounts
from sync.clock import Clock
from sync.storage.writer import GroupCommitWriter


class EarlyWarning:
    """The early warning over one store: counters, watch, signals, series of other offices, learning."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        zone: tzinfo,
        *,
        inbox: Inbox,
        triage: Triage,
        contents: ReportContents,
        week_counts: WeekCounts,
        ledger: ExportLedger,
        audit: AuditLog,
        budget: float,
        periods: Periods,
    ) -> None:
        self._db = database
        self._contents = contents
        self.series, self.series_imports, self.series_watch = join_series(
            database, writer, clock, week_counts, ledger, audit.note
        )
        self.signals = Signals(database, writer, clock, inbox, triage, contents, zone, note=audit.note)
        self.words = WordsOfSignals(database, writer, clock, periods, note=audit.note)
        self.evaluating = Evaluating(database, clock, zone, contents, note=audit.note)
        self.teaching = Teaching(database, clock, zone, note=audit.note)
        self.weights = Challenging(database, writer, clock, zone, contents, note=audit.note)
        self.signs = SignsFilling(database, writer, contents, week_counts.entries, week_counts.kept)
        week_counts.checking.before_night = self.signs.fill
        self.watch = WeeklyWatch(database, writer, clock, week_counts, contents, budget=budget)
        self.watch.taker = self.series_watch.taker = self.signals
        self.flows = FlowCounts(database, writer, clock, zone, contents)
        self.flows.fill()

    def signals_of(self, report: str, who: SignedIn) -> tuple[str, ...]:
        """Return the signals that a report stands behind, of what an account may see, in words."""
        return tuple(N_("Sinyal %(number)s", number=number) for number in self.signals.of_report(report, who))

    def forget(self, reports: Sequence[str]) -> None:
        """Let go of what signals hold of reports, in the transaction that forgets them."""
        forget_behind_signals(self._db, self._contents, reports)
