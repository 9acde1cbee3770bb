"""One thread that writes: all who wait share one commit (group commit).

A commit on a slow card takes 20 ms whatever it holds. With one thread that commits everything waiting in
one transaction the rate rose seventeenfold on such a card, and nobody is answered before the commit.
"""

from __future__ import annotations

import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import peewee

from sync.storage.database import connect

T = TypeVar("T")
MAX_BATCH = 256
_LOST = (peewee.OperationalError, peewee.InternalError)
"""The disk, the file, the server or its connection: whatever the transaction held is lost with it."""
Trouble = Literal["full", "read_only", "damaged", "failing"]
_SIGNS: dict[Trouble, tuple[str, ...]] = {
    "full": ("is full", "No space left"),
    "read_only": ("readonly", "read-only", "Read-only"),
    "damaged": ("malformed", "not a database"),
}


_UNREAD = frozenset((sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_CORRUPTFS))


class StorageError(Exception):
    """The database did not commit: nothing of this was kept."""


class StorageFullError(StorageError):
    """The disk is full."""


@dataclass(frozen=True)
class _Entry:
    job: Callable[[], Any]
    writes: bool
    future: Future[Any]
    repeatable: bool = False


class GroupCommitWriter:
    """Runs jobs in one thread, many in one transaction. Use `run` from any thread."""

    def __init__(self, database: Any) -> None:
        self._database = database
        self._queue: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._closed = False
        self.trouble: Trouble | None = None
        """Why the last commit failed; None when it went well."""
        self.damaged = False
        """Whether SQLite has met a page that is none or cannot be read, and no look has found the file whole
        since."""
        self.on_damage: Callable[[], None] = lambda: None
        """Called in any thread each time such a page is met; must not wait."""
        self._door = threading.Lock()
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)
        self._thread.start()

    def run(self, job: Callable[[], T], *, repeatable: bool = False) -> T:
        """Run `job` inside a transaction and return its result after the commit.

        An exception of the job undoes the job alone and is raised here. Raises StorageError when the
        commit failed: then nothing of the job is kept. `repeatable`: it changes nothing but the database, so
        it may be undone and run once more.
        """
        if threading.current_thread() is self._thread:
            with self._database.atomic():
                return job()
        return self._wait_for(job, writes=True, repeatable=repeatable)

    def read(self, job: Callable[[], T]) -> T:
        """Run a job that only reads, outside of any transaction that can fail, and return its result.

        So the threads of a site need no connection of their own: each would hold its cache and its file
        descriptors for a look now and then. Inside a job of `run` it sees what that job wrote.
        """
        if threading.current_thread() is self._thread:
            return job()
        return self._wait_for(job, writes=False)

    def _wait_for(self, job: Callable[[], T], *, writes: bool, repeatable: bool = False) -> T:
        entry = _Entry(job, writes, Future(), repeatable)
        with self._door:  # nothing may be queued behind the mark that ends the thread
            if self._closed:
                raise StorageError("the store is closed")
            self._queue.put(entry)
        result: T = entry.future.result()
        return result

    def report_damage(self) -> None:
        """Take that a page was met that is none."""
        self.damaged = True
        self.on_damage()

    def close(self) -> None:
        """Commit what waits, then stop."""
        with self._door:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _loop(self) -> None:
        while True:
            first = self._queue.get()
            batch = [first]
            while len(batch) < MAX_BATCH and not self._queue.empty():
                batch.append(self._queue.get())
            entries = [entry for entry in batch if entry is not None]
            writes = [entry for entry in entries if entry.writes]
            if writes:
                self._commit(writes)
            for entry in entries:
                if not entry.writes:
                    self._read(entry)
            if len(entries) < len(batch):
                self._database.close()
                return

    def _read(self, entry: _Entry) -> None:
        try:
            connect(self._database)
            entry.future.set_result(entry.job())
        except BaseException as error:  # whatever it is, it belongs to who asked, not to this thread
            if is_lost(error) and is_of_a_page(error):
                self._met_damage()
            entry.future.set_exception(error)

    def _commit(self, entries: list[_Entry]) -> None:
        try:
            connect(self._database)
            outcomes = self._run_all(entries)
        except BaseException as error:  # whatever it is, it belongs to who asked, not to this thread
            if is_lost(error):
                self.trouble = trouble_of(error)
                if is_of_a_page(error):
                    self._met_damage()
                for entry in entries:
                    entry.future.set_exception(_storage_error(error))
                return
            # Of the one job, or of something that is none of the database's.
            for entry in entries:
                entry.future.set_exception(error if len(entries) == 1 else _storage_error(error))
            return
        self.trouble = None
        for entry, (result, problem) in zip(entries, outcomes, strict=True):
            if problem is None:
                entry.future.set_result(result)
            else:
                entry.future.set_exception(problem)

    def _met_damage(self) -> None:
        """Forget what was read: a page that is put right is read again by a new connection."""
        with suppress(Exception):  # a broken file may not even close; the next connection is a new one
            self._database.close()
        self.report_damage()

    def _run_all(self, entries: list[_Entry]) -> list[tuple[Any, BaseException | None]]:
        """Run all in one transaction and commit; return for each its result or its error."""
        if len(entries) == 1:  # nothing beside it is to be kept: a savepoint would be for nothing
            with self._database.atomic("IMMEDIATE"):
                return [(entries[0].job(), None)]
        if all(entry.repeatable for entry in entries):
            outcomes = self._run_together(entries)
            if outcomes:
                return outcomes
        with self._database.atomic("IMMEDIATE"):
            return [self._run_one(entry.job) for entry in entries]

    def _run_together(self, entries: list[_Entry]) -> list[tuple[Any, BaseException | None]]:
        """Commit all without savepoints, or none and return nothing: two statements less for each of a crowd,
        and each statement hands the interpreter on."""
        try:
            with self._database.atomic("IMMEDIATE"):
                return [(entry.job(), None) for entry in entries]
        except BaseException as error:  # of one of them, whatever it is: it is found by running each alone
            if is_lost(error):
                raise
            return []  # of one of them: with savepoints it shows whose

    def _run_one(self, job: Callable[[], Any]) -> tuple[Any, BaseException | None]:
        try:
            with self._database.atomic():
                return job(), None
        except BaseException as error:  # whatever it is, it belongs to who asked, not to this thread
            if is_lost(error):
                raise  # the disk or the file: the whole transaction is lost
            return None, error


