"""Statements that must be written one way for SQLite and PostgreSQL. Queries name their database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def put(model: Any, rows: Mapping[str, object] | Sequence[Mapping[str, object]]) -> Any:
    """Return the query that inserts rows, each in the place of the one with its primary key if there is one.

    A row names all its columns; what it leaves out of an existing row stays. No two rows have one key.
    """
    several = [rows] if isinstance(rows, Mapping) else list(rows)
    key = list(model._meta.get_primary_keys())
    names = {field.name for field in key}
    others = [model._meta.fields[name] for name in several[0] if name not in names]
    query = model.insert_many(several)
    if not others:
        return query.on_conflict_ignore()
    return query.on_conflict(conflict_target=key, preserve=others)


def insert_new(database: Any, model: Any, **row: object) -> int:
    """Insert a row whose key the database gives; return the key."""
    [made] = model.insert(**row).returning(model.id).execute(database)
    return int(made.id)


def insert_once(database: Any, model: Any, row: Mapping[str, object]) -> bool:
    """Insert a row unless its primary key is there; return whether it is new."""
    key = model._meta.get_primary_keys()
    return bool(list(model.insert(row).on_conflict_ignore().returning(*key).execute(database)))


def insert_rows(database: Any, model: Any, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all name the same columns and have no key that is there.

    Values go to the driver as they are (numbers, texts, bytes, booleans): peewee would make an object of
    each, which is most of what storing an envelope costs.
    """
    if not rows:
        return
    fields = [model._meta.fields[name] for name in rows[0]]
    opening, closing = database.quote
    columns = ", ".join(f"{opening}{field.column_name}{closing}" for field in fields)
    places = "(" + ", ".join([database.param] * len(fields)) + ")"
    statement = (  # S608: the names are our own models', nothing from outside
        f"INSERT INTO {opening}{model._meta.table_name}{closing} ({columns}) "  # noqa: S608
        f"VALUES {', '.join([places] * len(rows))}"
    )
    database.execute_sql(statement, tuple(row[name] for row in rows for name in rows[0]))
