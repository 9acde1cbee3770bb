"""The one writer: shared commits, and what an error costs whom."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import peewee
import pytest

from sync.storage.database import open_sqlite
from sync.storage.writer import GroupCommitWriter, StorageError, StorageFullError


class Store:
    """A database with one table, its writer, and a gate that holds the writer's thread up."""

    def __init__(self, path: Path, repeatable: bool = False) -> None:
        self.repeatable = repeatable
        self.database: Any = open_sqlite(path)
        self.commits: list[str] = []
        self.writer = GroupCommitWriter(self.database)
        self.writer.run(
            lambda: self.database.execute_sql("CREATE TABLE t (n INTEGER PRIMARY KEY, body BLOB)")
        )
        self.writer.run(lambda: self.database.connection().set_trace_callback(self._trace))

    def _trace(self, sql: str) -> None:
        if sql.upper().startswith(("COMMIT", "BEGIN", "SAVEPOINT")):
            self.commits.append(sql.split()[0].upper())

    def insert(self, number: int, size: int = 10) -> int:
        self.database.execute_sql("INSERT INTO t VALUES (?, ?)", (number, bytes(size)))
        return number

    def numbers(self) -> list[int]:
        rows = self.writer.run(lambda: self.database.execute_sql("SELECT n FROM t ORDER BY n").fetchall())
        return [row[0] for row in rows]

    def together(self, jobs: list[Any]) -> list[Any]:
        """Run jobs from as many threads, all waiting before the writer looks; return results or errors."""
        results: list[Any] = [None] * len(jobs)
        begun, gate = threading.Event(), threading.Event()

        def hold() -> None:
            begun.set()
            assert gate.wait(20)

        def ask(place: int) -> None:
            try:
                results[place] = self.writer.run(jobs[place], repeatable=self.repeatable)
            except BaseException as error:
                results[place] = error

        def hold_up() -> None:
            with contextlib.suppress(StorageError):
                self.writer.run(hold)

        holder = threading.Thread(target=hold_up)
        holder.start()
        assert begun.wait(20)
        threads = [threading.Thread(target=ask, args=(place,)) for place in range(len(jobs))]
        for thread in threads:
            thread.start()
        waiting = self.writer._queue
        while waiting.qsize() < len(jobs):
            threading.Event().wait(0.001)
        gate.set()
        for thread in [holder, *threads]:
            thread.join(20)
        return results


