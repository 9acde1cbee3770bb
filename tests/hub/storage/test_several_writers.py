"""Several processes of one hub write at once: what one writer thread keeps in order stays in order.

Each store here has connections and a writer of its own, as each process has.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from stores import server
from village import Region

from hub.config import HubConfig
from hub.models import Answer, Down
from hub.outgoing import READ
from hub.store_wiring import HubStore
from sync.identifiers import EnvelopeId, Lane
from sync.storage.writer import StorageError


@contextmanager
def others(region: Region, count: int) -> Iterator[list[HubStore]]:
    stores = [HubStore(HubConfig(region.hub_folder), region.clock) for _ in range(count)]
    try:
        yield stores
    finally:
        for store in stores:
            store.close()


def at_once(jobs: list[Callable[[], object]]) -> list[object]:
    """Run each in a thread of its own, all let go together; return what they returned or raised."""
    results: list[object] = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(place: int) -> None:
        start.wait(20)
        try:
            results[place] = jobs[place]()
        except Exception as error:
            results[place] = error

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def filed(region: Region, count: int = 1) -> list[EnvelopeId]:
    taken = [region.file(f"cerita {number}") for number in range(count)]
    region.settle()
    return [EnvelopeId.parse(str(one.envelope_id)) for one in taken]


def wait_until_blocked(region: Region, *, or_done: threading.Event) -> None:
    """Return when a connection to the region's database waits for a lock, or `or_done` is set."""
    assert region.database_url is not None
    question = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"
    while not server().execute(question) and not or_done.is_set():
        or_done.wait(0.01)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestOneAtATime:
    def test_a_second_process_waits_until_the_first_has_committed(self, region: Region) -> None:
        [place] = filed(region)
        first, inside, go, done = region.hub.store, threading.Event(), threading.Event(), threading.Event()

        def slow() -> None:
            first.outgoing.queue(1, READ, str(place))
            inside.set()
            assert go.wait(20)

        with others(region, 1) as [second]:

            def hold() -> None:
                first.writer.run(slow)

            def ask() -> None:
                second.outgoing.queue(1, READ, str(place))
                done.set()

            threads = [threading.Thread(target=hold), threading.Thread(target=ask)]
            threads[0].start()
            assert inside.wait(20)
            threads[1].start()
            wait_until_blocked(region, or_done=done)
            assert not done.is_set()
            go.set()
            for thread in threads:
                thread.join(20)
        rows = Down.select().order_by(Down.id).execute(first.database)
        assert [row.counter for row in rows] == [0, 1]

    def test_a_connection_that_is_cut_keeps_nothing_and_the_next_job_connects_anew(
        self, region: Region
    ) -> None:
        [place] = filed(region)
        store = region.hub.store

        def cut() -> None:
            store.outgoing.queue(1, READ, str(place))
            [[own]] = store.database.execute_sql("SELECT pg_backend_pid()").fetchall()
            server().execute(f"SELECT pg_terminate_backend({own})")
            store.database.execute_sql("SELECT 1")

        with pytest.raises(StorageError):
            store.writer.run(cut)
        assert store.outgoing.waiting() == []
        store.outgoing.queue(1, READ, str(place))
        assert [waiting.counter for waiting in store.outgoing.waiting()] == [0]

    def test_a_reader_whose_connection_was_cut_reads_again(self, region: Region) -> None:
        filed(region)
        [[own]] = region.hub.store.database.execute_sql("SELECT pg_backend_pid()").fetchall()
        server().execute(f"SELECT pg_terminate_backend({own})")
        with pytest.raises(Exception):
            region.stories()
        assert region.stories() == ["cerita 0"]

    def test_a_process_that_dies_while_it_writes_leaves_nothing_and_holds_nobody_up(
        self, region: Region
    ) -> None:
        [place] = filed(region)
        with others(region, 1) as [dying]:
            dying.writer.run(lambda: None)
            [[pid]] = dying.writer.read(
                lambda: dying.database.execute_sql("SELECT pg_backend_pid()").fetchall()
            )

            def die() -> None:
                dying.outgoing.queue(1, READ, str(place))
                # As when the machine goes: the server sees the connection end in the middle.
                server().execute(f"SELECT pg_terminate_backend({pid})")

            with pytest.raises(StorageError):
                dying.writer.run(die)
        region.hub.store.outgoing.queue(1, READ, str(place))
        assert [waiting.counter for waiting in region.hub.store.outgoing.waiting()] == [0]


def test_one_bundle_at_two_processes_counts_once(region: Region) -> None:
    for number in range(40):
        region.file(f"cerita {number}")
    bundle = region.node().desk.up_bundle().data
    assert region.hub
    with others(region, 2) as stores:
        desks = [store.desk() for store in stores]
        results = at_once([lambda desk=desk: desk.exchange(bundle, via="http")[1] for desk in desks])  # type: ignore[misc]
    assert sum(result.new for result in results) == 40  # type: ignore[attr-defined]
    assert len(set(region.stories())) == len(region.stories()) == 40
    epoch = region.node().chain.epoch_id
    assert region.hub.store.intake.held(epoch, Lane.REPORT).ranges() == [(0, 40)]


def test_two_halves_of_an_epoch_at_once_are_both_held(region: Region) -> None:
    for number in range(20):
        region.file(f"cerita {number}")
    early = region.node().desk.up_bundle().data
    for number in range(20, 40):
        region.file(f"cerita {number}")
    late = region.node().desk.up_bundle().data
    assert region.hub
    with others(region, 2) as (one, two):
        desks = [(one.desk(), early), (two.desk(), late)]
        at_once([lambda pair=pair: pair[0].exchange(pair[1], via="http") for pair in desks])  # type: ignore[misc]
    assert region.hub.store.intake.held(region.node().chain.epoch_id).ranges() == [(0, 40)]


def test_four_processes_allocate_two_hundred_counters_without_a_gap_or_a_double(region: Region) -> None:
    [place] = filed(region)

    def fifty(store: HubStore) -> None:
        def five() -> None:
            for _ in range(5):
                store.outgoing.queue(1, READ, str(place))

        for _ in range(10):
            store.writer.run(five)

    with others(region, 4) as stores:
        results = at_once([lambda store=store: fifty(store) for store in stores])  # type: ignore[misc]
    assert results == [None] * 4
    rows = list(Down.select().execute(region.hub.store.database))
    assert sorted(row.counter for row in rows) == list(range(200))
    assert len({bytes(row.sealed) for row in rows}) == 200


def test_answers_of_several_processes_in_one_second_stay_apart(region: Region) -> None:
    [place] = filed(region)
    with others(region, 4) as stores:
        jobs: list[Callable[[], object]] = [
            lambda store=store: store.work.answer(str(place), "Terima kasih.", asks=False, by="sari")  # type: ignore[misc]
            for store in stores
        ]
        assert at_once(jobs) == [None] * 4
    written = [row.written_at for row in Answer.select().execute(region.hub.store.database)]
    assert len(set(written)) == 4
