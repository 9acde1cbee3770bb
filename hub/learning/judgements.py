"""Reports as examples for refitting and pairs for comparing: their signs, and nothing else of their text."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from hub.learning.comparing import Paired, Seen
from hub.learning.labels import Judged, weights
from hub.learning.refitting import Calibration, Example
from hub.links.bulk import select_in
from hub.models import Report
from hub.retention.contents import ReportContents
from hub.risk.scoring import SAID_URGENT, Assessment, assess, rank
from hub.risk.scoring import Judged as JudgedReport
from hub.risk.weights import FIRST, Weights
from sync.records import check_report

MOST_OPENED: Final = 5_000
"""Reports whose text is opened at once: the newest."""
_AT_ONCE: Final = 500


class Judgements:
    """Opens reports and lets tables judge them as on the day when they came."""

    def __init__(self, database: Any, contents: ReportContents, zone: datetime.tzinfo) -> None:
        self._db = database
        self._contents = contents
        self._zone = zone

    def examples(self, reports: Sequence[Judged]) -> list[Example]:
        """Return an example for each label that counts; what was forgotten meanwhile is left out."""
        counts = weights(reports)
        labelled = [one for one in reports if counts.get(one.id, 0) > 0][:MOST_OPENED]
        found = self._assessed(labelled, (FIRST,))
        return [
            Example(_signs(found[one.id][0]), bool(found[one.id][0].rules), bool(one.came), counts[one.id])
            for one in labelled
            if one.id in found
        ]

    def pairs(
        self,
        reports: Sequence[Judged],
        week: Callable[[Judged], int],
        champion: tuple[Weights, Calibration],
        challenger: tuple[Weights, Calibration],
    ) -> list[Paired]:
        """Return later reports under both tables."""
        counts = weights(reports)
        read = reports[:MOST_OPENED]
        found = self._assessed(read, (champion[0], challenger[0]))
        return [
            Paired(
                one.id,
                week(one),
                one.received_at,
                one.came,
                counts.get(one.id, 0.0),
                _seen(found[one.id][0], champion[1]),
                _seen(found[one.id][1], challenger[1]),
            )
            for one in read
            if one.id in found
        ]

    def _assessed(
        self, reports: Sequence[Judged], tables: Sequence[Weights]
    ) -> Mapping[str, tuple[Assessment, ...]]:
        by_id = {one.id: one for one in reports}
        found: dict[str, tuple[Assessment, ...]] = {}
        for ids in _pieces(list(by_id)):
            rows = select_in(self._db, [Report.id, Report.body], Report.id, ids)
            for row in self._contents.reports(Report(id=name, body=body) for name, body in rows):
                one = by_id[row.id]
                told = check_report(json.loads(row.body))
                day = datetime.datetime.fromtimestamp(one.received_at, self._zone).date()
                judged = JudgedReport(told, added_urgent=SAID_URGENT in one.rules.split())
                found[row.id] = tuple(assess(judged, day, table) for table in tables)
        return found


def _signs(found: Assessment) -> frozenset[str]:
    return frozenset(line.sign for line in found.lines)


def _seen(found: Assessment, calibration: Calibration) -> Seen:
    return Seen(rank(found.band, found.points), calibration.chance(found.points, bool(found.rules)))


def _pieces(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[at : at + _AT_ONCE] for at in range(0, len(ids), _AT_ONCE))