def is_lost(error: BaseException) -> bool:
    """Return whether an error is of the disk, the file, the server or its connection.

    A page that is none comes as a plain DatabaseError; the kinds below it are of what a job asked for.
    """
    return isinstance(error, _LOST) or type(error) is peewee.DatabaseError


def trouble_of(error: BaseException) -> Trouble:
    """Return what is wrong with the disk or the file, by what SQLite or the system says."""
    at: BaseException | None = error
    while at is not None:  # SQLite ends the transaction itself when full: the rollback's error hides it
        for trouble, signs in _SIGNS.items():
            if any(sign in str(at) for sign in signs):
                return trouble
        at = at.__context__
    return "failing"


def is_of_a_page(error: BaseException) -> bool:
    """Return whether SQLite met a page that is none, or that the disk does not give. In the midst of a
    statement it calls the latter malformed too; where it opens a file it names the error of reading."""
    at: BaseException | None = error
    while at is not None:
        if getattr(at, "sqlite_errorcode", None) in _UNREAD:
            return True
        at = at.__context__
    return trouble_of(error) == "damaged"


def _storage_error(error: BaseException) -> StorageError:
    if trouble_of(error) == "full":
        return StorageFullError("the disk is full")
    return StorageError(f"the database did not commit ({type(error).__name__})")
