"""Judges the series that changed, and all of them once a week; keeps what was found and hands it on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hub.other_data.models import OtherFinding, OtherSeries
from hub.other_data.series import counts_by_series
from hub.storage.statements import put
from hub.watching.services import NobodyTakes, TakesFindings
from hub.week_counts import WeekCounts, week_of
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

if TYPE_CHECKING:
    from hub.other_data.watching import Judged

EVERY_S: Final = 60
YEARS_BACK: Final = 8
_AT_ONCE: Final = 200


class SeriesWatch:
    """Watches the series. `taker` makes signals of findings, which stand on the series' pages too."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        week_counts: WeekCounts,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._weeks = week_counts
        self.taker: TakesFindings = NobodyTakes()

    def jobs(self) -> list[Job]:
        """Return the turn that judges what changed and what a new week brings."""
        return [Job("judge-series", EVERY_S, self.turn)]

    def turn(self) -> None:
        """Judge what is due."""
        self.judge_due()

    def judge_due(self) -> int:
        """Judge the series that changed or were not judged this week; return how many weeks were found."""
        found = 0
        while True:
            count, done = self._judge_some()
            found += count
            if done < _AT_ONCE:
                return found

    def _judge_some(self) -> tuple[int, int]:
        connect(self._db)
        now = self._clock.wall_s()
        present = week_of(now, self._weeks.zone)
        late = OtherSeries.judged_week.is_null() | (OtherSeries.judged_week < present)
        due = OtherSeries.shown & ((OtherSeries.due > 0) | late)
        rows = list(
            OtherSeries.select().where(due).order_by(OtherSeries.id).limit(_AT_ONCE).execute(self._db)
        )
        if not rows:
            return 0, 0
        from hub.other_data.watching import Watched, judge  # SciPy: only where something is to be judged

        counts = counts_by_series(self._db, [row.id for row in rows], present - YEARS_BACK * 53 * 7)
        judged = judge(
            [
                Watched(row.id, row.unit, counts.get(row.id, {}), row.method, tuple(json.loads(row.settings)))
                for row in rows
            ],
            present,
        )
        findings = [finding for one in judged for finding in one.findings]
        self._writer.run(lambda: self._keep(rows, judged, present, now))
        return len(findings), len(rows)

    def _keep(self, rows: list[Any], judged: list[Judged], present: int, now: float) -> None:
        from hub.other_data.watching import LAST_WEEKS

        self.taker.takes_findings([finding for one in judged for finding in one.findings], now)
        for row, one in zip(rows, judged, strict=True):
            tested = (OtherFinding.series == row.id) & (OtherFinding.week >= present - LAST_WEEKS * 7)
            OtherFinding.delete().where(tested).execute(self._db)
            for finding in one.findings:
                kept = {
                    "series": row.id,
                    "week": finding.week,
                    "rule": finding.rule,
                    "count": finding.count,
                    "usual_low": finding.usual_low,
                    "usual_high": finding.usual_high,
                    "chance": finding.chance,
                    "found_at": now,
                }
                put(OtherFinding, kept).execute(self._db)
            told = {"judged_week": present, "problem": one.problem}
            OtherSeries.update(told).where(OtherSeries.id == row.id).execute(self._db)
            # What changed meanwhile is judged in the next turn.
            seen = (OtherSeries.id == row.id) & (OtherSeries.due == row.due)
            OtherSeries.update(due=0).where(seen).execute(self._db)
