from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import damaged, pin_resets

from sync.errors import MalformedWire
from sync.wire.settings_records import ResetPin, decode_setting, encode_setting


@given(pin_resets)
def test_round_trip(setting: ResetPin) -> None:
    assert decode_setting(encode_setting(setting)) == setting


@given(st.one_of(st.binary(max_size=80), damaged(pin_resets.map(encode_setting))))
def test_any_bytes_are_one_setting_in_its_one_form_or_refused(data: bytes) -> None:
    with contextlib.suppress(MalformedWire):
        assert encode_setting(decode_setting(data)) == data


def test_a_kind_of_a_later_version_is_refused() -> None:
    with pytest.raises(MalformedWire):
        decode_setting(b"\x02" + bytes(60))


def test_a_hash_of_another_length_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        encode_setting(ResetPin(1, 1, 1, b"", bytes(32)))
