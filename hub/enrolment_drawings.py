"""The steps of a new box as small drawings on the page of its enrolment.

Each is drawn here, in lines, in a field of 100 by 70; who does not read follows them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reportlab.pdfgen.canvas import Canvas

WIDTH: Final = 100.0
HEIGHT: Final = 70.0
_Draw = Callable[[Canvas], None]


def draw_steps(canvas: Canvas, left: float, top: float, width: float) -> float:
    """Draw all steps in one row below `top`; return where they end. Lengths are points."""
    gap = width * 0.03
    each = (width - gap * (len(STEPS) - 1)) / len(STEPS)
    scale = each / WIDTH
    for place, (caption, draw) in enumerate(STEPS):
        canvas.saveState()
        canvas.translate(left + place * (each + gap), top - HEIGHT * scale)
        canvas.scale(scale, scale)
        canvas.setLineWidth(1.6)
        canvas.setLineJoin(1)
        canvas.setLineCap(1)
        canvas.roundRect(0, 0, WIDTH, HEIGHT, 6)
        canvas.setFont("Helvetica-Bold", 13)
        canvas.drawString(5, HEIGHT - 15, str(place + 1))
        draw(canvas)
        canvas.restoreState()
        canvas.setFont("Helvetica", 8)
        canvas.drawCentredString(left + place * (each + gap) + each / 2, top - HEIGHT * scale - 10, caption)
    return top - HEIGHT * scale - 14


def _phone(canvas: Canvas, x: float, y: float, wide: float = 22, high: float = 38) -> None:
    canvas.roundRect(x, y, wide, high, 3)
    canvas.rect(x + 2.5, y + 5, wide - 5, high - 9)
    canvas.circle(x + wide / 2, y + 2.6, 1)


def _code(canvas: Canvas, x: float, y: float, side: float) -> None:
    canvas.rect(x, y, side, side)
    square = side / 4
    for across, up in ((0, 0), (0, 3), (3, 3), (2, 1), (1, 2), (3, 0), (2, 2)):
        inset = 0.14 * square
        canvas.rect(
            x + across * square + inset,
            y + up * square + inset,
            square - 2 * inset,
            square - 2 * inset,
            stroke=0,
            fill=1,
        )


def _box(canvas: Canvas, x: float, y: float) -> None:
    canvas.roundRect(x, y, 34, 20, 3)
    canvas.line(x + 27, y + 20, x + 27, y + 34)
    canvas.circle(x + 27, y + 35.5, 1.5, fill=1)
    canvas.circle(x + 6, y + 6, 1.4, fill=1)
    canvas.circle(x + 12, y + 6, 1.4, fill=1)


def _arrow(canvas: Canvas, x: float, y: float, to_x: float, to_y: float) -> None:
    canvas.line(x, y, to_x, to_y)
    back = 5 if to_x > x else -5
    if to_x == x:
        up = 5 if to_y > y else -5
        canvas.line(to_x, to_y, to_x - 3.5, to_y - up)
        canvas.line(to_x, to_y, to_x + 3.5, to_y - up)
        return
    canvas.line(to_x, to_y, to_x - back, to_y + 3.5)
    canvas.line(to_x, to_y, to_x - back, to_y - 3.5)


def _photograph(canvas: Canvas) -> None:
    _code(canvas, 50, 8, 24)
    canvas.roundRect(40, 44, 44, 18, 3)
    canvas.circle(62, 53, 4)
    canvas.setDash(2, 2)
    canvas.line(59, 48, 51, 33)
    canvas.line(65, 48, 73, 33)
    canvas.setDash()


def _copy(canvas: Canvas) -> None:
    _phone(canvas, 12, 10)
    _code(canvas, 16, 20, 14)
    _arrow(canvas, 38, 26, 54, 26)
    _box(canvas, 58, 14)


def _radio(canvas: Canvas) -> None:
    _box(canvas, 16, 14)
    for reach in (8, 15, 22):
        canvas.arc(43 - reach, 50 - reach, 43 + reach, 50 + reach, -40, 80)
    canvas.roundRect(74, 12, 16, 30, 2)
    canvas.line(82, 42, 82, 58)


def _compare(canvas: Canvas) -> None:
    _box(canvas, 8, 12)
    canvas.setFont("Helvetica-Bold", 8)
    canvas.drawString(26, 52, "1234 5678 ...")
    _phone(canvas, 70, 10)
    canvas.drawCentredString(81, 28, "=")
    _arrow(canvas, 46, 22, 64, 22)


def _destroy(canvas: Canvas) -> None:
    _code(canvas, 14, 16, 28)
    canvas.line(8, 10, 48, 50)
    canvas.line(8, 50, 48, 10)
    flame = canvas.beginPath()
    flame.moveTo(72, 12)
    flame.curveTo(54, 20, 66, 34, 70, 54)
    flame.curveTo(78, 44, 92, 30, 72, 12)
    canvas.drawPath(flame, stroke=1, fill=0)
    inner = canvas.beginPath()
    inner.moveTo(72, 14)
    inner.curveTo(66, 20, 70, 26, 72, 32)
    inner.curveTo(76, 26, 80, 20, 72, 14)
    canvas.drawPath(inner, stroke=0, fill=1)


STEPS: Final[tuple[tuple[str, _Draw], ...]] = (
    ("Foto kode", _photograph),
    ("Salin ke kotak", _copy),
    ("Atur radio", _radio),
    ("Cocokkan 20 angka", _compare),
    ("Bakar kertas", _destroy),
)
