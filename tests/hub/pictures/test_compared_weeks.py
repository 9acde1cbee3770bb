"""A series above reports."""

from __future__ import annotations

import datetime

from hub.pictures.compared_weeks import draw_compared
from hub.pictures.drawing import Box, Mark, Stroke, as_svg
from hub.pictures.weeks import last_weeks

WEEKS = last_weeks(1_800_000_000.0, datetime.UTC, 12)


def test_a_week_without_a_number_is_a_dash_and_zero_is_not() -> None:
    counts = (None, 0, *range(1, 11))
    picture = draw_compared(WEEKS, counts, (0,) * 12, name="Paspor", where="Kabupaten Belu")
    assert sum(isinstance(shape, Box) for shape in picture.shapes) == 10
    full = draw_compared(WEEKS, (0, 0, *range(1, 11)), (0,) * 12, name="Paspor", where="Kabupaten Belu")
    strokes = [sum(isinstance(s, Stroke) for s in one.shapes) for one in (picture, full)]
    assert strokes[0] == strokes[1] + 1
    assert [row[1] for row in picture.table.rows][-2:] == ["0", "tidak ada"]
    assert "1 dari 12 minggu tanpa angka" in picture.summary


def test_both_rows_share_the_weeks_and_findings_are_marked_with_a_form() -> None:
    picture = draw_compared(WEEKS, range(1, 13), range(2, 14), name="<b>", where="", found=(11,), small=True)
    boxes = [shape for shape in picture.shapes if isinstance(shape, Box)]
    assert [box.x for box in boxes[:12]] == [box.x for box in boxes[12:]]
    [mark] = [shape for shape in picture.shapes if isinstance(shape, Mark)]
    assert mark.form == "triangle"
    assert picture.table.rows[0][3] == "ya"
    assert "(belum penuh)" in picture.table.rows[0][0]
    assert "<b>" not in as_svg(picture)
    assert picture.width <= 420


def test_a_series_without_any_number_says_so() -> None:
    picture = draw_compared(WEEKS, (None,) * 12, (1,) * 12, name="Paspor", where="")
    assert picture.summary == "Tidak ada angka dalam minggu-minggu ini. 12 laporan dalam 12 minggu."
