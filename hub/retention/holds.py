"""What is held for a court: no report under a hold is forgotten, whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from hub.cases.case_models import CaseReport
from hub.cases.visible import standing_now
from hub.retention.list_models import RetentionHold
from hub.services import Role

REPORT, CASE = "report", "case"
MAY_LIFT: Final[tuple[Role, ...]] = ("supervisor", "administrator")
"""Who holds and lifts, and may take out of a case what is held with it."""
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
    cases = held_cases(database, now)
    of_cases = CaseReport.select(CaseReport.report).where(
        CaseReport.case.in_(cases) & CaseReport.report.in_(names)
    )
    queries = (own, of_cases) if cases else (own,)
    return {name for query in queries for (name,) in query.tuples().execute(database)}


def held_cases(database: Any, now: float) -> set[int]:
    """Return the ids of the cases that are held: a merge takes the hold along to where the reports went."""
    holds = RetentionHold.select(RetentionHold.ref).where(running(now) & (RetentionHold.kind == CASE))
    return standing_now(database, [number for (number,) in holds.tuples().execute(database)])
