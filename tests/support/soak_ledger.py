"""What a soak promised and saw, in a file: memory is what it measures, so it keeps nothing there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE report (serial INTEGER PRIMARY KEY, village TEXT, way TEXT, code TEXT, envelope TEXT UNIQUE,
    find BLOB, taken_at REAL, body TEXT, urgent INTEGER, arrived_at REAL, withdrawn INTEGER DEFAULT 0);
CREATE INDEX by_find ON report (find);
CREATE TABLE added (serial INTEGER, text TEXT UNIQUE, at REAL);
CREATE TABLE attached (serial INTEGER, number INTEGER, sha256 BLOB, at REAL);
CREATE TABLE answered (find BLOB, written_at INTEGER, after_s REAL, PRIMARY KEY (find, written_at));
CREATE TABLE counted (what TEXT PRIMARY KEY, times INTEGER);
"""


class Ledger:
    """Rows by the number of a report in the soak, which stands in its narrative."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode = off; PRAGMA synchronous = off;" + TABLES)
        self._arrived: list[tuple[float, str]] = []
        self._answers: list[tuple[bytes, int, float]] = []

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query, with all that was told."""
        self._settle()
        return self._db.execute(query, values).fetchall()

    def taken(
        self,
        serial: int,
        village: str,
        way: str,
        taken: tuple[str, str, bytes],
        at: float,
        body: dict[str, Any],
    ) -> None:
        """Keep a report whose receipt code was shown; `taken` is code, envelope and find."""
        urgent = int(body.get("urgency") == "now")
        row = (serial, village, way, *taken, at, json.dumps(body), urgent)
        self._db.execute(
            "INSERT INTO report (serial, village, way, code, envelope, find, taken_at, body, urgent) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row,
        )

    def added(self, serial: int, text: str, at: float) -> None:
        """Keep an addition that was thanked for."""
        self._db.execute("INSERT INTO added VALUES (?, ?, ?)", (serial, text, at))

    def attached(self, serial: int, number: int, sha256: bytes, at: float) -> None:
        """Keep that a picture went with a report."""
        self._db.execute("INSERT INTO attached VALUES (?, ?, ?, ?)", (serial, number, sha256, at))

    def withdrew(self, serial: int) -> None:
        """Keep that a report was taken back."""
        self._db.execute("UPDATE report SET withdrawn = 1 WHERE serial = ?", (serial,))

    def count(self, what: str, times: int = 1) -> None:
        """Count something that happened."""
        self._db.execute(
            "INSERT INTO counted VALUES (?, ?) "
            "ON CONFLICT (what) DO UPDATE SET times = times + excluded.times",
            (what, times),
        )

    def counted(self) -> dict[str, int]:
        """Return what happened how often."""
        return {str(what): int(times) for what, times in self.ask("SELECT * FROM counted ORDER BY what")}

    # -- told by the writers' threads, kept by this one -------------------------------------------------

    def arrived(self, reports: Iterable[str], at: float) -> None:
        """A hub has these now; the first time counts."""
        self._arrived.extend((at, report) for report in reports)

    def answer_came(self, find: bytes, written_at: int, after_s: float) -> None:
        """A village has this answer; the first time counts."""
        self._answers.append((find, written_at, after_s))

    def _settle(self) -> None:
        arrived, self._arrived = self._arrived, []
        answers, self._answers = self._answers, []
        self._db.executemany(
            "UPDATE report SET arrived_at = ? WHERE envelope = ? AND arrived_at IS NULL", arrived
        )
        self._db.executemany("INSERT OR IGNORE INTO answered VALUES (?, ?, ?)", answers)
