"""Forgets reports behind signals: their ids go, the counts stay."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from hub.links.bulk import select_in
from hub.retention.contents import ReportContents
from hub.warning.facts import facts_of, from_text, to_text, without_those_forgotten
from hub.warning.models import Signal, SignalReport, SignalStep
from hub.warning.states import CLOSED


def forget(database: Any, contents: ReportContents, reports: Sequence[str]) -> None:
    """Take reports out of all signals, in the transaction that forgets them.

    A closed signal that has no report left loses what people wrote of it, too; what it counted, its area and
    its outcome stay for evaluation.
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
    change = partial(Signal.update, facts=to_text(facts))
    if not left and row.state == CLOSED:
        SignalStep.update(reason="").where(SignalStep.signal == signal).execute(database)
        change = partial(change, title="")
    change().where(Signal.id == signal).execute(database)
