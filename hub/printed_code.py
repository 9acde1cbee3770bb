"""Draws a QR code on a page that is printed."""

from __future__ import annotations

from typing import Final

import segno
from reportlab.pdfgen.canvas import Canvas

QUIET_MODULES: Final = 4
"""Light modules around a code, as its standard asks for."""


def draw_qr(canvas: Canvas, data: str, x: float, y: float, side: float) -> None:
    """Draw the QR code of a text with its quiet zone, a square of `side` points; (x, y) is its lower left.

    Plain rectangles: sharp on any printer, and no picture in the file.
    """
    rows = [list(row) for row in segno.make(data, error="m", micro=False).matrix]
    module = side / (len(rows) + 2 * QUIET_MODULES)
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                left = x + (QUIET_MODULES + across) * module
                below = y + side - (QUIET_MODULES + down + 1) * module
                canvas.rect(left, below, module * 1.01, module * 1.01, stroke=0, fill=1)
