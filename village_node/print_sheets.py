"""Draws a poster or a comics-style card as a PDF. Run as a program of its own: JSON in, PDF out.

    python -m village_node.print_sheets < sheet.json > sheet.pdf

The serving process starts it for one sheet and never imports it: ReportLab takes 22 MB. What a sheet is:
`village_node.printing`.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from typing import Any

from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.pagesizes import A4, A5, A6
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from village_node.print_shapes import draw_icon, draw_qr

PAPERS: dict[str, tuple[float, float]] = {"A4": A4, "A5": A5, "A6": A6}
GREEN, RED, INK, PALE = HexColor("#0b5d4e"), HexColor("#a3140f"), HexColor("#1c1c1c"), HexColor("#e8f1ee")
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
LEADING = 1.2
SMALLEST = 5.0
"""Points; what does not fit even so is cut, and a test holds that no text of the material is."""


class TextCut(Exception):
    """A text does not fit its place."""


def printable(text: str) -> str:
    """Return the text with what the standard fonts of PDF do not have replaced by "?"."""
    return text.encode("cp1252", "replace").decode("cp1252")


class Box:
    """A rectangle of a page, in points; y grows upwards."""

    def __init__(self, x: float, y: float, width: float, height: float) -> None:
        self.x, self.y, self.width, self.height = x, y, width, height

    def inside(self, by: float) -> Box:
        """Return the box without a margin."""
        return Box(self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by)

    def top(self, height: float) -> tuple[Box, Box]:
        """Return (the part at the top, the rest)."""
        rest = self.height - height
        return Box(self.x, self.y + rest, self.width, height), Box(self.x, self.y, self.width, rest)

    def left(self, width: float) -> tuple[Box, Box]:
        """Return (the part at the left, the rest)."""
        rest = Box(self.x + width, self.y, self.width - width, self.height)
        return Box(self.x, self.y, width, self.height), rest

    def grid(self, count: int, columns: int, gap: float) -> list[Box]:
        """Return so many equal boxes, row by row from the top."""
        rows = -(-count // columns)
        width = (self.width - gap * (columns - 1)) / columns
        height = (self.height - gap * (rows - 1)) / rows
        return [
            Box(
                self.x + (n % columns) * (width + gap),
                self.y + self.height - (n // columns + 1) * height - (n // columns) * gap,
                width,
                height,
            )
            for n in range(count)
        ]


class Sheet:
    """One page of a canvas."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas

    def fitting(
        self, box: Box, lines: list[str], size: float, font: str = PLAIN, *, breaks: bool = False
    ) -> float:
        """Return the largest size up to `size` in which lines fit a box; raise TextCut.

        `breaks`: a word may go on in the next line, as an address or a password must.
        """
        while True:
            wrapped = _wrapped(lines, font, size, box.width, breaks=breaks)
            high = len(wrapped) * size * LEADING
            if high <= box.height and all(stringWidth(part, font, size) <= box.width for part in wrapped):
                return size
            if size <= SMALLEST:
                raise TextCut
            size = max(SMALLEST, size * 0.94)

    def text(
        self,
        box: Box,
        lines: list[str],
        size: float,
        *,
        font: str = PLAIN,
        colour: Color = INK,
        centred: bool = False,
        breaks: bool = False,
    ) -> None:
        """Write lines into a box, in the largest size up to `size` in which they fit, from its middle."""
        size = self.fitting(box, lines, size, font, breaks=breaks)
        wrapped = _wrapped(lines, font, size, box.width, breaks=breaks)
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(colour)
        y = box.y + (box.height + len(wrapped) * size * LEADING) / 2 - size
        for part in wrapped:
            if centred:
                self.canvas.drawCentredString(box.x + box.width / 2, y, part)
            else:
                self.canvas.drawString(box.x, y, part)
            y -= size * LEADING

    def band(self, box: Box, colour: Color) -> None:
        """Fill a box."""
        self.canvas.setFillColor(colour)
        self.canvas.rect(box.x, box.y, box.width, box.height, stroke=0, fill=1)

    def icon(self, svg: str, box: Box, colour: Color) -> None:
        """Draw a picture as large as fits, in the middle of a box."""
        size = min(box.width, box.height)
        draw_icon(
            self.canvas,
            svg,
            box.x + (box.width - size) / 2,
            box.y + (box.height - size) / 2,
            size,
            colour,
        )

    def codes(self, box: Box, sheet: dict[str, Any], unit: float) -> None:
        """Draw the QR code of the village's site and that of its Wi-Fi, each with its words."""
        parts: list[tuple[str, list[str]]] = []
        if sheet["qr"] != "none" and sheet["address"]:
            parts.append((sheet["address"], ["Situs desa:", sheet["address"]]))
        if sheet["wifi"] != "none" and sheet["wifi_name"]:
            words = ["Wi-Fi desa:", sheet["wifi_name"]]
            if sheet["wifi_password"]:
                words.append(f"Sandi: {sheet['wifi_password']}")
            parts.append((sheet["wifi_code"], words))
        if sheet["qr"] == "right":
            parts.reverse()
        for place, (data, words) in zip(box.grid(len(parts), max(1, len(parts)), unit), parts, strict=True):
            code, rest = place.left(min(place.height, place.width * 0.5))
            draw_qr(self.canvas, data, code.x, code.y, min(code.width, code.height))
            try:
                self.text(rest.inside(unit / 2), words, 4.2 * unit)
            except TextCut:
                self.text(rest.inside(unit / 2), words, 4.2 * unit, breaks=True)


