from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import patient

from sync.errors import MalformedWire
from sync.wire.intervals import EVERYTHING, Interval, IntervalWriter
from sync.wire.range_coder import RowReader, RowWriter

choices = st.lists(st.tuples(st.integers(0, 1), st.integers(1, 65535)), max_size=200)


@st.composite
def starts(draw: st.DrawFn) -> Interval:
    """Where fields may have led to."""
    out = IntervalWriter()
    for total in draw(st.lists(st.integers(1, 1 << 40), max_size=30)):
        out.put(draw(st.integers(0, total - 1)), 1, total)
    return out.interval()


def take(source: RowReader) -> int:
    byte = source.part(256)
    source.take_part(byte, 1, 256)
    return byte


@patient
@given(starts(), choices, st.binary(max_size=20))
def test_a_row_comes_back(start: Interval, row: list[tuple[int, int]], raw: bytes) -> None:
    out = RowWriter(start)
    for bit, chance in row:
        out.put(bit, chance)
    for byte in raw:
        out.put_part(byte, 1, 256)
    source = RowReader(out.getvalue(), start)
    assert [source.take(chance) for _, chance in row] == [bit for bit, _ in row]
    assert [take(source) for _ in raw] == list(raw)
    source.end()


@patient
@given(starts(), choices)
def test_a_row_costs_what_its_chances_say(start: Interval, row: list[tuple[int, int]]) -> None:
    out = RowWriter(start)
    size, whole = start.size, start.whole
    for bit, chance in row:
        out.put(bit, chance)
        size, whole = size * (chance if bit else 65536 - chance), whole << 16
    least = (whole // size).bit_length() - 1
    assert 8 * len(out.getvalue()) <= least + 9


@patient
@given(starts(), st.binary(max_size=60))
def test_junk_is_refused_or_the_only_form_of_its_row(start: Interval, data: bytes) -> None:
    try:
        source = RowReader(data, start)
        row = [source.take(1 << 15) for _ in range(8 * len(data))]
        raw = [take(source) for _ in range(2)]
        source.end()
    except MalformedWire:
        return
    out = RowWriter(start)
    for bit in row:
        out.put(bit, 1 << 15)
    for byte in raw:
        out.put_part(byte, 1, 256)
    assert out.getvalue() == data


def test_zeros_at_the_end_cost_nothing() -> None:
    out = RowWriter()
    for _ in range(8):
        out.put_part(0, 1, 256)
    assert out.getvalue() == b""
    RowReader(b"", EVERYTHING).end()
    with pytest.raises(MalformedWire, match="too early or too late"):
        RowReader(b"\0", EVERYTHING).end()


def test_a_row_that_does_not_go_on_from_its_start_is_refused() -> None:
    with pytest.raises(MalformedWire, match="where the fields end"):
        RowReader(b"\xff", Interval(0, 1, 1000))
