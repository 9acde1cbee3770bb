"""Statements that must be written one way for SQLite and PostgreSQL. Queries name their database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from hub.storage.postgres import HubPostgres


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


def run(database: Any, statement: str, parameters: Sequence[object] = ()) -> Any:
    """Run a statement that both databases understand, with ? for each parameter; return its cursor.

    For the few statements that each envelope needs: to build one with peewee costs more than to run it.
    """
    if isinstance(database, HubPostgres):
        return database.execute_as_written(_numbered(statement), parameters)
    return database.execute_sql(statement, tuple(parameters))


def places(count: int) -> str:
    """Return so many parameters of `run` in brackets."""
    return "(" + ", ".join(["?"] * count) + ")"


@lru_cache(128)
def _numbered(statement: str) -> str:
    """Return a statement with $1, $2, ... for its question marks; none of ours has one in a text."""
    first, *rest = statement.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))


def insert_rows(database: Any, model: Any, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows that all name the same columns and have no key that is there.

    Values go to the driver as they are (numbers, texts, bytes, booleans): peewee would make an object of
    each, which is most of what storing an envelope costs.
    """
    if not rows:
        return
    statement = _insert(model, tuple(rows[0]), len(rows))
    run(database, statement, [row[name] for row in rows for name in rows[0]])


@lru_cache(128)
def _insert(model: Any, names: tuple[str, ...], count: int) -> str:
    fields = [model._meta.fields[name] for name in names]
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    return (  # S608: the names are our own models', nothing from outside
        f'INSERT INTO "{model._meta.table_name}" ({columns}) '  # noqa: S608
        f"VALUES {', '.join([places(len(names))] * count)}"
    )
