"""Keeps the draw of each report of the lowest band, once and for good, in the transaction that scores it.

Reports that were not drawn have a row as well: whoever estimates must know of how many the drawn ones are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hub.risk.models import RandomDraw, RandomExcuse
from hub.risk.random_share import USUAL_SHARE, Draw, is_drawn
from hub.storage.statements import insert_rows


class RandomDraws:
    """Draws and reads. `key` comes of the hub's folder. Threads may share it; what draws runs inside a job of
    the writer."""

    def __init__(self, database: Any, key: bytes, share: float = USUAL_SHARE) -> None:
        self._db = database
        self._key = key
        self._share = share

    def draw(self, reports: Sequence[str]) -> None:
        """Draw for reports that came into the lowest band; those that had their draw keep it."""
        if not reports or not self._share:
            return
        known = self.of(reports)
        rows = [
            {
                "report": one,
                "chance": self._share,
                "drawn": is_drawn(one, self._key, self._share),
                "excused": False,
            }
            for one in reports
            if one not in known
        ]
        insert_rows(self._db, RandomDraw, rows)

    def of(self, reports: Sequence[str]) -> dict[str, Draw]:
        """Return the draws of those reports that had one."""
        if not reports:
            return {}
        query = RandomDraw.select().where(RandomDraw.report.in_(list(reports)))
        return {row.report: Draw(row.chance, row.drawn, row.excused) for row in query.execute(self._db)}

    def forget(self, reports: Sequence[str]) -> None:
        """Take away all that is kept of reports; inside the transaction that forgets them."""
        for model in (RandomDraw, RandomExcuse):
            model.delete().where(model.report.in_(list(reports))).execute(self._db)
