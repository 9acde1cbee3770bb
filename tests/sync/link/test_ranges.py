from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wire_strategies import range_sets

from sync.errors import MalformedWire
from sync.link.ranges import MAX_VALUES, RangeSet

small_ranges = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 8)), max_size=12)


def both(pieces: list[tuple[int, int]]) -> tuple[RangeSet, set[int]]:
    """A range set, and the plain set that it should be."""
    found, plain = RangeSet(), set[int]()
    for start, length in pieces:
        found.add_range(start, start + length)
        plain |= set(range(start, start + length))
    return found, plain


@given(small_ranges, small_ranges)
def test_it_is_a_set(first: list[tuple[int, int]], second: list[tuple[int, int]]) -> None:
    one, plain_one = both(first)
    two, plain_two = both(second)
    assert set(one) == plain_one
    assert len(one) == len(plain_one)
    assert all((value in one) == (value in plain_one) for value in range(60))
    assert one.first_missing() == min(set(range(60)) - plain_one)
    assert one.last() == max(plain_one, default=-1)
    one.update(two)
    assert set(one) == plain_one | plain_two
    assert one == RangeSet(one.ranges())
    assert (one == two) == (plain_one | plain_two == plain_two)
    ranges = one.ranges()
    assert all(end < start for (_, end), (start, _) in zip(ranges, ranges[1:], strict=False))


@given(small_ranges, st.integers(0, 50))
def test_add_tells_whether_it_was_new(pieces: list[tuple[int, int]], value: int) -> None:
    found, plain = both(pieces)
    assert found.add(value) == (value not in plain)
    assert value in found


@given(range_sets())
def test_bytes_round_trip(found: RangeSet) -> None:
    assert RangeSet.from_bytes(found.to_bytes()) == found


@given(st.binary(max_size=40))
def test_bytes_have_one_form(data: bytes) -> None:
    try:
        found = RangeSet.from_bytes(data)
    except MalformedWire:
        return
    assert found.to_bytes() == data


@given(small_ranges, st.integers(0, 40), st.integers(0, 6))
def test_bitmap_round_trip(pieces: list[tuple[int, int]], base: int, max_bytes: int) -> None:
    found, plain = both(pieces)
    bitmap = found.bitmap_from(base, max_bytes)
    assert len(bitmap) <= max_bytes
    assert not bitmap.endswith(b"\x00")
    window = {v for v in plain if base <= v < base + 8 * max_bytes}
    assert set(RangeSet.from_bitmap(base, bitmap)) == window | set(range(base))


def test_a_set_from_outside_makes_nobody_count_to_a_billion() -> None:
    RangeSet.from_bytes(RangeSet([(0, MAX_VALUES)]).to_bytes())
    with pytest.raises(MalformedWire):
        RangeSet.from_bytes(RangeSet([(0, MAX_VALUES + 1)]).to_bytes())
    with pytest.raises(MalformedWire):
        RangeSet.from_bytes(RangeSet([(2**40, 2**40 + 1)]).to_bytes())


@pytest.mark.parametrize("data", [b"\x00\x00", b"\x00\x05\x00\x01", b"\x01", b"\x00\x85\x00"])
def test_other_forms_are_refused(data: bytes) -> None:
    with pytest.raises(MalformedWire):
        RangeSet.from_bytes(data)


@pytest.mark.parametrize("ends", [(-1, 2), (3, 2)])
def test_ranges_run_upwards(ends: tuple[int, int]) -> None:
    with pytest.raises(ValueError):
        RangeSet().add_range(*ends)


def test_it_stays_small_however_long_the_history() -> None:
    found = RangeSet()
    for value in range(50_000):
        found.add(value)
    assert found.ranges() == [(0, 50_000)]
    assert len(found.to_bytes()) == 4
