"""Makes weekly reports, keeps them, and shows each account its own. Implements
`hub.weekly.services.WeeklyServices`.

A week is counted once, for each set of areas that accounts have, and stays as it was counted, whatever comes
late or is forgotten. Who makes it again adds a version.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import peewee

from hub.accounts.models import User, UserArea
from hub.services import SignedIn
from hub.storage.statements import insert_new
from hub.weekly.facts import Facts, from_text, to_text
from hub.weekly.gathering import Gathering
from hub.weekly.models import WeeklyReport
from hub.weekly.outside import for_outside
from hub.weekly.services import (
    INTERNAL,
    LISTED_AT_ONCE,
    PUBLIC,
    PUBLIC_ROLES,
    KeptReport,
    UnknownWeek,
    WeekRow,
    name_of,
)
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

EVERY_S: Final = 3600
WITHIN_S: Final = 3600
MOST_MISSED: Final = 8
"""Weeks that are caught up."""
PATIENCE_S: Final = 24 * 3600
"""So long a report waits for the watch to judge its week."""
BY: Final = "weekly report"
"""Whose name stands beside what the job made."""
WHOLE: Final = ""
Note = Callable[..., object]


class WeekNotOver(Exception):
    """The week has not ended yet."""


class WeeklyReports:
    """Keeps reports. `note` notes an access: `AuditLog.note`. `on_made` hears, in the transaction that keeps
    it, of each new report of the whole hub. Threads may share it."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, clock: Clock, gathering: Gathering, *, note: Note
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._gathering = gathering
        self._note = note
        self.on_made: Callable[[int, float], object] = lambda report, at: None

    # -- making -----------------------------------------------------------------------------------

    def jobs(self) -> list[Job]:
        """Return the job that makes what is due."""
        return [Job("weekly-report", EVERY_S, self.catch_up, longest_s=WITHIN_S)]

    def weeks_due(self) -> list[int]:
        """Return the weeks that have ended and have no report, oldest first: at a hub's first, one."""
        last, now = self._gathering.last_week(), self._clock.wall_s()
        connect(self._db)
        whole = (WeeklyReport.areas == WHOLE) & (WeeklyReport.week <= last)
        newest = WeeklyReport.select(peewee.fn.MAX(WeeklyReport.week)).where(whole).scalar(self._db)
        if newest is None:
            weeks = [last] if self._gathering.has_villages() else []
        else:
            weeks = list(range(int(newest) + 7, last + 1, 7))[-MOST_MISSED:]
        return [
            week
            for week in weeks
            if self._gathering.judged(week) or now >= self._gathering.ends_at(week) + PATIENCE_S
        ]

    def catch_up(self) -> None:
        """Make what is due, and of the last week what an account with new areas misses."""
        for week in self.weeks_due():
            self.make(week)
        last = self._gathering.last_week()
        missing = self._missing(last)
        if missing and WHOLE not in missing:
            self._keep_all(last, missing, BY, again=False)

    def make(self, week: int, *, by: str = BY, again: bool = False) -> int:
        """Count a week and keep it, for each set of areas; return the version of the whole hub's.

        Unless it is made `again`, what is kept stays. Raises WeekNotOver.
        """
        if week > self._gathering.last_week():
            raise WeekNotOver
        wanted = self._keys() if again else self._missing(week)
        if wanted:
            self._keep_all(week, wanted, by, again=again)
        return self._latest(week, WHOLE) or 0

    def _keep_all(self, week: int, keys: Sequence[str], by: str, *, again: bool) -> None:
        found = self._gathering.gather(week, [tuple(key.split()) for key in keys])
        for key, facts in zip(keys, found, strict=True):
            self._writer.run(partial(self._keep, key, facts, by, again))

    def _keep(self, key: str, facts: Facts, by: str, again: bool) -> None:
        latest = self._latest(facts.week, key)
        if latest is not None and not again:
            return  # another process was quicker
        what = "weekly report made" if latest is None else "weekly report corrected"
        self._note(by, what, f"weekly {name_of(facts.week)}", "")
        report = insert_new(
            self._db,
            WeeklyReport,
            week=facts.week,
            areas=key,
            version=(latest or 0) + 1,
            made_at=facts.counted_at,
            made_by=by,
            facts=to_text(facts),
        )
        if key == WHOLE:
            self.on_made(report, facts.counted_at)

    def _missing(self, week: int) -> list[str]:
        connect(self._db)
        query = WeeklyReport.select(WeeklyReport.areas).where(WeeklyReport.week == week).distinct()
        there = {key for (key,) in query.tuples().execute(self._db)}
        return [key for key in self._keys() if key not in there]

    def _keys(self) -> list[str]:
        """Return all sets of areas that accounts of the office have, the whole hub first."""
        connect(self._db)
        rows = UserArea.select(UserArea.user, UserArea.code).join(User, on=(User.name == UserArea.user))
        rows = rows.where((User.role != "agency") & (User.locked == False))  # noqa: E712 - SQL
        areas: dict[str, list[str]] = {}
        for user, code in rows.tuples().execute(self._db):
            areas.setdefault(user, []).append(code)
        return sorted({WHOLE, *(key_of(codes) for codes in areas.values())})

    def _latest(self, week: int, key: str) -> int | None:
        mine = (WeeklyReport.week == week) & (WeeklyReport.areas == key)
        found = WeeklyReport.select(peewee.fn.MAX(WeeklyReport.version)).where(mine).scalar(self._db)
        return None if found is None else int(found)

    # -- looking ----------------------------------------------------------------------------------

    def rows(self, *, before: int | None = None, who: SignedIn | None = None) -> list[WeekRow]:
        """See `WeeklyServices.rows`; without an account, of the whole hub."""
        connect(self._db)
        mine = WeeklyReport.areas == key_of(() if who is None else who.areas)
        if before is not None:
            mine &= WeeklyReport.week < before
        query = (
            WeeklyReport.select(
                WeeklyReport.week, peewee.fn.MAX(WeeklyReport.version), peewee.fn.MAX(WeeklyReport.made_at)
            )
            .where(mine)
            .group_by(WeeklyReport.week)
            .order_by(WeeklyReport.week.desc())
            .limit(LISTED_AT_ONCE)
        )
        return [WeekRow(int(w), int(v), float(at)) for w, v, at in query.tuples().execute(self._db)]

    def report(
        self,
        week: int,
        version: int | None = None,
        *,
        who: SignedIn | str,
        audience: str = INTERNAL,
        taken: bool = False,
    ) -> KeptReport:
        """See `WeeklyServices.report`; a name alone stands for the command line."""
        areas = () if isinstance(who, str) else who.areas
        if audience == PUBLIC and not isinstance(who, str) and (who.areas or who.role not in PUBLIC_ROLES):
            raise UnknownWeek
        connect(self._db)
        key = key_of(areas)
        latest = self._latest(week, key)
        if latest is None:
            raise UnknownWeek
        wanted = 1 if audience == PUBLIC else version or latest
        mine = (WeeklyReport.week == week) & (WeeklyReport.areas == key)
        row = WeeklyReport.select().where(mine & (WeeklyReport.version == wanted)).first(self._db)
        if row is None:
            raise UnknownWeek
        what = "weekly report taken" if taken else "weekly report seen"
        self._note(who, what, f"weekly {name_of(week)}", audience if audience == PUBLIC else "")
        facts = from_text(row.facts)
        return KeptReport(
            facts=for_outside(facts) if audience == PUBLIC else facts,
            version=wanted,
            latest=1 if audience == PUBLIC else latest,
            made_at=float(row.made_at),
            before=self._neighbour(key, WeeklyReport.week < week, peewee.fn.MAX),
            after=self._neighbour(key, WeeklyReport.week > week, peewee.fn.MIN),
        )

    def _neighbour(self, key: str, side: Any, nearest: Any) -> int | None:
        query = WeeklyReport.select(nearest(WeeklyReport.week)).where((WeeklyReport.areas == key) & side)
        found = query.scalar(self._db)
        return None if found is None else int(found)


def key_of(areas: Sequence[str]) -> str:
    """Return a set of areas as it is kept."""
    return " ".join(sorted(areas))
