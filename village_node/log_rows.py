"""How every part of the node's log reaches the database, and the small settings of this box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import peewee

from sync.storage.database import integrity_problem
from sync.storage.writer import GroupCommitWriter
from village_node.models import Setting

ROW = peewee.SQL("rowid")
MADE_ANEW, RECEIPTS_LOST = "store_made_anew", "receipts_lost"
"""Settings: how often the store was made anew after damage, and whether receipts were lost with it."""
P = ParamSpec("P")
T = TypeVar("T")
Log = TypeVar("Log", bound="LogRows")


def reads(method: Callable[Concatenate[Log, P], T]) -> Callable[Concatenate[Log, P], T]:
    """Let the writer's thread run a method that reads: the box keeps one connection."""

    @wraps(method)
    def on_writer(log: Log, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return log.writer.read(lambda: method(log, *args, **kwargs))

    return on_writer


class LogRows:
    """The one connection, its writer, and settings; the parts of the log are built on it."""

    def __init__(self, database: Any, writer: GroupCommitWriter) -> None:
        self._db = database
        self.writer = writer

    @reads
    def is_whole(self) -> bool:
        """Return whether SQLite finds every page of the store to be one; takes long where it is large."""
        return integrity_problem(self._db) is None

    @reads
    def _setting(self, key: str) -> bytes | None:
        row = self._row("SELECT value FROM setting WHERE key = ?", key)
        return None if row is None else bytes(row[0])

    def number(self, key: str, default: int = 0) -> int:
        """Return a small fact of this box."""
        value = self._setting(key)
        return default if value is None else int(value)

    def set_number(self, key: str, value: int) -> None:
        """Keep a small fact; inside a job of the writer it shares its commit."""
        self.writer.run(
            lambda: Setting.insert(key=key, value=str(value).encode()).on_conflict_replace().execute(self._db)
        )

    def text(self, key: str) -> str | None:
        """Return a short text that this box keeps, or None."""
        value = self._setting(key)
        return None if value is None else value.decode("utf-8")

    def set_texts(self, texts: Mapping[str, str | None]) -> None:
        """Keep short texts, or forget them (None), in one commit."""

        def job() -> None:
            for key, value in texts.items():
                if value is None:
                    Setting.delete().where(Setting.key == key).execute(self._db)
                else:
                    Setting.insert(key=key, value=value.encode()).on_conflict_replace().execute(self._db)

        self.writer.run(job)

    def _row(self, statement: str, *values: object) -> Any:
        """Return the first row, or None.

        What is asked with every report is written out: building it anew each time took two fifths of what
        fifty phones at once got of the interpreter.
        """
        return self._db.execute_sql(statement, values).fetchone()

    def _insert(self, model: type[peewee.Model], or_: str = "ABORT", /, **values: object) -> None:
        """Insert one row as SQLite takes it. Building the statement anew for each of a report's six rows took
        more of the writer's time than writing them."""
        columns, marks = ", ".join(values), ", ".join("?" * len(values))
        table = model._meta.table_name
        self._db.execute_sql(
            f'INSERT OR {or_} INTO "{table}" ({columns}) VALUES ({marks})',  # noqa: S608 - names of ours
            tuple(values.values()),
        )
