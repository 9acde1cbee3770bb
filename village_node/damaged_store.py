"""Reads a store that its card damaged, by all that there is of it: its file, its log past damaged frames, and
the map of its tables that the box keeps beside it. Nothing of it is changed. Where the card does not give a
block any more, a copy is read in which that block is a damaged page.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import peewee

from sync.storage.private_files import write_private
from sync.storage.unread_blocks import copy_past, gives_all
from sync.storage.wal_frames import Wal, read_wal, write_wal
from village_node.folder import DATABASE_FILE, is_sealed_in

_log = logging.getLogger(__name__)
MAP_FILE = "node.tables"
"""Where each table begins in the store: nothing about people. Without it a damaged first page hides all."""
_READ_FILE = DATABASE_FILE + ".read"
_COPY_FILE = DATABASE_FILE + ".copy"
_IN_WAL_MODE = bytes([2, 2])


def keep_map(folder: Path) -> None:
    """Keep where the tables of the store are, where that is not kept yet. It may fail: the log tells."""
    try:
        with _reading(folder / DATABASE_FILE) as store:
            rows = store.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master").fetchall()
            version = store.execute("PRAGMA user_version").fetchone()[0]
            page_bytes = store.execute("PRAGMA page_size").fetchone()[0]
        text = json.dumps({"version": version, "page_bytes": page_bytes, "tables": sorted(rows)}) + "\n"
        kept = folder / MAP_FILE
        if not kept.exists() or kept.read_text("utf-8") != text:
            write_private(kept, text)
    except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
        _log.warning("the map of the tables is not kept (%s)", type(error).__name__)


def log_is_broken(folder: Path) -> bool:
    """Return whether SQLite would leave out commits that were flushed, for damage in its log."""
    try:
        log = read_wal(folder / f"{DATABASE_FILE}-wal")
    except OSError:
        return False
    return log is not None and log.broken


class DamagedLog(peewee.DatabaseError):
    """The log of the store is damaged, and SQLite would cut it there. The text says what to do."""


def refuse_damaged_log(folder: Path, *, sealing: bool = False) -> None:
    """Raise DamagedLog where opening the store would cut its log. It would not where another process has it
    open; `sealing`: this one holds the lock of those."""
    if log_is_broken(folder) and (sealing or not is_sealed_in(folder)):
        raise DamagedLog(
            "the log of the database is malformed, and opened now it would be cut there: start the server "
            "(kentongan node serve DIR), which reads what stands behind the damage"
        )


class DamagedStore:
    """A damaged store, read as far as it goes. Use it as a context manager."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError, sqlite3.Error where nothing can be read."""
        self._folder = folder
        self._open = contextlib.ExitStack()
        self._store = folder / DATABASE_FILE
        log = read_wal(folder / f"{DATABASE_FILE}-wal")
        self.log_was_broken = log is not None and log.broken
        self._pages: dict[int, bytes] = {}
        self._pages_after = 0
        self._map: dict[str, list[tuple[str, str, str, int, str]]] | None = None
        self._page_bytes = 4096
        try:
            copied = not gives_all(self._store)
            if copied:
                self._take_copy()
            self._begin(log, copied=copied)
        except BaseException:  # whatever it was: what is open is closed, and it goes on
            self.close()
            raise

    def _take_copy(self) -> None:
        """Read each bad block once: a card takes long over it, and SQLite opens no file without its first."""
        if shutil.disk_usage(self._folder).free < self._store.stat().st_size:
            raise OSError(errno.ENOSPC, "no room for a copy of the damaged store")
        copy_past(self._store, self._folder / _COPY_FILE)
        self._store = self._folder / _COPY_FILE

    def _begin(self, log: Wal | None, *, copied: bool) -> None:
        if copied or (log is not None and log.broken):
            if log is not None:
                self._take_log(log)
            self._whole = self._open.enter_context(self._over())
        else:
            self._whole = self._open.enter_context(_reading(self._store))
        try:
            self.version = int(self._whole.execute("PRAGMA user_version").fetchone()[0])
            self._whole.execute("SELECT COUNT(sql) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError:
            self._open.close()  # SQLite would take the second name of a file that it has open for the first
            if log is not None and not log.broken:
                self._take_log(log)
            self._take_map()

    def _take_log(self, log: Wal) -> None:
        self._page_bytes = log.page_bytes
        for frame in log.frames:
            if frame.page:
                # What stood there before is not what was committed: it is none, and its rows are lost.
                self._pages[frame.page] = frame.content or b"\xff" * log.page_bytes
            self._pages_after = frame.pages_after or self._pages_after

    def _take_map(self) -> None:
        try:
            kept = json.loads((self._folder / MAP_FILE).read_text("utf-8"))
            rows = [(str(a), str(b), str(c), int(d), str(e or "")) for a, b, c, d, e in kept["tables"]]
            self.version, self._page_bytes = int(kept["version"]), int(kept["page_bytes"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise sqlite3.DatabaseError("no map of the tables") from error
        self._map = {}
        for row in rows:
            self._map.setdefault(row[2], []).append(row)

    @contextlib.contextmanager
    def table(self, name: str) -> Iterator[sqlite3.Connection]:
        """Give a connection that reads one table. Raises sqlite3.Error where it is not there."""
        if self._map is None:
            yield self._whole
            return
        if name not in self._map:
            raise sqlite3.DatabaseError("a table that is not in the map")
        first = _first_page(self._map[name], self._page_bytes, self._size_pages())
        with self._over({1: first}) as store:
            yield store

    @contextlib.contextmanager
    def _over(self, more: dict[int, bytes] | None = None) -> Iterator[sqlite3.Connection]:
        """Give the store with our pages over its own: they are a log beside a second name of it."""
        second, log = self._folder / _READ_FILE, self._folder / f"{_READ_FILE}-wal"
        self._remove_second()
        os.link(self._store, second)
        write_wal(log, self._page_bytes, {**self._pages, **(more or {})}, self._size_pages())
        with _reading(second) as store:
            yield store

    def _size_pages(self) -> int:
        return max(self._pages_after, self._store.stat().st_size // self._page_bytes)

    def _remove_second(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            (self._folder / (_READ_FILE + suffix)).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of it."""
        self._open.close()
        self._remove_second()
        (self._folder / _COPY_FILE).unlink(missing_ok=True)

    def __enter__(self) -> DamagedStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def _reading(file: Path) -> Iterator[sqlite3.Connection]:
    # Read-only: the last one to close would else write the log into the damaged file.
    address = f"{file.resolve().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True, isolation_level=None)) as opened:
        yield opened


def _first_page(rows: list[tuple[str, str, str, int, str]], page_bytes: int, size_pages: int) -> bytes:
    """Return a first page which says that there is this table, with its indexes, and where each begins."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        made.execute(f"PRAGMA page_size = {page_bytes}")
        for kind, _, _, _, sql in rows:
            if kind == "table":
                made.execute(sql)
        made.execute("PRAGMA writable_schema = 1")
        for _, name, _, root, _ in rows:
            made.execute("UPDATE sqlite_master SET rootpage = ? WHERE name = ?", (root, name))
        page = bytearray(made.serialize()[:page_bytes])
    page[18:20] = _IN_WAL_MODE
    page[28:32] = size_pages.to_bytes(4, "big")
    return bytes(page)
