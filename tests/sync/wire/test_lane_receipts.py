"""Receipts about one lane, in bundles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged, lane_receipts

from sync.errors import MalformedWire
from sync.identifiers import Lane
from sync.wire.lane_receipts import LaneReceipt, decode_lane_receipt, encode_lane_receipt


@given(lane_receipts)
def test_round_trip(receipt: LaneReceipt) -> None:
    assert decode_lane_receipt(encode_lane_receipt(receipt)) == receipt


@given(st.one_of(st.binary(max_size=60), damaged(lane_receipts.map(encode_lane_receipt))))
def test_any_bytes_are_read_in_their_one_form_or_refused(data: bytes) -> None:
    try:
        receipt = decode_lane_receipt(data)
    except MalformedWire:
        return
    assert encode_lane_receipt(receipt) == data


def test_the_code_covers_lane_generation_and_ranges() -> None:
    receipts = [
        LaneReceipt(b"12345678", lane, generation, held)
        for lane in Lane
        for generation in (5, 6)
        for held in (b"", b"\x00\x01")
    ]
    assert len({receipt.signed_bytes() for receipt in receipts}) == len(receipts)


def test_a_lane_of_a_later_version_is_refused() -> None:
    with pytest.raises(MalformedWire, match="lane"):
        decode_lane_receipt(b"12345678" + b"\x07" + bytes(13))
