"""The chart of a signal: what it shows is in its table, too."""

from __future__ import annotations

import pytest

from hub.pictures.drawing import Box, Words, as_svg
from hub.pictures.signal_chart import MOST_WEEKS, draw_signal
from hub.signals.finding import WeekPoint

MONDAY = 20_833
PAST = tuple(WeekPoint(MONDAY + 7 * at, float(at), 2.0 if at == 3 else 0.0, 0.5, 1.5) for at in range(4))


def test_counts_late_ones_usual_and_bound_stand_in_picture_and_table() -> None:
    picture = draw_signal(PAST, title="Contoh", window_weeks=2)
    boxes = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.width == 20]
    assert [box.dashed for box in boxes] == [False, False, False, True]
    assert boxes[2].height == pytest.approx(3 * boxes[0].height)
    assert boxes[3].height == pytest.approx(2 * boxes[0].height)
    [ground] = [one for one in picture.shapes if isinstance(one, Box) and one.width == 60]
    assert ground.x > boxes[0].x
    said = {shape.text for shape in picture.shapes if isinstance(shape, Words)}
    assert {"Contoh", "1", "2", "3", "biasanya", "batas wajar"} <= said
    assert picture.table.rows[0][1:] == ("3", "2", "0,5", "1,5")
    assert len(picture.table.rows) == 4
    assert picture.summary.endswith(": 3, kira-kira 2 lagi terlambat; biasanya 0,5; batas wajar 1,5.")
    assert as_svg(picture).count("<rect") == len(boxes) + 1 + 4


def test_a_series_without_bound_or_reports_is_drawn_and_a_long_one_cut() -> None:
    bare = draw_signal([WeekPoint(MONDAY, 0.0)], title="A", window_weeks=1)
    assert bare.table.rows == ((bare.table.rows[0][0], "0", "0", "\u2013", "\u2013"),)
    long = draw_signal([WeekPoint(MONDAY + 7 * at, 1.0) for at in range(99)], title="A", window_weeks=8)
    assert len(long.table.rows) == MOST_WEEKS
    with pytest.raises(ValueError, match="one week"):
        draw_signal([], title="A", window_weeks=1)
