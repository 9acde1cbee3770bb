"""The node's end of every carrier: bundles, frames, receipts and what comes down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from village import OTHER_VILLAGE, VILLAGE, Region, answers, dump, reached

from sync.errors import MalformedWire
from sync.identifiers import Lane
from sync.storage.writer import StorageError
from sync.wire.bundle_codec import decode_down_bundle, decode_up_bundle
from sync.wire.control_records import BackedUp
from village_node import link_desk
from village_node.link_desk import Applied


def down_bundle(region: Region, village: str = VILLAGE) -> bytes:
    """Return what the hub has for a village, an answer among it, not yet applied."""
    taken = region.file("dengan jawaban", village)
    assert taken.envelope_id is not None
    region.exchange(village)
    region.hub.store.work.answer(taken.envelope_id, "Jawaban.", asks=False, by="sari")
    region.file("menunggu", village)
    down, _ = region.hub.desk.exchange(region.node(village).desk.up_bundle().data, via="http")
    return down


class TestDownBundles:
    def test_what_came_is_acknowledged_by_the_next_bundle_though_nobody_answers_on_the_radio(
        self, region: Region
    ) -> None:
        down = down_bundle(region)
        desk = region.node().desk
        while not desk._session._retry.silent > 4:  # a gateway, or a village out of the hub's reach
            desk.due_frames()
            region.clock.advance(600)
        desk.apply_down_bundle(down)
        region.hub.desk.exchange(desk.up_bundle().data, via="http")
        number = region.node().store.identity.enrolment.node_number
        assert list(region.hub.store.outgoing.waiting(number)) == []

    def test_a_repeated_one_changes_nothing_more(self, region: Region) -> None:
        down = down_bundle(region)
        desk = region.node().desk
        first = desk.apply_down_bundle(down)
        assert (first.receipted, first.arrived) == (1, 1)
        before = dump(region.node_folder())
        again = desk.apply_down_bundle(down)
        assert (again.receipted, again.arrived) == (0, 0)
        assert again.receipts == 1
        assert dump(region.node_folder()) == before

    def test_another_villages_changes_nothing(self, region: Region) -> None:
        region.file()
        down = down_bundle(region, OTHER_VILLAGE)
        before = dump(region.node_folder())
        assert region.node().desk.apply_down_bundle(down) == Applied(0, 0, 0, 0)
        assert dump(region.node_folder()) == before

    def test_another_hubs_changes_nothing(self, region: Region) -> None:
        stranger = Region(region.path / "elsewhere", region.clock)
        try:
            down = down_bundle(stranger)
        finally:
            stranger.close()
        region.file()
        before = dump(region.node_folder())
        assert region.node().desk.apply_down_bundle(down) == Applied(0, 0, 0, 0)
        assert dump(region.node_folder()) == before

    def test_every_cut_and_every_foreign_file_is_refused_whole(self, region: Region) -> None:
        down = down_bundle(region)
        desk = region.node().desk
        before = dump(region.node_folder())
        up = desk.up_bundle().data
        broken = [down[:size] for size in (0, 3, 6, 40, len(down) // 2, len(down) - 1)]
        for data in [*broken, down + b"\x00", up, b"PK\x03\x04" + bytes(2000)]:
            with pytest.raises(MalformedWire):
                desk.apply_down_bundle(data)
        assert dump(region.node_folder()) == before

    def test_every_flipped_bit_is_refused_whole(self, region: Region) -> None:
        down = down_bundle(region)
        desk = region.node().desk
        before = dump(region.node_folder())

        @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.integers(0, 8 * len(down) - 1))
        def flip(bit: int) -> None:
            damaged = bytearray(down)
            damaged[bit // 8] ^= 1 << bit % 8
            with pytest.raises(MalformedWire):
                desk.apply_down_bundle(bytes(damaged))

        flip()
        assert dump(region.node_folder()) == before

    def test_damaged_frames_change_nothing(self, region: Region) -> None:
        [section] = decode_down_bundle(down_bundle(region)).nodes
        frames = [frame for _, frame in section.receipts] + list(section.downs)
        desk = region.node().desk
        before = dump(region.node_folder())
        for frame in frames:
            for bit in range(0, 8 * len(frame), 5):
                damaged = bytearray(frame)
                damaged[bit // 8] ^= 1 << bit % 8
                desk.hear(bytes(damaged))
            desk.hear(frame[:-1])
            desk.hear(frame + b"\x00")
        assert dump(region.node_folder()) == before


class TestUpBundles:
    def test_making_one_moves_no_ladder_and_a_courier_does(self, region: Region) -> None:
        taken = region.file()
        node = region.node()
        bundle = node.desk.up_bundle()
        assert reached(node, taken.code) == ["saved"]
        node.desk.carried(bundle)
        assert reached(node, taken.code) == ["saved", "on_its_way"]

    def test_what_does_not_fit_goes_with_the_next(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(link_desk, "MAX_BUNDLE_ENVELOPE_BYTES", 100)
        stories = [f"{number} " + "Ñ漢字" * 100 for number in range(5)]
        for story in stories:
            region.file(story)
        node = region.node()
        sizes = []
        while node.desk.has_work():
            sizes.append(len(node.desk.up_bundle().envelopes))
            region.exchange()
        assert len(sizes) > 1
        assert min(sizes) >= 1
        assert sorted(region.stories()) == sorted(stories)

    def test_urgent_reports_stand_first(self, region: Region) -> None:
        region.file("biasa")
        urgent = region.file("sekarang", urgency="now")
        assert str(region.node().desk.up_bundle().envelopes[0]) == urgent.envelope_id

    def test_a_bundle_without_reports_still_fetches_answers(self, region: Region) -> None:
        taken = region.file()
        region.settle()
        assert taken.envelope_id is not None
        region.hub.store.work.answer(taken.envelope_id, "Baik.", asks=False, by="sari")
        _, applied = region.exchange()
        assert applied.arrived == 1

    def test_its_size_does_not_count_its_reports(self, region: Region) -> None:
        node = region.node()
        empty = len(node.desk.up_bundle().data)
        region.file()
        assert len(node.desk.up_bundle().data) == empty


class TestGenerations:
    def test_a_new_generation_makes_the_node_ask_again(self, region: Region) -> None:
        region.file()
        region.settle()
        node = region.node()
        assert not node.desk.has_work()
        region.restart_hub()
        region.exchange()  # the new generation is heard
        region.settle()
        assert not node.desk.has_work()
        assert node.log.number("generation") == region.hub.generation

    def test_a_receipt_of_an_older_generation_is_not_believed(self, region: Region) -> None:
        region.file("satu")
        node = region.node()
        old, _ = region.hub.desk.exchange(node.desk.up_bundle().data, via="http")
        region.restart_hub()
        region.settle()
        before = dump(region.node_folder())
        assert node.desk.apply_down_bundle(old).receipts == 0
        assert dump(region.node_folder()) == before

    def test_a_backup_mark_drops_what_is_below_it_and_is_the_receipt_of_what_had_none(
        self, region: Region
    ) -> None:
        node = region.node()
        taken = [region.file(f"cerita {number}") for number in range(4)]
        epoch = node.chain.epoch_id
        node.log.writer.run(
            lambda: node.store.database.execute_sql("UPDATE envelope SET receipted_in = 1 WHERE counter <> 1")
        )
        node.log.add_down(1, 0, BackedUp(epoch, Lane.REPORT, 3), node.times.stamp())
        assert node.log.committed(epoch, Lane.REPORT).ranges() == [(3, 4)]
        assert reached(node, taken[1].code) == ["saved", "on_its_way", "received"]
        assert reached(node, taken[3].code) == ["saved"]


class TestFailingStore:
    def break_writes(self, region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
        def failing(job: Callable[[], object]) -> object:
            raise StorageError("no")

        monkeypatch.setattr(region.node().log.writer, "run", failing)

    def test_a_receipt_that_could_not_be_stored_is_stored_the_next_time(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        for knows_the_hub in (False, True):
            taken = region.file()
            down, _ = region.hub.desk.exchange(node.desk.up_bundle().data, via="http")
            [section] = decode_down_bundle(down).nodes
            [(_, receipt)] = section.receipts
            assert bool(node.log.number("generation")) is knows_the_hub
            self.break_writes(region, monkeypatch)
            with pytest.raises(StorageError):
                node.desk.hear(receipt)
            monkeypatch.undo()
            region.clock.advance(1)
            node.desk.due_frames()
            assert "received" in reached(node, taken.code)
            assert node.log.number("generation") == region.hub.generation

    def test_an_answer_that_could_not_be_stored_is_not_acknowledged(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = region.file()
        region.settle()
        assert taken.envelope_id is not None
        region.hub.store.work.answer(taken.envelope_id, "Baik.", asks=False, by="sari")
        node = region.node()
        down, _ = region.hub.desk.exchange(node.desk.up_bundle().data, via="http")
        self.break_writes(region, monkeypatch)
        with pytest.raises(StorageError):
            node.desk.apply_down_bundle(down)
        monkeypatch.undo()
        assert len(region.hub.store.outgoing.waiting()) == 1
        region.settle()
        assert answers(node, taken.code) == ["Baik."]
        assert region.hub.store.outgoing.waiting() == []


class TestMoreEpochsThanNames:
    @pytest.fixture(autouse=True)
    def few_names(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(link_desk, "MAX_NAMED_EPOCHS", 3)

    def start_often(self, region: Region) -> list[str]:
        stories = [f"hari {day}" for day in range(8)]
        for story in stories:
            region.file(story)
            region.stop_node()
        return stories

    def test_all_arrive_by_bundles(self, region: Region) -> None:
        stories = self.start_often(region)
        region.file("terakhir")
        for _ in range(8):
            region.exchange()
        assert not region.node().desk.has_work()
        assert sorted(region.stories()) == sorted([*stories, "terakhir"])
        assert region.hub.store.intake.missing() == 0

    def test_all_arrive_by_radio(self, region: Region) -> None:
        stories = self.start_often(region)
        region.talk_by_radio(for_s=1800)
        assert sorted(region.stories()) == sorted(stories)
        assert not region.node().desk.has_work()

    def test_a_new_generation_is_told_of_all(self, region: Region) -> None:
        self.start_often(region)
        for _ in range(8):
            region.exchange()
        region.restart_hub()
        for _ in range(8):
            region.exchange()
        node = region.node()
        assert node.log.to_verify(region.hub.generation) == []
        assert not node.desk.has_work()

    def test_a_new_epoch_takes_no_name_that_another_waits_for(self, region: Region) -> None:
        self.start_often(region)
        node = region.node()
        every = {epoch[0] for epoch, _ in node.log.epochs()}
        assert len(every) == 9
        assert node.desk.tags() == every
        for first in range(256):
            node.desk.add_epoch(bytes([first]) * 8, node._block(bytes(32)), None)
        assert node.desk.tags() == {epoch[0] for epoch in node.desk._named}

    def test_a_new_epoch_gets_a_name_that_is_free(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        node = region.node()
        drawn = [node._open_epoch() for _ in range(300)]
        free = {epoch.id[0] for epoch in drawn} - {drawn[0].id[0]}
        monkeypatch.setattr(node.chain, "_tags_in_use", lambda: set(range(256)) - free)
        monkeypatch.setattr(node.chain, "_open_epoch", iter(drawn).__next__)
        epoch, _ = node.chain._open()
        assert epoch.id[0] in free


def test_an_up_bundle_names_each_epoch_once(region: Region) -> None:
    region.file("satu")
    region.restart_node()
    region.file("dua")
    bundle = decode_up_bundle(region.node().desk.up_bundle().data)
    assert len({section.epoch_id for section in bundle.epochs}) == len(bundle.epochs) == 2
