"""The facilitator's PIN: who may set it, how guessing is slowed, and who may unset it."""

from __future__ import annotations

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.models import Down
from sync.passwords import hash_password, split_hash
from sync.sealing.signing import sign
from sync.wire.control_records import SignedSetting
from sync.wire.settings_records import SETTING_LABEL, ResetPin, encode_setting
from village_node.pin import (
    FIRST_WAIT_S,
    FREE_TRIES,
    LONGEST_WAIT_S,
    CodeWrong,
    PinRefused,
    make_code,
    reset_pin_here,
)
from village_node.services import TooManyGuesses

PIN = "271828"


def set_pin(region: Region, village: str = VILLAGE) -> None:
    node = region.node(village)
    node.pin.set_with_code(reset_pin_here(node.log), PIN)


def wrong(region: Region, times: int) -> None:
    for _ in range(times):
        assert not region.node().pin.matches("999111")


class TestSetting:
    def test_the_first_pin_needs_the_code_that_the_box_printed_and_uses_it_up(self, region: Region) -> None:
        pin = region.node().pin
        with pytest.raises(CodeWrong):
            pin.set_with_code("", PIN)
        code = make_code(region.node().log)
        assert code is not None
        with pytest.raises(CodeWrong):
            pin.set_with_code(f"{(int(code) + 1) % 10**8:08}", PIN)
        pin.set_with_code(f" {code[:4]} {code[4:]}", "271-828")
        assert pin.matches(PIN)
        assert make_code(region.node().log) is None
        with pytest.raises(CodeWrong):
            pin.set_with_code(code, "314159")
        assert pin.matches(PIN)

    def test_a_newer_code_replaces_an_older_one(self, region: Region) -> None:
        old, new = make_code(region.node().log), make_code(region.node().log)
        assert old is not None
        assert new is not None
        with pytest.raises(CodeWrong):
            region.node().pin.set_with_code(old, PIN)
        region.node().pin.set_with_code(new, PIN)

    @pytest.mark.parametrize(
        "weak", ["", "12345", "1" * 13, "abcdef", "111111", "123456", "987654", "890123"]
    )
    def test_a_weak_pin_is_refused_with_what_is_allowed(self, region: Region, weak: str) -> None:
        code = make_code(region.node().log)
        assert code is not None
        with pytest.raises(PinRefused, match=r"PIN"):
            region.node().pin.set_with_code(code, weak)
        assert not region.node().pin.is_set

    @pytest.mark.usefixtures("full_password_cost")
    def test_the_card_holds_a_slow_hash_and_no_pin(self, region: Region) -> None:
        set_pin(region)
        kept = region.node().log.text("facilitator_pin")
        assert kept is not None
        assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert PIN not in kept

    def test_it_is_changed_by_who_knows_it_and_what_was_open_ends(self, region: Region) -> None:
        set_pin(region)
        pin = region.node().pin
        serial = pin.serial
        assert not pin.change("000000", "314159")
        assert pin.serial == serial
        assert pin.change(PIN, "314159")
        assert pin.serial > serial
        assert pin.matches("314159")
        assert not pin.matches(PIN)


class TestGuessing:
    def test_after_five_wrong_ones_everybody_waits_longer_each_time(self, region: Region) -> None:
        set_pin(region)
        wrong(region, FREE_TRIES)
        waits = []
        for _ in range(8):
            with pytest.raises(TooManyGuesses) as slowed:
                region.node().pin.matches(PIN)
            waits.append(slowed.value.wait_s)
            region.clock.advance(slowed.value.wait_s)
            wrong(region, 1)
        assert waits[:4] == [
            FIRST_WAIT_S + 1,
            2 * FIRST_WAIT_S + 1,
            4 * FIRST_WAIT_S + 1,
            8 * FIRST_WAIT_S + 1,
        ]
        assert waits[-1] == LONGEST_WAIT_S + 1

    def test_the_right_one_begins_anew(self, region: Region) -> None:
        set_pin(region)
        wrong(region, FREE_TRIES - 1)
        assert region.node().pin.matches(PIN)
        wrong(region, FREE_TRIES - 1)
        assert region.node().pin.matches(PIN)

    def test_pulling_the_plug_wins_nothing(self, region: Region) -> None:
        set_pin(region)
        wrong(region, FREE_TRIES)
        region.restart_node()
        with pytest.raises(TooManyGuesses):
            region.node().pin.matches(PIN)
        region.clock.advance(FIRST_WAIT_S)
        assert region.node().pin.matches(PIN)

    def test_a_box_that_does_not_know_its_date_waits_the_whole_time_after_a_start(
        self, region: Region
    ) -> None:
        set_pin(region)
        wrong(region, FREE_TRIES)
        region.clock.jump_wall(-region.clock.wall_s())
        region.restart_node()
        region.clock.advance(FIRST_WAIT_S - 1)
        with pytest.raises(TooManyGuesses):
            region.node().pin.matches(PIN)

    def test_codes_are_guessed_no_faster_than_pins(self, region: Region) -> None:
        assert make_code(region.node().log) is not None
        for _ in range(FREE_TRIES):
            with pytest.raises(CodeWrong):
                region.node().pin.set_with_code("00", PIN)
        with pytest.raises(TooManyGuesses):
            region.node().pin.set_with_code("00", PIN)


