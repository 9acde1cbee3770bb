from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged, downs, up_controls

from sync.errors import MalformedWire
from sync.wire.control_records import (
    FIRST_REPORT_BYTE,
    Down,
    UpControl,
    decode_down,
    decode_up_control,
    encode_down,
    encode_up_control,
    split_age,
    with_age,
)
from sync.wire.numbers import DownRecord, UpRecord


@given(up_controls)
def test_up_round_trip(record: UpControl) -> None:
    assert decode_up_control(encode_up_control(record)) == record
    assert encode_up_control(record)[0] < FIRST_REPORT_BYTE


@given(downs)
def test_down_round_trip(record: Down) -> None:
    assert decode_down(encode_down(record)) == record


@given(st.integers(0, 2**32), st.binary(min_size=1, max_size=50))
def test_age_round_trip(age: int, record: bytes) -> None:
    assert split_age(with_age(age, record)) == (age, record)


def test_an_age_takes_a_byte_for_two_hours() -> None:
    assert [len(with_age(age, b"r")) for age in (0, 127, 128, 16383, 16384)] == [2, 2, 3, 3, 4]


@given(
    st.one_of(
        st.binary(max_size=80), damaged(st.one_of(up_controls.map(encode_up_control), downs.map(encode_down)))
    )
)
def test_any_bytes_are_one_record_in_its_one_form_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        assert encode_up_control(decode_up_control(data)) == data
    with contextlib.suppress(MalformedWire):
        assert encode_down(decode_down(data)) == data
    with contextlib.suppress(MalformedWire):
        assert with_age(*split_age(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00",
        b"\x03" + bytes(20),  # kept for what comes later
        bytes([UpRecord.EPOCH_CLOSED]) + bytes(8) + b"\x02",  # a lane that there is not
        bytes([UpRecord.EPOCH_CLOSED]) + bytes(7),
        bytes([UpRecord.BULLETIN_SEEN]) + b"\x05\x03" + bytes(4),
        bytes([UpRecord.CONTENT_HELD]) + bytes(8) + b"\x05" + bytes(4),
        bytes([UpRecord.CONTENT_HELD]) + bytes(9) + bytes(4),
        bytes([UpRecord.UPDATE_HELD]) + bytes(9) + b"\x0d",
        bytes([UpRecord.UPDATE_HELD]) + bytes(11),
    ],
)
def test_an_unknown_record_from_a_node_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_up_control(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x7f" + bytes(20),  # of a later version
        bytes([DownRecord.CONTENT]) + bytes(8) + b"\x05\x00" + bytes(6),  # more than the update has
        bytes([DownRecord.CONTENT]) + bytes(8) + b"\x05\x00",
        bytes([DownRecord.CONTENT]) + bytes(8) + b"\xc8\x01\x00" + bytes(179),  # half a block in the middle
        bytes([DownRecord.ANSWER]) + bytes(8) + b"\x02" + bytes(4),
        bytes([DownRecord.STATUS]) + bytes(8) + b"\x03" + bytes(4),
        bytes([DownRecord.STATUS]) + bytes(8) + b"\x01" + bytes(5),
        bytes([DownRecord.BACKED_UP]) + bytes(8) + b"\x00\x01\x00",
    ],
)
def test_an_unknown_record_from_the_hub_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_down(data)


@pytest.mark.parametrize("data", [b"", b"\x05", b"\x80", b"\x85\x00x", b"\xff\xff\xff\xff\x7fx"])
def test_an_envelope_without_a_record_or_of_an_absurd_age_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        split_age(data)
