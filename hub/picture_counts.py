"""Counts for the pictures and the wall. Implements `PictureServices`.

Reports by week come from counters (`hub.week_counts`); only for an account whose areas are smaller than a
regency the reports of its few villages are read. What the wall counts stands in small indexes of its own, and
is counted up to a number that nobody reads on exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.cases.models import Arrival, Triage
from hub.cases.urgency import BAND, URGENT_UNREAD
from hub.flows.flow_counts import FlowCounts
from hub.models import Answer, Contact, Node, Report
from hub.picture_services import MOST_COUNTED, SILENT_AFTER_DAYS, Flow, WallNumbers
from hub.retention.withdrawn import is_withdrawn
from hub.services import SignedIn
from hub.week_counts import WeekCounts, week_of
from sync.link_quality import DAY_S
from sync.storage.database import connect


class PictureCounts:
    """Reads the hub's tables. Threads may share it."""

    def __init__(self, database: Any, weeks: WeekCounts, flows: FlowCounts) -> None:
        self._db = database
        self._weeks = weeks
        self._flows = flows

    def by_week(self, starts: Sequence[float], who: SignedIn) -> list[dict[str, int]]:
        """See `PictureServices.by_week`."""
        weeks = [week_of(start, self._weeks.zone) for start in starts[:-1]]
        counts: list[dict[str, int]] = [{} for _ in weeks]
        places = {week: at for at, week in enumerate(weeks)}
        for one in self._weeks.by_kind(weeks, who):
            of_week = counts[places[one.week]]
            of_week[one.kind] = of_week.get(one.kind, 0) + one.reports
        return counts

    def by_area(self, begins_at: float, ends_at: float, kind: str | None, who: SignedIn) -> dict[str, int]:
        """See `PictureServices.by_area`."""
        return self._weeks.by_unit(self._span(begins_at, ends_at), who, kind)

    def by_destination(
        self, begins_at: float, ends_at: float, kind: str | None, who: SignedIn
    ) -> dict[str | None, int]:
        """See `PictureServices.by_destination`."""
        found: dict[str | None, int] = {}
        for one in self._weeks.by_destination(self._span(begins_at, ends_at), who):
            if kind in (None, one.kind):
                country = one.destination or None
                found[country] = found.get(country, 0) + one.reports
        return found

    def flows(
        self, begins_at: float, ends_at: float, kind: str | None, province: str | None, who: SignedIn
    ) -> list[Flow]:
        """See `PictureServices.flows`."""
        return self._flows.flows(self._span(begins_at, ends_at), kind, province, who)

    def _span(self, begins_at: float, ends_at: float) -> list[int]:
        first, end = (week_of(at, self._weeks.zone) for at in (begins_at, ends_at))
        return list(range(first, end, 7))

    # -- the wall ---------------------------------------------------------------------------------

    def wall(self, now: float, who: SignedIn) -> WallNumbers:
        """See `PictureServices.wall`."""
        connect(self._db)
        reports = Report.select(Report.id)
        if who.areas:
            reports = reports.where(Report.node.in_(Node.select(Node.number).where(sees(who, Node.village))))
        # The inbox's word for urgent, which goes with the days; and what has no place there yet.
        placed = Triage.select(Triage.received_at).where(
            (Triage.sort_key < (URGENT_UNREAD + 1) * BAND) & sees(who, Triage.village)
        )
        waits = reports.select(Report.received_at).join(Arrival, on=(Arrival.report == Report.id))
        waits = waits.where(Report.urgent_unread)
        times = [
            query.select(peewee.fn.MIN(at)).scalar(self._db)
            for query, at in ((placed, Triage.received_at), (waits, Report.received_at))
        ]
        oldest = min((float(at) for at in times if at is not None), default=None)
        answered = Answer.select(peewee.Value(1)).where(Answer.report == Report.id)
        waiting = reports.where(
            Report.read_at.is_null(False)
            & Report.acted_on_at.is_null()
            & ~peewee.fn.EXISTS(answered)
            & ~is_withdrawn(Report.id)
        )
        unread = reports.where(Report.read_at.is_null())
        silent, villages = self._villages(now, who)
        return WallNumbers(
            urgent_unread=min(self._count(placed) + self._count(waits), MOST_COUNTED + 1),
            oldest_urgent_at=oldest,
            unread=self._count(unread),
            waiting=self._count(waiting),
            silent_villages=silent,
            villages=villages,
        )

    def _count(self, query: Any) -> int:
        """Return how many rows there are, or one more than `MOST_COUNTED`."""
        some = query.limit(MOST_COUNTED + 1).alias("some")
        return int(peewee.Select([some], [peewee.fn.COUNT(1)]).tuples().execute(self._db)[0][0])

    def _villages(self, now: float, who: SignedIn) -> tuple[int, int]:
        """Return how many nodes were long not heard by any carrier, and how many there are."""
        last = Contact.select(peewee.fn.MAX(Contact.at)).where(Contact.node == Node.number)
        rows = (
            Node.select(Node.enrolled_at, last)
            .where((Node.retired == False) & sees(who, Node.village))  # noqa: E712 - an expression of SQL
            .tuples()
            .execute(self._db)
        )
        # A box that never spoke is silent from the day on which it was made.
        heard = [float(enrolled_at if at is None else at) for enrolled_at, at in rows]
        return sum(now - at > SILENT_AFTER_DAYS * DAY_S for at in heard), len(heard)
