from __future__ import annotations

import zlib

from hypothesis import given
from hypothesis import strategies as st

from sync.wire.packing import Unpacker
from sync.wire.row_table import MOST, RowTable, count

rows = st.dictionaries(
    st.integers(0, 2**24 - 1),
    st.dictionaries(st.integers(0, 255), st.one_of(st.just(1), st.integers(1, MOST)), min_size=1),
)


@given(rows, st.integers(0, 2**24 - 1))
def test_a_table_knows_its_rows_and_no_others(many: dict[int, dict[int, int]], other: int) -> None:
    made = RowTable.of(many)
    read = RowTable.unpacked(Unpacker(zlib.compress(made.packed())))
    for table in (made, read):
        for context, row in many.items():
            assert dict(zip(*table.row(context), strict=True)) == row
        assert dict(zip(*table.row(other), strict=True)) == many.get(other, {})


def test_what_was_seen_once_is_one_number() -> None:
    table = RowTable.of({7: {65: 1}, 9: {65: 2}, 8: {66: 1, 65: 1}})
    assert list(table.singles) == [7 << 8 | 65]
    assert list(table.keys) == [8, 9]
    symbols, counts = table.row(8)
    assert (symbols, list(counts)) == (b"AB", [1, 1])


def test_the_most_frequent_byte_comes_first() -> None:
    symbols, counts = RowTable.of({1: {65: 2, 66: 5, 67: 2}}).row(1)
    assert (symbols, list(counts)) == (b"BAC", [5, 2, 2])


def test_a_row_halves_before_a_count_leaves_its_range() -> None:
    row = {65: MOST, 66: 1, 67: 4}
    count(row, 65, 1)
    assert row == {65: (MOST + 2) >> 1, 66: 1, 67: 2}
    count(row, 68, 2)
    assert row[68] == 2
