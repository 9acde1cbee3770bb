"""Our icons and QR codes as lines and squares on a ReportLab canvas. Imported by `print_sheets` alone."""

from __future__ import annotations

import re

from reportlab.lib.colors import Color, black, white
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.pathobject import PDFPathObject

ICON_SIDE = 24
ARC_STEPS = 12
"""Straight pieces of an arc; at 5 cm nobody sees them."""
QUIET_MODULES = 4
_SHAPE = re.compile(r"<(path|circle|rect|line|polyline|polygon|ellipse)((?: [a-z0-9-]+=\"[^\"]*\")+)/>")
_ATTRIBUTE = re.compile(r" ([a-z0-9-]+)=\"([^\"]*)\"")


def draw_icon(canvas: Canvas, svg: str, x: float, y: float, size: float, colour: Color) -> None:
    """Draw a picture of `content.icons` (plain shapes on 24 by 24) into a square of `size` points."""
    canvas.saveState()
    canvas.translate(x, y + size)
    canvas.scale(size / ICON_SIDE, -size / ICON_SIDE)
    canvas.setStrokeColor(colour)
    canvas.setFillColor(colour)
    canvas.setLineWidth(2)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    for shape, written in _SHAPE.findall(svg):
        _draw_shape(canvas, shape, dict(_ATTRIBUTE.findall(written)))
    canvas.restoreState()


def _draw_shape(canvas: Canvas, shape: str, given: dict[str, str]) -> None:
    def number(name: str) -> float:
        return float(given.get(name, 0))

    if shape == "circle":
        canvas.circle(number("cx"), number("cy"), number("r"))
    elif shape == "ellipse":
        cx, cy, rx, ry = (number(name) for name in ("cx", "cy", "rx", "ry"))
        canvas.ellipse(cx - rx, cy - ry, cx + rx, cy + ry)
    elif shape == "rect":
        corner = (number("x"), number("y"), number("width"), number("height"))
        canvas.roundRect(*corner, number("rx") or number("ry"))
    elif shape == "line":
        canvas.line(*(number(name) for name in ("x1", "y1", "x2", "y2")))
    else:
        path = canvas.beginPath()
        if shape == "path":
            _trace(path, given["d"])
        else:
            _trace_points(path, given["points"], closed=shape == "polygon")
        canvas.drawPath(path)


def _trace_points(path: PDFPathObject, points: str, *, closed: bool) -> None:
    numbers = [float(number) for number in re.findall(r"-?[0-9.]+", points)]
    path.moveTo(*numbers[:2])
    for at in range(2, len(numbers), 2):
        path.lineTo(*numbers[at : at + 2])
    if closed:
        path.close()


def _trace(path: PDFPathObject, description: str) -> None:
    from svg.path import Arc, Close, CubicBezier, Move, QuadraticBezier, parse_path

    for part in parse_path(description):
        if isinstance(part, Move):
            path.moveTo(part.end.real, part.end.imag)
        elif isinstance(part, Close):
            path.close()
        elif isinstance(part, CubicBezier):
            ends = (part.control1, part.control2, part.end)
            path.curveTo(*(value for end in ends for value in (end.real, end.imag)))
        else:
            steps = ARC_STEPS if isinstance(part, Arc | QuadraticBezier) else 1
            for step in range(1, steps + 1):
                point = part.point(step / steps)
                path.lineTo(point.real, point.imag)


def draw_qr(canvas: Canvas, data: str, x: float, y: float, side: float) -> None:
    """Draw a QR code with its quiet margin into a square of `side` points."""
    import segno

    rows = [list(row) for row in segno.make(data, error="m", micro=False).matrix]
    module = side / (len(rows) + 2 * QUIET_MODULES)
    canvas.setFillColor(white)
    canvas.rect(x, y, side, side, stroke=0, fill=1)
    canvas.setFillColor(black)
    for down, row in enumerate(rows):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:  # one rectangle for what is dark side by side: no white hair between
                canvas.rect(
                    x + (QUIET_MODULES + start) * module,
                    y + side - (QUIET_MODULES + down + 1) * module,
                    (end - start) * module,
                    module,
                    stroke=0,
                    fill=1,
                )
            start = max(end, start + 1)
