"""Which key a village seals for shows when something opens; what waits for it follows."""

from __future__ import annotations

import pytest
from key_rotation import rotate, turn
from village import VILLAGE, Region, answers, copy_database, put_back_database

from hub.models import Down, Node
from sync.sealing.derivation import key_id


@pytest.mark.parametrize("way", ["http", "courier", "radio"])
def test_an_epoch_that_was_never_heard_opens_under_the_old_key(region: Region, way: str) -> None:
    region.create_node()
    region.file("disegel sebelum kunci baru, belum pernah terdengar")
    rotate(region)
    if way == "radio":
        region.talk_by_radio(for_s=120)
    else:
        region.exchange(via=way)
    assert region.stories() == ["disegel sebelum kunci baru, belum pernah terdengar"]


def test_what_waits_is_sealed_anew_when_a_village_turns(region: Region) -> None:
    taken = region.file()
    region.settle()
    rotate(region)
    region.settle()
    node, store = region.node(), region.hub.store
    assert node.key_change.settle()
    store.work.answer(taken.envelope_id or "", "Kami periksa.", asks=False, by="budi")

    def row() -> Down:
        return Down.select().where(Down.what == "answer").get(store.database)

    before = row()
    bundle = node.desk.up_bundle().data  # the first that is sealed for the new key
    down, _ = region.hub.desk.exchange(bundle, via="http")
    after = row()
    assert (after.counter, after.generation) == (before.counter, before.generation)
    assert bytes(after.sealed) != bytes(before.sealed)
    assert node.hub_keys.to_hub().open_down(after.generation, after.counter, bytes(after.sealed))
    node.desk.apply_down_bundle(down)
    assert answers(node, taken.code) == ["Kami periksa."]


def test_a_card_of_before_the_new_key_is_told_anew(region: Region) -> None:
    region.file("pertama")
    region.settle()
    old = key_id(region.hub.store.identity.static.public)
    region.stop_node()
    copy_database(region.node_folder(), region.path / "card")
    rotate(region)
    turn(region, VILLAGE)
    [node] = Node.select().execute(region.hub.store.database)
    assert bytes(node.hub_key) != old
    region.restart_hub()  # what was delivered is sealed anew when it goes again
    region.stop_node()
    put_back_database(region.path / "card", region.node_folder())
    region.file("sesudah kartu dipulihkan")
    assert region.node().hub_keys.newest == old
    region.settle()
    assert region.node().hub_keys.newest == key_id(region.hub.store.identity.static.public)
    assert region.node().key_change.settle()
    region.settle()
    assert [n.waits_for for n in region.hub.store.rotation.status().nodes] == [None]
    assert sorted(region.stories()) == ["pertama", "sesudah kartu dipulihkan"]


def waits_for(region: Region) -> str | None:
    [node] = region.hub.store.rotation.status().nodes
    return node.waits_for


@pytest.mark.parametrize("first", ["the box", "the hub"])
def test_a_courier_with_an_old_stick_makes_the_hub_ask_and_not_wait_for_ever(
    region: Region, first: str
) -> None:
    region.file()
    region.settle()
    stick = region.restart_node().desk.up_bundle().data  # of an epoch in which nothing happens
    rotate(region)
    region.restart_node()
    turn(region, VILLAGE)
    assert waits_for(region) is None
    region.hub.desk.exchange(stick, via="courier")
    assert str(waits_for(region)).startswith("not told yet")
    if first == "the box":
        region.exchange()
        assert waits_for(region) == "uses the new key, and has not told what it sealed before"
    assert region.hub.store.key_teller.turn() == 1
    turn(region, VILLAGE)
    assert waits_for(region) is None
    assert region.hub.store.key_teller.turn() == 0


def test_a_word_of_before_the_card_was_put_back_does_not_count(region: Region) -> None:
    region.file()
    region.settle()
    region.stop_node()
    copy_database(region.node_folder(), region.path / "card")
    rotate(region)
    turn(region, VILLAGE)
    stick = region.node().desk.up_bundle().data
    region.stop_node()
    put_back_database(region.path / "card", region.node_folder())
    region.file("disegel untuk kunci lama, masih di kotak")
    region.hub.desk.exchange(region.node().desk.up_bundle().data, via="http")
    assert waits_for(region) is not None
    region.hub.desk.exchange(stick, via="courier")
    assert waits_for(region) == "uses the new key, and has not told what it sealed before"
