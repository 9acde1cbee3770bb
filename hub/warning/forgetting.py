"""Forgets reports behind signals: their ids go, the counts stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.links.bulk import select_in
from hub.retention.contents import ReportContents
from hub.warning.facts import facts_of, from_text, to_text, without_those_forgotten
from hub.warning.models import Signal, SignalReport, SignalStep
from hub.warning.states import CLOSED


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
    here = (SignalReport.signal == signal) & (SignalReport.removed == False)  # noqa: E712 - SQL
    if not had or SignalReport.select().where(here).exists(database):
        return
    these = {signal}
    while True:
        into = Signal.select(Signal.id).where(Signal.joined_into.in_(sorted(these)))
        more = {int(row.id) for row in into.execute(database)} - these
        if not more:
            break
        these |= more
    SignalStep.update(reason="").where(SignalStep.signal.in_(sorted(these))).execute(database)
    Signal.update(title="").where(Signal.id.in_(sorted(these))).execute(database)
