"""Statements over many rows, written by hand: building them from expressions took half of the time.

The SQL is what SQLite and PostgreSQL share; names of tables and columns come from the models alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

_MOST = 500
"""Values in one statement at most: SQLite takes 32,766, and shorter ones are planned again less often."""


def select_in(
    database: Any, fields: Sequence[Any], field: Any, values: Iterable[Any]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows of `fields` of one table whose `field` is among the values, in the order of `field`."""
    [table] = {one.model._meta.table_name for one in (*fields, field)}
    columns = ", ".join(_quoted(one.column_name) for one in fields)
    by = _quoted(field.column_name)
    for part in _parts(sorted(set(values)), _MOST):
        marks = ", ".join([database.param] * len(part))
        sql = f"SELECT {columns} FROM {_quoted(table)} WHERE {by} IN ({marks}) ORDER BY {by}"  # noqa: S608
        yield from database.execute_sql(sql, part).fetchall()


def upsert(
    database: Any, key: Any, fields: Sequence[Any], rows: Sequence[tuple[Any, ...]], *, adds: bool
) -> None:
    """Insert rows of (key, *fields); where the key is there, take the new values, or add them to the old."""
    table = _quoted(key.model._meta.table_name)
    names = [_quoted(one.column_name) for one in (key, *fields)]
    changes = ", ".join(
        f"{name} = {f'{table}.{name} + ' if adds else ''}excluded.{name}" for name in names[1:]
    )
    row_marks = f"({', '.join([database.param] * len(names))})"
    for part in _parts(rows, _MOST // len(names)):
        marks = ", ".join([row_marks] * len(part))
        sql = (
            f"INSERT INTO {table} ({', '.join(names)}) VALUES {marks} "  # noqa: S608
            f"ON CONFLICT ({names[0]}) DO UPDATE SET {changes}"
        )
        database.execute_sql(sql, [value for row in part for value in row])


def insert_numbered(database: Any, key: Any, row: Mapping[str, object]) -> int:
    """Insert a row whose key the database gives, and return that key."""
    [(number,)] = key.model.insert(row).returning(key).tuples().execute(database)
    return int(number)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _parts(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))
