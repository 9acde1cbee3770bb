from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged, notices

from sync.errors import MalformedWire
from sync.wire.notices import (
    MAX_NOTICE_CHARACTERS,
    Notice,
    NoticeWithdrawal,
    decode_notice,
    encode_notice,
)
from sync.wire.numbers import BulletinLevel, NoticeKind

NOTICE = Notice(
    1_800_000_000, NoticeKind.BULLETIN, BulletinLevel.DANGER, True, 20_783, 20_813, "Waspada tawaran kerja."
)


@given(notices())
def test_round_trip(notice: Notice | NoticeWithdrawal) -> None:
    assert decode_notice(encode_notice(notice)) == notice


@given(st.one_of(st.binary(max_size=60), damaged(notices().map(encode_notice))))
def test_any_bytes_are_a_notice_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        decode_notice(data)


def test_three_hundred_characters_fit_into_one_packet() -> None:
    text = (
        "Ada orang yang mengaku dari perusahaan resmi dan minta uang muka. Perusahaan itu tidak punya izin. "
        "Cek dulu namanya di kotak desa sebelum memberi uang. Kalau sudah ada yang berangkat, beri tahu kami "
        "lewat kotak ini. Semua laporan dijaga. Petugas imigrasi datang ke balai desa hari Kamis sore nanti."
    )
    assert len(text) > 290
    assert len(encode_notice(replace(NOTICE, text=text))) + 64 + 1 + 16 <= 219


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": ""},
        {"text": "a" * (MAX_NOTICE_CHARACTERS + 1)},
        {"until": 20_782},
        {"level": 4},
        {"level": 0},
    ],
)
def test_what_no_hub_writes_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(MalformedWire):
        decode_notice(encode_notice(replace(NOTICE, **wrong)))  # type: ignore[arg-type]


def test_a_kind_of_a_later_version_is_refused() -> None:
    body = bytearray(encode_notice(NOTICE))
    body[5] = 0x41
    with pytest.raises(MalformedWire):
        decode_notice(bytes(body))
