"""Gives reports that an earlier version took the groups of their indicators, and counts them by these.

The text of each is opened once, some hundred reports in a transaction; a new report has its groups from the
start. What was forgotten before has none, and is counted in no series of indicators.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from hub.cases.models import Arrival
from hub.counting.entries import Entries, signs_of
from hub.counting.kept import KeptCounts, changes_of, less
from hub.models import Report
from hub.retention.contents import ReportContents
from hub.storage.statements import run
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

AT_ONCE: Final = 200
A_NIGHT: Final = 200_000


class SignsFilling:
    """Fills what is missing. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        contents: ReportContents,
        entries: Entries,
        kept: KeptCounts,
    ) -> None:
        self._db = database
        self._writer = writer
        self._contents = contents
        self._entries = entries
        self._kept = kept

    def fill(self, most: int = A_NIGHT) -> int:
        """Fill at most about so many reports; return how many were."""
        connect(self._db)
        filled, after = 0, ""
        while filled < most:
            read = Report.select(Report.id, Report.body).where(Report.signs.is_null() & (Report.id > after))
            rows = list(read.order_by(Report.id).limit(AT_ONCE).execute(self._db))
            if not rows:
                break
            after = rows[-1].id
            signs = {
                row.id: signs_of(json.loads(row.body).get("indicators"))
                for row in self._contents.reports(rows)
            }
            self._writer.run(partial(self._keep, list(signs), signs))
            filled += len(rows)
        return filled

    def _keep(self, reports: Sequence[str], signs: dict[str, str]) -> None:
        waiting = Arrival.select(Arrival.report).where(Arrival.report.in_(list(reports)))
        waits = {row.report for row in waiting.execute(self._db)}
        placed = [one for one in reports if one not in waits]
        before = changes_of(self._entries.of_reports(placed))
        for one in reports:
            # Who was quicker has filled it already, or it is forgotten.
            run(self._db, "UPDATE report SET signs = ? WHERE id = ? AND signs IS NULL", (signs[one], one))
        self._kept.add(less(changes_of(self._entries.of_reports(placed)), before))
