from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged, pin_resets, staffed_hours

from sync.errors import MalformedWire
from sync.wire.settings_records import ResetPin, Setting, StaffedHours, decode_setting, encode_setting


@given(st.one_of(pin_resets, staffed_hours))
def test_round_trip(setting: Setting) -> None:
    assert decode_setting(encode_setting(setting)) == setting


@given(st.one_of(st.binary(max_size=80), damaged(st.one_of(pin_resets, staffed_hours).map(encode_setting))))
def test_any_bytes_are_one_setting_in_its_one_form_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        assert encode_setting(decode_setting(data)) == data


def test_a_kind_of_a_later_version_is_refused() -> None:
    with pytest.raises(MalformedWire):
        decode_setting(b"\x03" + bytes(60))


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
