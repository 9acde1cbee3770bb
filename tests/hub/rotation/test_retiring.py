"""The old key goes when nothing can need it, and not before; each obstacle is said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from key_rotation import destroy, keep_and_copy, no_passphrase, retire, rotate, turn
from village import OTHER_VILLAGE, VILLAGE, Region, reached

from hub.audit.models import AuditEntry
from hub.doctor import examine
from hub.folder import load
from hub.intake import Offered
from hub.link_desk import UnknownSender
from hub.models import Envelope
from hub.retention.key_copies import keys_file_of, put_back, read_keys
from hub.rotation.changing import rewrite
from hub.rotation.models import KeptKey
from hub.rotation.originals import KeyDestroyed
from hub.rotation.retiring import KeyStays
from sync.identifiers import EnvelopeId
from sync.wire.bundle_codec import decode_up_bundle
from village_node.log import StoredEnvelope
from village_node.wiring import Node


def obstacles(region: Region) -> str:
    return "; ".join(region.hub.store.rotation.status().obstacles)


def test_without_a_rotation_there_is_nothing_to_destroy(region: Region) -> None:
    status = region.hub.store.rotation.status()
    assert (status.old, status.next_step) == (None, "nothing: one key is in use")
    with pytest.raises(KeyStays, match="no key is being retired"):
        region.hub.store.rotation.check()


def test_each_obstacle_is_named_until_there_is_none(region: Region) -> None:
    region.file()
    region.settle()
    region.enrolment(OTHER_VILLAGE)
    rotate(region)
    assert "(node 1): the new key is on its way" in obstacles(region)
    assert "(node 2): enrolled with the old key, has never spoken" in obstacles(region)
    region.settle()
    assert "(node 1): has the new key and does not use it" in obstacles(region)
    region.node().chain.turn_to(region.node().hub_keys.newest)
    region.settle()
    assert "(node 1): uses the new key, and has not told what it sealed before" in obstacles(region)
    turn(region, VILLAGE)
    assert "(node 1)" not in obstacles(region)
    region.hub.store.rotation.declare_lost(2, "rusak")
    assert "1 reports and pieces are still to be made readable" in obstacles(region)
    region.hub.store.rotation.keep_message_keys()
    assert obstacles(region).startswith("back up to another disk")
    with pytest.raises(KeyStays, match="back up to another disk"):
        region.hub.store.rotation.check()
    keep_and_copy(region)
    region.hub.store.rotation.check()
    assert "hub key retire" in region.hub.store.rotation.status().next_step


def test_what_a_village_sealed_before_is_waited_for(region: Region) -> None:
    region.file("pertama")
    region.settle()
    rotate(region)
    region.settle()
    node = region.node()
    lost = region.file("yang belum sampai")  # sealed for the old key
    assert node.key_change.settle()
    waiting = [e for e in node.log.pending() if str(e.id) != lost.envelope_id]
    for envelope in waiting:  # all but that report reach the hub
        region.hub.store.intake.take(
            [offered(region, node, envelope)], via="courier", at=region.clock.wall_s()
        )
    assert "(node 1): 1 envelopes that it sealed have not come" in obstacles(region)
    region.settle()
    assert "(node 1)" not in obstacles(region)
    assert sorted(region.stories()) == ["pertama", "yang belum sampai"]


def offered(region: Region, node: Node, envelope: StoredEnvelope) -> Offered:
    block = node.desk._blocks[envelope.id.epoch]
    known = region.hub.store.keyring.learn(block)
    assert known is not None
    return Offered(known.candidates, envelope.id.lane, envelope.id.counter, envelope.sealed)


def test_the_old_key_is_nowhere_in_the_folder(region: Region) -> None:
    region.file()
    region.settle()
    old = region.hub.store.identity.static.private
    rotate(region)
    turn(region, VILLAGE)
    assert old.hex() in (region.hub_folder / "hub.key").read_text()
    retire(region)
    for file in region.hub_folder.iterdir():
        if file.is_file():
            content = file.read_bytes()
            assert old.hex().encode() not in content
            assert old not in content
    said = {row.what for row in AuditEntry.select().execute(region.hub.store.database)}
    assert {"hub key drawn", "hub key destroyed"} <= said


def test_what_comes_after_the_end_is_not_receipted_and_counted(region: Region) -> None:
    node = region.node()
    region.settle()
    rotate(region)
    late = region.file("terlambat")
    destroy(region)  # by force: `check` would have refused
    with pytest.raises(UnknownSender):
        region.exchange()
    status = region.hub.store.rotation.status()
    assert status.late == {1: 1}
    [found] = [one for one in examine(region.hub_folder) if one["check"] == "node 1"]
    assert found["problem"].startswith("1 envelopes that are not here came sealed for a destroyed key")
    assert [str(e.id) for e in node.log.pending()] == [late.envelope_id]
    assert region.stories() == []


def test_a_new_box_is_enrolled_with_the_new_key_and_hinders_nothing(region: Region) -> None:
    region.file()
    region.settle()
    rotate(region)
    turn(region, VILLAGE)
    region.file("dari desa baru", OTHER_VILLAGE)
    region.settle(OTHER_VILLAGE)
    assert region.node(OTHER_VILLAGE).hub_keys.number == 0
    retire(region)
    region.file("sesudahnya", OTHER_VILLAGE)
    region.settle(OTHER_VILLAGE)
    assert "sesudahnya" in region.stories()
    assert load(region.hub_folder).retiring is None


def test_forgetting_takes_the_message_keys_along(region: Region) -> None:
    taken = region.file()
    region.settle()
    rotate(region)
    store = region.hub.store
    assert store.rotation.keep_message_keys() == 1
    assert store.rotation.keep_message_keys() == 0
    store.forgetting.forget([taken.envelope_id or ""], by="budi", reason="uji")
    assert KeptKey.select().count(store.database) == 0


def test_a_box_that_got_no_receipt_before_the_end_hears_by_the_backup_mark(region: Region) -> None:
    node = region.node()
    region.settle()
    rotate(region)
    region.settle()
    taken = region.file("jawabannya hilang")  # sealed for the old key
    assert node.key_change.settle()
    region.hub.desk.exchange(node.desk.up_bundle().data, via="courier")  # the courier loses the reply
    retire(region)
    assert region.stories() == ["jawabannya hilang"]
    assert reached(node, taken.code) == ["saved"]
    region.exchange()
    assert region.hub.store.rotation.status().late == {}
    assert [one["problem"] for one in examine(region.hub_folder) if one["check"] == "node 1"] == []
    assert reached(node, taken.code) == ["saved", "on_its_way", "received"]
    region.settle()
    assert node.log.pending() == []
    assert {section.epoch_id for section in decode_up_bundle(node.desk.up_bundle().data).epochs} == {
        node.chain.epoch_id
    }


def test_a_database_of_before_the_rotation_waits_for_no_word_that_nobody_needs(region: Region) -> None:
    region.file()
    region.settle()
    before = region.path / "before"
    region.hub.store.jobs.copy(before)
    rotate(region)
    turn(region, VILLAGE)
    region.restore_hub(before)
    region.settle()  # the box speaks before the hub's first look at who was told
    assert region.hub.store.key_teller.turn() == 0
    assert "(node 1)" not in obstacles(region)
    retire(region)
    assert len(region.stories()) == 1


def test_a_report_that_does_not_open_is_named_and_keeps_no_key(region: Region) -> None:
    taken = region.file("kuncinya hilang")
    region.settle()
    copy = region.path / "copy"
    region.hub.store.jobs.copy(copy)
    keys = read_keys(keys_file_of(copy))
    keys_file_of(copy).unlink()
    region.restore_hub(copy)
    damaged = region.file("bitnya rusak")
    region.file("utuh")
    region.settle()
    place = EnvelopeId.parse(damaged.envelope_id or "")
    here = (Envelope.epoch == place.epoch) & (Envelope.counter == place.counter)
    whole = Envelope.select().where(here).get(region.hub.store.database).sealed
    Envelope.update(sealed=bytes(90)).where(here).execute(region.hub.store.database)
    rotate(region)
    turn(region, VILLAGE)
    store = region.hub.store
    assert "3 reports and pieces are still to be made readable" in obstacles(region)
    assert store.rotation.keep_message_keys() == 1
    keep_and_copy(region)
    store.rotation.check()
    assert store.rotation.status().unopened == 2
    assert store.rotation.status().next_step.startswith("2 reports and pieces do not open, and never will")
    [found] = [f for f in examine(region.hub_folder) if f["check"] == "reports for the older hub key"]
    assert found["problem"].startswith("2 reports and pieces do not open")
    put_back(store, keys)
    with pytest.raises(KeyStays, match="1 reports and pieces open that did not"):
        store.rotation.check()
    assert store.rotation.keep_message_keys() == 1
    assert "back up to another disk" in obstacles(region)
    retire(region)
    originals = region.hub.store.rotation.originals
    assert originals.open(EnvelopeId.parse(taken.envelope_id or "")).receipt_code
    Envelope.update(sealed=whole).where(here).execute(region.hub.store.database)
    with pytest.raises(KeyDestroyed):
        originals.open(place)


def test_under_another_hub_key_nothing_is_given_up(region: Region) -> None:
    region.file()
    region.settle()
    rotate(region)
    turn(region, VILLAGE)
    region.stop_hub()
    other = replace(load(region.hub_folder).secrets, session=bytes(32))
    rewrite(region.hub_folder, other, no_passphrase)
    assert region.hub.store.rotation.keep_message_keys() == 0
    assert obstacles(region).startswith("put back the hub.key that belongs to this database")
