"""Whom the hub believes: the first key of each enrolment, and no node for another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region, dump, reached, report

from hub import keyring
from hub.doctor import node_lines
from hub.enrolling import EnrolFailed, enrol
from hub.link_desk import UnknownSender
from sync.identifiers import Lane
from sync.link.ranges import RangeSet
from sync.records import check_report
from sync.sealing.derivation import spoken_fingerprint
from sync.sealing.enrolment import Enrolment
from sync.wire.bundle_codec import (
    EpochSection,
    GatewayBundle,
    UpBundle,
    decode_up_bundle,
    encode_gateway_bundle,
    encode_up_bundle,
)
from sync.wire.control_records import EpochClosed, encode_up_control
from sync.wire.frame_codec import EpochBlock
from sync.wire.numbers import BundleKind
from village_node import folder as node_folder
from village_node.config import NodeConfig
from village_node.wiring import Node


def clone(region: Region, village: str = VILLAGE) -> Node:
    """Start a second box with the enrolment of a first."""
    text = (region.node_folder(village) / node_folder.ENROLMENT_FILE).read_text()
    folder = region.path / "clone"
    node_folder.create(folder, text)
    node = region.nodes["clone"] = region.start(folder)
    return node


class TestBinding:
    def test_the_first_key_is_bound_and_its_fingerprint_shown(self, region: Region) -> None:
        node = region.node()
        [line] = node_lines(region.hub.store)
        assert line["fingerprint"] is None
        region.exchange()
        [line] = node_lines(region.hub.store)
        assert line["fingerprint"] == spoken_fingerprint(node.store.identity.static.public)
        assert line["fingerprint"] == node.health.status()["fingerprint"]
        assert node.health.status()["known_to_hub"] is True

    def test_a_second_box_with_the_same_enrolment_is_refused_and_counted(self, region: Region) -> None:
        region.file("yang pertama")
        region.exchange()
        second = clone(region)
        taken = second.take_report(report("dari kotak kedua"), form_token=None)
        before = {name: rows for name, rows in dump(region.hub_folder).items() if name != "node"}
        with pytest.raises(UnknownSender):
            region.hub.desk.exchange(second.desk.up_bundle().data, via="http")
        assert {name: rows for name, rows in dump(region.hub_folder).items() if name != "node"} == before
        [line] = node_lines(region.hub.store)
        assert line["refused_keys"] == 1
        assert reached(second, taken.code) == ["saved"]
        region.file("masih diterima")
        region.settle()
        assert sorted(region.stories()) == ["masih diterima", "yang pertama"]

    def test_the_second_box_is_refused_on_the_radio_too(self, region: Region) -> None:
        region.file()
        region.exchange()
        clone(region).take_report(report("dari kotak kedua"), form_token=None)
        region.talk_by_radio("clone", for_s=120)
        assert "dari kotak kedua" not in region.stories()
        [line] = node_lines(region.hub.store)
        assert line["refused_keys"] >= 1

    def test_whichever_of_two_speaks_first_is_bound(self, region: Region) -> None:
        region.create_node()
        second = clone(region)
        second.take_report(report("lebih dulu"), form_token=None)
        region.hub.desk.exchange(second.desk.up_bundle().data, via="http")
        region.file("terlambat")
        with pytest.raises(UnknownSender):
            region.exchange()
        assert region.stories() == ["lebih dulu"]


class TestSpeakingForAnother:
    def test_one_villages_keys_with_anothers_number_are_refused(self, region: Region) -> None:
        region.file("asli", OTHER_VILLAGE)
        region.exchange(OTHER_VILLAGE)
        victim = region.node(OTHER_VILLAGE).store.identity.enrolment
        own = Enrolment.from_text(region.enrolment())
        forged = Enrolment(
            **{
                **{name: getattr(own, name) for name in own.__dataclass_fields__},
                "node_number": victim.node_number,
                "village": victim.village,
            }
        )
        folder = region.path / "forger"
        node_folder.create(folder, forged.to_text())
        forger = region.nodes["forger"] = region.start(folder)
        forger.take_report(report("palsu"), form_token=None)
        before = dump(region.hub_folder)
        with pytest.raises(UnknownSender):
            region.hub.desk.exchange(forger.desk.up_bundle().data, via="http")
        assert dump(region.hub_folder) == before

    def test_anothers_epoch_cannot_be_claimed(self, region: Region) -> None:
        region.file("asli", OTHER_VILLAGE)
        region.exchange(OTHER_VILLAGE)
        region.exchange()
        [theirs] = decode_up_bundle(region.node(OTHER_VILLAGE).desk.up_bundle().data).epochs
        [ours] = decode_up_bundle(region.node().desk.up_bundle().data).epochs
        for block in (
            EpochBlock(ours.block.node_number, theirs.block.enc),
            EpochBlock(ours.block.node_number, theirs.block.enc, ours.block.node_public, ours.block.binding),
        ):
            assert region.hub.store.keyring.learn(block) is None
            forged = EpochSection(block, theirs.epoch_id, ours.claim, ())
            with pytest.raises(UnknownSender):
                region.hub.desk.exchange(encode_up_bundle(UpBundle((forged,))), via="http")

    def test_anothers_claim_proves_nothing(self, region: Region) -> None:
        region.exchange(OTHER_VILLAGE)
        region.exchange()
        [theirs] = decode_up_bundle(region.node(OTHER_VILLAGE).desk.up_bundle().data).epochs
        [ours] = decode_up_bundle(region.node().desk.up_bundle().data).epochs
        mixed = EpochSection(theirs.block, theirs.epoch_id, ours.claim, ())
        with pytest.raises(UnknownSender):
            region.hub.desk.exchange(encode_up_bundle(UpBundle((mixed,))), via="http")

    def test_a_gateway_speaks_for_itself_only(self, region: Region) -> None:
        region.exchange(OTHER_VILLAGE)
        region.exchange()
        node, victim = region.node(), region.node(OTHER_VILLAGE)
        numbers = [n.store.identity.enrolment.node_number for n in (node, victim)]
        before = dump(region.hub_folder)

        def ask(number: int, mac_of: Node | None) -> bytes:
            bundle = GatewayBundle(BundleKind.GATEWAY_UP, number, bytes(8), ((5, b"\x00\x01x"),))
            body = bundle.signed_bytes()
            signed = b"" if mac_of is None else mac_of.hub_keys.to_hub().gateway_mac(up=True, body=body)
            return region.hub.desk.gateway_exchange(encode_gateway_bundle(replace(bundle, mac=signed)))

        for number, mac_of in ((numbers[1], node), (numbers[0], victim), (numbers[0], None), (99, node)):
            with pytest.raises(UnknownSender):
                ask(number, mac_of)
        assert ask(numbers[0], node)
        assert dump(region.hub_folder) == before

    def test_the_end_of_anothers_epoch_cannot_be_announced(self, region: Region) -> None:
        region.file("asli", OTHER_VILLAGE)
        region.exchange(OTHER_VILLAGE)
        theirs = region.node(OTHER_VILLAGE).chain.epoch_id
        node = region.node()
        record = EpochClosed(theirs, Lane.REPORT, RangeSet([(0, 1), (40, 50)]).to_bytes())
        sealed = node.chain.seal(encode_up_control(record))
        node.log.add_control(sealed.id, sealed.ciphertext, node.times.stamp())
        region.exchange()
        assert region.hub.store.intake.missing() == 0
        assert region.hub.store.intake.held(theirs).ranges() == [(0, 1)]


def test_junk_epochs_do_not_fill_the_memory(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "MAX_UNPROVEN", 4)
    node = region.node()
    region.exchange()
    for _ in range(10):
        epoch = node._open_epoch()
        assert region.hub.store.keyring.learn(node._block(epoch.enc)) is not None
    assert len(region.hub.store.keyring._unproven) == 4
    assert region.hub.store.keyring.learn(EpochBlock(99, bytes(32))) is None
    region.file("tetap diterima")
    region.settle()
    assert region.stories() == ["tetap diterima"]


def test_few_chains_in_memory_still_open_everything(region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "MAX_CACHED", 1)
    for number in range(4):
        region.file(f"cerita {number}")
        region.restart_node()
    region.settle()
    assert len(region.stories()) == 4
    region.talk_by_radio(for_s=60)
    region.file("lewat radio")
    region.talk_by_radio(for_s=300)
    assert "lewat radio" in region.stories()


def test_a_replaced_box_is_refused_and_the_new_one_taken(region: Region) -> None:
    region.file()
    region.exchange()
    old = region.node()
    [before] = region.hub.store.work.all_reports()
    store = region.hub.store
    with pytest.raises(EnrolFailed, match="--replace"):
        enrol(store.database, store.writer, store.identity, village=VILLAGE, village_name="",
              hub_url=None, now_s=store.clock.wall_s())  # fmt: skip
    enrolment = enrol(store.database, store.writer, store.identity, village=VILLAGE, village_name="",
                      hub_url=None, now_s=store.clock.wall_s(), replace=True)  # fmt: skip
    region.file()
    bundle = old.desk.up_bundle().data
    with pytest.raises(UnknownSender):
        region.hub.desk.exchange(bundle, via="courier")
    assert [view.id for view in store.work.all_reports()] == [before.id]

    node_folder.create(region.path / "new", enrolment.to_text())
    new = Node(NodeConfig(region.path / "new"), clock=region.clock)
    try:
        new.take_report(check_report({"kind": "other", "narrative": "kotak baru"}), form_token=None)
        reply, imported = region.hub.desk.exchange(new.desk.up_bundle().data, via="courier")
        new.desk.apply_down_bundle(reply)
        assert (imported.new, new.desk.has_work()) == (1, False)
    finally:
        new.close()
    assert {view.village for view in store.work.all_reports()} == {VILLAGE}
