"""Counts as offices write them."""

from __future__ import annotations

import pytest

from hub.other_data.whole_numbers import COUNT_AT_MOST, count_of, counts_in, decimal_marks, is_missing


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("0", 0),
        ("12", 12),
        ("007", 7),
        ("1.234", 1234),
        ("1,234", 1234),
        ("1 234", 1234),
        ("1.234.567", 1_234_567),
        (" 5 ", 5),
        (str(COUNT_AT_MOST), COUNT_AT_MOST),
        (str(COUNT_AT_MOST + 1), None),
        ("-3", None),
        ("12,5", None),
        ("1.23", None),
        ("1.234,567", None),
        ("0.123", None),
        ("tiga", None),
        ("=1+1", None),
        ("٣", None),
    ],
)
def test_a_cell(cell: str, count: int | None) -> None:
    assert count_of(cell) == count


def test_where_a_column_has_decimals_their_mark_parts_no_thousands() -> None:
    column = ["12.0", "1.234", "7.0", "1,234"]
    marks = decimal_marks(column)
    assert marks == {"."}
    assert [count_of(cell, marks) for cell in column] == [12, None, 7, 1234]
    assert count_of("12.5", decimal_marks(["12.5"])) is None
    assert counts_in(column) == 3


def test_no_number_is_not_zero() -> None:
    assert all(map(is_missing, ("", "-", " n/a ", "–", "NaN")))
    assert not is_missing("0")
