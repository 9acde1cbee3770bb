"""Which reports were taken back: in the village, or by a letter, a call or a visit that somebody noted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee

from hub.models import Report, Withdrawal
from hub.retention.clock_models import RightsClock
from hub.retention.clocks import AUTOMATIC, due_at
from hub.services import AskedBack


def is_withdrawn(report: Any) -> Any:
    """Return the condition that the report whose id stands in a column was taken back.

    In the village only the node that sent a report takes it back. A clock of a withdrawal ends when the
    office has done what it asks for, and the report stays withdrawn.
    """
    sent = Report.alias()
    own = (
        Withdrawal.select(peewee.Value(1))
        .join(sent, on=((sent.id == Withdrawal.report) & (sent.node == Withdrawal.node)))
        .where(Withdrawal.report == report)
    )
    asked = RightsClock.select(peewee.Value(1)).where(_asked() & (RightsClock.ref == report))
    return peewee.fn.EXISTS(own) | peewee.fn.EXISTS(asked)


def _asked() -> Any:
    # What came from a village opened its clock by itself, and its own row says from which node.
    by_a_person = RightsClock.opened_by != AUTOMATIC
    return (RightsClock.about == "report") & (RightsClock.kind == "withdrawal") & by_a_person


def withdrawn_among(database: Any, reports: Iterable[str]) -> set[str]:
    """Return which of these reports were taken back."""
    query = Report.select(Report.id).where(Report.id.in_(list(reports)) & is_withdrawn(Report.id))
    return {str(name) for (name,) in query.tuples().execute(database)}


def asked_back(database: Any, report: str) -> AskedBack | None:
    """Return when it was first asked outside of the village to take a report back, or None."""
    rows = RightsClock.select(RightsClock.received_at).where(_asked() & (RightsClock.ref == report))
    first = rows.order_by(RightsClock.received_at).first(database)
    return None if first is None else AskedBack(first.received_at, due_at(first.received_at))
