"""A picture of `hub.pictures` inside a PDF: the same shapes, as vectors and as text that can be found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from hub.pictures.drawing import LINE, PAPER

FONT, BOLD = "Vera", "VeraBd"
_WIDTHS: Final[Mapping[str, float]] = {"edge": 0.7, "mark": 1.0, "hollow": 2.0}


class Drawn(Flowable):
    """A picture, so many points wide. Pixels count from the top, points from the bottom."""

    def __init__(self, picture: Mapping[str, Any], width: float) -> None:
        super().__init__()
        self._picture = picture
        self._scale = width / picture["width"]
        self.width, self.height = width, picture["height"] * self._scale
        self.hAlign = "LEFT"

    def wrap(self, *available: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw all shapes in their order."""
        canvas: Canvas = self.canv
        canvas.saveState()
        canvas.translate(0, self.height)
        canvas.scale(self._scale, self._scale)
        canvas.setFillColor(PAPER)
        canvas.rect(0, -self._picture["height"], self._picture["width"], self._picture["height"], 0, 1)
        for shape in self._picture["shapes"]:
            _DRAWN[shape["shape"]](canvas, shape)
        canvas.restoreState()


def _words(canvas: Canvas, told: Mapping[str, Any]) -> None:
    font = BOLD if told["bold"] else FONT
    # This typeface is a tenth wider than those of browsers, for which the pictures leave room.
    size = told["size"] * 0.9
    canvas.setFont(font, size)
    width = canvas.stringWidth(told["text"], font, size)
    x = told["x"] - {"start": 0.0, "middle": width / 2, "end": width}[told["anchor"]]
    if told["halo"]:
        canvas.setFillColor(PAPER)
        canvas.setFillAlpha(0.75)
        canvas.rect(x - 2, -told["y"] - 2, width + 4, size + 2, 0, 1)
        canvas.setFillAlpha(1)
    canvas.setFillColor(told["fill"])
    canvas.drawString(x, -told["y"], told["text"])


def _box(canvas: Canvas, told: Mapping[str, Any]) -> None:
    canvas.setFillColor(told["fill"])
    canvas.rect(told["x"], -told["y"] - told["height"], told["width"], told["height"], 0, 1)


def _mark(canvas: Canvas, told: Mapping[str, Any]) -> None:
    x, y, r = told["x"], -told["y"], told["size"]
    canvas.setFillColor(PAPER if told["hollow"] else told["fill"])
    canvas.setStrokeColor(told["fill"] if told["hollow"] else PAPER)
    canvas.setLineWidth(_WIDTHS["hollow" if told["hollow"] else "mark"])
    if told["form"] == "circle":
        canvas.circle(x, y, r, 1, 1)
        return
    corners = {
        "square": ((x - r, y + r), (x + r, y + r), (x + r, y - r), (x - r, y - r)),
        "triangle": ((x, y + r), (x + r, y - r), (x - r, y - r)),
        "diamond": ((x, y + r), (x + r, y), (x, y - r), (x - r, y)),
    }
    _path(canvas, [corners[told["form"]]], stroke=1)


def _stroke(canvas: Canvas, told: Mapping[str, Any]) -> None:
    canvas.setStrokeColor(told["colour"])
    canvas.setLineWidth(1)
    canvas.line(told["x1"], -told["y1"], told["x2"], -told["y2"])


def _land(canvas: Canvas, told: Mapping[str, Any]) -> None:
    canvas.setFillColor(told["fill"])
    canvas.setFillAlpha(told["opacity"])
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(_WIDTHS["edge"])
    rings = [[(x, -y) for x, y in ring] for ring in told["rings"]]
    _path(canvas, rings, stroke=int(told["edge"]))
    canvas.setFillAlpha(1)


def _path(canvas: Canvas, rings: Any, *, stroke: int) -> None:
    path = canvas.beginPath()
    for ring in rings:
        path.moveTo(*ring[0])
        for point in ring[1:]:
            path.lineTo(*point)
        path.close()
    canvas.drawPath(path, stroke, 1)


_DRAWN: Final[Mapping[str, Any]] = {
    "Words": _words,
    "Box": _box,
    "Mark": _mark,
    "Stroke": _stroke,
    "Land": _land,
}
