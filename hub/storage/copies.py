"""Copies of the hub's database, whole or not at all, and their way back.

A copy of SQLite is a database file; one of PostgreSQL is what `pg_dump` writes in its own format.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from hub.storage.opening import on_postgres, sqlite_file
from hub.storage.postgres import connection_parts, is_postgres
from sync.errors import SyncError
from sync.storage.database import connect

_DEBIAN = Path("/usr/lib/postgresql")
_SQLITE_MAGIC = b"SQLite format 3\x00"
_DUMP_MAGIC = b"PGDMP"


class CopyFailed(SyncError):
    """No copy was made, or none put back; the text says what to do."""


def find_program(name: str) -> Path:
    """Return one of PostgreSQL's programs, the newest that is there; raise CopyFailed."""
    found = sorted(
        _DEBIAN.glob(f"*/bin/{name}"), key=lambda file: int(re.sub(r"\D", "", file.parts[-3]) or 0)
    )
    if found:
        return found[-1]
    elsewhere = shutil.which(name)
    if elsewhere is None:
        raise CopyFailed(f"{name} is not installed: apt-get install postgresql-client")
    return Path(elsewhere)


def ending(database: Any) -> str:
    """Return how the name of a copy ends."""
    return ".dump" if on_postgres(database) else ".sqlite3"


def is_dump(file: Path) -> bool:
    """Return whether a copy is one of PostgreSQL; raise CopyFailed where it cannot be read."""
    try:
        with file.open("rb") as stream:
            return stream.read(len(_DUMP_MAGIC)) == _DUMP_MAGIC
    except OSError as error:
        raise CopyFailed(f"cannot read {file} ({error.strerror})") from error


def copy_store(database: Any, file: Path, without: Sequence[str] = ()) -> None:
    """Copy the database into `file`, readable for its owner alone; raise CopyFailed.

    Of the tables in `without` the copy holds no row, and no byte of one.
    """
    partial = file.with_name(file.name + ".part")
    connect(database)
    try:
        partial.unlink(missing_ok=True)
        partial.touch(0o600, exist_ok=False)  # what fills it keeps the mode; opened reports are in it
        if on_postgres(database):
            _run("pg_dump", database.parts, "--format=custom", "--no-owner", "--no-privileges",
                 *(f"--exclude-table-data=public.{table}" for table in without),
                 f"--file={partial}")  # fmt: skip
        elif without:
            _copy_in_two_steps(database, partial, without)
        else:
            database.execute_sql("VACUUM INTO ?", (str(partial),))
        descriptor = os.open(partial, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        partial.replace(file)
    except Exception as error:  # the database, the program or the disk: nothing may count as backed up
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        if isinstance(error, CopyFailed):
            raise
        raise CopyFailed(
            f"no backup was written ({type(error).__name__}): is there such a folder, may this user "
            "write there, and is there room?"
        ) from error


def _copy_in_two_steps(database: Any, file: Path, without: Sequence[str]) -> None:
    """Copy beside the database, take the tables out there, and copy that: `file` never held a row of them."""
    whole = Path(database.database + ".whole")
    whole.unlink(missing_ok=True)
    whole.touch(0o600)
    try:
        database.execute_sql("VACUUM INTO ?", (str(whole),))
        with contextlib.closing(sqlite3.connect(whole, isolation_level=None)) as copy:
            for table in without:
                copy.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of our own
            indices = copy.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall()
            for (name,) in indices:  # an index of words holds nothing but what a table that is left out holds
                copy.execute(f"INSERT INTO {name}({name}) VALUES ('delete-all')")  # noqa: S608
            copy.execute("VACUUM INTO ?", (str(file),))
    finally:
        whole.unlink(missing_ok=True)


def restore_store(url: str | None, folder: Path, file: Path) -> None:
    """Fill an empty store with a copy; raise CopyFailed, and then it is as empty as before.

    Nothing is written over: what is there may hold what the copy lacks.
    """
    try:
        with file.open("rb") as stream:
            head = stream.read(16)
    except OSError as error:
        raise CopyFailed(f"cannot read {file} ({error.strerror})") from error
    if url is not None and is_postgres(url):
        if not head.startswith(_DUMP_MAGIC):
            raise CopyFailed("this is no copy of a PostgreSQL database: give a file that hub backup wrote")
        _refuse_filled(url)
        _run("pg_restore", connection_parts(url), "--no-owner", "--no-privileges", "--single-transaction",
             "--exit-on-error", str(file))  # fmt: skip
        return
    if head != _SQLITE_MAGIC:
        raise CopyFailed("this is no copy of an SQLite database: give a file that hub backup wrote")
    target = sqlite_file(url, folder)
    if any(target.parent.glob(target.name + "*")):
        raise CopyFailed(f"{target} is there: move it away first, nothing is written over")
    partial = target.with_name(target.name + ".part")
    try:
        partial.touch(0o600)
        shutil.copyfile(file, partial)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CopyFailed(f"cannot write {target} ({error.strerror})") from error


def _refuse_filled(url: str) -> None:
    try:
        with psycopg.connect(**connection_parts(url)) as connection:  # type: ignore[arg-type]
            filled = connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone()
    except psycopg.Error as error:
        raise CopyFailed(f"the database does not answer ({type(error).__name__})") from None
    if filled is not None:
        raise CopyFailed(
            "the database holds tables: make an empty one (createdb) and name it, none is emptied"
        )


def _run(name: str, parts: dict[str, str], *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by its environment, which others cannot read."""
    public = {key: value for key, value in parts.items() if key != "password"}
    environment = dict(os.environ)
    if "password" in parts:
        environment["PGPASSWORD"] = parts["password"]
    done = subprocess.run(
        [str(find_program(name)), f"--dbname={make_conninfo(**public)}", "--no-password", *arguments],
        env=environment,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        # Its own words could hold names of tables and values: only what is said most often is told apart.
        versions = b"server version mismatch" in done.stderr
        raise CopyFailed(
            f"{name} is older than the server: install that server's postgresql-client"
            if versions
            else f"{name} failed: does the database answer, may this user use it, and is there room?"
        )
