"""Which key of the hub a box seals for: the newest that the hub signed for it, and nobody else's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from village import Region

from sync.identifiers import Lane
from sync.sealing.derivation import KeyPair, key_id
from sync.sealing.signing import sign
from sync.storage.writer import StorageError
from sync.wire.control_records import SignedSetting
from sync.wire.settings_records import SETTING_LABEL, HubKey, encode_setting

PUBLIC = KeyPair.from_private(b"\x07" * 32).public
OTHER = KeyPair.from_private(b"\x08" * 32).public
KEY = HubKey(1, 5, 5, 1_800_000_000, PUBLIC)


def signed(region: Region, setting: HubKey, label: str = SETTING_LABEL) -> SignedSetting:
    private = region.hub.store.identity.signing_private
    return SignedSetting(sign(private, label, encode_setting(setting)))


def test_a_newer_key_is_kept_over_a_start_and_its_epoch_is_for_it(region: Region) -> None:
    node = region.node()
    first = node.hub_keys.newest
    node.hub_keys.take_setting(signed(region, KEY))
    assert node.hub_keys.newest == key_id(PUBLIC) != first
    assert node.key_change.settle()
    assert node.log.epoch_keys()[node.chain.epoch_id] == key_id(PUBLIC)
    node = region.restart_node()
    assert (node.hub_keys.newest, node.hub_keys.number) == (key_id(PUBLIC), KEY.number)
    assert node.log.epoch_keys()[node.chain.epoch_id] == key_id(PUBLIC)


def test_a_strangers_key_another_nodes_or_an_older_one_changes_nothing(region: Region) -> None:
    node = region.node()
    node.hub_keys.take_setting(signed(region, KEY))
    before = node.log.text("hub_keys")
    stranger = SignedSetting(
        sign(b"\x09" * 32, SETTING_LABEL, encode_setting(replace(KEY, number=2**32 - 1)))
    )
    for record in (
        stranger,
        signed(region, replace(KEY, public=OTHER)),  # the same number
        signed(region, replace(KEY, public=OTHER, number=KEY.number - 1, generation=9, serial=9)),
        signed(region, replace(KEY, public=OTHER, number=KEY.number + 1, node_number=2)),
        signed(region, replace(KEY, public=OTHER, number=KEY.number + 1), "bulletin"),
        signed(region, replace(KEY, public=bytes(32), number=KEY.number + 1)),  # of small order
        SignedSetting(b"\x03"),
    ):
        node.hub_keys.take_setting(record)
        assert (node.hub_keys.newest, node.log.text("hub_keys")) == (key_id(PUBLIC), before)


def test_the_same_key_signed_later_asks_for_the_word_once_more(region: Region) -> None:
    node = region.node()
    node.hub_keys.take_setting(signed(region, KEY))
    assert node.key_change.settle()
    words = node.log.committed(node.chain.epoch_id, Lane.REPORT)
    node.hub_keys.take_setting(signed(region, KEY))  # a replay
    assert node.key_change.settle()
    assert node.log.committed(node.chain.epoch_id, Lane.REPORT) == words
    node.hub_keys.changed.clear()
    node.hub_keys.take_setting(signed(region, replace(KEY, serial=KEY.serial + 1)))
    assert node.hub_keys.changed.is_set()
    assert node.key_change.settle()
    assert len(node.log.committed(node.chain.epoch_id, Lane.REPORT)) == len(words) + 1


def test_a_turn_that_is_cut_off_is_taken_up_at_the_next_start(
    region: Region, monkeypatch: pytest.MonkeyPatch
) -> None:
    node = region.node()
    region.file()

    def fails(*args: object, **kwargs: object) -> None:
        raise StorageError

    node.hub_keys.take_setting(signed(region, KEY))
    monkeypatch.setattr(node.log, "add_control", fails)
    assert not node.key_change.settle()
    assert node.log.text("hub_key_told") is None
    monkeypatch.undo()
    node = region.restart_node()
    assert node.log.text("hub_key_told") == key_id(PUBLIC).hex()


def test_an_end_waits_for_what_is_on_its_way_to_the_card(region: Region) -> None:
    node = region.node()
    region.file()
    on_its_way = node.chain.seal(b"\x10")
    node.hub_keys.take_setting(signed(region, KEY))
    assert not node.key_change.settle()
    assert node.log.committed(node.chain.epoch_id, Lane.REPORT).ranges() == []
    node.chain.void(on_its_way.id)
    assert node.key_change.settle()
