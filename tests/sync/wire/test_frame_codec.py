"""Radio frames: every frame and back, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wire_strategies import damaged, data_frames, epoch_blocks, frames, poll_blocks, shared_frames

from sync.errors import MalformedWire
from sync.link.packing import FOLLOWING_BYTES, FRAME_HEAD_BYTES, SHARED_HEAD_BYTES, Parcel
from sync.wire.frame_blocks import TAG_BYTES
from sync.wire.frame_codec import (
    MAX_FRAME_BYTES,
    DataFrame,
    DownFrame,
    EpochBlock,
    FragmentFrame,
    Frame,
    PollBlock,
    ReceiptFrame,
    SharedFrame,
    UnknownEpochFrame,
    decode_frame,
    encode_frame,
    many_envelope_bytes,
)
from sync.wire.numbers import FOLLOWED_FRAME_VERSION, FRAME_VERSION, FrameType

BLOCK = EpochBlock(3, bytes(32))
POLL = PollBlock(1, 2, 3, 4, 5, bytes(8))


@settings(max_examples=500)
@given(frames())
def test_round_trip(frame: Frame) -> None:
    assert decode_frame(encode_frame(frame)) == frame


@settings(max_examples=500)
@given(st.one_of(st.binary(max_size=300), damaged(frames().map(encode_frame))))
def test_any_bytes_are_one_frame_in_its_one_form_or_refused(payload: bytes) -> None:
    try:
        frame = decode_frame(payload)
    except MalformedWire:
        return
    assert encode_frame(frame) == payload


@pytest.mark.parametrize("size", [0, 1, MAX_FRAME_BYTES + 1, 1_000_000])
def test_too_short_or_too_long_is_refused_unread(size: int) -> None:
    with pytest.raises(MalformedWire):
        decode_frame(b"\x48" * size)


@pytest.mark.parametrize("first", range(256))
def test_every_first_byte_is_known_or_refused(first: int) -> None:
    version, kind, flags = first >> 6, first >> 3 & 7, first & 7
    known = version == FRAME_VERSION and kind > 0
    known |= version == FOLLOWED_FRAME_VERSION and kind in (
        FrameType.DATA,
        FrameType.FRAGMENT,
        FrameType.SHARED,
    )
    try:
        frame = decode_frame(bytes([first]) + bytes(200))
    except MalformedWire:
        return
    assert known
    assert encode_frame(frame)[0] & 7 == flags


@pytest.mark.parametrize(
    ("why", "payload"),
    [
        ("one envelope written as many", b"\x49\x00\x05\x01x"),
        ("a flag that fragments do not have", b"\x51\x00\x00\x00\x00" + bytes(8)),
        ("a flag that hub envelopes do not have", b"\x62\x00" + bytes(9)),
        ("a hint with something behind it", b"\x70\x01\x02"),
        ("a hint with a flag", b"\x71\x01"),
        ("a counter written longer than needed", b"\x48\x00\x85\x00x"),
        ("a fragment beyond its last", b"\x50\x00\x00\x02\x01" + bytes(9)),
        ("256 fragments", b"\x50\x00\x00\x00\xff" + bytes(9)),
        ("a fragment without room for its code", b"\x50\x00\x00\x00\x00" + bytes(7)),
        ("a receipt of more than a lane holds", b"\x58" + bytes(7) + b"\x81\x80\x80\x01" + bytes(8)),
        ("a receipt with too long a bitmap", b"\x58" + bytes(8) + bytes(65) + bytes(8)),
        ("an epoch block cut short", b"\x4c\x00\x02" + bytes(31)),
        ("a node number above 32 bits", b"\x4d\x00" + b"\xfe\xff\xff\xff\xff\x01" + bytes(32)),
        ("an envelope longer than its frame", b"\x49\x00\x00\x7fx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_encode_cannot_have_made_is_refused(why: str, payload: bytes) -> None:
    with pytest.raises(MalformedWire):
        decode_frame(payload)


def test_the_codes_cover_all_that_is_said() -> None:
    assert len(POLL.signed_bytes()) == 2 + 2 + 1 + 1 + 1
    for changed in ({"poll": 9}, {"generation_tag": 9}, {"age_s": 9}, {"down_base": 9}, {"down_bitmap": 9}):
        assert replace(POLL, **changed).signed_bytes() != POLL.signed_bytes()  # type: ignore[arg-type]
    piece = FragmentFrame(1, 2, 3, 4, b"data", bytes(8))
    for other in (
        replace(piece, counter=9), replace(piece, index=9), replace(piece, last=9), replace(piece, data=b"d")
    ):  # fmt: skip
        assert other.signed_bytes() != piece.signed_bytes()
    receipt = ReceiptFrame(1, 2, 3, 4, b"\x80", None, None, bytes(8))
    assert encode_frame(receipt) == receipt.signed_bytes() + receipt.mac


def test_the_smallest_frames() -> None:
    assert len(encode_frame(UnknownEpochFrame(1))) == 2
    assert len(encode_frame(DataFrame(1, ((0, b"x" * 50),)))) == 2 + 1 + 50
    assert len(encode_frame(DataFrame(1, (), None, POLL))) == 2 + 15
    assert len(encode_frame(DataFrame(1, ((0, b"x" * 50),), BLOCK))) == 2 + 1 + 32 + 1 + 50
    assert len(encode_frame(DownFrame(0, b"x" * 20))) == 1 + 1 + 20


@given(data_frames())
def test_packing_never_counts_too_little(frame: DataFrame) -> None:
    """What packing reserves is at least what the frame takes."""
    bare = encode_frame(replace(frame, epoch=None, poll=None, following=0))
    reserved = FRAME_HEAD_BYTES + sum(
        many_envelope_bytes(counter, -1, len(sealed)) for counter, sealed in frame.envelopes
    )
    if len(frame.envelopes) == 1:
        counter, sealed = frame.envelopes[0]
        assert len(bare) == FRAME_HEAD_BYTES + Parcel(counter, len(sealed)).alone_bytes()
    assert len(bare) <= reserved


@given(shared_frames())
def test_packing_never_counts_too_little_for_frames_under_one_code(frame: SharedFrame) -> None:
    bare = encode_frame(replace(frame, epoch=None, poll=None, mac=bytes(8)))
    parcels = [Parcel(counter, len(ciphertext) + TAG_BYTES) for counter, ciphertext in frame.envelopes]
    reserved = SHARED_HEAD_BYTES + sum(parcel.in_company_bytes() for parcel in parcels)
    assert len(bare) <= reserved + (FOLLOWING_BYTES if frame.following else 0)


@given(epoch_blocks(), poll_blocks)
def test_blocks_have_the_size_that_is_kept_free_for_them(block: EpochBlock, poll: PollBlock) -> None:
    poll = replace(poll, age_s=poll.age_s % 2**28, down_base=poll.down_base % 2**21)
    empty = len(encode_frame(DataFrame(1)))
    assert len(encode_frame(DataFrame(1, (), None, poll))) - empty <= 20
    assert len(encode_frame(DataFrame(1, (), block))) - empty <= 5 + 32 + (48 if block.node_public else 0)
