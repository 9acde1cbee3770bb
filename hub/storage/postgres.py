"""PostgreSQL as the hub opens it: psycopg 3 under peewee, one writer at a time over all processes."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import peewee
import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.string import StrDumper, StrDumperUnknown

from sync.errors import SyncError

SCHEMES = ("postgresql://", "postgres://")
WRITER_LOCK = 0x4B544E47
"""Advisory lock of whoever writes; of this database only, as all advisory locks are."""
MIGRATION_LOCK = WRITER_LOCK + 1
_SESSION = {
    "connect_timeout": "10",
    "application_name": "kentongan",
    # A dead worker's locks must not outlive it for the two hours of the kernel's own keepalive.
    "keepalives_idle": "30",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "options": "-c lock_timeout=30000 -c idle_in_transaction_session_timeout=60000",
}


class BadDatabaseUrl(SyncError):
    """A database that cannot be meant; the text says what is allowed and repeats nothing."""


def is_postgres(url: str) -> bool:
    """Return whether a URL names a PostgreSQL database."""
    return url.startswith(SCHEMES)


def connection_parts(url: str) -> dict[str, str]:
    """Return libpq's parts of a URL; raise BadDatabaseUrl, which never repeats it."""
    try:
        parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    except psycopg.Error:
        raise BadDatabaseUrl(
            "the database's URL cannot be read: postgresql://USER:PASSWORD@HOST/NAME, or sqlite:///PATH"
        ) from None
    if not parts.get("dbname"):
        raise BadDatabaseUrl("the database's URL names no database: postgresql://USER:PASSWORD@HOST/NAME")
    return parts


def shown(url: str | None) -> str:
    """Return a URL in words that may be shown: the database and its machine, no user and no password."""
    if url is None or not is_postgres(url):
        return "SQLite database"
    parts = connection_parts(url)
    return f"PostgreSQL database {parts['dbname']} on {parts.get('host', 'this machine')}"


class _Connection(psycopg.Connection[Any]):
    """Closed with the thread that it belonged to: each thread has its own, and none says when it ends."""

    def __del__(self, _warn: Any = None) -> None:
        self.close()


class _Adapter(peewee.Psycopg3Adapter):
    """Peewee's own asks for psycopg when peewee is loaded; on a node it is loaded without."""

    txn_idle = TransactionStatus.IDLE
    txn_inerror = TransactionStatus.INERROR
    txn_unknown = TransactionStatus.UNKNOWN

    def check_driver(self) -> None:
        """Psycopg is there: this module imports it."""

    def get_binary_type(self) -> Any:
        return psycopg.Binary

    def connect(self, db: Any, **params: Any) -> Any:
        connection = _Connection.connect(dbname=db.database, **params)
        # PostgreSQL's texts hold no NUL, SQLite's do: what came with one is kept with a mark in its place,
        # and an id with one finds nothing.
        for dumper in (_WithoutNul, _WithoutNulUnknown):
            connection.adapters.register_dumper(str, dumper)
        return connection


def _without_nul(text: str) -> str:
    return text.replace("\x00", "\ufffd") if "\x00" in text else text


class _WithoutNul(StrDumper):
    def dump(self, obj: str) -> Any:
        return super().dump(_without_nul(obj))


class _WithoutNulUnknown(StrDumperUnknown):
    def dump(self, obj: str) -> Any:
        return super().dump(_without_nul(obj))


class HubPostgres(peewee.PostgresqlDatabase):
    """The hub's tables on PostgreSQL, not yet connected; one connection a thread, as with SQLite.

    ``atomic('IMMEDIATE')`` means here what it means on SQLite: nobody else writes until the commit, in
    whatever process. So all that one writer thread kept in order stays in order between processes, and no two
    transactions wait for each other. Reading waits for nobody.
    """

    psycopg2_adapter = psycopg3_adapter = _Adapter
    _state: Any

    def __init__(self, url: str) -> None:
        """Raise BadDatabaseUrl."""
        self.parts = parts = connection_parts(url)
        # At its lowest level peewee logs every statement with its values, opened reports among them.
        logging.getLogger("peewee").setLevel(logging.WARNING)
        options: dict[str, Any] = {**_SESSION, **parts}
        super().__init__(options.pop("dbname"), autoconnect=False, **options)

    def connect(self, reuse_if_open: bool = False) -> bool:
        """Connect this thread; a connection that was lost is replaced."""
        if reuse_if_open and not self.is_closed() and not self.in_transaction() and not self._is_whole():
            self.close()
        made: bool = super().connect(reuse_if_open=reuse_if_open)
        return made

    def _is_whole(self) -> bool:
        return not self._state.conn.closed and bool(self.is_connection_usable())

    def begin(self, isolation_level: str | None = None) -> None:
        """Begin a transaction; "IMMEDIATE" waits until nobody else writes."""
        if isolation_level != "IMMEDIATE":
            super().begin(isolation_level)
            return
        super().begin()
        try:
            self._say("SELECT pg_advisory_xact_lock(%s)", WRITER_LOCK)
        except BaseException:  # whatever it is, it is told, and no transaction is left open
            self.rollback()
            raise

    @contextmanager
    def migrating(self) -> Iterator[None]:
        """Hold others that migrate off; waits for them without an end."""
        self._say("SET lock_timeout = 0")
        self._say("SELECT pg_advisory_lock(%s)", MIGRATION_LOCK)
        try:
            yield
        finally:
            self._say("SELECT pg_advisory_unlock(%s)", MIGRATION_LOCK)
            self._say("RESET lock_timeout")

    def execute_as_written(self, statement: str, parameters: Sequence[object]) -> Any:
        """Run a statement with places as $1, $2, ...; return its cursor.

        With psycopg's own %s a long statement would be taken apart at each call, which costs more than
        to insert its rows.
        """
        with peewee.__exception_wrapper__:  # type: ignore[attr-defined]
            cursor = psycopg.RawCursor(self.connection())  # type: ignore[no-untyped-call]
            cursor.execute(statement, parameters)
        return cursor

    def _say(self, statement: str, *parameters: object) -> None:
        self.execute_sql(statement, parameters)  # type: ignore[no-untyped-call]
