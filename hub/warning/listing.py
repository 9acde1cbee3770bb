"""Lists and counts signals by their indexes: no page reads what is behind them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Final

import peewee

from hub.accounts.areas import sees
from hub.cases.models import Triage
from hub.services import SignedIn
from hub.warning.clocks import Share, clocks, shares
from hub.warning.facts import from_text
from hub.warning.keeping import Keeping, standing_of, times_of
from hub.warning.models import Signal, SignalReport
from hub.warning.reasons import in_words
from hub.warning.services import MOST_OPEN, PERSON, SightingView, SignalChoice, SignalRow
from hub.warning.states import CLOSED
from sync.storage.database import connect

SUMMED_DAYS: Final = 182
MOST_SUMMED: Final = 2_000
_DAY_S: Final = 86_400.0
_EPOCH: Final = datetime.date(1970, 1, 1)


class Listing:
    """Reads signals for lists, the menu and the summary. Threads may share it."""

    def __init__(self, database: Any, keeping: Keeping) -> None:
        self._db = database
        self._keep = keeping

    def rows(
        self,
        choice: SignalChoice,
        *,
        before: int | None,
        limit: int,
        who: SignedIn | str,
        now: float,
        today: int,
    ) -> tuple[list[SignalRow], int | None]:
        """See `SignalServices.rows`; `today` is a day number."""
        connect(self._db)
        query = Signal.select().where(sees(who, Signal.unit) & _chosen(choice, who, now, today))
        if before is not None:
            query = query.where(Signal.id < before)
        found = list(query.order_by(Signal.id.desc()).limit(limit + 1).execute(self._db))
        rows = self.views(found[:limit], now, today)
        return rows, rows[-1].id if len(found) > limit else None

    def views(self, rows: Sequence[Any], now: float, today: int) -> list[SignalRow]:
        """Return rows of `Signal` as a list shows them."""
        leads = self._keep.sightings_by_id(row.lead for row in rows if row.lead is not None)
        return [row_view(row, leads.get(row.lead), now, today) for row in rows]

    def open_count(self, who: SignedIn) -> int:
        """See `SignalServices.open_count`."""
        connect(self._db)
        return self._counted(Signal.select(Signal.id).where(_standing() & sees(who, Signal.unit)))

    def watched_due(self, who: SignedIn, today: int) -> int:
        """See `SignalServices.watched_due`."""
        connect(self._db)
        due = _standing() & (Signal.monitor_day <= today) & sees(who, Signal.unit)
        return self._counted(Signal.select(Signal.id).where(due))

    def _counted(self, query: Any) -> int:
        some = query.limit(MOST_OPEN + 1).alias("some")
        return int(peewee.Select([some], [peewee.fn.COUNT(1)]).tuples().execute(self._db)[0][0])

    def shares(self, who: SignedIn, now: float) -> tuple[Share, ...]:
        """See `SignalServices.shares`."""
        connect(self._db)
        late = (Signal.raised_at >= now - SUMMED_DAYS * _DAY_S) & Signal.joined_into.is_null()
        query = Signal.select().where(late & sees(who, Signal.unit)).order_by(Signal.raised_at.desc())
        rows = query.limit(MOST_SUMMED).execute(self._db)
        return shares(clocks(times_of(row), now) for row in rows)

    def rules(self) -> list[str]:
        """See `SignalServices.rules`: one look into the index a name."""
        connect(self._db)
        found: list[str] = []
        query = Signal.select(peewee.fn.MIN(Signal.rule))
        while True:
            name = query.where(Signal.rule > (found[-1] if found else "")).scalar(self._db)
            if name is None:
                return found
            found.append(str(name))

    def of_report(self, report_id: str, who: SignedIn) -> list[int]:
        """See `SignalServices.of_report`."""
        connect(self._db)
        seen = Triage.select(Triage.report).where((Triage.report == report_id) & sees(who, Triage.village))
        if not seen.exists(self._db):
            return []
        here = (SignalReport.report == report_id) & (SignalReport.removed == False)  # noqa: E712 - SQL
        behind = SignalReport.select(SignalReport.signal).where(here)
        query = Signal.select(Signal.id).where(Signal.id.in_(behind) & sees(who, Signal.unit))
        return [row.id for row in query.order_by(Signal.id).execute(self._db)]


def _standing() -> Any:
    return Signal.active == True  # noqa: E712 - an expression of SQL


def _chosen(choice: SignalChoice, who: SignedIn | str, now: float, today: int) -> Any:
    if choice.state is None:
        condition = _standing()
    elif choice.state == CLOSED:
        condition = Signal.state == CLOSED
    else:
        condition = _standing() & (Signal.state == choice.state)
    if choice.level is not None:
        condition &= Signal.level == choice.level
    if choice.area is not None:
        condition &= (Signal.unit == choice.area) | Signal.unit.startswith(f"{choice.area}.")
    if choice.rule == PERSON:
        condition &= Signal.origin == PERSON
    elif choice.rule is not None:
        condition &= Signal.rule == choice.rule
    if choice.mine and isinstance(who, SignedIn):
        condition &= Signal.assignee == who.name
    if choice.late:
        condition &= Signal.due_at < now
    if choice.watched:
        condition &= Signal.monitor_day <= today
    return condition


def row_view(row: Any, lead: SightingView | None, now: float, today: int) -> SignalRow:
    """Return one row as a list shows it."""
    facts = from_text(row.facts)
    until = None if row.monitor_day is None else _EPOCH + datetime.timedelta(int(row.monitor_day))
    return SignalRow(
        id=row.id,
        origin=row.origin,
        rule=row.rule,
        sort=row.sort,
        unit=row.unit,
        level=row.level,
        group="" if lead is None else lead.group,
        value="" if lead is None else lead.value,
        title=row.title,
        state=row.state,
        verdict=row.verdict,
        outcome=row.outcome,
        cell=standing_of(row).cell,
        reasons=in_words(None if lead is None else lead.found, facts, today),
        reports=int(row.reports),
        raised_at=row.raised_at,
        raised_by=row.raised_by,
        week=None if lead is None else lead.week,
        assignee=row.assignee,
        monitor_until=until,
        is_watched_due=row.monitor_day is not None and row.monitor_day <= today and row.state != CLOSED,
        clocks=clocks(times_of(row), now),
        joined_into=row.joined_into,
    )
