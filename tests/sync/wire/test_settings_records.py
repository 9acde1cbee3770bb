from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import box_sets, damaged, hub_keys, pin_resets, staffed_hours

from sync.errors import MalformedWire
from sync.sealing.derivation import seal_ccm
from sync.sealing.signing import sign
from sync.wire.control_records import SignedSetting, encode_down
from sync.wire.frame_codec import DownFrame, encode_frame
from sync.wire.settings_records import (
    SETTING_LABEL,
    HubKey,
    ResetPin,
    Setting,
    StaffedHours,
    decode_setting,
    encode_setting,
)


@given(st.one_of(pin_resets, staffed_hours, hub_keys, box_sets))
def test_round_trip(setting: Setting) -> None:
    assert decode_setting(encode_setting(setting)) == setting


@given(
    st.one_of(
        st.binary(max_size=80),
        damaged(st.one_of(pin_resets, staffed_hours, hub_keys, box_sets).map(encode_setting)),
    )
)
def test_any_bytes_are_one_setting_in_its_one_form_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        assert encode_setting(decode_setting(data)) == data


def test_a_kind_of_a_later_version_is_refused() -> None:
    with pytest.raises(MalformedWire):
        decode_setting(b"\x04" + bytes(60))


def test_a_hash_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        encode_setting(ResetPin(1, 1, 1, b"", bytes(32)))


def test_hours_that_no_week_has_are_a_mistake() -> None:
    def hours(reads: tuple[tuple[int, int], ...], days: tuple[int, ...] = (), offset: int = 480) -> bytes:
        return encode_setting(StaffedHours(1, 1, 1, offset, reads, (), days))

    for wrong in (
        ((0, 10_081),),
        ((60, 0),),
        ((0, 60), (60, 90)),
        tuple((2 * n, 2 * n + 1) for n in range(29)),
    ):
        with pytest.raises(ValueError, match="28 parts"):
            hours(wrong)
    with pytest.raises(ValueError, match="40 days"):
        hours((), (5, 5))
    with pytest.raises(ValueError, match="14 hours"):
        hours((), (), 841)


def test_office_hours_of_a_week_fit_into_a_packet() -> None:
    office = tuple((day * 1440 + 450, day * 1440 + 960) for day in range(5))
    body = encode_setting(StaffedHours(300, 1_800_000_000, 7, 480, office, ((0, 10_080),), (20_834, 20_840)))
    assert len(body) + 64 <= 110


@pytest.mark.parametrize(
    "rest",
    [
        "00 00 00",  # whole: the case against which the others are held
        "01 0a 00 00 00",  # ends where it begins
        "02 0a 0a 00 0a 00 00",  # the second begins where the first ends
        "01 0a d84e 00 00",  # ends after the week
        "1d" + "01 01" * 29 + "00 00",  # 29 parts
        "00 00 29" + "01" * 41,  # 41 free days
        "00 00 01 a18d06",  # day 100,001
        "00 00 02 05 00",  # a day twice
    ],
)
def test_hours_that_no_week_has_are_refused(rest: str) -> None:
    body = bytes.fromhex("02 01 00000001 01 a80a" + rest)
    if rest == "00 00 00":
        assert decode_setting(body) == StaffedHours(1, 1, 1, 480, (), ())
        return
    with pytest.raises(MalformedWire, match="week|rise|days"):
        decode_setting(body)


def test_a_time_zone_that_no_place_has_is_refused() -> None:
    with pytest.raises(MalformedWire, match="14 hours"):
        decode_setting(bytes.fromhex("02 01 00000001 01 910d 00 00 00"))


def test_a_key_of_the_hub_fits_into_one_packet_with_its_signature() -> None:
    body = encode_setting(HubKey(2**32 - 1, 2**32 - 1, 2**32, 2**32 - 1, bytes(32)))
    sealed = seal_ccm(
        bytes(16), bytes(13), encode_down(SignedSetting(sign(bytes(32), SETTING_LABEL, body))), b""
    )
    assert len(encode_frame(DownFrame(2**32 - 1, sealed, 2**32 - 1))) <= 140


def test_a_key_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        encode_setting(HubKey(1, 1, 1, 1, bytes(31)))