def _wrapped(lines: list[str], font: str, size: float, width: float, *, breaks: bool) -> list[str]:
    wrapped = [part for line in lines for part in simpleSplit(printable(line), font, size, width)]
    if not breaks:
        return wrapped
    pieces = []
    for part in wrapped:
        while stringWidth(part, font, size) > width and len(part) > 1:
            fits = len(part) - 1
            while fits > 1 and stringWidth(part[:fits], font, size) > width:
                fits -= 1
            pieces.append(part[:fits])
            part = part[fits:]
        pieces.append(part)
    return pieces


def has_codes(sheet: dict[str, Any]) -> bool:
    """Return whether a sheet shows any QR code."""
    site = sheet["qr"] != "none" and sheet["address"]
    return bool(site or (sheet["wifi"] != "none" and sheet["wifi_name"]))


def draw_poster(page: Sheet, sheet: dict[str, Any], box: Box) -> None:
    """Draw a poster: a title, blocks with a picture each, what to remember, the codes."""
    unit = box.width / 100
    head, rest = box.top(box.height * 0.17)
    page.band(head, GREEN)
    picture, title = head.inside(2.5 * unit).left(head.height * 0.8)
    page.icon(sheet["icon"], picture, white)
    page.text(title.inside(unit), [sheet["title"]], 9 * unit, font=BOLD, colour=white)
    rest = _codes_of(page, sheet, rest, unit, share=0.15)
    foot = Box(rest.x, rest.y, rest.width, rest.height * 0.12)
    body = Box(rest.x, rest.y + foot.height, rest.width, rest.height - foot.height)
    page.band(foot, PALE)
    page.text(foot.inside(2 * unit), [sheet["closing"]], 5 * unit, font=BOLD, colour=GREEN, centred=True)
    blocks, inner, gap = sheet["blocks"], body.inside(3 * unit), 3 * unit
    places = inner.grid(len(blocks), 2, gap)
    if len(blocks) % 2:
        places[-1] = Box(inner.x, places[-1].y, inner.width, places[-1].height)
    halves = [place.top(place.height * 0.52) for place in places]
    # All in one size: a poster whose lines differ in size looks as if some mattered less.
    size = min(
        page.fitting(words, block["lines"], 5.2 * unit, BOLD)
        for (_, words), block in zip(halves, blocks, strict=True)
    )
    for (drawing, words), block in zip(halves, blocks, strict=True):
        page.icon(block["icon"], drawing.inside(unit), RED if block["icon_name"] == "stop" else GREEN)
        page.text(words, block["lines"], size, font=BOLD, centred=True)


