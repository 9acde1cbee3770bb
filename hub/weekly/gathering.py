"""Gathers the figures of a week for who sees some areas."""

from __future__ import annotations

import datetime
from typing import Any

from hub.counting.entries import week_of
from hub.models import Node
from hub.other_data.series import OtherSeriesStore
from hub.picture_services import PictureServices
from hub.services import SignedIn
from hub.storage.opening import one_state
from hub.watching.heard import HeardWeeks
from hub.watching.models import WatchRun
from hub.week_counts import WeekCounts
from hub.weekly.counted_work import WorkOfWeek
from hub.weekly.facts import Facts
from sync.clock import Clock
from sync.link_quality import day_number
from sync.storage.database import connect

_EPOCH = datetime.date(1970, 1, 1)


class Gathering:
    """Reads the store; changes nothing. Threads may share it."""

    def __init__(
        self,
        database: Any,
        clock: Clock,
        counts: WeekCounts,
        heard: HeardWeeks,
        pictures: PictureServices,
        series: OtherSeriesStore,
    ) -> None:
        self._db = database
        self._clock = clock
        self._counts = counts
        self._heard = heard
        self._pictures = pictures
        self._series = series

    def last_week(self) -> int:
        """Return the Monday of the last week that has ended."""
        return week_of(self._clock.wall_s(), self._counts.zone) - 7

    def ends_at(self, week: int) -> float:
        """Return when a week ends in the hub's own time zone, Unix seconds."""
        monday = _EPOCH + datetime.timedelta(week + 7)
        return datetime.datetime.combine(monday, datetime.time(), self._counts.zone).timestamp()

    def judged(self, week: int) -> bool:
        """Return whether the watch has judged a week."""
        connect(self._db)
        return bool(WatchRun.select().where(WatchRun.week == week).exists(self._db))

    def has_villages(self) -> bool:
        """Return whether the hub has any village."""
        connect(self._db)
        return bool(Node.select(Node.number).exists(self._db))

    def gather(self, week: int, areas: list[tuple[str, ...]]) -> list[Facts]:
        """Return the figures of a week for each set of areas, all as at one moment."""
        # Imported here: what brings NumPy and SciPy is not for a hub that serves pages.
        from hub.weekly.usual import UsualWeeks

        now = self._clock.wall_s()
        connect(self._db)
        usual = UsualWeeks(self._db, self._counts, self._heard, week, now)
        return [self._of(week, now, usual, one) for one in areas]

    def _of(self, week: int, now: float, usual: Any, areas: tuple[str, ...]) -> Facts:
        from hub.weekly.counted_reports import count_reports, count_urgent

        who = SignedIn("", "supervisor", areas)
        begins_at, ends_at = self.ends_at(week - 7), self.ends_at(week)
        wall = self._pictures.wall(now, who)
        with one_state(self._db):
            work = WorkOfWeek(self._db, week, begins_at, ends_at, now, who)
            signals, referrals, rights = work.signals(), work.referrals(day_number(now)), work.rights()
            return Facts(
                week=week,
                areas=areas,
                counted_at=now,
                judged=self.judged(week),
                reports=count_reports(self._counts, usual, week, who),
                urgent=count_urgent(self._db, begins_at, ends_at, who),
                signals=signals,
                bulletins=work.bulletins(),
                villages=work.villages(wall),
                referrals=referrals,
                series=work.series(self._series),
                learned=work.learned(),
                waiting=work.waiting(wall, signals, referrals, rights),
                rights=rights,
            )
