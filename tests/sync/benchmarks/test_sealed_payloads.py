"""Sealed sizes are those of real envelopes and frames, cut as the session cuts them."""

from __future__ import annotations

import pytest

from sync.benchmarks.sealed_payloads import SealedPath
from sync.errors import SealBroken
from sync.wire.frame_blocks import TAG_BYTES
from sync.wire.frame_codec import DataFrame, FragmentFrame, decode_frame, encode_frame

HEAD, AGE = 2, 1


def test_a_small_record_is_one_data_frame_and_counters_rise() -> None:
    path = SealedPath()
    sizes = [len(path.send(b"\x10" * 50, 231).alone) for _ in range(130)]
    assert sizes == [HEAD + 1 + AGE + 50 + TAG_BYTES] * 128 + [HEAD + 2 + AGE + 50 + TAG_BYTES] * 2


@pytest.mark.parametrize("limit", [231, 219])
def test_it_is_cut_just_where_a_packet_is_full(limit: int) -> None:
    path = SealedPath()
    fits = limit - HEAD - 1 - AGE - TAG_BYTES
    whole = path.send(b"\x10" * fits, limit)
    assert whole.frames == (whole.alone,)
    assert len(whole.alone) == limit
    cut = path.send(b"\x10" * (fits + 1), limit)
    assert len(cut.alone) == limit + 1
    assert len(cut.frames) == 2
    assert all(len(frame) <= limit for frame in cut.frames)
    assert all(isinstance(decode_frame(frame), FragmentFrame) for frame in cut.frames)


def test_a_very_long_record_is_cut_whole() -> None:
    sent = SealedPath().send(b"\x10" * 8000, 231)
    frames = [decode_frame(frame) for frame in sent.frames]
    following = [frame.following for frame in frames if isinstance(frame, FragmentFrame)]
    assert following == list(range(37, -1, -1))
    assert (
        sum(len(frame.data) for frame in frames if isinstance(frame, FragmentFrame)) == 8000 + AGE + TAG_BYTES
    )


def test_what_does_not_open_at_the_hub_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(frame: DataFrame) -> bytes:
        payload = bytearray(encode_frame(frame))
        payload[-1] ^= 1
        return bytes(payload)

    monkeypatch.setattr("sync.benchmarks.sealed_payloads.encode_frame", damaged)
    with pytest.raises(SealBroken):
        SealedPath().send(b"\x10" * 50, 231)
