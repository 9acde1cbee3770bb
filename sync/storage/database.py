"""Open a SQLite database so that what is committed survives a power cut."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import peewee

WAL_AUTOCHECKPOINT_PAGES = 200
"""Small, so that the WAL stays under a megabyte and a start after a cut is quick."""


def open_sqlite(path: Path) -> peewee.SqliteDatabase:
    """Return the database, not yet connected.

    WAL with synchronous=FULL lost nothing in power-cut tests where NORMAL lost the last rows; every write
    goes through ``atomic('IMMEDIATE')``. Connections are one a thread and stay open: closing the last one
    would checkpoint and delete the WAL each time. `autoconnect` is off, so that a leak shows. A new file
    is for its owner alone, and SQLite gives its WAL the same mode.
    """
    with suppress(OSError):  # a folder that cannot be written shows when the database is opened
        path.touch(0o600)
    # At its lowest level peewee logs every statement with its values, opened reports among them.
    logging.getLogger("peewee").setLevel(logging.WARNING)
    return peewee.SqliteDatabase(
        str(path),
        pragmas={
            "journal_mode": "wal",
            "synchronous": "full",
            "foreign_keys": 1,
            "wal_autocheckpoint": WAL_AUTOCHECKPOINT_PAGES,
            "busy_timeout": 10_000,
            # Deleted rows are overwritten: what retention removes must not stay in free pages.
            "secure_delete": 1,
            "temp_store": "memory",
            # A connection each thread: 32 of them must not cache 2 MB each.
            "cache_size": -256,
        },
        autoconnect=False,
    )


def connect(database: Any) -> None:
    """Connect this thread, if it is not connected."""
    database.connect(reuse_if_open=True)


def migrate(database: Any, directory: Path) -> list[str]:
    """Apply the migrations that are missing, each in one transaction with its record; return their names.

    How many were applied stands in the file's `user_version` too, so that a start with nothing to do need
    not load the runner (1.5 MB).
    """
    connect(database)
    wanted = len(list(directory.glob("[0-9]*.py")))
    if int(database.execute_sql("PRAGMA user_version").fetchone()[0]) >= wanted:
        return []
    from playhouse.migrations import Runner

    names: list[str] = Runner(database, str(directory)).up()
    database.execute_sql(f"PRAGMA user_version = {wanted}")
    return names


def integrity_problem(database: Any) -> str | None:
    """Return None when SQLite finds the file whole, or one line of what it found."""
    connect(database)
    try:
        found = str(database.execute_sql("PRAGMA quick_check(1)").fetchone()[0])
    except peewee.DatabaseError as error:
        return type(error).__name__
    return None if found == "ok" else " ".join(found.split())


def file_problem(path: Path) -> str | None:
    """Return the same of a file, by a connection of its own that only reads; where its pages are well, also
    whether each index holds what its table holds. Takes long where the file is large."""
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as looking:
            for check in ("quick_check", "integrity_check"):
                found = str(looking.execute(f"PRAGMA {check}(1)").fetchone()[0])
                if found != "ok":
                    return " ".join(found.split())
    except sqlite3.Error as error:
        return type(error).__name__
    return None
