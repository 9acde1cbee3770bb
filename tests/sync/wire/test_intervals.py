from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import patient

from sync.errors import MalformedWire
from sync.wire.intervals import MAX_BYTES, IntervalReader, IntervalWriter


@st.composite
def choices(draw: st.DrawFn) -> tuple[int, int, int]:
    total = draw(st.one_of(st.integers(1, 100), st.integers(1, 2**30)))
    start = draw(st.integers(0, total - 1))
    return start, draw(st.integers(1, total - start)), total


def bits(row: list[tuple[int, int, int]]) -> float:
    return sum(math.log2(total / size) for _, size, total in row)


@patient
@given(st.lists(choices(), max_size=40), st.binary(max_size=20))
def test_choices_come_back_whatever_follows(row: list[tuple[int, int, int]], rest: bytes) -> None:
    assume(bits(row) < 8 * (MAX_BYTES - 2))
    writer = IntervalWriter()
    for choice in row:
        writer.put(*choice)
    data = writer.getvalue()
    reader = IntervalReader(data + rest)
    for start, size, total in row:
        assert start <= reader.part(total) < start + size
        reader.take(start, size, total)
    assert reader.end() == len(data)
    # Never more than the information, a bit for the alignment of the interval, and the last byte's rest.
    assert len(data) <= math.ceil((bits(row) + 1.001) / 8)


@patient
@given(st.lists(choices(), min_size=3, max_size=20))
def test_cut_choices_are_refused(row: list[tuple[int, int, int]]) -> None:
    writer = IntervalWriter()
    for choice in row:
        writer.put(*choice)
    data = writer.getvalue()
    assume(data)
    reader = IntervalReader(data[:-1])
    for start, size, total in row:
        part = reader.part(total)
        if not start <= part < start + size:
            return  # read as other choices: allowed, the codec's own check is above this layer
        reader.take(start, size, total)
    with pytest.raises(MalformedWire):
        reader.end()


def test_impossible_choices_are_mistakes() -> None:
    for choice in [(0, 0, 4), (4, 1, 4), (-1, 1, 4), (3, 2, 4)]:
        with pytest.raises(ValueError, match="no such choice"):
            IntervalWriter().put(*choice)