class TestResetByTheHub:
    @pytest.fixture
    def code(self, region: Region) -> str:
        set_pin(region)
        region.file()
        region.settle()
        return region.hub.store.pins.reset_pin(1, by="sari")

    def test_it_arrives_by_any_carrier_and_the_code_told_by_phone_sets_a_new_pin(
        self, region: Region, code: str
    ) -> None:
        assert region.node().pin.matches(PIN)
        region.settle()
        pin = region.node().pin
        assert not pin.is_set
        with pytest.raises(CodeWrong):
            pin.set_with_code("12345678", "314159")
        pin.set_with_code(code, "314159")
        assert pin.matches("314159")

    def test_by_radio_it_fits_one_packet(self, region: Region) -> None:
        set_pin(region)
        region.file()
        region.talk_by_radio(for_s=300)
        region.hub.store.pins.reset_pin(1, by="sari")
        region.file()  # else the box calls every six hours
        region.talk_by_radio(for_s=300)
        assert not region.node().pin.is_set
        [down] = list(Down.select().where(Down.what == "setting").execute(region.hub.store.database))
        assert len(down.sealed) < 200

    def test_the_same_again_under_a_new_generation_changes_nothing(self, region: Region, code: str) -> None:
        desk = region.node().desk
        down, _ = region.hub.desk.exchange(desk.up_bundle().data, via="http")
        desk.apply_down_bundle(down)
        region.node().pin.set_with_code(code, PIN)
        region.restart_hub()  # it never learnt that the node has it, and seals it anew
        waiting = region.hub.store.outgoing.waiting(1)
        assert waiting
        region.settle()
        assert region.hub.store.outgoing.waiting(1) == []
        assert region.node().pin.matches(PIN)

    def signed(self, region: Region, *, by: bytes | None = None, **changes: int) -> SignedSetting:
        salt, hashed = split_hash(hash_password("12345678"))
        fields = {"node_number": 1, "generation": 2_000_000_000, "serial": 1, **changes}
        body = encode_setting(ResetPin(**fields, code_salt=salt, code_hash=hashed))
        return SignedSetting(sign(by or region.hub.store.identity.signing_private, SETTING_LABEL, body))

    def take(self, region: Region, record: SignedSetting) -> bool:
        """Return whether the PIN is still set afterwards."""
        node = region.node()
        node.log.writer.run(lambda: node.pin.take_setting(record))
        return node.pin.is_set

    def test_only_the_hub_only_for_this_node_only_once_and_in_order(self, region: Region) -> None:
        set_pin(region)
        assert self.take(region, self.signed(region, by=bytes(range(32))))
        assert self.take(region, self.signed(region, node_number=2))
        assert self.take(region, SignedSetting(b""))
        body = b"\x02" + bytes(60)
        later = sign(region.hub.store.identity.signing_private, SETTING_LABEL, body)
        assert self.take(region, SignedSetting(later))
        bulletin = sign(
            region.hub.store.identity.signing_private, "bulletin", self.signed(region).signed[:-64]
        )
        assert self.take(region, SignedSetting(bulletin))
        record = self.signed(region, serial=5)
        assert not self.take(region, record)
        region.node().pin.set_with_code("12345678", PIN)
        assert self.take(region, record)
        assert self.take(region, self.signed(region, serial=4))
        assert self.take(region, self.signed(region, generation=1_999_999_999, serial=9))
        assert not self.take(region, self.signed(region, serial=6))

    def test_another_village_is_not_touched(self, region: Region, code: str) -> None:
        set_pin(region, OTHER_VILLAGE)
        region.settle(OTHER_VILLAGE)
        assert region.node(OTHER_VILLAGE).pin.is_set
