"""What each database must be told so that what was deleted does not stay in its files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hub.storage.opening import on_postgres
from sync.storage.database import connect


def wipe_deleted(database: Any, tables: Iterable[str]) -> None:
    """Let no file of the database hold rows of `tables` that were deleted, as far as it can be told.

    Call it after the commit. SQLite overwrites deleted rows by itself (`secure_delete`, see
    `sync.storage.database`), so that no VACUUM is needed; what its log of changes still holds is cut off.
    PostgreSQL lets other transactions see old rows for a while, and takes their room back with VACUUM; bytes
    of them may stay in a page until it is written anew, and in its own log of changes.
    """
    connect(database)
    if on_postgres(database):
        for table in tables:
            database.execute_sql(f'VACUUM "{table}"')
    else:
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