def draw_card(page: Sheet, sheet: dict[str, Any], box: Box) -> None:
    """Draw a card: panels with a caption, a picture and what the people say."""
    unit = box.width / 100
    head, rest = box.top(box.height * 0.11)
    page.band(head, GREEN)
    page.text(head.inside(2 * unit), [sheet["title"]], 7.5 * unit, font=BOLD, colour=white, centred=True)
    rest = _codes_of(page, sheet, rest, unit, share=0.17)
    foot = Box(rest.x, rest.y, rest.width, rest.height * 0.13)
    body = Box(rest.x, rest.y + foot.height, rest.width, rest.height - foot.height)
    page.band(foot, PALE)
    page.text(foot.inside(2 * unit), [sheet["closing"]], 5.5 * unit, font=BOLD, colour=GREEN, centred=True)
    panels = sheet["panels"]
    columns = 1 if len(panels) < 4 else 2
    for place, panel in zip(
        body.inside(2.5 * unit).grid(len(panels), columns, 2 * unit), panels, strict=True
    ):
        _draw_panel(page, panel, place, unit, wide=columns == 1)


def _draw_panel(page: Sheet, panel: dict[str, Any], box: Box, unit: float, *, wide: bool) -> None:
    page.canvas.setStrokeColor(INK)
    page.canvas.setLineWidth(0.5 * unit)
    page.canvas.rect(box.x, box.y, box.width, box.height, stroke=1, fill=0)
    caption, rest = box.top(box.height * 0.24)
    page.band(caption.inside(0.25 * unit), PALE)
    page.text(caption.inside(unit), [panel["caption"]], 4.5 * unit)
    if not panel["speech"]:
        page.icon(panel["icon"], rest.inside(1.5 * unit), GREEN)
        return
    if wide:
        drawing, saying = rest.left(rest.width * 0.32)
    else:
        saying, drawing = rest.top(rest.height * 0.45)
    page.icon(panel["icon"], drawing.inside(1.5 * unit), GREEN)
    gap = unit
    for place, words in zip(
        saying.inside(1.5 * unit).grid(len(panel["speech"]), 1, gap), panel["speech"], strict=True
    ):
        page.canvas.setStrokeColor(GREEN)
        page.canvas.setLineWidth(0.4 * unit)
        page.canvas.roundRect(place.x, place.y, place.width, place.height, 2 * unit, stroke=1, fill=0)
        page.text(place.inside(1.2 * unit), [words], 4.8 * unit, font=BOLD, centred=True)


def _codes_of(page: Sheet, sheet: dict[str, Any], box: Box, unit: float, *, share: float) -> Box:
    """Draw the codes along the top or the bottom of what is left; return the rest."""
    if not has_codes(sheet):
        return box
    height = box.height * share
    if "top" in (sheet["qr"], sheet["wifi"]):
        strip, rest = box.top(height)
    else:
        rest, strip = box.top(box.height - height)
    page.codes(strip.inside(1.5 * unit), sheet, unit)
    return rest


DRAWINGS: dict[str, Callable[[Sheet, dict[str, Any], Box], None]] = {
    "poster": draw_poster,
    "card": draw_card,
}


def draw(sheet: dict[str, Any]) -> bytes:
    """Return a PDF of one page: the sheet, or four cards with lines to cut along on "A4"."""
    size = PAPERS[sheet["paper"]]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, pageCompression=1, invariant=1)
    canvas.setTitle(printable(sheet["title"]))
    page, whole = Sheet(canvas), Box(0, 0, *size)
    four = sheet["kind"] == "card" and sheet["paper"] == "A4"
    for place in whole.grid(4, 2, 0) if four else [whole]:
        DRAWINGS[sheet["kind"]](page, sheet, place.inside(place.width * 0.04))
    if four:
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.5)
        canvas.setDash(4, 4)
        canvas.line(size[0] / 2, 0, size[0] / 2, size[1])
        canvas.line(0, size[1] / 2, size[0], size[1] / 2)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def main() -> int:
    """Read a sheet, write its PDF."""
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
