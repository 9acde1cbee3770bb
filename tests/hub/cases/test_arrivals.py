"""What is receipted reaches inbox, search and linking, whatever ends between the two."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence

import pytest
from inbox_arrivals import SARI, arrive
from village import Region

from hub.cases.arrivals import Arrivals
from hub.cases.inbox import Told
from hub.cases.models import Arrival
from hub.cases.search_models import SearchDoc
from hub.cases.services import InboxChoice
from hub.config import HubConfig
from hub.joined_wiring import JoinedHub
from hub.links.models import LinkDue
from hub.models import Report

KILLED_AFTER_THE_COMMIT = """
import os, signal, sys
from pathlib import Path
from hub.config import HubConfig
from hub.wiring import Hub
from sync.clock import ManualClock

folder, bundle, now = sys.argv[1:]
hub = Hub(HubConfig(Path(folder)), clock=ManualClock(monotonic_s=1_000.0, wall_s=float(now)))
hub.store.intake.on_committed = lambda: os.kill(os.getpid(), signal.SIGKILL)
hub.desk.exchange(Path(bundle).read_bytes(), via="http")
"""


@pytest.fixture
def left(region: Region) -> Region:
    """A region whose hub places nothing by itself."""
    region.hub.store.intake.on_committed = lambda: None
    return region


def placed(region: Region, choice: InboxChoice | None = None) -> list[str]:
    page, _ = region.hub.store.inbox.page(choice or InboxChoice(), before=None, limit=50, who=SARI)
    return [row.report.id for row in page]


def found(region: Region, text: str = "cerita") -> list[str]:
    page, _ = region.hub.store.search.search(text, before=None, limit=50, who=SARI)
    return [one.report for one in page]


def due(region: Region) -> dict[str, int]:
    return {row.report: row.version for row in LinkDue.select().execute(region.hub.store.database)}


def test_a_hub_killed_after_the_commit_places_what_it_receipted(region: Region) -> None:
    now = region.clock.wall_s()
    region.create_node()
    region.stop_hub()
    ids = [region.file(f"cerita {number}").envelope_id for number in range(3)]
    bundle = region.path / "bundle"
    bundle.write_bytes(region.node().desk.up_bundle().data)
    program = [sys.executable, "-c", KILLED_AFTER_THE_COMMIT]
    done = subprocess.run(
        [*program, str(region.hub_folder), str(bundle), str(now)], capture_output=True, timeout=60
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    region.clock.advance(5)
    assert len(region.stories()) == 3
    assert placed(region) == found(region) == []
    imported, _ = region.exchange()
    assert imported.new == 0, "it is receipted as what the hub has, and never sent again"
    region.hub.store.arrivals.catch_up()
    assert sorted(placed(region)) == sorted(found(region)) == sorted(due(region)) == sorted(map(str, ids))
    assert region.hub.store.arrivals.waiting() == 0


def test_the_thread_begins_with_what_was_left(left: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = arrive(left, "cerita satu", "cerita dua")
    arrivals, linker = left.hub.store.arrivals, left.hub.store.people.linker
    done = threading.Event()
    keep = linker.note_many

    def keeping(reports: list[tuple[str, float]]) -> None:
        keep(reports)
        done.set()

    monkeypatch.setattr(linker, "note_many", keeping)
    arrivals.start()
    assert done.wait(30)
    arrivals.close()
    assert sorted(placed(left)) == sorted(ids)


def test_the_thread_is_woken_by_a_commit(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.cases.arrivals.LOOK_EVERY_S", 3600.0)
    arrivals = region.hub.store.arrivals
    rests, placing = threading.Event(), threading.Event()
    turn, place = arrivals.turn, region.hub.store.inbox.place

    def turning() -> int:
        busy = turn()
        if not busy:
            rests.set()
        return busy

    def keeping(told: Sequence[Told]) -> None:
        place(told)
        placing.set()

    monkeypatch.setattr(arrivals, "turn", turning)
    monkeypatch.setattr(region.hub.store.inbox, "place", keeping)
    arrivals.start()
    assert rests.wait(30)
    [report] = arrive(region, "cerita")
    assert placing.wait(30)
    arrivals.close()
    assert placed(region) == [report]


def test_another_process_goes_on_and_nothing_is_placed_twice(left: Region) -> None:
    [report] = arrive(left, "cerita")
    joined = JoinedHub(HubConfig(left.hub_folder), clock=left.clock)
    try:
        numbers = {row.report: row.id for row in Arrival.select().execute(left.hub.store.database)}
        assert joined.store.arrivals.turn() == 1
    finally:
        joined.close()
    assert placed(left) == [report]
    left.hub.store.arrivals._place(numbers)  # it had read the same rows
    assert placed(left) == found(left) == [report]
    assert due(left) == {report: 1}


def test_urgent_reports_go_first(left: Region) -> None:
    calm = arrive(left, "cerita satu", "cerita dua")
    [urgent] = arrive(left, "cerita tiga", urgency="now")
    assert left.hub.store.arrivals.turn(limit=1) == 1
    assert placed(left) == [urgent]
    left.hub.store.arrivals.catch_up()
    assert found(left) == [calm[1], calm[0], urgent], "the newest first, as they were placed"


def test_what_happened_meanwhile_counts(left: Region) -> None:
    read, gone, added = arrive(left, "cerita satu", "cerita dua", "cerita tiga")
    store = left.hub.store

    def meanwhile() -> None:
        Report.update(read_at=1.0).where(Report.id == read).execute(store.database)
        Report.delete().where(Report.id == gone).execute(store.database)

    place_told = store.arrivals._place_told

    def late(*arguments: object) -> None:
        meanwhile()
        place_told(*arguments)  # type: ignore[arg-type]

    store.arrivals._place_told = late  # type: ignore[method-assign,assignment]
    store.inbox.refresh(added)  # something was added before it has a place: left for its arrival
    store.arrivals.catch_up()
    assert sorted(placed(left)) == sorted([read, added])
    assert placed(left, InboxChoice(unread=True)) == [added]
    assert sorted(found(left)) == sorted([read, added])
    assert store.arrivals.waiting() == 0


def test_one_that_cannot_be_placed_keeps_back_no_other(left: Region) -> None:
    broken, whole = arrive(left, "cerita satu", "cerita dua")
    store = left.hub.store
    [body] = [row.body for row in Report.select().where(Report.id == broken).execute(store.database)]

    def write(text: str) -> None:
        store.writer.run(lambda: Report.update(body=text).where(Report.id == broken).execute(store.database))

    write("{}")
    store.arrivals.catch_up()
    assert placed(left) == [whole]
    assert store.arrivals.waiting() == 1
    write(body)
    store.arrivals._try_again()  # as a start does
    store.arrivals.catch_up()
    assert sorted(placed(left)) == sorted([broken, whole])


def test_many_ask_no_more_of_the_database_than_one(left: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    store = left.hub.store
    arrive(left, "cerita nol")  # what is learned once is learned
    store.arrivals.catch_up()
    asked: list[str] = []

    def count(name: str) -> None:
        execute = getattr(store.database, name)

        def counting(sql: str, *arguments: object, **options: object) -> object:
            asked.append(sql)
            return execute(sql, *arguments, **options)

        monkeypatch.setattr(store.database, name, counting)

    for name in ("execute_sql", "execute_as_written"):
        if hasattr(store.database, name):
            count(name)

    def statements(work: Callable[[], object]) -> int:
        asked.clear()
        work()
        return len(asked)

    counts = [
        (
            statements(lambda size=size: arrive(left, *(f"cerita {n}" for n in range(size)))),  # type: ignore[misc]
            statements(store.arrivals.turn),
        )
        for size in (1, 8)
    ]
    assert counts[0] == counts[1]


def test_where_no_thread_runs_it_is_done_at_once_and_no_failure_undoes_a_receipt(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: Arrivals, limit: int = 0) -> int:
        raise OSError

    [first] = arrive(region, "cerita satu")
    assert placed(region) == [first]
    with monkeypatch.context() as broken:
        broken.setattr(Arrivals, "turn", fails)
        [second] = arrive(region, "cerita dua")
    assert placed(region) == [first]
    [third] = arrive(region, "cerita tiga")
    assert sorted(placed(region)) == sorted([first, second, third])
    assert SearchDoc.select().count(region.hub.store.database) == 3
