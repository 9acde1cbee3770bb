"""Points of two tables as bars."""

from __future__ import annotations

from hub.pictures.drawing import Box, as_svg
from hub.pictures.weight_bars import draw_weights

ROWS = [("dokumen ditahan", 3, 5), ("tidak ada kontrak", 1, 1)]


def test_both_tables_stand_side_by_side_and_what_is_tried_is_dashed() -> None:
    picture = draw_weights(ROWS, champion="2026-11", challenger="2027-03-01-r1")
    bars = [shape for shape in picture.shapes if isinstance(shape, Box) and shape.x > 100]
    assert [(bar.width, bar.dashed) for bar in bars] == [(132, False), (220, True), (44, False), (44, True)]
    assert picture.summary == "1 dari 2 tanda poinnya berbeda."
    assert picture.table.rows[0] == ("dokumen ditahan", "3", "5")
    assert "2027-03-01-r1" in as_svg(picture)


def test_without_a_table_on_trial_there_is_one_bar_a_sign() -> None:
    picture = draw_weights([(why, old, None) for why, old, _ in ROWS], champion="2026-11", challenger=None)
    assert picture.summary == "Belum ada tabel yang dicoba."
    assert not any(isinstance(shape, Box) and shape.dashed for shape in picture.shapes)
