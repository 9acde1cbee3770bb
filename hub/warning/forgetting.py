"""Forgets reports behind signals: their ids go, the counts stay. And what people wrote of signals without
reports, which nothing else would end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

from hub.links.bulk import select_in
from hub.retention.contents import ReportContents
from hub.retention.periods import Periods
from hub.services import COMMAND_LINE
from hub.storage.wiping import wipe_deleted
from hub.warning.facts import facts_of, from_text, to_text, without_those_forgotten
from hub.warning.models import Signal, SignalReport, SignalStep
from hub.warning.states import CLOSED, TRUE
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

DAY_S: Final = 86_400


def forget(database: Any, contents: ReportContents, reports: Sequence[str]) -> None:
    """Take reports out of all signals, in the transaction that forgets them.

    A closed signal that has no report left loses what people wrote of it, too, and one that is closed later
    what they had written before; what it counted, its area and its outcome stay for evaluation.
    """
    fields = [SignalReport.signal, SignalReport.report]
    signals = {int(row[0]) for row in select_in(database, fields, SignalReport.report, reports)}
    SignalReport.delete().where(SignalReport.report.in_(list(reports))).execute(database)
    for signal in sorted(signals):
        _forget_in(database, contents, signal, reports)


def _forget_in(database: Any, contents: ReportContents, signal: int, reports: Sequence[str]) -> None:
    named = (SignalStep.signal == signal) & SignalStep.becomes.in_(list(reports))
    SignalStep.update(becomes="").where(named).execute(database)
    row = Signal.select().where(Signal.id == signal).get(database)
    here = (SignalReport.signal == signal) & (SignalReport.removed == False)  # noqa: E712 - SQL
    query = SignalReport.select(SignalReport.report).where(here).order_by(SignalReport.id)
    left = [one.report for one in query.execute(database)]
    facts = without_those_forgotten(
        from_text(row.facts), facts_of(database, contents, left, int(row.reports))
    )
    Signal.update(facts=to_text(facts)).where(Signal.id == signal).execute(database)
    if row.state == CLOSED:
        let_go_of_words(database, signal)


def let_go_of_words(database: Any, signal: int) -> None:
    """Take away what people wrote of a signal and of those that were folded into it, once all of its reports
    are forgotten; inside a job of the writer."""
    had = Signal.select().where((Signal.id == signal) & (Signal.reports > 0)).exists(database)
    if had and not _has_reports(database, signal):
        _let_go(database, signal)


def _has_reports(database: Any, signal: int) -> bool:
    here = (SignalReport.signal == signal) & (SignalReport.removed == False)  # noqa: E712 - SQL
    return bool(SignalReport.select().where(here).exists(database))


def _let_go(database: Any, signal: int) -> None:
    these = {signal}
    while True:
        into = Signal.select(Signal.id).where(Signal.joined_into.in_(sorted(these)))
        more = {int(row.id) for row in into.execute(database)} - these
        if not more:
            break
        these |= more
    SignalStep.update(reason="").where(SignalStep.signal.in_(sorted(these))).execute(database)
    Signal.update(title="").where(Signal.id.in_(sorted(these))).execute(database)


class WordsOfSignals:
    """Ends what people wrote of signals that no report is behind (any more): closed ones, when the period of
    a report that ended so has passed since the last step. `note` is `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        periods: Periods,
        *,
        note: Callable[[str, str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._periods = periods
        self._note = note

    def jobs(self) -> list[Job]:
        """Return what is done once a day."""
        return [Job("forget-signal-words", DAY_S, self.forget_due)]

    def forget_due(self) -> None:
        """Take the words of signals away whose time is over."""
        connect(self._db)
        due = self._due()
        for signal in due:
            self._writer.run(partial(self._forget, signal))
        if due:
            wipe_deleted(self._db, ("signal", "signal_step"))

    def _due(self) -> list[int]:
        now, periods = self._clock.wall_s(), self._periods
        # What nobody could tell is kept no longer than what was untrue.
        ended = (Signal.verdict == TRUE) & (SignalStep.at <= now - periods.true_days * DAY_S)
        ended |= (Signal.verdict != TRUE) & (SignalStep.at <= now - periods.false_days * DAY_S)
        written = SignalStep.alias()
        words = written.select(written.signal).where(written.reason != "")
        query = (
            Signal.select(Signal.id)
            .join(SignalStep, on=(SignalStep.id == Signal.last_step))
            .where((Signal.state == CLOSED) & Signal.joined_into.is_null() & ended)
            .where((Signal.title != "") | Signal.id.in_(words))
            .order_by(Signal.id)
        )
        found = [int(row.id) for row in query.execute(self._db)]
        return [signal for signal in found if not _has_reports(self._db, signal)]

    def _forget(self, signal: int) -> None:
        if signal in self._due():  # it may have been opened again meanwhile
            self._note(COMMAND_LINE, "forgotten", f"signal {signal}", "")
            _let_go(self._db, signal)
