from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged

from sync.benchmarks.sealed_payloads import SealedPath
from sync.errors import MalformedWire
from sync.wire.control_records import FIRST_REPORT_BYTE
from sync.wire.numbers import AskedIn, UpRecord
from sync.wire.subscriptions import (
    SUBSCRIPTION_MAX_BYTES,
    Subscription,
    decode_subscription,
    encode_subscription,
    is_phone,
    usual_number,
)

PHONE = "6281200004321"
phones = st.from_regex(r"\A[1-9][0-9]{7,14}\Z")
areas = st.from_regex(r"\A([0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?)?\Z")
wishes = st.one_of(
    st.builds(Subscription, phones, st.just(True), st.sampled_from(AskedIn), areas),
    st.builds(Subscription, phones, st.just(False), st.sampled_from(AskedIn)),
)


@given(wishes)
def test_a_wish_comes_back(wish: Subscription) -> None:
    record = encode_subscription(wish)
    assert decode_subscription(record) == wish
    assert record[0] < FIRST_REPORT_BYTE
    assert len(record) <= SUBSCRIPTION_MAX_BYTES


@given(st.one_of(st.binary(max_size=20), damaged(wishes.map(encode_subscription))))
def test_any_bytes_are_a_wish_in_its_one_form_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        assert encode_subscription(decode_subscription(data)) == data


@pytest.mark.parametrize(
    "wish",
    [
        Subscription("0812", True),
        Subscription("+6281200004321", True),
        Subscription("1" * 16, True),
        Subscription(PHONE, True, area="52.2"),
        Subscription(PHONE, True, area="5202"),
        Subscription(PHONE, False, area="52"),
    ],
)
def test_what_no_record_holds_is_refused_without_the_number(wish: Subscription) -> None:
    with pytest.raises(ValueError, match="number|area") as refused:
        encode_subscription(wish)
    assert wish.phone not in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes([UpRecord.SUBSCRIPTION, 0x00]),
        bytes.fromhex("0c020d6281200004321f"),  # a wish that there is not
        bytes.fromhex("0c600d6281200004321f"),  # a language that there is not
        bytes.fromhex("0c000d628120000432a f".replace(" ", "")),  # a digit that is none
        bytes.fromhex("0c000d62812000043210"),  # filled with another half
        bytes.fromhex("0c000d6281200004321f00"),  # an area with a stop
        bytes.fromhex("0c010d6281200004321f"),  # none with a beginning
        bytes.fromhex("0c010d6281200004321f03520f"),  # of no level
        bytes.fromhex("0b000d6281200004321f"),
    ],
)
def test_what_no_node_writes_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_subscription(data)


def test_it_goes_in_one_packet() -> None:
    record = encode_subscription(Subscription("1" * 15, True, area="52.02.08.2001"))
    assert len(record) == SUBSCRIPTION_MAX_BYTES
    assert len(SealedPath().send(record, 219).frames) == 1


@pytest.mark.parametrize("typed", ["+62 812-0000-4321", "081200004321", "6281200004321", "(0812) 0000.4321"])
def test_a_number_is_one_however_it_is_written(typed: str) -> None:
    assert usual_number(typed) == PHONE
    assert is_phone(PHONE)


def test_a_wish_says_nothing_of_itself() -> None:
    assert PHONE not in repr(Subscription(PHONE, True))
