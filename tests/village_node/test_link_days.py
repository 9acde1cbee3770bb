"""Days of the link on the card: added up, bounded, written once an hour, dated when the date is known."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from village import RADIO_NUMBER, Region, dump

from sync.airtime import PRESETS, payload_airtime_ms
from sync.carriers.base import HeardPayload, RadioState
from sync.clock import ManualClock
from sync.link_quality import DAY_S, day_number
from sync.storage.database import migrate, open_sqlite
from sync.storage.writer import GroupCommitWriter, StorageError
from village_node.link_days import KEPT_DAYS, SHOWN_DAYS, UNDATED_DAY, LinkDays, LinkRecord, link_status
from village_node.link_meter import HOUR_S, LinkCounts, LinkMeter
from village_node.models import LinkDay
from village_node.offline import offline_status
from village_node.radio_desk import RadioDesk
from village_node.store_wiring import MIGRATIONS
from village_node.timekeeping import BUILD_WALL_S, TimeKeeper
from village_node.wiring import Node

NOW_S = 1_800_000_000.0
TODAY = day_number(NOW_S)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Any]:
    found = open_sqlite(tmp_path / "node.sqlite3")
    migrate(found, MIGRATIONS)
    yield found
    found.close()


@pytest.fixture
def writer(database: Any) -> Iterator[GroupCommitWriter]:
    found = GroupCommitWriter(database)
    yield found
    found.close()


@pytest.fixture
def days(database: Any, writer: GroupCommitWriter) -> LinkDays:
    return LinkDays(database, writer)


def stored(writer: GroupCommitWriter, database: Any) -> dict[int, int]:
    """Return frames_sent of every row."""
    return writer.read(
        lambda: {row.day: row.frames_sent for row in LinkDay.select().order_by(LinkDay.day).execute(database)}
    )


class TestDays:
    def test_what_comes_later_on_a_day_is_added(self, days: LinkDays) -> None:
        first, second = LinkCounts(frames_sent=2), LinkCounts(frames_sent=3)
        first.snr_db.note(-4.0)
        second.snr_db.note(1.0)
        days.add({TODAY: first})
        days.add({TODAY: second})
        [total] = days.last(5, until=None).values()
        assert (total.frames_sent, total.snr_db.mean, total.snr_db.highest) == (5, -1.5, 1.0)

    def test_years_of_days_keep_a_bounded_number_of_rows(
        self, days: LinkDays, writer: GroupCommitWriter, database: Any
    ) -> None:
        days.add({UNDATED_DAY: LinkCounts(frames_sent=9)})
        days.add({TODAY + day: LinkCounts(frames_sent=1) for day in range(KEPT_DAYS + 60)})
        for day in range(KEPT_DAYS + 60, KEPT_DAYS + 90):
            days.add({TODAY + day: LinkCounts(frames_sent=1)})
        rows = stored(writer, database)
        assert len(rows) == KEPT_DAYS + 1
        assert rows[UNDATED_DAY] == 9
        assert max(rows) == TODAY + KEPT_DAYS + 89

    def test_one_wrong_date_far_ahead_takes_no_history_and_is_not_shown(self, days: LinkDays) -> None:
        for day in range(TODAY - 20, TODAY + 1):
            days.add({day: LinkCounts(frames_sent=1)})
        days.add({TODAY + 5000: LinkCounts(frames_sent=1)})
        assert list(days.recent(int(NOW_S))) == list(range(TODAY - SHOWN_DAYS + 1, TODAY + 1))

    def test_a_database_of_the_version_before_gets_the_table(self, tmp_path: Path) -> None:
        before = tmp_path / "before"
        before.mkdir()
        shutil.copy(MIGRATIONS / "0001_initial.py", before)
        old = open_sqlite(tmp_path / "old.sqlite3")
        migrate(old, before)
        assert migrate(old, MIGRATIONS)
        writer = GroupCommitWriter(old)
        try:
            LinkDays(old, writer).add({TODAY: LinkCounts(frames_sent=1)})
            assert stored(writer, old) == {TODAY: 1}
        finally:
            writer.close()
            old.close()


class Box:
    """A meter, its days and a clock that has, or has not, a date."""

    def __init__(self, days: LinkDays, wall_s: float) -> None:
        self.clock = ManualClock(500.0, wall_s)
        self.times = TimeKeeper(self.clock, 1)
        self.meter = LinkMeter(self.clock.monotonic_s())
        self.record = LinkRecord(self.meter, days, self.times)

    def live(self, hours: int) -> None:
        """Send one frame an hour."""
        for _ in range(hours):
            self.meter.sent(b"", 10.0, self.clock.monotonic_s())
            self.clock.advance(HOUR_S)
            if self.meter.tick(self.clock.monotonic_s()):
                self.record.save()


class TestRecord:
    def test_each_hour_is_written_once_to_its_own_day(
        self, days: LinkDays, writer: GroupCommitWriter, database: Any
    ) -> None:
        box = Box(days, TODAY * DAY_S - 8 * 3600)  # midnight
        box.live(30)
        assert stored(writer, database) == {TODAY: 24, TODAY + 1: 6}
        box.record.save(closing=True)
        assert sum(stored(writer, database).values()) == 30

    def test_the_running_hour_is_shown_and_stored_at_the_end(
        self, days: LinkDays, writer: GroupCommitWriter, database: Any
    ) -> None:
        box = Box(days, NOW_S)
        box.meter.sent(b"", 10.0, box.clock.monotonic_s())
        assert stored(writer, database) == {}
        assert [counts.frames_sent for counts in box.record.days().values()] == [1]
        box.record.save(closing=True)
        assert stored(writer, database) == {TODAY: 1}

    def test_hours_without_a_date_wait_for_it(
        self, days: LinkDays, writer: GroupCommitWriter, database: Any
    ) -> None:
        box = Box(days, 0.0)
        box.live(5)
        assert stored(writer, database) == {}
        assert box.record.days() == {}
        at = box.clock.monotonic_s()
        box.times.take_hub_time(TODAY * DAY_S - 8 * 3600 + 2 * 3600, at, at)  # two in the morning
        box.live(1)
        assert stored(writer, database) == {TODAY - 1: 3, TODAY: 3}

    def test_hours_that_never_learn_the_date_go_to_the_row_without_one(
        self, days: LinkDays, writer: GroupCommitWriter, database: Any
    ) -> None:
        box = Box(days, float(BUILD_WALL_S - 1000 * DAY_S))
        box.live(60)
        waiting = stored(writer, database)
        assert list(waiting) == [UNDATED_DAY]
        box.record.save(closing=True)
        assert stored(writer, database) == {UNDATED_DAY: 60}
        assert days.recent(None) == {}

    def test_a_store_that_fails_is_tried_again_and_counts_once(
        self, days: LinkDays, writer: GroupCommitWriter, database: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        box = Box(days, NOW_S)

        def fails(job: object) -> None:
            raise StorageError("full")

        with monkeypatch.context() as broken:
            broken.setattr(writer, "run", fails)
            box.live(3)
        box.live(1)
        assert stored(writer, database) == {TODAY: 4}


class TestStatus:
    def test_it_is_json_and_names_the_days(self) -> None:
        counts = LinkCounts(seconds=7200.0, airtime_ms=72_000.0, questions_asked=4, questions_answered=3)
        status = link_status(
            {TODAY: counts}, today_s=int(NOW_S), duty_cycle=0.1, meter=LinkMeter(0.0), now=0.0
        )
        assert status is not None
        [day] = json.loads(json.dumps(status))["days"]
        assert (day["date"], day["grade"], status["today"]) == ("2027-01-15", "good", "2027-01-15")
        assert (day["hours_observed"], day["airtime_share"], day["allowed_share_used"]) == (2.0, 0.01, 0.1)
        assert (day["answered_share"], day["snr_db_mean"]) == (0.75, None)
        assert status["grade"] == "unknown"

    def test_it_counts_no_envelopes(self) -> None:
        counts = LinkCounts(envelopes_sent=8, envelopes_again=2)
        status = link_status({TODAY: counts}, today_s=None, duty_cycle=0.1, meter=None, now=0.0)
        assert status is not None
        assert status["days"][0]["sent_again_share"] == 0.25
        assert not [name for name in status["days"][0] if "envelope" in name]

    def test_a_box_that_never_had_a_radio_has_none(self) -> None:
        assert link_status({}, today_s=int(NOW_S), duty_cycle=0.1, meter=None, now=0.0) is None


class StillRadio:
    """A radio that is there; what it is given is carried by the test."""

    def __init__(self, channel_utilisation: float | None = 0.2) -> None:
        self.channel_utilisation = channel_utilisation

    def payload_limit(self) -> int:
        return 231

    def airtime_ms(self, payload_bytes: int) -> float:
        return payload_airtime_ms(payload_bytes, PRESETS["LongFast"])

    def send(self, payload: bytes, to: int) -> bool:
        return True

    def receive(self, timeout_s: float) -> HeardPayload | None:
        return None

    def state(self) -> RadioState:
        return RadioState(True, 1, 16, None, self.channel_utilisation)

    def close(self) -> None:
        pass


def radio_node(region: Region) -> tuple[Node, RadioDesk]:
    region.create_node()
    node = region.nodes["52.02.08.2001"] = Node(
        region_config(region), clock=region.clock, open_radio=lambda url: StillRadio()
    )
    assert node.radio is not None
    assert node.link_record is not None
    desk = RadioDesk(node.desk, None, region.clock, node.radio, node.link_record, uses_radio=lambda: True)
    return node, desk


def region_config(region: Region) -> Any:
    from village_node.config import NodeConfig

    return NodeConfig(region.node_folder(), radio_url="tcp://x:1", wait_min_s=0, wait_max_s=0, duty_cycle=0.5)


def talk(region: Region, desk: RadioDesk, *, for_s: float, lost: bool = False, step_s: float = 2.0) -> None:
    until = region.clock.monotonic_s() + for_s
    while region.clock.monotonic_s() < until:
        for frame in desk.due_frames():
            if not lost:
                region.hub.desk.hear_payload(HeardPayload(frame.payload, RADIO_NUMBER, -101.0, -6.5, 1))
        region.clock.advance(step_s / 2)
        for frame in region.hub.desk.due_frames():
            desk.hear_payload(HeardPayload(frame.payload, 0x0000AAAA, -99.0, -7.5, 1))
        region.clock.advance(step_s / 2)


class TestWholeNode:
    def test_a_conversation_is_counted_kept_and_read_without_a_server(self, region: Region) -> None:
        node, desk = radio_node(region)
        region.file()
        talk(region, desk, for_s=300)
        desk.hear_payload(HeardPayload(b"\xff" * 40, 5, -20.0, 9.0, 0))  # a stranger, loud
        link = region.node().health.status()["link"]
        day = link["last_24_hours"]
        assert link["grade"] == "good"
        assert day["questions_asked"] == day["questions_answered"] > 0
        assert day["round_trip_s_mean"] > 0
        assert (day["margin_db_mean"], day["snr_db_best"], day["rssi_dbm_best"]) == (10.0, -7.5, -99.0)
        assert (day["hops_mean"], day["channel_used_mean"], day["silences"]) == (1.0, 0.2, 0)
        assert 0 < day["allowed_share_used"] < 1
        node.log.set_number("highest_wall_s", int(region.clock.wall_s()))
        region.stop_node()
        offline = offline_status(region.node_folder())["link"]
        assert offline["grade"] == "unknown"
        assert offline["last_24_hours"] is None
        assert [day["questions_asked"] for day in offline["days"]] == [
            link["last_24_hours"]["questions_asked"]
        ]

    def test_a_hub_that_does_not_answer_is_seen(self, region: Region) -> None:
        node, desk = radio_node(region)
        region.file()
        talk(region, desk, for_s=120)
        talk(region, desk, for_s=7 * 3600, lost=True, step_s=60.0)
        link = node.health.status()["link"]
        assert link["grade"] == "none"
        assert link["last_24_hours"]["silences"] >= 3
        assert link["last_24_hours"]["questions_asked"] > link["last_24_hours"]["questions_answered"]

    def test_a_report_that_was_only_filed_changes_nothing(self, region: Region) -> None:
        node, desk = radio_node(region)
        talk(region, desk, for_s=300)
        before = node.health.status()["link"], dump(region.node_folder())["link_day"]
        region.file()
        assert (node.health.status()["link"], dump(region.node_folder())["link_day"]) == before
