"""Joins the parts of the weekly report over one store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hub.early_warning_wiring import EarlyWarning
from hub.picture_counts import PictureCounts
from hub.web.local_time import LocalTime
from hub.week_counts import WeekCounts
from hub.weekly.gathering import Gathering
from hub.weekly.mailing import WeeklyMailing
from hub.weekly.paper_content import pdf_of
from hub.weekly.reports import BY, Note, WeeklyReports
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.writer import GroupCommitWriter


class Weekly:
    """The weekly report: what makes and shows it, and what sends it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        local: LocalTime,
        *,
        counts: WeekCounts,
        early: EarlyWarning,
        folder: Path,
        hub_name: str,
        note: Note,
    ) -> None:
        self._local, self._hub_name = local, hub_name
        pictures = PictureCounts(database, counts, early.flows)
        gathering = Gathering(database, clock, counts, early.watch.heard, pictures, early.series)
        self.reports = WeeklyReports(database, writer, clock, gathering, note=note)
        self.mailing = WeeklyMailing(database, writer, clock, folder, self._paper, note=note)
        self.reports.on_made = self.mailing.queue

    def jobs(self) -> list[Job]:
        """Return the jobs that make and send it."""
        return [*self.reports.jobs(), *self.mailing.jobs()]

    def _paper(self, week: int, version: int, audience: str, language: str) -> bytes:
        kept = self.reports.report(week, version, who=BY, audience=audience, taken=True)
        return pdf_of(kept, self._hub_name, self._local, language)
