"""The links' days in the hub's database: added up, bounded, once a minute, and never behind on a page."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from village import RADIO_NUMBER, VILLAGE, Region

from hub import link_days
from hub.link_days import LinkDays, LinkWatch
from hub.models import LinkDay, RadioDay
from hub.storage.opening import MIGRATIONS
from sync.airtime import PRESETS, payload_airtime_ms
from sync.carriers.base import HeardPayload, RadioState
from sync.clock import ManualClock
from sync.link.hearing import RadioPath
from sync.link_quality import DAY_S, day_number
from sync.storage.database import migrate, open_sqlite
from sync.storage.writer import GroupCommitWriter, StorageError

AT = 1_800_000_000.0
DAY = day_number(AT)
PATH = RadioPath(0, 5)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Any]:
    found = open_sqlite(tmp_path / "hub.sqlite3")
    migrate(found, MIGRATIONS)
    yield found
    found.close()


@pytest.fixture
def writer(database: Any) -> Iterator[GroupCommitWriter]:
    found = GroupCommitWriter(database)
    yield found
    found.close()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(0.0, AT)


@pytest.fixture
def days(database: Any, writer: GroupCommitWriter, clock: ManualClock) -> LinkDays:
    return LinkDays(database, writer, clock)


def hear(days: LinkDays, node: int = 1, at: float = AT, envelopes: int = 1) -> None:
    days.counter.heard(node, PATH, at, question=None, envelopes=envelopes, signal=None)


def rows(writer: GroupCommitWriter, database: Any, model: Any = LinkDay) -> list[dict[str, Any]]:
    return writer.read(lambda: list(model.select().dicts().execute(database)))


class TestStoring:
    def test_counts_of_a_day_add_up_in_its_row(
        self, days: LinkDays, writer: GroupCommitWriter, database: Any
    ) -> None:
        for _ in range(3):
            hear(days)
            days.flush()
        days.flush()
        [row] = rows(writer, database)
        assert (row["node"], row["day"], row["radio_envelopes"], row["frames_heard"]) == (1, DAY, 3, 3)
        [own] = rows(writer, database, RadioDay)
        assert own["frames_heard"] == 3

    def test_many_nodes_are_one_transaction(
        self, days: LinkDays, writer: GroupCommitWriter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        jobs = []
        run = writer.run

        def counted(job: Callable[[], object]) -> object:
            jobs.append(job)
            return run(job)

        monkeypatch.setattr(writer, "run", counted)
        for node in range(1, 1001):
            hear(days, node)
        days.flush()
        assert len(jobs) == 1
        assert len(days.nodes_since(DAY, range(2000))) == 1000

    def test_a_store_that_fails_loses_nothing(
        self, days: LinkDays, writer: GroupCommitWriter, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(job: object) -> None:
            raise StorageError("full")

        hear(days)
        with monkeypatch.context() as broken:
            broken.setattr(writer, "run", fails)
            days.flush()
        hear(days)
        days.flush()
        assert days.nodes_since(DAY, range(100))[1].radio_envelopes == 2

    def test_years_of_days_keep_a_bounded_number_of_rows(
        self,
        days: LinkDays,
        writer: GroupCommitWriter,
        database: Any,
        clock: ManualClock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(link_days, "KEPT_DAYS", 40)
        for _ in range(12):
            for day in range(10):
                hear(days, at=clock.wall_s() - day * DAY_S)
            days.flush()
            clock.advance(10 * DAY_S)
        assert len(rows(writer, database)) == len(rows(writer, database, RadioDay)) == 40

    def test_a_database_of_the_version_before_gets_the_tables(
        self, tmp_path: Path, clock: ManualClock
    ) -> None:
        before = tmp_path / "before"
        before.mkdir()
        shutil.copy(MIGRATIONS / "0001_initial.py", before)
        old = open_sqlite(tmp_path / "old.sqlite3")
        migrate(old, before)
        assert migrate(old, MIGRATIONS)
        writer = GroupCommitWriter(old)
        try:
            days = LinkDays(old, writer, clock)
            hear(days)
            days.flush()
            assert len(rows(writer, old)) == 1
        finally:
            writer.close()
            old.close()


class TestReading:
    def test_what_is_not_stored_yet_is_read_too(
        self, days: LinkDays, writer: GroupCommitWriter, database: Any
    ) -> None:
        hear(days)
        days.flush()
        hear(days, envelopes=4)
        hear(days, node=2, at=AT - 2 * DAY_S)
        assert {node: c.radio_envelopes for node, c in days.nodes_since(DAY, range(100)).items()} == {1: 5}
        assert {node: c.radio_envelopes for node, c in days.nodes_since(DAY - 2, range(100)).items()} == {
            1: 5,
            2: 1,
        }
        assert list(days.node_days(1, DAY)) == [DAY]
        assert list(days.node_days(2, DAY - 5)) == [DAY - 2]
        assert days.own_days(DAY)[DAY].frames_heard == 2
        assert days.contacts() == {1: {"radio": AT}, 2: {"radio": AT - 2 * DAY_S}}
        assert len(rows(writer, database)) == 1, "reading writes nothing"


class StillRadio:
    def __init__(self) -> None:
        self.connected = True

    def payload_limit(self) -> int:
        return 231

    def airtime_ms(self, payload_bytes: int) -> float:
        return payload_airtime_ms(payload_bytes, PRESETS["LongFast"])

    def send(self, payload: bytes, to: int) -> bool:
        return True

    def receive(self, timeout_s: float) -> HeardPayload | None:
        return None

    def state(self) -> RadioState:
        return RadioState(self.connected, 1, 16, None, 0.3)

    def close(self) -> None:
        pass


class SteppingClock(ManualClock):
    """Lets a thread pass one minute each time a test says so."""

    def __init__(self) -> None:
        super().__init__(0.0, AT)
        self.may_pass = threading.Semaphore(0)
        self.waits = threading.Semaphore(0)

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        self.waits.release()
        while not self.may_pass.acquire(timeout=0.01):
            if event.is_set():
                return True
        self.advance(timeout_s)
        return event.is_set()

    def pass_minute(self) -> None:
        """Let one minute pass and wait until the thread has used it."""
        self.may_pass.release()
        assert self.waits.acquire(timeout=20)


class TestWatch:
    def test_each_minute_is_observed_and_stored(self, database: Any, writer: GroupCommitWriter) -> None:
        clock = SteppingClock()
        days = LinkDays(database, writer, clock)
        radio = StillRadio()
        watch = LinkWatch(days, radio, clock)
        assert clock.waits.acquire(timeout=20)
        for _ in range(3):
            clock.pass_minute()
        radio.connected = False
        clock.pass_minute()
        hear(days)
        watch.close()
        [own] = rows(writer, database, RadioDay)
        assert (own["seconds"], own["channel_used_count"], own["frames_heard"]) == (180.0, 3, 1)

    def test_a_fault_does_not_end_it(
        self, database: Any, writer: GroupCommitWriter, caplog: pytest.LogCaptureFixture
    ) -> None:
        clock = SteppingClock()
        days = LinkDays(database, writer, clock)
        radio = StillRadio()
        radio.state = lambda: (_ for _ in ()).throw(RuntimeError("isi"))  # type: ignore[method-assign]
        watch = LinkWatch(days, radio, clock)
        assert clock.waits.acquire(timeout=20)
        clock.pass_minute()
        clock.pass_minute()
        watch.close()
        assert "RuntimeError" in caplog.text
        assert "isi" not in caplog.text


class TestWholeHub:
    def test_every_way_in_is_counted(self, region: Region) -> None:
        node = region.node()
        links = region.hub.store.links
        links.counter.watched(0.0, None, -17.5, region.clock.wall_s())
        region.file()
        for _ in range(60):
            for frame in node.desk.due_frames():
                region.hub.desk.hear_payload(HeardPayload(frame.payload, RADIO_NUMBER, -104.0, -7.5, 2))
            for frame in region.hub.desk.due_frames():
                node.desk.hear(frame.payload, 0x0000AAAA)
            region.clock.advance(2.0)
        region.hub.desk.hear_payload(HeardPayload(b"\xff" * 30, 9))
        region.file("lewat internet")
        region.exchange()
        region.file("lewat kurir")
        region.exchange(via="courier")
        [day] = links.node_days(1, 0).values()
        assert day.questions_heard >= 1
        assert (day.questions_missed, day.receipts_lost) == (0, 0)
        assert (day.radio_envelopes, day.http_envelopes, day.courier_envelopes) == (1, 1, 1)
        assert (day.margin_db.mean, day.rssi_dbm.mean, day.hops.mean) == (10.0, -104.0, 2.0)
        assert day.receipts_sent >= 3
        assert day.airtime_ms > 0
        assert set(links.contacts()[1]) == {"radio", "http", "courier"}
        [own] = links.own_days(0).values()
        assert (own.foreign_frames, own.airtime_ms) == (1, day.airtime_ms)

    def test_a_clean_stop_keeps_everything(self, region: Region) -> None:
        region.node(VILLAGE)
        region.file()
        region.exchange()
        region.restart_hub()
        assert region.hub.store.links.nodes_since(0, range(100))[1].http_envelopes == 1