@pytest.fixture(params=[False, True], ids=["once", "repeatable"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    made = Store(tmp_path / "db.sqlite3", request.param)
    yield made
    made.writer.close()


def test_all_who_wait_share_one_commit(store: Store) -> None:
    store.commits.clear()
    results = store.together([lambda n=n: store.insert(n) for n in range(50)])
    assert results == list(range(50))
    assert store.commits.count("BEGIN") == 2  # the one that was under way, and one for fifty
    assert store.commits.count("COMMIT") == 2
    assert store.commits.count("SAVEPOINT") == (0 if store.repeatable else 50)
    assert store.numbers() == list(range(50))


def test_the_result_comes_after_the_commit(store: Store) -> None:
    store.writer.run(lambda: store.insert(1))
    other: Any = open_sqlite(Path(str(store.database.database)))
    other.connect()
    assert other.execute_sql("SELECT count(*) FROM t").fetchone()[0] == 1
    other.close()


def test_an_error_of_a_job_undoes_that_job_alone(store: Store) -> None:
    def half() -> None:
        store.insert(100)
        raise LookupError("mine")

    results = store.together(
        [lambda: store.insert(1), half, lambda: store.insert(1), lambda: store.insert(2)]
    )
    assert sum(1 for r in results if r == 1) == 1
    assert sum(1 for r in results if isinstance(r, peewee.IntegrityError)) == 1
    assert isinstance(results[1], LookupError)
    assert results[3] == 2
    assert store.numbers() == [1, 2]


def test_even_an_exit_in_a_job_does_not_end_the_writer(store: Store) -> None:
    def leave() -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        store.writer.run(leave)
    assert store.writer.run(lambda: store.insert(1)) == 1


def test_a_commit_that_fails_is_told_to_all_and_nothing_is_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = store.database.commit

    def broken() -> None:
        raise peewee.OperationalError("disk I/O error")

    jobs = [lambda n=n: store.insert(n) for n in range(5)]
    monkeypatch.setattr(store.database, "commit", broken)
    results = store.together(jobs)
    monkeypatch.setattr(store.database, "commit", real)
    assert all(type(r) is StorageError for r in results)
    assert len(set(map(id, results))) == 5  # each its own: threads do not share a traceback
    assert store.numbers() == []
    assert store.writer.run(lambda: store.insert(9)) == 9


def test_a_full_disk_is_said_so_and_nothing_is_kept(store: Store) -> None:
    pages = store.writer.run(lambda: store.database.execute_sql("PRAGMA page_count").fetchone()[0])
    store.writer.run(lambda: store.database.execute_sql(f"PRAGMA max_page_count = {pages + 3}"))
    store.writer.run(lambda: store.insert(1))
    with pytest.raises(StorageFullError):
        store.writer.run(lambda: store.insert(2, size=100_000))
    results = store.together([lambda: store.insert(3), lambda: store.insert(4, size=100_000)])
    assert any(isinstance(r, StorageFullError) for r in results)
    kept = [r for r in results if isinstance(r, int)]
    assert store.numbers() == [1, *kept]  # what was promised is there, and nothing else
    store.writer.run(lambda: store.database.execute_sql("PRAGMA max_page_count = 1000000"))
    assert store.writer.run(lambda: store.insert(5, size=100_000)) == 5


def test_errors_name_no_content(store: Store) -> None:
    store.writer.run(lambda: store.database.execute_sql("PRAGMA max_page_count = 3"))
    with pytest.raises(StorageError) as failed:
        store.writer.run(
            lambda: store.database.execute_sql("INSERT INTO t VALUES (1, ?)", ("rahasia" * 9000,))
        )
    assert "rahasia" not in str(failed.value)


def test_a_job_may_call_the_writer_again(store: Store) -> None:
    def outer() -> int:
        store.insert(1)
        return store.writer.run(lambda: store.insert(2))

    assert store.writer.run(outer) == 2
    assert store.numbers() == [1, 2]


def test_an_inner_job_that_fails_is_undone_alone(store: Store) -> None:
    def inner() -> None:
        store.insert(2)
        raise LookupError

    def outer() -> None:
        store.insert(1)
        with pytest.raises(LookupError):
            store.writer.run(inner)
        store.insert(3)

    store.writer.run(outer)
    assert store.numbers() == [1, 3]


def test_close_commits_what_waits_and_refuses_what_comes_later(tmp_path: Path) -> None:
    store = Store(tmp_path / "db.sqlite3")
    begun, gate = threading.Event(), threading.Event()

    def hold() -> None:
        begun.set()
        assert gate.wait(20)

    results: list[Any] = []
    threads = [threading.Thread(target=lambda: store.writer.run(hold))]
    threads[0].start()
    assert begun.wait(20)
    threads.append(threading.Thread(target=lambda: results.append(store.writer.run(lambda: store.insert(1)))))
    threads[1].start()
    while store.writer._queue.qsize() < 1:
        threading.Event().wait(0.001)
    threads.append(threading.Thread(target=store.writer.close))
    threads[2].start()
    gate.set()
    for thread in threads:
        thread.join(20)
    assert results == [1]
    with pytest.raises(StorageError):
        store.writer.run(lambda: store.insert(2))
    store.writer.close()


def test_nobody_waits_for_ever_on_a_writer_that_closes(tmp_path: Path) -> None:
    """The door is one lock: a job is queued before the end mark, or refused."""
    for attempt in range(30):
        store = Store(tmp_path / f"{attempt}.sqlite3")
        outcomes: list[object] = []

        def ask(store: Store = store, outcomes: list[object] = outcomes) -> None:
            for number in range(20):
                try:
                    outcomes.append(store.writer.run(partial(store.insert, number)))
                except StorageError:
                    outcomes.append(None)

        thread = threading.Thread(target=ask)
        thread.start()
        store.writer.close()
        thread.join(20)
        assert not thread.is_alive()
        assert len(outcomes) == 20


def test_a_page_that_the_disk_does_not_give_wakes_who_looks_after_damage() -> None:
    database = open_sqlite(Path("/proc/self/mem"))  # a file that the kernel answers with EIO
    writer, woken = GroupCommitWriter(database), threading.Event()
    writer.on_damage = woken.set
    with pytest.raises(StorageError):
        writer.run(lambda: None)
    assert woken.is_set()
    assert writer.damaged
    assert writer.trouble == "failing"  # if it were the whole disk, it would be that
    writer.damaged = False
    with pytest.raises(peewee.OperationalError):
        writer.read(lambda: None)
    assert writer.damaged
    writer.close()
