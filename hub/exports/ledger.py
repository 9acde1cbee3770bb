"""Every export stands in the log of accesses before its first byte, and is limited by its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import peewee

from hub.exports.models import ExportMade
from hub.exports.services import ROWS_A_DAY, ExportRefused
from hub.languages import N_
from hub.services import SignedIn
from sync.clock import Clock
from sync.storage.writer import GroupCommitWriter

Note = Callable[[SignedIn, str, str, str], object]
DAY_S = 86_400


class ExportLedger:
    """Notes exports. `note` is `AuditLog.note`."""

    def __init__(self, database: Any, writer: GroupCommitWriter, clock: Clock, note: Note) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._note = note

    def take(
        self,
        who: SignedIn,
        what: str,
        about: str,
        rows: int,
        reason: str,
        *,
        a_minute: int | None = None,
        also: Sequence[str] = (),
    ) -> None:
        """Note an export of so many rows, or raise ExportRefused: too many rows within 24 hours, or more than
        `a_minute` exports within one.

        `about` names the file and the filter, `also` what else is looked at by it. What is refused is not
        noted.
        """

        def job() -> None:
            now = self._clock.wall_s()
            self._note(who, what, f"export {about} rows={rows}", reason)
            for one in also:
                self._note(who, what, one, "")
            left = ROWS_A_DAY - self._rows_since(who.name, now - DAY_S)
            if rows > left:
                raise ExportRefused(
                    N_(
                        "Paling banyak %(most)s baris dalam 24 jam: tersisa %(left)s, ini %(rows)s."
                        " Persempit saringannya.",
                        most=ROWS_A_DAY,
                        left=max(left, 0),
                        rows=rows,
                    )
                )
            if a_minute is not None and self._made_since(who.name, now - 60) >= a_minute:
                raise ExportRefused(N_("Paling banyak %(most)s permintaan dalam satu menit.", most=a_minute))
            ExportMade.insert(by=who.name, at=now, rows=rows).execute(self._db)
            ExportMade.delete().where(ExportMade.at < now - 2 * DAY_S).execute(self._db)

        self._writer.run(job)

    def _made_since(self, name: str, since: float) -> int:
        recent = (ExportMade.by == name) & (ExportMade.at > since)
        return int(ExportMade.select().where(recent).count(self._db))

    def _rows_since(self, name: str, since: float) -> int:
        recent = (ExportMade.by == name) & (ExportMade.at > since)
        query = ExportMade.select(peewee.fn.SUM(ExportMade.rows)).where(recent)
        return int(query.tuples().execute(self._db)[0][0] or 0)
