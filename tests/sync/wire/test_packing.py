from __future__ import annotations

import zlib
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.wire.packing import Unpacker, numbers, planes, steps


@given(st.lists(st.integers(0, 2**24 - 1)), st.integers(3, 4))
def test_numbers_come_back_from_their_planes(many: list[int], width: int) -> None:
    source = Unpacker(zlib.compress(planes(array("I", many), width)))
    assert list(numbers(source, len(many), width)) == many


def test_the_lowest_bytes_come_first() -> None:
    assert planes(array("I", [0x030201, 0x060504]), 3) == bytes([1, 4, 2, 5, 3, 6])
    assert planes(array("i", [-2]), 4) == bytes([0xFE, 0xFF, 0xFF, 0xFF])


def test_steps_lead_from_number_to_number() -> None:
    assert list(steps(array("I", [5, 5, 9]))) == [5, 0, 4]
    assert not steps(array("I"))


def test_a_long_stream_is_read_in_any_portions() -> None:
    data = bytes(range(256)) * 1000
    source = Unpacker(zlib.compress(data))
    assert source.take(1) + source.take(0) + source.take(200_000) + source.take(55_999) == data


def test_a_stream_cut_short_is_refused() -> None:
    source = Unpacker(zlib.compress(b"12345678")[:-6])
    with pytest.raises(ValueError, match="cut short"):
        source.take(9)
