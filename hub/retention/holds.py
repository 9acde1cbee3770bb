"""What is held for a court: no report under a hold is forgotten, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from hub.cases.case_models import CaseFile, CaseReport
from hub.retention.list_models import RetentionHold

REPORT, CASE = "report", "case"
_DAY_S: Final = 86_400


def today_of(now: float) -> int:
    """Return the day by UTC: east of Greenwich a hold lasts some hours longer than its date."""
    return int(now // _DAY_S)


def running(now: float) -> Any:
    """Return the condition that a hold was not lifted and has not ended."""
    return RetentionHold.lifted_at.is_null() & (RetentionHold.until_day >= today_of(now))


def held_among(database: Any, reports: Iterable[str], now: float) -> set[str]:
    """Return which of these reports are held, themselves or with their case."""
    names = list(reports)
    own = RetentionHold.select(RetentionHold.ref).where(
        running(now) & (RetentionHold.kind == REPORT) & RetentionHold.ref.in_(names)
    )
    of_cases = (
        CaseReport.select(CaseReport.report)
        .join(CaseFile, on=(CaseFile.id == CaseReport.case))
        .join(RetentionHold, on=((RetentionHold.kind == CASE) & (RetentionHold.ref == CaseFile.number)))
        .where(running(now) & CaseReport.report.in_(names))
    )
    return {name for query in (own, of_cases) for (name,) in query.tuples().execute(database)}
