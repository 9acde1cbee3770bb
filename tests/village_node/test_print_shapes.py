"""Icons and QR codes as shapes: all of the material's icons, and codes that a reader reads."""

from __future__ import annotations

import re

import pytest
import segno
from reportlab.lib.colors import black
from reportlab.pdfgen.canvas import Canvas

from content.catalogue import Catalogue
from content.icons import icon_names
from village_node.print_shapes import QUIET_MODULES, draw_icon, draw_qr


def marks_of(draw: object) -> str:
    """Return the drawing operators of a page."""
    canvas = Canvas("/dev/null", pageCompression=0)
    draw(canvas)  # type: ignore[operator]
    return "\n".join(canvas._code)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", icon_names(Catalogue().files))
def test_every_shape_of_every_icon_is_drawn(name: str) -> None:
    svg = Catalogue().icon(name)
    drawn = marks_of(lambda canvas: draw_icon(canvas, svg, 0, 0, 24, black))
    shapes = len(re.findall(r"<(?!svg|/)", svg))
    assert len(re.findall(r"(?:^| )(?:S|s|B)$", drawn, re.MULTILINE)) >= shapes
    for x, y in re.findall(r"(-?[0-9.]+) (-?[0-9.]+) [ml]", drawn):
        assert -1 <= float(x) <= 25
        assert -1 <= float(y) <= 25


def test_a_shape_of_each_kind_stays_where_it_was_drawn() -> None:
    svg = '<svg><polygon points="9,3 15,3 12,10"/><path d="M2 12a10 10 0 0 1 20 0"/></svg>'
    drawn = marks_of(lambda canvas: draw_icon(canvas, svg, 0, 0, 24, black))
    assert "9 3 m" in drawn
    assert "15 3 l" in drawn
    highest = min(float(y) for _, y in re.findall(r"(-?[0-9.]+) (-?[0-9.]+) l", drawn))
    assert highest == pytest.approx(2.0, abs=0.2)  # the arc's top


def test_every_dark_module_of_a_code_is_drawn_and_no_other() -> None:
    data, side = "http://10.42.0.1/", 100.0
    matrix = [list(row) for row in segno.make(data, error="m", micro=False).matrix]
    size = len(matrix) + 2 * QUIET_MODULES
    module = side / size
    found = [[0] * size for _ in range(size)]
    drawn = marks_of(lambda canvas: draw_qr(canvas, data, 0, 0, side))
    boxes = re.findall(r"n ([0-9.]+) ([0-9.]+) ([0-9.]+) ([0-9.]+) re f", drawn)
    for x, y, width, _ in [tuple(map(float, box)) for box in boxes][1:]:  # the first is the white ground
        row = size - 1 - round(y / module)
        for column in range(round(x / module), round((x + width) / module)):
            found[row][column] = 1
    edge = QUIET_MODULES
    assert [row[edge:-edge] for row in found[edge:-edge]] == [[int(bit) for bit in row] for row in matrix]
