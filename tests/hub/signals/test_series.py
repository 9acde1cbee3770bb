"""Tables of counts."""

from __future__ import annotations

import pytest

from hub.signals.series import BadCounts, read_table


def test_series_of_one_length_come_together_in_their_order() -> None:
    lines = ["count,series,i", "1,a,1", "5,b,1", "0,c,2", "2,a,2", "", "7,c,1"]
    table = read_table(lines)
    assert table.names == ["a", "b", "c"]
    found = [(places, counts.tolist()) for places, counts in table.matrices()]
    assert found == [([0, 2], [[1, 2], [7, 0]]), ([1], [[5]])]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "the first line names the columns series,i,count"),
        (["rahasia,i,count"], "the first line names the columns series,i,count"),
        (["series,i,count"], "there are no counts in it"),
        (["series,i,count", "rahasia,1"], "line 2 has not three values"),
        (["series,i,count", "rahasia,1,x"], "line 2: i and count are whole numbers"),
        (["series,i,count", "rahasia,1,1.5"], "line 2: i and count are whole numbers"),
        (["series,i,count", "rahasia,0,1"], "line 2: i counts the weeks from 1"),
        (["series,i,count", "rahasia,1,-1"], "line 2: a count is 0 to 1000000000"),
        (
            ["series,i,count", "rahasia,1,1", "rahasia,1,1"],
            "line 3: this week of this series stands there twice",
        ),
        (["series,i,count", "a,1,1", "rahasia,1,1", "rahasia,3,1"], "series 2 of the file lacks weeks"),
        (["series,i,count", 'rahasia,1,"1"x'], "line 2 is not CSV"),
    ],
)
def test_a_bad_table_is_told_what_is_allowed_and_never_repeated(lines: list[str], said: str) -> None:
    with pytest.raises(BadCounts) as refusal:
        read_table(lines)
    assert said in str(refusal.value)
    assert "rahasia" not in str(refusal.value)
