"""How many people at least told some reports: opens what they say of who told them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hub.counting.entries import Placed
from hub.links.bulk import select_in
from hub.models import Report
from hub.openrosa.models import PhoneReport
from hub.retention.contents import ReportContents
from hub.signals.reporters import Telling, independent


class Reporters:
    """Counts the reporters of recent reports."""

    def __init__(self, database: Any, contents: ReportContents, recent: Mapping[str, Placed]) -> None:
        self._db = database
        self._contents = contents
        self._recent = recent

    def of(self, reports: Sequence[str]) -> int:
        """Return how many people at least told these; what was forgotten is nobody's."""
        tokens = dict(
            select_in(self._db, [PhoneReport.report, PhoneReport.token], PhoneReport.report, reports)
        )
        read = Report.select(Report.id, Report.body).where(Report.id.in_(list(reports)))
        tellings = []
        for row in self._contents.reports(read.execute(self._db)):
            body, placed = json.loads(row.body), self._recent[row.id]
            tellings.append(
                Telling(
                    placed.node,
                    placed.moment,
                    body.get("narrative") or "",
                    (body.get("reporter") or {}).get("contact"),
                    tokens.get(row.id),
                )
            )
        return independent(tellings)
