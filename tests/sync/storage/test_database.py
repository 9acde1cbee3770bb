from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import peewee
import pytest

from sync.storage.database import WAL_AUTOCHECKPOINT_PAGES, connect, integrity_problem, migrate, open_sqlite

PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "wal_autocheckpoint": WAL_AUTOCHECKPOINT_PAGES,
    "busy_timeout": 10_000,
    "secure_delete": 1,
    "temp_store": 2,
}


@pytest.mark.parametrize("name", PRAGMAS)
def test_what_survives_a_power_cut_is_in_force_on_every_connection(tmp_path: Path, name: str) -> None:
    database: Any = open_sqlite(tmp_path / "db.sqlite3")
    found: list[object] = []

    def look() -> None:
        connect(database)
        found.append(database.execute_sql(f"PRAGMA {name}").fetchone()[0])
        database.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    look()
    assert found == [PRAGMAS[name]] * 2


def test_a_connection_stays_open_and_is_never_made_by_accident(tmp_path: Path) -> None:
    database: Any = open_sqlite(tmp_path / "db.sqlite3")
    with pytest.raises(peewee.InterfaceError):
        database.execute_sql("SELECT 1")
    connect(database)
    connection = database.connection()
    connect(database)
    assert database.connection() is connection
    database.close()


def test_deleted_rows_leave_no_trace_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    database: Any = open_sqlite(path)
    connect(database)
    database.execute_sql("CREATE TABLE t (body TEXT)")
    database.execute_sql("INSERT INTO t VALUES (?)", ("rahasia" * 100,))
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"rahasia" in path.read_bytes()
    database.execute_sql("DELETE FROM t")
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"rahasia" not in path.read_bytes()
    database.close()


def test_a_whole_file_has_no_problem_and_a_damaged_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    database: Any = open_sqlite(path)
    connect(database)
    database.execute_sql("CREATE TABLE t (n INTEGER PRIMARY KEY, body TEXT)")
    for number in range(300):
        database.execute_sql("INSERT INTO t VALUES (?, ?)", (number, "x" * 100))
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert integrity_problem(database) is None
    database.close()
    data = bytearray(path.read_bytes())
    data[4096:12288] = bytes(8192)
    path.write_bytes(data)
    problem = integrity_problem(database)
    assert problem
    assert "\n" not in problem
    database.close()


def test_migrations_run_once(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    source = Path(__file__).resolve().parents[3] / "village_node" / "migrations"
    for file in source.glob("0*.py"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    database: Any = open_sqlite(tmp_path / "db.sqlite3")
    assert migrate(database, folder)
    assert migrate(database, folder) == []
    database.close()
    tables = sqlite3.connect(tmp_path / "db.sqlite3")
    assert tables.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone()[0] > 3
    tables.close()
