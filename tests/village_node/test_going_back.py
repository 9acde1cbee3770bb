"""A program that goes back reads the store that a newer one left: migrations above the floor only add."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sync.storage.database import connect, migrate, open_sqlite
from village_node.store_wiring import MIGRATIONS, STORE_FLOOR


def shape(database: Any) -> dict[str, Any]:
    """Return tables with their columns, and all that says no to a row."""
    connect(database)
    tables = [
        name
        for (name,) in database.execute_sql(
            "select name from sqlite_master where type = 'table' and name not like 'sqlite%'"
        ).fetchall()
    ]
    columns = {
        (table, row[1]): {"type": row[2], "needed": bool(row[3]) and row[4] is None and not row[5]}
        for table in tables
        for row in database.execute_sql(f'pragma table_info("{table}")').fetchall()
    }
    refusing = {
        (table, name): sql
        for kind, table, name, sql in database.execute_sql(
            "select type, tbl_name, name, sql from sqlite_master where type in ('index', 'trigger')"
        ).fetchall()
        if kind == "trigger" or (sql and "unique" in sql.lower())
    }
    return {"tables": set(tables), "columns": columns, "refusing": refusing}


def only_added(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Return what an older program would stumble over."""
    found = [f"column {one}" for one, kind in before["columns"].items() if after["columns"].get(one) != kind]
    found += [
        f"new column {one} that a row needs"
        for one, kind in after["columns"].items()
        if one not in before["columns"] and one[0] in before["tables"] and kind["needed"]
    ]
    return found + [
        f"{one} refuses rows"
        for one, sql in after["refusing"].items()
        if one[0] in before["tables"] and before["refusing"].get(one) != sql
    ]


def migrated(folder: Path, count: int) -> dict[str, Any]:
    some = folder / str(count)
    some.mkdir()
    for script in sorted(MIGRATIONS.glob("[0-9]*.py"))[:count]:
        (some / script.name).write_text(script.read_text())
    database = open_sqlite(some / "store.sqlite3")
    try:
        migrate(database, some)
        return shape(database)
    finally:
        database.close()


def test_migrations_above_the_floor_only_add(tmp_path: Path) -> None:
    count = len(list(MIGRATIONS.glob("[0-9]*.py")))
    assert count >= STORE_FLOOR
    shapes = [migrated(tmp_path, number) for number in range(STORE_FLOOR, count + 1)]
    for before, after in zip(shapes, shapes[1:], strict=False):
        assert only_added(before, after) == []


@pytest.mark.parametrize(
    ("change", "stumbles"),
    [
        ("create table new (a integer not null)", False),
        ("alter table report add column more text", False),
        ("alter table report add column more text not null default ''", False),
        ("alter table report drop column b", True),
        ("drop table report", True),
        ("create unique index one on report (b)", True),
        ("create trigger no before insert on report begin select raise(abort, 'no'); end", True),
    ],
)
def test_the_rule_sees_what_an_older_program_would_stumble_over(
    tmp_path: Path, change: str, stumbles: bool
) -> None:
    database: Any = open_sqlite(tmp_path / "store.sqlite3")
    connect(database)
    try:
        database.execute_sql("create table report (a integer primary key, b text not null)")
        before = shape(database)
        database.execute_sql(change)
        assert bool(only_added(before, shape(database))) is stumbles
    finally:
        database.close()


def test_an_older_program_leaves_a_newer_store_as_it_is(tmp_path: Path) -> None:
    newer, older = tmp_path / "newer", tmp_path / "older"
    for folder, count in ((newer, STORE_FLOOR), (older, STORE_FLOOR - 1)):
        folder.mkdir()
        for script in sorted(MIGRATIONS.glob("[0-9]*.py"))[:count]:
            (folder / script.name).write_text(script.read_text())
    database = open_sqlite(tmp_path / "store.sqlite3")
    try:
        migrate(database, newer)
        before = shape(database)
        assert migrate(database, older) == []
        assert shape(database) == before
        # And forward again, when the newer one is tried once more.
        assert migrate(database, newer) == []
    finally:
        database.close()
