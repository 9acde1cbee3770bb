"""Open the hub's store, and the few things in which its two databases differ."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import peewee

from hub.storage.postgres import BadDatabaseUrl, HubPostgres, is_postgres
from sync.errors import SyncError
from sync.storage.database import connect, integrity_problem, migrate, open_sqlite

SQLITE_FILE = "hub.sqlite3"
_SQLITE = "sqlite:///"
MIGRATIONS = Path(__file__).parents[1] / "migrations"


class LaterStore(SyncError):
    """A later version of the program changed the store: this one could misread it."""

    def __init__(self) -> None:
        super().__init__(
            "a later version of Kentongan used this database: install that one, or restore a backup of before"
        )


def check_url(url: str) -> None:
    """Raise BadDatabaseUrl for what no store can be opened by; connects to nothing."""
    if is_postgres(url):
        HubPostgres(url)
    elif not url.startswith(_SQLITE):
        raise BadDatabaseUrl("a database is postgresql://USER:PASSWORD@HOST/NAME or sqlite:///PATH")
    elif not Path(url.removeprefix(_SQLITE)).parent.is_dir():
        raise BadDatabaseUrl("--database sqlite:///PATH: the folder of this file is not there, make it first")


def open_store(url: str | None, folder: Path) -> Any:
    """Return the database at `url`, or the file in `folder`, with all migrations; raise BadDatabaseUrl, or
    LaterStore for one that has migrations of which this program knows nothing."""
    if url is not None:
        check_url(url)
    postgres = url is not None and is_postgres(url)
    database: Any = HubPostgres(url) if url and postgres else open_sqlite(sqlite_file(url, folder))
    migrate_store(database)
    if _is_later(database):
        database.close()
        raise LaterStore
    return database


def sqlite_file(url: str | None, folder: Path) -> Path:
    """Return where the file of a store on SQLite is."""
    return folder / SQLITE_FILE if url is None else Path(url.removeprefix(_SQLITE))


def on_postgres(database: Any) -> bool:
    """Return whether a store is on PostgreSQL."""
    return isinstance(database, HubPostgres)


def migrate_store(database: Any, directory: Path = MIGRATIONS) -> list[str]:
    """Apply the migrations that are missing and return their names; several processes may try at once."""
    if not on_postgres(database):
        return migrate(database, directory)
    connect(database)
    wanted = {file.stem for file in directory.glob("[0-9]*.py")}
    if wanted <= _applied(database):
        return []
    from playhouse.migrations import Runner

    with database.migrating():
        names: list[str] = Runner(database, str(directory)).up()
    return names


def _is_later(database: Any) -> bool:
    wanted = {file.stem for file in MIGRATIONS.glob("[0-9]*.py")}
    if on_postgres(database):
        return not _applied(database) <= wanted
    return int(database.execute_sql("PRAGMA user_version").fetchone()[0]) > len(wanted)


def _applied(database: Any) -> set[str]:
    if not database.table_exists("schema_migration"):
        return set()
    return {row[0] for row in database.execute_sql("SELECT name FROM schema_migration").fetchall()}


def store_problem(database: Any) -> str | None:
    """Return None when the database finds nothing wrong with itself, or one line."""
    if not on_postgres(database):
        return integrity_problem(database)
    try:
        connect(database)
        damaged = database.execute_sql(
            "SELECT COALESCE(checksum_failures, 0) FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()[0]
    except peewee.PeeweeException as error:
        return type(error).__name__
    return None if not damaged else f"{damaged} pages with a wrong checksum"


def lacks_replica(database: Any) -> bool:
    """Return whether the server waits at each commit for a replica that does not follow it."""
    if not on_postgres(database):
        return False
    connect(database)
    awaited = database.execute_sql("SHOW synchronous_standby_names").fetchone()[0]
    return bool(awaited) and not database.execute_sql("SELECT 1 FROM pg_stat_replication").fetchone()


@contextmanager
def one_state(database: Any) -> Iterator[None]:
    """Show one state of the database for as long as it is open, whatever others commit meanwhile."""
    with database.atomic("REPEATABLE READ") if on_postgres(database) else database.atomic():
        yield
