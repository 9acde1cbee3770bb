"""Rows written straight into a hub's tables, on SQLite and PostgreSQL, as fast as each takes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from hub.store_wiring import HubStore

Rows = Iterable[Sequence[object]]


class BulkTables:
    """One connection beside the hub's own; the hub must not be writing meanwhile."""

    def __init__(self, store: HubStore) -> None:
        database = store.database
        self.on_postgres = not hasattr(database, "pragma")
        if self.on_postgres:
            self._connection: Any = psycopg.connect(**database.parts)
            self.run("SET maintenance_work_mem = '512MB'")
            self.run("SET synchronous_commit = off")
        else:
            self._connection = sqlite3.connect(database.database, isolation_level=None)
            for pragma in ("synchronous = off", "cache_size = -400000", "temp_store = file"):
                self.run(f"PRAGMA {pragma}")
            self.run("BEGIN IMMEDIATE")

    def run(self, statement: str, parameters: Sequence[object] = ()) -> Any:
        """Run a statement with ? for each parameter and return its cursor."""
        if self.on_postgres:
            statement = statement.replace("?", "%s")
            return self._connection.execute(statement, parameters or None)
        return self._connection.execute(statement, tuple(parameters))

    def insert(self, table: str, columns: str, rows: Rows) -> None:
        """Insert rows that give these columns, in the order of `columns`."""
        names = ", ".join(f'"{name}"' for name in columns.split())
        if self.on_postgres:
            with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(columns.split()))
            self._connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)

    def commit(self) -> None:
        """Commit, and go on in a new transaction."""
        if self.on_postgres:
            self._connection.commit()
        else:
            self.run("COMMIT")
            self.run("BEGIN IMMEDIATE")

    @contextmanager
    def without_indexes(self, tables: Sequence[str]) -> Iterator[None]:
        """Take the indexes of tables away meanwhile, but for those of primary keys, and make them anew."""
        marks = ", ".join("?" * len(tables))
        if self.on_postgres:
            found = self.run(
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN "
                f"({marks}) AND indexname NOT IN (SELECT conname FROM pg_constraint)",
                tables,
            ).fetchall()
        else:
            found = self.run(
                f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name IN ({marks}) "
                "AND sql IS NOT NULL",
                tables,
            ).fetchall()
        for name, _ in found:
            self.run(f'DROP INDEX "{name}"')
        yield
        for _, made in found:
            self.run(made)
            self.commit()

    def settle(self) -> None:
        """Let the database know what it holds now: numbers that it gives, and statistics."""
        if self.on_postgres:
            for table, column in self.run(
                "SELECT table_name, column_name FROM information_schema.columns "
                "WHERE table_schema = 'public' AND column_default LIKE 'nextval%'"
            ).fetchall():
                self.run(
                    f"SELECT setval(pg_get_serial_sequence('\"{table}\"', '{column}'), "
                    f'(SELECT COALESCE(MAX("{column}"), 0) + 1 FROM "{table}"), false)'
                )
            self.commit()
            self._connection.autocommit = True
            self.run("VACUUM ANALYZE")
        else:
            self.run("COMMIT")
            self.run("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the connection; what was not committed is gone."""
        self._connection.close()
