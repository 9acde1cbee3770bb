"""Taking in: once, whole, and receipted only when it is stored."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from village import OTHER_VILLAGE, STORY, VILLAGE, Region, dump, reached, report

from hub.intake import Offered
from hub.link_desk import UnknownSender
from sync.errors import MalformedWire
from sync.identifiers import EnvelopeId, Lane
from sync.link.hearing import RadioPath
from sync.link.ranges import RangeSet
from sync.storage.writer import StorageError
from sync.wire.bundle_codec import UpBundle, encode_up_bundle
from sync.wire.control_records import EpochClosed, Void, encode_up_control
from sync.wire.frame_codec import DataFrame, SharedFrame, decode_frame, encode_frame
from sync.wire.report_codec import decode_report, encode_report_with
from sync.wire.text_models import QUICK
from village_node.wiring import Node

PATH = RadioPath(0, 0x1234)


def add(node: Node, record: bytes) -> EnvelopeId:
    """Seal and commit any record, as a node of a later version could."""
    sealed = node.chain.seal(record)
    node.log.add_control(sealed.id, sealed.ciphertext, node.times.stamp())
    node.desk.offer(sealed.id, sealed.ciphertext, urgent=False, wait_s=0)
    return sealed.id


class TestOnce:
    def test_copies_by_three_carriers_count_once(self, region: Region) -> None:
        for number in range(5):
            region.file(f"cerita {number}")
        bundle = region.node().desk.up_bundle().data
        desk = region.hub.desk
        _, first = desk.exchange(bundle, via="courier")
        region.talk_by_radio(for_s=120)
        _, second = desk.exchange(bundle, via="http")
        assert (first.new, second.new) == (5, 0)
        assert second.envelopes == 5
        assert len(region.stories()) == 5
        assert {view.via for view in region.hub.store.work.all_reports()} == {"courier"}

    def test_a_copy_changes_nothing_but_the_time_of_contact_and_is_receipted_again(
        self, region: Region
    ) -> None:
        taken = region.file()
        node = region.node()
        bundle = node.desk.up_bundle().data
        region.hub.desk.exchange(bundle, via="http")
        before = dump(region.hub_folder)
        down, imported = region.hub.desk.exchange(bundle, via="http")
        assert imported.new == 0
        assert dump(region.hub_folder) == before
        node.desk.apply_down_bundle(down)
        assert "received" in reached(node, taken.code)

    def test_a_frame_heard_twice_counts_once(self, region: Region) -> None:
        region.file()
        for frame in region.node().desk.due_frames():
            for _ in range(3):
                region.hub.desk.hear_frame(frame.payload, PATH)
        assert region.stories() == [STORY]


class TestDamage:
    def test_a_damaged_bundle_changes_nothing(self, region: Region) -> None:
        region.file()
        region.settle()
        region.file("baru")
        bundle = region.node().desk.up_bundle().data
        before = dump(region.hub_folder)

        @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
        @given(st.integers(0, 8 * len(bundle) - 1))
        def flip(bit: int) -> None:
            damaged = bytearray(bundle)
            damaged[bit // 8] ^= 1 << bit % 8
            with pytest.raises(MalformedWire):
                region.hub.desk.exchange(bytes(damaged), via="http")

        flip()
        for size in (0, 5, 39, len(bundle) // 2, len(bundle) - 1):
            with pytest.raises(MalformedWire):
                region.hub.desk.exchange(bundle[:size], via="courier")
        assert dump(region.hub_folder) == before

    def test_damaged_frames_bring_nothing_that_was_not_sealed(self, region: Region) -> None:
        region.file("lama")
        region.settle()
        region.file("baru")
        [frame] = region.node().desk.due_frames()
        for bit in range(0, 8 * len(frame.payload), 3):
            damaged = bytearray(frame.payload)
            damaged[bit // 8] ^= 1 << bit % 8
            region.hub.desk.hear_frame(bytes(damaged), PATH)
        region.hub.desk.hear_frame(frame.payload[:-1], PATH)
        # A flip beside the envelope leaves the envelope whole: it may count, once, and as it was written.
        assert region.stories() in (["lama"], ["lama", "baru"])
        assert region.hub.store.intake.unreadable() == 0
        region.settle()
        assert sorted(region.stories()) == ["baru", "lama"]

    def test_a_flip_in_an_envelope_leaves_it_out(self, region: Region) -> None:
        region.file("baru")
        [frame] = region.node().desk.due_frames()
        whole = decode_frame(frame.payload)
        assert isinstance(whole, SharedFrame)
        [(counter, sealed)] = whole.envelopes
        before = dump(region.hub_folder)["report"]
        for bit in range(8 * len(sealed)):
            damaged = bytearray(sealed)
            damaged[bit // 8] ^= 1 << bit % 8
            broken = replace(whole, envelopes=((counter, bytes(damaged)),))
            region.hub.desk.hear_frame(encode_frame(broken), PATH)
        assert dump(region.hub_folder)["report"] == before == []

    def test_another_hubs_node_is_unknown(self, region: Region) -> None:
        stranger = Region(region.path / "elsewhere", region.clock)
        try:
            stranger.file()
            bundle = stranger.node().desk.up_bundle().data
        finally:
            stranger.close()
        region.node()
        before = dump(region.hub_folder)
        with pytest.raises(UnknownSender):
            region.hub.desk.exchange(bundle, via="courier")
        assert dump(region.hub_folder) == before

    def test_an_empty_bundle_is_a_question_and_changes_nothing(self, region: Region) -> None:
        before = dump(region.hub.config.folder)
        region.hub.desk.exchange(encode_up_bundle(UpBundle(())), via="http")
        assert dump(region.hub_folder) == before

    def test_an_envelope_moved_to_another_place_does_not_open(self, region: Region) -> None:
        node = region.node()
        taken = region.file()
        assert taken.envelope_id is not None
        place = EnvelopeId.parse(taken.envelope_id)
        node.log.writer.run(lambda: node.store.database.execute_sql("UPDATE envelope SET counter = 7"))
        _, imported = region.hub.desk.exchange(node.desk.up_bundle().data, via="http")
        assert (imported.new, imported.refused) == (0, 1)
        assert region.hub.store.intake.held(place.epoch).ranges() == []


class TestRecords:
    @pytest.mark.parametrize("record", [b"\x0f", b"\x0fwhat is this", b"\xff", b"\xff\x00\x01", b"\x01ab"])
    def test_an_unreadable_record_is_kept_receipted_and_counted(self, region: Region, record: bytes) -> None:
        node = region.node()
        place = add(node, record)
        region.file("sesudahnya")
        region.settle()
        intake = region.hub.store.intake
        assert intake.unreadable() == 1
        assert place.counter in intake.held(place.epoch)
        assert not node.desk.has_work()
        assert region.stories() == ["sesudahnya"]

    def test_a_report_that_breaks_the_decoder_keeps_nothing_else_back(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        poison = encode_report_with(report("racun"), QUICK)

        def fragile(record: bytes) -> object:
            if record == poison:
                raise IndexError(STORY)
            return decode_report(record)

        monkeypatch.setattr("hub.record_reading.decode_report", fragile)
        region.file("racun")
        region.file("baik")
        region.settle()
        assert region.stories() == ["baik"]
        assert region.hub.store.intake.unreadable() == 1

    def test_reports_are_read_once_and_not_in_the_writer(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        readers: list[str] = []

        def watched(record: bytes) -> object:
            readers.append(threading.current_thread().name)
            return decode_report(record)

        monkeypatch.setattr("hub.record_reading.decode_report", watched)
        region.file("satu")
        bundle = region.node().desk.up_bundle().data
        for _ in range(2):
            region.hub.desk.exchange(bundle, via="courier")
        assert readers == [threading.current_thread().name]
        assert region.stories() == ["satu"]

    @pytest.mark.parametrize("end", [2**32 - 1, 65_537])
    def test_counters_beyond_an_epoch_are_not_believed(self, region: Region, end: int) -> None:
        region.file()
        earlier = region.node().chain.epoch_id
        region.settle()
        region.restart_node()
        huge = RangeSet([(0, end)]).to_bytes()
        add(region.node(), encode_up_control(EpochClosed(earlier, Lane.REPORT, huge)))
        region.settle()
        assert region.hub.store.intake.missing() == 0
        assert region.hub.store.intake.unreadable() == 1

    def test_what_a_closed_epoch_left_out_is_void(self, region: Region) -> None:
        node = region.node()
        region.file("satu")
        node.chain.seal(b"\x10lost")  # given out, never committed, and no time to say so
        region.file("dua")
        epoch = node.chain.epoch_id
        region.restart_node()
        region.file("tiga")
        region.settle()
        assert region.hub.store.intake.held(epoch).ranges() == [(0, 3)]

    def test_an_end_that_says_less_than_what_came_takes_nothing_away(self, region: Region) -> None:
        for number in range(3):
            region.file(f"cerita {number}")
        region.settle()
        epoch = region.node().chain.epoch_id
        node = region.restart_node()
        add(node, encode_up_control(EpochClosed(epoch, Lane.REPORT, RangeSet([(0, 1)]).to_bytes())))
        region.settle()
        assert region.hub.store.intake.held(epoch).ranges() == [(0, 3)]
        assert region.hub.store.intake.missing() == 0

    def test_void_counters_count_as_settled_but_a_late_envelope_still_counts(self, region: Region) -> None:
        node = region.node()
        taken = region.file("bukan kosong")
        assert taken.envelope_id is not None
        held_back = node.log.pending()
        void = add(node, encode_up_control(Void(RangeSet([(0, 1)]).to_bytes())))
        node.log.writer.run(lambda: node.store.database.execute_sql("DELETE FROM envelope WHERE counter = 0"))
        region.exchange()
        assert region.hub.store.intake.held(void.epoch).ranges() == [(0, 2)]
        assert region.stories() == []
        epoch = region.hub.store.keyring.by_id(void.epoch)
        assert epoch is not None
        [late] = held_back
        region.hub.store.intake.take(
            [Offered((epoch,), Lane.REPORT, late.id.counter, late.sealed)], via="courier", at=0
        )
        assert region.stories() == ["bukan kosong"]


class TestFailing:
    def test_nothing_is_receipted_that_is_not_stored(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = region.file()
        node = region.node()
        region.exchange(OTHER_VILLAGE)
        bundle = node.desk.up_bundle().data
        before = dump(region.hub_folder)
        run = region.hub.store.writer.run

        def failing(job: Callable[[], object]) -> object:
            raise StorageError("no")

        region.hub.store.keyring.learn(node._block(node.log.epochs()[0][1]))
        before = dump(region.hub_folder)
        monkeypatch.setattr(region.hub.store.writer, "run", failing)
        with pytest.raises(StorageError):
            region.hub.desk.exchange(bundle, via="http")
        for frame in node.desk.due_frames():
            with pytest.raises(StorageError):
                region.hub.desk.hear_frame(frame.payload, PATH)
        monkeypatch.setattr(region.hub.store.writer, "run", run)
        assert region.hub.desk.due_frames() == []
        assert dump(region.hub_folder) == before
        region.settle()
        assert "received" in reached(node, taken.code)


def test_an_envelope_that_comes_before_its_key_is_parked_and_opened_with_it(region: Region) -> None:
    node = region.node()
    region.settle()
    node = region.restart_node()
    region.file("diparkir")
    [frame] = node.desk.due_frames()
    whole = decode_frame(frame.payload)
    assert isinstance(whole, SharedFrame)
    assert whole.epoch is not None
    session = node.desk._session
    [place] = [e for e in node.desk._log.pending() if e.id.epoch == session.running_epoch]
    bare = ((place.id.counter, place.sealed[:-8]),)
    code = node.hub_keys.to_hub().shared_mac(session.running_epoch, b"", [(place.id.counter, place.sealed)])
    without_key = SharedFrame(whole.epoch_tag, bare, code, following=1)
    region.hub.desk.hear_frame(encode_frame(without_key), PATH)
    assert region.stories() == []
    poll = session.claim(session.running_epoch, 0.0)
    region.hub.desk.hear_frame(encode_frame(DataFrame(whole.epoch_tag, (), whole.epoch, poll)), PATH)
    assert region.stories() == ["diparkir"]


def test_the_village_of_a_report_is_its_nodes(region: Region) -> None:
    region.file("satu")
    region.file("dua", OTHER_VILLAGE)
    region.exchange()
    region.exchange(OTHER_VILLAGE)
    found = {view.report.narrative: view.village for view in region.hub.store.work.all_reports()}
    assert found == {"satu": VILLAGE, "dua": OTHER_VILLAGE}


def test_a_bundle_that_takes_long_to_read_is_taken_in_turns(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the hub had no time for is not receipted, and comes with the next bundle."""
    for number in range(80):
        region.file(f"nomor {number}")
    monkeypatch.setattr(region.clock, "real_s", lambda seconds: seconds)
    take = region.hub.store.intake.take

    def slow(offered: Any, **options: Any) -> Any:
        region.clock.advance(len(offered) / 4)
        return take(offered, **options)

    monkeypatch.setattr(region.hub.store.intake, "take", slow)
    desk = region.hub.desk
    stories = []
    for _ in range(3):
        reply, _ = desk.exchange(region.node().desk.up_bundle().data, via="http")
        stories.append(len(region.stories()))
        region.node().desk.apply_down_bundle(reply)
        assert len(region.node().log.pending(1000)) == 80 - stories[-1]
    assert stories == [64, 80, 80]
