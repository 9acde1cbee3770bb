"""The weekly watch: judges the weeks that have ended and were not judged, and hands on what it finds.

A week is judged once, soon after it has ended; one that was missed is caught up, if it is not too old.
That it was judged and what becomes of its findings is one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from hub.counting.entries import week_of
from hub.retention.contents import ReportContents
from hub.signals.finding import Finding
from hub.storage.statements import insert_rows, run
from hub.watching.heard import HeardWeeks
from hub.watching.models import WatchFinding, WatchRun
from hub.watching.services import NobodyTakes, TakesFindings
from hub.week_counts import WeekCounts
from sync.clock import Clock
from sync.link_quality import DAY_S
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_log = logging.getLogger(__name__)
MOST_MISSED: Final = 4
"""Weeks that are caught up: what is older warns nobody."""
EVERY_S: Final = 3 * 3600
WITHIN_S: Final = 3_600


class NotEnded(Exception):
    """The week has not ended yet."""


@dataclass(frozen=True)
class Run:
    """What judging a week gave."""

    week: int
    rule: str
    budget: float
    series: int
    findings: tuple[Finding, ...]


class WeeklyWatch:
    """Watches. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        counts: WeekCounts,
        contents: ReportContents,
        *,
        budget: float,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._counts = counts
        self._contents = contents
        self.heard = HeardWeeks(database, writer, counts.zone)
        self.budget = budget
        self.taker: TakesFindings = NobodyTakes()

    def jobs(self) -> list[Job]:
        """Return the job that judges what has ended."""
        return [Job("weekly-watch", EVERY_S, self.catch_up, longest_s=WITHIN_S)]

    def weeks_due(self, now: float) -> list[int]:
        """Return the weeks that have ended and were not judged, oldest first: at a hub's first, one."""
        connect(self._db)
        last = week_of(now, self._counts.zone) - 7
        row = run(self._db, "SELECT MAX(week) FROM watch_run WHERE week <= ?", [last]).fetchall()
        if row[0][0] is None:
            return [last]
        return list(range(int(row[0][0]) + 7, last + 1, 7))[-MOST_MISSED:]

    def catch_up(self) -> None:
        """Judge the weeks that are due, and hand on what was found."""
        for week in self.weeks_due(self._clock.wall_s()):
            found = self.judge(week)
            if not self.keep(found):
                _log.warning("a week was judged by another process meanwhile")

    def judge(self, week: int) -> Run:
        """Judge the week of a Monday and keep nothing of it; raise NotEnded."""
        # Imported here: a hub that serves pages does not load NumPy and SciPy for this.
        from hub.signals.budget import thresholds
        from hub.signals.explaining import RULE, RecentReport, findings_of
        from hub.signals.latest_week import WINDOW_WEEKS
        from hub.signals.region import RegionWatch
        from hub.watching.clusters import read_clusters
        from hub.watching.reading import CounterReading, category_of
        from hub.watching.telling import Reporters

        connect(self._db)
        now = self._clock.wall_s()
        if week > week_of(now, self._counts.zone) - 7:
            raise NotEnded
        self.heard.keep(week)
        reading = CounterReading(self._db, self._counts, self.heard, week, now)
        watch = RegionWatch(reading.weeks, reading.come)
        for regency in reading.regencies():
            watch.add(regency)
        begin = week - 7 * (WINDOW_WEEKS - 1)
        recent = [
            one
            for one in self._counts.entries.received_since((begin - 1) * DAY_S)
            if begin <= one.entry.week <= week
        ]
        clusters = read_clusters(self._db, self._counts.entries, recent, week, reading.weeks)
        watch.add_clusters(clusters.counts, clusters.number)
        watch.finish()
        reporters = Reporters(self._db, self._contents, {one.id: one for one in recent})
        behind = [
            RecentReport(
                one.id,
                one.entry.village,
                one.entry.week,
                tuple(category_of(name) for name in one.entry.categories()),
            )
            for one in recent
        ]
        findings = findings_of(
            watch.candidates,
            thresholds(watch.sizes(), self.budget),
            week,
            behind,
            reporters.of,
            clusters.recent,
        )
        return Run(week, RULE, self.budget, watch.judged, tuple(findings))

    def keep(self, found: Run) -> bool:
        """Keep that a week was judged and hand on its findings, in one transaction; False and nothing
        where it was judged before."""
        return bool(self._writer.run(partial(self._keep, found)))

    def _keep(self, found: Run) -> bool:
        now = self._clock.wall_s()
        if WatchRun.select().where(WatchRun.week == found.week).exists(self._db):
            return False
        WatchRun.insert(
            week=found.week,
            rule=found.rule,
            budget=found.budget,
            series=found.series,
            findings=len(found.findings),
            at=now,
        ).execute(self._db)
        for start in range(0, len(found.findings), 200):
            insert_rows(self._db, WatchFinding, _rows(found.findings[start : start + 200]))
        self.taker.takes_findings(found.findings, now)
        return True

    def judged(self, week: int) -> bool:
        """Return whether a week was judged and its findings handed on."""
        connect(self._db)
        return bool(WatchRun.select().where(WatchRun.week == week).exists(self._db))


def _rows(findings: Sequence[Finding]) -> list[dict[str, object]]:
    return [
        {
            "week": one.week,
            "sort": one.sort.value,
            "unit": one.unit,
            "category": ":".join(part for part in one.category if part),
            "count": one.count,
            "chance": one.chance,
        }
        for one in findings
    ]
