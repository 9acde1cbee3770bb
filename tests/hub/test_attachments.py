"""Attachments from village to hub: by internet and courier alone, once, in any order, through restores."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from village import OTHER_VILLAGE, STORY, VILLAGE, Region, dump, reached, report

from hub.intake import Offered
from hub.link_desk import UnknownSender
from hub.services import AttachmentIncomplete, UnknownAttachment, UnknownReport
from sync.identifiers import EnvelopeId, Lane
from sync.link.ranges import RangeSet
from sync.sealing.epoch import MAX_AHEAD
from sync.wire.attachments import PIECE_BYTES, Attachment, AttachmentPiece, encode_piece
from sync.wire.bundle_codec import (
    DownBundle,
    UpBundle,
    decode_down_bundle,
    decode_up_bundle,
    encode_down_bundle,
    encode_up_bundle,
)
from sync.wire.control_records import EpochClosed, encode_up_control
from sync.wire.numbers import MediaType
from village_node.log import StoredEnvelope
from village_node.services import Taken
from village_node.wiring import Node

PHOTO = random.Random(7).randbytes(300_000)
SOUND = random.Random(8).randbytes(PIECE_BYTES)


def file_with(
    region: Region, *contents: bytes, narrative: str = STORY, village: str = VILLAGE
) -> tuple[str, Taken]:
    """File a report with pictures; return its id and what its reporter got."""
    attached = [Attachment(MediaType.JPEG, content) for content in contents]
    taken = region.node(village).take_report(report(narrative), form_token=None, attachments=attached)
    assert taken.envelope_id is not None
    return taken.envelope_id, taken


def bulk_of(node: Node) -> list[StoredEnvelope]:
    return node.log.pending(lane=Lane.BULK)


def give(region: Region, envelopes: list[StoredEnvelope], *, via: str = "courier") -> int:
    """Let the hub take these envelopes; return how many were new."""
    epoch = region.hub.store.keyring.by_id(envelopes[0].id.epoch)
    assert epoch is not None
    offered = [Offered((epoch,), e.id.lane, e.id.counter, e.sealed) for e in envelopes]
    taken = region.hub.store.intake.take(offered, via=via, at=0)
    return sum(one is not None and one.new for one in taken)


def content(region: Region, report_id: str, number: int = 0) -> bytes:
    return region.hub.store.work.show_attachment(report_id, number, by="sari")


def no_work(node: Node) -> bool:
    return not any(node.desk.has_work(lane) for lane in Lane)


def add(node: Node, record: bytes, lane: Lane = Lane.BULK) -> EnvelopeId:
    """Seal and commit any record, as a node of another version could."""
    sealed = node.chain.seal(record, lane)
    node.log.add_control(sealed.id, sealed.ciphertext, node.times.stamp())
    return sealed.id


def restore_hub(region: Region, copy: Path | None) -> None:
    if copy is None:
        region.stop_hub()
    else:
        region.restore_hub(copy)
    region.clock.advance(60)


class TestArriving:
    @pytest.mark.parametrize("via", ["http", "courier"])
    def test_a_picture_arrives_equal_and_is_receipted(self, region: Region, via: str) -> None:
        report_id, taken = file_with(region, PHOTO, SOUND)
        region.exchange(via=via)
        [photo, sound] = region.hub.store.work.attachments_of(report_id)
        assert (photo.media_type, photo.bytes_here, photo.pieces, photo.complete) == (
            "image/jpeg",
            300_000,
            10,
            True,
        )
        assert (sound.number, sound.pieces) == (1, 1)
        assert content(region, report_id) == PHOTO
        assert content(region, report_id, 1) == SOUND
        assert no_work(region.node())
        assert "received" in reached(region.node(), taken.code)
        assert region.hub.store.intake.unreadable() == 0
        [view] = region.hub.store.work.all_reports()
        assert (view.attachments, region.hub.store.work.view(report_id).attachments) == (2, 2)

    def test_a_second_copy_changes_nothing(self, region: Region) -> None:
        report_id, _ = file_with(region, PHOTO)
        bundle = region.node().desk.up_bundle().data
        region.hub.desk.exchange(bundle, via="http")
        before = dump(region.hub_folder)
        _, imported = region.hub.desk.exchange(bundle, via="courier")
        assert (imported.envelopes, imported.new) == (11, 0)
        assert dump(region.hub_folder) == before
        assert content(region, report_id) == PHOTO

    def test_a_hub_that_starts_anew_is_asked_and_sent_nothing_twice(self, region: Region) -> None:
        file_with(region, PHOTO)
        region.exchange()
        region.restart_hub()
        region.exchange()  # tells the generation
        assert not no_work(region.node())
        bundle = decode_up_bundle(region.node().desk.up_bundle().data)
        assert [section.envelopes for section in bundle.epochs] == [(), ()]
        assert bundle.epochs[-1].asked_lanes == (Lane.BULK,)
        region.exchange()
        assert no_work(region.node())

    @pytest.mark.parametrize(("via", "in_copy"), [("http", True), ("courier", False)])
    def test_a_restored_hub_is_filled_again(self, region: Region, via: str, in_copy: bool) -> None:
        copy = region.path / "copy"
        if not in_copy:
            region.file("sebelum salinan")
            region.settle()
            region.hub.store.jobs.backup(copy)
        first, _ = file_with(region, PHOTO)
        region.exchange(via=via)
        if in_copy:
            assert region.hub.store.jobs.backup(copy) == 2  # a mark for each lane
            region.exchange(via=via)  # the marks come
            region.exchange(via=via)
            assert region.node().log.committed(region.node().chain.epoch_id, Lane.BULK).ranges() == []
        second, _ = file_with(region, SOUND, narrative="sesudahnya")
        region.exchange(via=via)
        restore_hub(region, copy)
        assert ("sesudahnya" in region.stories(), len(region.stories())) == (False, 1)
        for _ in range(4):
            region.exchange(via=via)
        assert content(region, first) == PHOTO
        assert content(region, second) == SOUND
        assert no_work(region.node())
        assert region.hub.store.intake.missing() == 0

    def test_bulk_of_an_earlier_start_comes_with_its_end(self, region: Region) -> None:
        region.node().chain.seal(b"\x03lost", Lane.BULK)  # given out, never committed, and no time to say so
        report_id, _ = file_with(region, PHOTO)
        epoch = region.node().chain.epoch_id
        region.restart_node()
        region.file("dari mulai berikut")
        region.exchange()
        intake = region.hub.store.intake
        assert content(region, report_id) == PHOTO
        assert intake.held(epoch, Lane.BULK).ranges() == [(0, 11)]
        region.exchange()
        assert intake.missing() == 0
        assert no_work(region.node())


class TestAnyOrder:
    def test_pieces_count_in_any_order_and_before_their_report(self, region: Region) -> None:
        report_id, _ = file_with(region, PHOTO)
        node = region.node()
        [told] = node.log.pending()
        pieces = bulk_of(node)
        random.Random(5).shuffle(pieces)
        region.hub.store.keyring.learn(node._block(node.log.epochs()[0][1]))
        work = region.hub.store.work
        assert give(region, pieces[:6]) == 6
        with pytest.raises(UnknownReport):
            work.attachments_of(report_id)
        assert give(region, [told]) == 1
        [photo] = work.attachments_of(report_id)
        assert (photo.pieces_here, photo.complete) == (6, False)
        with pytest.raises(AttachmentIncomplete):
            content(region, report_id)
        assert give(region, pieces) == 4
        assert content(region, report_id) == PHOTO

    def test_the_hub_notes_who_looked_and_what_is_not_there(self, region: Region) -> None:
        report_id, _ = file_with(region, SOUND)
        other, _ = file_with(region, narrative="tanpa foto")
        region.exchange()
        content(region, report_id)
        [looked] = dump(region.hub_folder)["audit_entry"]
        assert looked[2:5] == ("sari", "attachment", f"report {report_id}")
        for report_of, number in ((other, 0), (report_id, 1)):
            with pytest.raises(UnknownAttachment):
                content(region, report_of, number)
        with pytest.raises(UnknownReport):
            content(region, "nothing")
        assert region.hub.store.work.attachments_of(other) == ()


PIECE = AttachmentPiece(0, 0, MediaType.JPEG, 0, 1, b"first")
MISFITS = {
    "another last piece": (Lane.BULK, encode_piece(AttachmentPiece(0, 0, MediaType.JPEG, 1, 2, b"x"))),
    "another type": (Lane.BULK, encode_piece(AttachmentPiece(0, 0, MediaType.WEBP, 1, 1, b"x"))),
    "a piece again": (Lane.BULK, encode_piece(AttachmentPiece(0, 0, MediaType.JPEG, 0, 1, b"other"))),
    "the report lane": (Lane.REPORT, encode_piece(AttachmentPiece(0, 0, MediaType.JPEG, 1, 1, b"x"))),
    "damaged": (Lane.BULK, b"\x03\x00"),
    "a later type": (Lane.BULK, b"\x03\x00\x00\xc8\x01\x01x"),
}


class TestMisfits:
    @pytest.mark.parametrize("misfit", MISFITS)
    def test_a_piece_that_does_not_fit_is_refused_without_harm(self, region: Region, misfit: str) -> None:
        node = region.node()
        taken = region.file()
        assert taken.envelope_id is not None
        node.chain.seal(b"\x03x", Lane.BULK)  # so that no counter is the same in both lanes
        add(node, encode_piece(PIECE))
        lane, record = MISFITS[misfit]
        add(node, record, lane)
        add(node, encode_piece(AttachmentPiece(0, 0, MediaType.JPEG, 1, 1, b" second")))
        region.exchange()
        assert region.hub.store.intake.unreadable() == 1
        assert content(region, taken.envelope_id) == b"first second"
        assert no_work(node)

    def test_an_attachment_beyond_the_limit_is_not_joined(
        self, region: Region, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hub.attachments.MAX_ATTACHED_BYTES", 250_000)
        report_id, _ = file_with(region, PHOTO)
        region.exchange()
        [photo] = region.hub.store.work.attachments_of(report_id)
        assert (photo.pieces_here, photo.complete) == (8, False)  # seven whole ones and the short last
        assert no_work(region.node())

    def test_an_end_that_is_not_true_takes_nothing_away(self, region: Region) -> None:
        report_id, _ = file_with(region, PHOTO)
        epoch = region.node().chain.epoch_id
        region.exchange()
        node = region.restart_node()
        add(node, encode_up_control(EpochClosed(epoch, Lane.BULK, RangeSet([(0, 1)]).to_bytes())))
        region.exchange()
        assert region.hub.store.intake.held(epoch, Lane.BULK).ranges() == [(0, 10)]
        assert content(region, report_id) == PHOTO


class TestReceipts:
    def told(self, region: Region) -> tuple[bytes, DownBundle]:
        file_with(region, SOUND)
        down, _ = region.hub.desk.exchange(region.node().desk.up_bundle().data, via="http")
        return down, decode_down_bundle(down)

    def test_a_forged_or_moved_lane_receipt_changes_nothing(self, region: Region) -> None:
        _, bundle = self.told(region)
        node = region.node()
        [section] = bundle.nodes
        [receipt] = section.lane_receipts
        forged = [
            replace(receipt, mac=bytes(8)),
            replace(receipt, held=RangeSet([(0, 9)]).to_bytes()),
            replace(receipt, lane=Lane.REPORT),
            replace(receipt, epoch=b"another."),
            replace(receipt, generation=receipt.generation + 1),
        ]
        before = dump(region.node_folder())
        for wrong in forged:
            alone = replace(section, receipts=(), downs=(), lane_receipts=(wrong,))
            applied = node.desk.apply_down_bundle(encode_down_bundle(DownBundle((alone,))))
            assert applied.authentic == 0
        assert dump(region.node_folder()) == before
        alone = replace(section, receipts=(), downs=(), lane_receipts=(receipt,))
        applied = node.desk.apply_down_bundle(encode_down_bundle(DownBundle((alone,))))
        assert (applied.authentic, applied.receipted, applied.bulk_receipted) == (1, 1, 1)
        assert not node.desk.has_work(Lane.BULK)
        assert node.desk.has_work(Lane.REPORT)  # it speaks of its own lane alone

    def test_a_receipt_of_an_older_generation_is_passed_over(self, region: Region) -> None:
        down, _ = self.told(region)
        region.restart_hub()
        region.exchange()
        node = region.node()
        applied = node.desk.apply_down_bundle(down)
        assert applied.authentic == 0

    def test_a_node_that_has_no_bulk_gets_no_section_that_it_might_not_know(self, region: Region) -> None:
        region.file()
        down, _ = region.hub.desk.exchange(region.node().desk.up_bundle().data, via="http")
        assert [section.lane_receipts for section in decode_down_bundle(down).nodes] == [()]
        number = region.node().store.identity.enrolment.node_number
        carried = decode_down_bundle(region.hub.desk.courier_bundle([number]))
        assert [section.lane_receipts for section in carried.nodes] == [()]

    def test_the_hub_s_courier_brings_them_also_of_what_it_lost(self, region: Region) -> None:
        copy = region.path / "copy"
        region.node()
        region.hub.store.jobs.copy(copy)
        report_id, _ = file_with(region, PHOTO)
        node = region.node()
        number = node.store.identity.enrolment.node_number
        for restored in (False, True):
            if restored:
                restore_hub(region, copy)
            for _ in range(3):
                region.hub.desk.exchange(node.desk.up_bundle().data, via="courier")
                node.desk.apply_down_bundle(region.hub.desk.courier_bundle([number]))
            assert no_work(node)
            assert content(region, report_id) == PHOTO

    def test_nobody_without_a_claim_is_told(self, region: Region) -> None:
        file_with(region, SOUND)
        region.exchange()
        bundle = decode_up_bundle(region.node().desk.up_bundle().data)
        asking = replace(bundle.epochs[0], claim=None, envelopes=(), asked_lanes=(Lane.BULK,))
        with pytest.raises(UnknownSender):
            region.hub.desk.exchange(encode_up_bundle(UpBundle((asking,))), via="http")

    def test_another_village_is_not_told(self, region: Region) -> None:
        down, _ = self.told(region)
        applied = region.node(OTHER_VILLAGE).desk.apply_down_bundle(down)
        assert applied.authentic == 0

    def test_counters_far_on_open_after_a_start_of_the_hub(self, region: Region) -> None:
        node = region.node()
        first, _ = file_with(region, SOUND)
        for _ in range(MAX_AHEAD - 10):
            node.chain.seal(b"\x03x", Lane.BULK)
        second, _ = file_with(region, SOUND)
        region.exchange()
        region.restart_hub()
        for _ in range(100):
            node.chain.seal(b"\x03x", Lane.BULK)
        third, _ = file_with(region, SOUND)
        region.exchange()
        assert [content(region, one) for one in (first, second, third)] == [SOUND] * 3


def test_the_copy_of_the_database_holds_attachments(region: Region) -> None:
    file_with(region, PHOTO)
    region.exchange()
    copy = region.path / "copy"
    region.hub.store.jobs.copy(copy)
    region.restore_hub(copy)
    tables = dump(region.hub_folder)
    assert len(tables["attachment_piece"]) == 10
    # Once: beside each piece stand its age, header and tag, and nonce and tag of its report's key.
    sealed = sum(len(row[3]) for row in tables["envelope"] if row[1] == Lane.BULK)
    assert 300_000 < sealed < 300_000 + 10 * (30 + 28)
