"""The stream framing: whatever way the stream is cut, good frames come out and nothing grows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.stream_framing import (
    FLUSH_BYTES,
    MAX_FRAME_BYTES,
    MAX_LOG_LINE_BYTES,
    START,
    FrameDecoder,
    encode_frame,
)

messages = st.lists(st.binary(max_size=MAX_FRAME_BYTES), max_size=8)
noise = st.binary(max_size=60).filter(lambda b: START not in b and not b.endswith(START[:1]))


def feed_in_pieces(decoder: FrameDecoder, stream: bytes, cuts: list[int]) -> list[bytes]:
    frames = []
    edges = [0, *sorted(min(cut, len(stream)) for cut in cuts), len(stream)]
    for start, end in zip(edges, edges[1:], strict=False):
        frames += decoder.feed(stream[start:end])
    return frames


@given(messages, st.lists(st.integers(0, 4000), max_size=20))
def test_frames_survive_any_cutting(sent: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(map(encode_frame, sent))
    assert feed_in_pieces(FrameDecoder(), stream, cuts) == sent


@given(
    st.lists(st.tuples(noise, st.binary(max_size=80)), max_size=8), st.lists(st.integers(0, 1200), max_size=9)
)
def test_noise_between_frames_changes_nothing(parts: list[tuple[bytes, bytes]], cuts: list[int]) -> None:
    stream = b"".join(junk + encode_frame(message) for junk, message in parts)
    assert feed_in_pieces(FrameDecoder(), stream, cuts) == [message for _, message in parts]


@given(st.binary(max_size=3000), st.lists(st.integers(0, 3000), max_size=20))
def test_any_bytes_are_taken_and_the_next_frame_after_a_flush_is_found(junk: bytes, cuts: list[int]) -> None:
    decoder = FrameDecoder(is_good=lambda frame: frame.startswith(b"good"))
    assert all(frame.startswith(b"good") for frame in feed_in_pieces(decoder, junk, cuts))
    assert b"good one" in decoder.feed(FLUSH_BYTES + encode_frame(b"good one") + FLUSH_BYTES)


def test_an_oversize_length_is_skipped_and_the_next_frame_found() -> None:
    stream = START + (600).to_bytes(2, "big") + encode_frame(b"next")
    assert FrameDecoder().feed(stream) == [b"next"]


def test_the_largest_frame_and_no_larger() -> None:
    assert FrameDecoder().feed(encode_frame(bytes(MAX_FRAME_BYTES))) == [bytes(MAX_FRAME_BYTES)]
    with pytest.raises(ValueError):
        encode_frame(bytes(MAX_FRAME_BYTES + 1))


def test_a_cut_frame_costs_only_itself_where_good_frames_are_known() -> None:
    cut = encode_frame(b"g" * 100)[:40]
    stream = cut + encode_frame(b"good 1") + encode_frame(b"good 2") + b"g" * 60
    decoder = FrameDecoder(is_good=lambda frame: frame.startswith(b"good"))
    assert decoder.feed(stream) == [b"good 1", b"good 2"]


def test_log_text_is_handed_out_apart() -> None:
    decoder = FrameDecoder()
    assert decoder.feed(b"INFO | booting\r\nDEB") == []
    assert decoder.feed(b"UG | ready\n" + encode_frame(b"frame") + b"more\n") == [b"frame"]
    assert decoder.take_log_lines() == ["INFO | booting", "DEBUG | ready", "more"]
    assert decoder.take_log_lines() == []


def test_endless_text_does_not_fill_the_memory() -> None:
    decoder = FrameDecoder()
    for _ in range(100):
        decoder.feed(b"x" * 1000)
    lines = decoder.take_log_lines()
    assert all(len(line) <= MAX_LOG_LINE_BYTES for line in lines)
    assert sum(map(len, lines)) <= 100_000
