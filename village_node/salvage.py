"""Goes on after a card damaged the store: what can be read goes into a fresh one, the damaged one is kept.

Everything is sealed before and after; nothing is opened, and no counter is used twice, since each start opens
an epoch of its own. What was lost is remembered, so that no receipt of it is called unknown or saved.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import peewee

from sync.errors import SyncError
from sync.identifiers import Lane
from sync.storage.database import integrity_problem, migrate, open_sqlite
from sync.storage.private_files import write_private
from village_node.damaged_store import DamagedStore
from village_node.folder import DATABASE_FILE, SealingLock
from village_node.log_rows import MADE_ANEW, RECEIPTS_LOST
from village_node.receipt_rows import STEP_RECEIVED
from village_node.store_wiring import MIGRATIONS

_log = logging.getLogger(__name__)
WANTED_FILE = "store.salvage"
"""Its text: "wanted", or "refused" where only a person can help."""
FRESH_FILE = DATABASE_FILE + ".fresh"
WHOLE_FILE = DATABASE_FILE + ".whole"
ASIDE = "node.damaged-"
KEPT_ASIDE = 2
ROOM_BYTES = 20 * 1024 * 1024
NEEDED = ("setting",)
"""Without these a box would seal for a key of the hub that may be gone, or count its starts anew."""
SHOWN_BY_CODE = ("receipt", "receipt_sign", "step", "follow_up", "answer")
_WRITTEN_BY_MIGRATING = "schema_migration"
_FURTHEST = 2**32
"""So far behind a page that is none readable rows are looked for."""


class Unsalvageable(SyncError):
    """The damaged store cannot be made anew here; the text says why."""


@dataclass(frozen=True)
class Salvaged:
    """What came of it: the tables of which something is lost, and how many receipts lost their report."""

    damaged_tables: tuple[str, ...]
    receipts_without_report: int


def ask_for_salvage(folder: Path) -> bool:
    """Keep that the next start shall salvage; False where that was tried and refused. Raises OSError."""
    if salvage_asked(folder) == "refused":
        return False
    write_private(folder / WANTED_FILE, "wanted\n")
    return True


def salvage_asked(folder: Path) -> str:
    """Return "wanted", "refused" or nothing."""
    try:
        return (folder / WANTED_FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def salvage_where_asked(folder: Path) -> Salvaged | None:
    """Do what an earlier start asked for; where it cannot be done the damaged store stays as it was.

    Cut off anywhere, it is taken up by the next start. Raises NodeBusy.
    """
    if salvage_asked(folder) != "wanted":
        return None
    lock = SealingLock(folder)
    try:
        done = None if (folder / WHOLE_FILE).exists() else _salvage(folder)
        _put_in_place(folder)
        (folder / WANTED_FILE).unlink()
    except (Unsalvageable, OSError, sqlite3.Error, peewee.PeeweeException) as error:
        _log.error("the damaged store cannot be made anew (%s): the box needs a person", type(error).__name__)
        with contextlib.suppress(OSError):
            write_private(folder / WANTED_FILE, "refused\n")
        return None
    finally:
        (folder / FRESH_FILE).unlink(missing_ok=True)
        lock.release()
    lost = ", ".join(done.damaged_tables) if done is not None else ""
    _log.error("the card damaged the store; it was made anew, something is lost of: %s", lost or "nothing")
    return done


def _salvage(folder: Path) -> Salvaged:
    source, fresh = folder / DATABASE_FILE, folder / FRESH_FILE
    for suffix in ("", "-wal", "-shm"):
        Path(f"{fresh}{suffix}").unlink(missing_ok=True)
    if shutil.disk_usage(folder).free < source.stat().st_size + ROOM_BYTES:
        raise Unsalvageable("the card has no room for a second store")
    made: Any = open_sqlite(fresh)
    try:
        migrate(made, MIGRATIONS)
        with DamagedStore(folder) as damaged:
            if damaged.version != made.execute_sql("PRAGMA user_version").fetchone()[0]:
                raise Unsalvageable("the store is of another version")
            lost = tuple(table for table in _tables(made) if not _copy(damaged, made, table))
            # Which page a frame held whose head is damaged nobody knows: a receipt may have stood there.
            log_was_broken = damaged.log_was_broken
        if any(table in lost for table in NEEDED):
            raise Unsalvageable("the settings of the box cannot be read")
        without = _forget_what_was_lost(made) if log_was_broken or {"envelope", "epoch"} & set(lost) else 0
        codes_lost = log_was_broken or bool(without) or any(table in lost for table in SHOWN_BY_CODE)
        _remember(made, something_lost=codes_lost)
        if integrity_problem(made) is not None:
            raise Unsalvageable("the fresh store is damaged as well")
        made.execute_sql("PRAGMA journal_mode = DELETE")  # one file, without a WAL beside it
    finally:
        made.close()
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(folder / WHOLE_FILE)
    _flush(folder)
    return Salvaged(lost, without)


def _tables(made: Any) -> list[str]:
    rows = made.execute_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [row[0] for row in rows if row[0] != _WRITTEN_BY_MIGRATING]


def _copy(store: DamagedStore, made: Any, table: str) -> bool:
    """Copy the rows of a table that can be read, in their order; return whether those are all."""
    try:
        with store.table(table) as damaged:
            return _copy_rows(damaged, made, table)
    except sqlite3.DatabaseError:
        return False


def _copy_rows(damaged: sqlite3.Connection, made: Any, table: str) -> bool:
    names = [row[1] for row in made.execute_sql(f'PRAGMA table_info("{table}")')]
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    reading = _Reading(damaged, table, columns)
    into = f'INSERT OR IGNORE INTO "{table}" ({columns}) VALUES ({marks})'  # noqa: S608 - names of ours
    with made.atomic():
        for row in reading.rows():
            # A row that is damaged in itself may lack what must be there: then it is none.
            if made.execute_sql(into, row).rowcount < 1:
                reading.whole = False
    return reading.whole


class _Reading:
    """Reads a table past its damaged pages. `whole` is for who has read `rows` to the end."""

    def __init__(self, damaged: sqlite3.Connection, table: str, columns: str) -> None:
        self._damaged = damaged
        self._select = f'SELECT rowid, {columns} FROM "{table}" WHERE rowid > ? ORDER BY rowid'  # noqa: S608
        self.whole = True

    def rows(self) -> Iterator[tuple[object, ...]]:
        """Yield what is stored, without the numbers of the rows."""
        at: int | None = -1
        while at is not None:
            try:
                for row in self._damaged.execute(self._select, (at,)):
                    at = int(row[0])
                    yield row[1:]
                return
            except sqlite3.DatabaseError:
                self.whole = False
            at = self._behind(at)

    def _behind(self, at: int) -> int | None:
        """Return the lowest number behind which rows can be read again."""
        step = 1
        while not self._reads_from(at + step):
            step *= 2
            if step > _FURTHEST:
                return None
        low, high = at + step // 2, at + step
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._reads_from(middle) else (middle, high)
        return high

    def _reads_from(self, at: int) -> bool:
        try:
            self._damaged.execute(f"{self._select} LIMIT 1", (at,)).fetchone()
        except sqlite3.DatabaseError:
            return False
        return True


_LOST = """
SELECT r.find FROM receipt r
WHERE NOT EXISTS (SELECT 1 FROM step s WHERE s.find = r.find AND s.step >= ?)
AND NOT EXISTS (
SELECT 1 FROM envelope e JOIN epoch p ON p.id = e.epoch
WHERE e.epoch = r.epoch AND e.lane = ? AND e.counter = r.counter)
"""
_PIECES_LOST = """
SELECT a.key FROM attached a WHERE a.last - a.first + 1 > (
SELECT COUNT(*) FROM envelope e
WHERE e.epoch = a.epoch AND e.lane = ? AND e.counter BETWEEN a.first AND a.last)
"""


def _forget_what_was_lost(made: Any) -> int:
    """Remove receipts whose report is neither here nor known to have arrived: they would say "saved"; and
    what says that pictures arrived of which pieces are missing. Return how many receipts those are."""
    with made.atomic():
        lost = made.execute_sql(_LOST, (STEP_RECEIVED, int(Lane.REPORT))).fetchall()
        for table, column in (("step", "find"), ("receipt", "find"), ("follow_up", "key")):
            for row in lost:
                made.execute_sql(f'DELETE FROM "{table}" WHERE "{column}" = ?', row)  # noqa: S608 - ours
        for row in made.execute_sql(_PIECES_LOST, (int(Lane.BULK),)).fetchall():
            made.execute_sql("DELETE FROM attached WHERE key = ?", row)
    return len(lost)


def _remember(made: Any, *, something_lost: bool) -> None:
    """Keep that the store was made anew, for pages, status and the hub, and whether codes may be lost."""
    row = made.execute_sql("SELECT value FROM setting WHERE key = ?", (MADE_ANEW,)).fetchone()
    times = 1 + (0 if row is None else int(row[0]))
    with made.atomic():
        made.execute_sql("DELETE FROM setting WHERE key = 'store_damaged'")  # of the store before
        for key, value in ((MADE_ANEW, times), *([(RECEIPTS_LOST, 1)] if something_lost else [])):
            made.execute_sql("REPLACE INTO setting (key, value) VALUES (?, ?)", (key, str(value).encode()))


def _put_in_place(folder: Path) -> None:
    """Put the damaged store aside with its WAL, and the whole one in its place. May be cut off."""
    aside = [
        int(path.name.removeprefix(ASIDE)) for path in folder.glob(f"{ASIDE}*") if path.name[-1].isdigit()
    ]
    number = max((one for one in aside if (folder / f"{ASIDE}{one}").exists()), default=0) + 1
    # The WAL first: beside another store SQLite could take it for that one's.
    for suffix in ("-wal", ""):
        left = folder / (DATABASE_FILE + suffix)
        if left.exists():
            left.replace(folder / f"{ASIDE}{number}{suffix}")
    (folder / f"{DATABASE_FILE}-shm").unlink(missing_ok=True)
    (folder / WHOLE_FILE).replace(folder / DATABASE_FILE)
    _flush(folder)
    for old in (one for one in aside if one <= number - KEPT_ASIDE):
        for suffix in ("-wal", ""):
            (folder / f"{ASIDE}{old}{suffix}").unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
