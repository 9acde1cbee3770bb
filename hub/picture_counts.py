"""Counts for the pictures, by GROUP BY on the index of migration 0020. Implements `PictureServices`.

Nothing here reads the body of a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.models import Answer, Contact, Epoch, Node, Report, Withdrawal
from hub.picture_services import SILENT_AFTER_DAYS, WallNumbers
from hub.retention.models import ForgottenReport
from hub.services import SignedIn
from hub.taking_time import SURE_WITHIN_S
from sync.link_quality import DAY_S
from sync.storage.database import connect


class PictureCounts:
    """Reads the hub's tables. Threads may share it."""

    def __init__(self, database: Any) -> None:
        self._db = database

    def by_week(self, starts: Sequence[float], who: SignedIn) -> list[dict[str, int]]:
        """See `PictureServices.by_week`."""
        connect(self._db)
        placed = placed_reports(starts, who)
        rows = (
            peewee.Select([placed], [placed.c.week, placed.c.kind, peewee.fn.COUNT(1)])
            .group_by(placed.c.week, placed.c.kind)
            .tuples()
            .execute(self._db)
        )
        counts: list[dict[str, int]] = [{} for _ in starts[1:]]
        for at, kind, count in rows:
            if at < len(counts):
                counts[at][kind] = int(count)
        return counts

    def by_village(self, begins_at: float, ends_at: float, kind: str | None, who: SignedIn) -> dict[str, int]:
        """See `PictureServices.by_village`."""
        connect(self._db)
        told = _told(begins_at, who)
        query = peewee.Select([told], [told.c.village, peewee.fn.COUNT(1)]).where(
            (told.c.moment >= begins_at) & (told.c.moment < ends_at)
        )
        if kind is not None:
            query = query.where(told.c.kind == kind)
        rows = query.group_by(told.c.village).tuples().execute(self._db)
        return {str(village): int(count) for village, count in rows}

    def by_destination(
        self, begins_at: float, ends_at: float, kind: str | None, who: SignedIn
    ) -> dict[str | None, int]:
        """See `PictureServices.by_destination`."""
        connect(self._db)
        told = _told(begins_at, who)
        query = peewee.Select([told], [told.c.destination, peewee.fn.COUNT(1)]).where(
            (told.c.moment >= begins_at) & (told.c.moment < ends_at)
        )
        if kind is not None:
            query = query.where(told.c.kind == kind)
        rows = query.group_by(told.c.destination).tuples().execute(self._db)
        return {country: int(count) for country, count in rows}

    def wall(self, now: float, who: SignedIn) -> WallNumbers:
        """See `PictureServices.wall`."""
        connect(self._db)
        reports = Report.select().join(Node, on=(Node.number == Report.node)).where(sees(who, Node.village))
        urgent, oldest = (
            reports.select(peewee.fn.COUNT(1), peewee.fn.MIN(Report.received_at))
            .where(Report.urgent_unread == True)  # noqa: E712 - an expression of SQL
            .tuples()
            .execute(self._db)[0]
        )
        answered = Answer.select(peewee.Value(1)).where(Answer.report == Report.id)
        withdrawn = Withdrawal.select(peewee.Value(1)).where(Withdrawal.report == Report.id)
        waiting = reports.where(
            Report.read_at.is_null(False)
            & Report.acted_on_at.is_null()
            & ~peewee.fn.EXISTS(answered)
            & ~peewee.fn.EXISTS(withdrawn)
        )
        unread = reports.where(Report.read_at.is_null())
        silent, villages = self._villages(now, who)
        return WallNumbers(
            urgent_unread=int(urgent),
            oldest_urgent_at=None if oldest is None else float(oldest),
            unread=self._count(unread),
            waiting=self._count(waiting),
            silent_villages=silent,
            villages=villages,
        )

    def _count(self, query: Any) -> int:
        return int(query.select(peewee.fn.COUNT(1)).tuples().execute(self._db)[0][0])

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


def placed_reports(starts: Sequence[float], who: SignedIn) -> Any:
    """Return village, kind and week of reports from the first start on, as a subquery; `week` is the place of
    its start, the last one for what came after all."""
    told = _told(starts[0], who)
    # The number of the week is a column of its own: PostgreSQL takes an expression with parameters in
    # SELECT and the same one in GROUP BY for two.
    week = peewee.Case(
        None, [(told.c.moment < end, at) for at, end in enumerate(starts[1:])], len(starts) - 1
    )
    return (
        peewee.Select([told], [told.c.village, told.c.kind, week.alias("week")])
        .where(told.c.moment >= starts[0])
        .alias("placed")
    )


def _told(since: float, who: SignedIn) -> Any:
    """Return village, kind, destination and best moment of reports, as a subquery.

    The same arithmetic as `hub.taking_time`. No report is taken after it was received, so those that were
    received before `since` need not be looked at.
    """
    bounds = _bounds(Report, since, who).union_all(_bounds(ForgottenReport, since, who)).alias("bounds")
    moment = peewee.Case(
        None,
        [
            (bounds.c.high - bounds.c.low > SURE_WITHIN_S, bounds.c.received_at),
            (bounds.c.low > bounds.c.high, bounds.c.high),
        ],
        (bounds.c.low + bounds.c.high) / 2,
    )
    columns = [bounds.c.village, bounds.c.kind, bounds.c.destination, moment.alias("moment")]
    return peewee.Select([bounds], columns).alias("told")


def _bounds(model: Any, since: float, who: SignedIn) -> Any:
    """Return between which moments the reports of a table were taken; an addition has no kind."""
    began = Epoch.start_earliest + 60 * model.age_minutes
    ended = Epoch.start_latest + 60 * model.age_minutes + 60
    return (
        model.select(
            Node.village.alias("village"),
            model.kind.alias("kind"),
            model.received_at.alias("received_at"),
            model.destination.alias("destination"),
            peewee.Case(None, [(began < Node.enrolled_at, Node.enrolled_at)], began).alias("low"),
            peewee.Case(None, [(ended > model.received_at, model.received_at)], ended).alias("high"),
        )
        .join(Node, on=(Node.number == model.node))
        .join(Epoch, on=(Epoch.id == model.epoch))
        .where((model.received_at >= since) & (model.kind != "") & sees(who, Node.village))
    )
