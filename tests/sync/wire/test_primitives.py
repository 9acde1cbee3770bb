from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import patient

from sync.errors import MalformedWire
from sync.wire.primitives import ByteReader, ByteWriter

numbers = st.one_of(st.integers(0, 300), st.integers(0, 2**64 - 1))


@patient
@given(numbers)
def test_varint_round_trip(value: int) -> None:
    writer = ByteWriter()
    writer.varint(value)
    reader = ByteReader(writer.getvalue())
    assert reader.varint() == value
    reader.end()
    assert len(writer) == max(1, -(-value.bit_length() // 7))


@patient
@given(st.binary(max_size=12))
def test_a_varint_has_one_form(data: bytes) -> None:
    reader = ByteReader(data)
    try:
        value = reader.varint()
    except MalformedWire:
        return
    writer = ByteWriter()
    writer.varint(value)
    assert writer.getvalue() == data[: len(data) - reader.remaining]


@pytest.mark.parametrize(
    "data", [b"", b"\x80", b"\x80\x00", b"\xff\x00", b"\xff" * 9 + b"\x02", b"\xff" * 10 + b"\x01"]
)
def test_bad_varints_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        ByteReader(data).varint()


def test_the_greatest_varint() -> None:
    assert ByteReader(b"\xff" * 9 + b"\x01").varint() == 2**64 - 1


@patient
@given(st.binary(max_size=40), st.integers(0, 2**32 - 1), st.binary(max_size=9))
def test_parts_follow_each_other(first: bytes, number: int, rest: bytes) -> None:
    writer = ByteWriter()
    writer.sized(first)
    writer.uint(number, 4)
    writer.raw(rest)
    reader = ByteReader(writer.getvalue())
    assert reader.sized(40) == first
    assert reader.uint(4) == number
    assert reader.rest() == rest
    reader.end()


def test_integers_are_big_endian() -> None:
    writer = ByteWriter()
    writer.uint(0x0102, 2)
    assert writer.getvalue() == b"\x01\x02"


def _read_sized(reader: ByteReader) -> bytes:
    return reader.sized(2)


@pytest.mark.parametrize(
    ("data", "read"),
    [
        (b"", lambda reader: reader.raw(1)),
        (b"a", lambda reader: reader.uint(2)),
        (b"a", lambda reader: reader.raw(-1)),
        (b"\x03abc", _read_sized),
        (b"\x02a", _read_sized),
        (b"\xff\xff\xff\xff\x7f", _read_sized),
        (b"a", lambda reader: reader.end()),
    ],
)
def test_reading_beyond_is_refused(data: bytes, read: Callable[[ByteReader], object]) -> None:
    with pytest.raises(MalformedWire):
        read(ByteReader(data))


@pytest.mark.parametrize(
    "write",
    [
        lambda writer: writer.varint(-1),
        lambda writer: writer.varint(2**64),
        lambda writer: writer.uint(256, 1),
        lambda writer: writer.uint(-1, 1),
    ],
)
def test_own_values_that_do_not_fit_are_mistakes(write: Callable[[ByteWriter], object]) -> None:
    with pytest.raises(ValueError, match=r"fit|varint"):
        write(ByteWriter())
