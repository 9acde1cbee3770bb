"""What a report leaves in the database, written by one statement.

Each statement hands the interpreter to another thread and waits for it again: with six of them a report, a
crowd at the site waited for the writer. So the rows go through a view of this connection alone.
"""

from __future__ import annotations

from typing import Any

import peewee

from sync.identifiers import EnvelopeId
from village_node.log_rows import LogRows
from village_node.timekeeping import Stamp

_MAKE_VIEW = """
CREATE TEMP VIEW IF NOT EXISTS taken AS SELECT NULL AS token_hash, NULL AS epoch, NULL AS lane,
    NULL AS counter, NULL AS sealed, NULL AS urgent, NULL AS boot, NULL AS mono_s, NULL AS wall_s,
    NULL AS step, NULL AS find, NULL AS pictures, NULL AS duress_find
"""
_MAKE_TRIGGER = """
CREATE TEMP TRIGGER IF NOT EXISTS take_report INSTEAD OF INSERT ON taken BEGIN
    INSERT INTO form_use (token_hash, epoch, counter)
        SELECT NEW.token_hash, NEW.epoch, NEW.counter WHERE NEW.token_hash IS NOT NULL;
    INSERT INTO envelope (epoch, lane, counter, sealed, urgent, boot, mono_s)
        VALUES (NEW.epoch, NEW.lane, NEW.counter, NEW.sealed, NEW.urgent, NEW.boot, NEW.mono_s);
    INSERT INTO receipt (find, epoch, counter) VALUES (NEW.find, NEW.epoch, NEW.counter);
    INSERT OR IGNORE INTO receipt_sign (find, pictures, duress_find)
        SELECT NEW.find, NEW.pictures, NEW.duress_find WHERE NEW.pictures IS NOT NULL;
    INSERT OR IGNORE INTO step (find, step, boot, mono_s, wall_s)
        VALUES (NEW.find, NEW.step, NEW.boot, NEW.mono_s, NEW.wall_s);
END
"""
_TAKE = "INSERT INTO taken VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class FormUsedBefore(Exception):
    """The form's token is in the store: its report was taken earlier."""


class TakenRows(LogRows):
    """The part of the log that keeps a new report."""

    _view_made_on: Any = None
    _view_stands_on: Any = None
    """The connection on which the view is committed: a new one, after damage, has none."""

    def _insert_taken(
        self,
        place: EnvelopeId,
        sealed: bytes,
        urgent: bool,
        token_hash: bytes | None,
        stamp: Stamp,
        step: int,
        find: bytes,
        sign: tuple[int, bytes] | None,
    ) -> None:
        """Insert a report's rows, or raise FormUsedBefore and insert none. Call inside a job, and tell by
        `_taken_committed` that it is committed."""
        connection = self._db.connection()
        if self._view_stands_on is not connection:
            self._view_made_on = connection
            self._db.execute_sql(_MAKE_VIEW)
            self._db.execute_sql(_MAKE_TRIGGER)
        pictures, duress_find = sign or (None, None)
        row = (
            *(token_hash, place.epoch, int(place.lane), place.counter, sealed, urgent),
            *(stamp.boot, stamp.mono_s, stamp.wall_s, step, find, pictures, duress_find),
        )
        try:
            self._db.execute_sql(_TAKE, row)
        except peewee.IntegrityError as error:
            if "form_use" in str(error):
                raise FormUsedBefore from error
            raise

    def _taken_committed(self) -> None:
        self._view_stands_on = self._view_made_on
