"""A village on one time line."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from hub.pictures.drawing import Box, Mark, Words
from hub.pictures.teaching_line import Row, draw_teaching
from hub.pictures.weeks import MOST_WEEKS, last_weeks

ZONE = ZoneInfo("Asia/Makassar")
WEEKS = last_weeks(1_800_000_000.0, ZONE, 4)
ROWS = (
    Row("Sesi", {1: 2}, {1: "dua sesi"}),
    Row("Sinyal", {2: 1}, {2: "sinyal 7"}),
)


def test_marks_stand_in_their_weeks_and_the_table_says_the_same() -> None:
    picture = draw_teaching(
        "Desa", WEEKS, [3, 0, 9, 1], [True, True, False, True], ROWS, dated="", hidden="", summary="Ringkas."
    )
    marks = [shape for shape in picture.shapes if isinstance(shape, Mark)]
    assert [mark.form for mark in marks] == ["circle", "square"]
    assert marks[0].x < marks[1].x
    bars = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.height > 6]
    assert [bar.dashed for bar in bars] == [False, False, True]
    assert picture.table.headings == ("Minggu kalender", "Laporan", "Kotak terdengar", "Sesi", "Sinyal")
    assert [row[1:] for row in picture.table.rows] == [
        ("1", "ya", "–", "–"),
        ("9", "tidak", "–", "sinyal 7"),
        ("0", "ya", "dua sesi", "–"),
        ("3", "ya", "–", "–"),
    ]


@pytest.mark.parametrize("count", [1, 52, MOST_WEEKS])
def test_small_numbers_are_nowhere_and_all_stays_inside(count: int) -> None:
    weeks = last_weeks(1_800_000_000.0, ZONE, count)
    picture = draw_teaching(
        "Desa", weeks, None, [False] * count, ROWS, dated="", hidden="terlalu sedikit", summary=""
    )
    said = [shape for shape in picture.shapes if isinstance(shape, Words)]
    assert "terlalu sedikit" in [one.text for one in said]
    assert {row[1] for row in picture.table.rows} == {"tidak ditampilkan"}
    assert not [shape for shape in picture.shapes if isinstance(shape, Box)]
    assert all(0 <= one.x <= picture.width and 0 <= one.y <= picture.height for one in said)


def test_each_row_needs_a_form_of_its_own() -> None:
    with pytest.raises(ValueError, match="at most 4 rows"):
        draw_teaching("", WEEKS, None, [True] * 4, ROWS * 3, dated="", hidden="", summary="")
