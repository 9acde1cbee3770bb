"""Draws a weekly report as a PDF: text that can be found and read out, outline, page numbers, no metadata of
people.

python -m hub.weekly.paper < report.json > report.pdf
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from hub.pictures.drawing import LINE, SOFT
from hub.weekly.drawn import BOLD, FONT, Drawn

_MARGIN: Final = 17 * mm
_FOOT: Final = 10 * mm
_WIDTH: Final = A4[0] - 2 * _MARGIN


class _NumberedCanvas(Canvas):
    """Writes the foot of each page when the number of pages is known."""

    def __init__(self, content: dict[str, Any], *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._content = content
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep the page until all are there."""
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        """Write all pages with their numbers."""
        told = self._content
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.setFont(FONT, 7.5)
            foot = f"{told['title']}. {told['mark']}"
            self.drawString(_MARGIN, _FOOT, f"{foot} {told['correction']}".strip())
            where = told["page"].format(page=number, pages=len(self._pages))
            self.drawRightString(A4[0] - _MARGIN, _FOOT, where)
            super().showPage()
        super().save()


class _Heading(Paragraph):
    """A heading that stands in the outline, too."""

    def __init__(self, text: str, name: str) -> None:
        super().__init__(_escaped(text), _HEAD)
        self._outline, self._name = text, name

    def draw(self) -> None:
        """Draw it and put it into the outline."""
        self.canv.bookmarkPage(self._name)
        self.canv.addOutlineEntry(self._outline, self._name, 0)
        super().draw()


def draw(content: dict[str, Any]) -> bytes:
    """Return the PDF; the same content gives the same bytes."""
    for name, file in ((FONT, "Vera.ttf"), (BOLD, "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    made = BytesIO()
    document = SimpleDocTemplate(
        made,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=14 * mm,
        bottomMargin=16 * mm,
        title=content["title"],
        author="",
        subject="",
        creator="Kentongan",
        invariant=1,
        lang=content["language"],
        displayDocTitle=1,
    )

    def canvas(*arguments: Any, **options: Any) -> Canvas:
        return _NumberedCanvas(content, *arguments, **options)

    document.build(_story(content), canvasmaker=canvas)
    return made.getvalue()


def _style(name: str, font: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.35, **more)


_TITLE: Final = _style("title", BOLD, 15, spaceAfter=1 * mm)
_MARK: Final = _style("mark", BOLD, 8.5, spaceAfter=1 * mm)
_HEAD: Final = _style("head", BOLD, 10.5, spaceBefore=3.5 * mm, spaceAfter=1 * mm, keepWithNext=1)
_TEXT: Final = _style("text", FONT, 8.5, spaceAfter=0.7 * mm, splitLongWords=1)
_LARGE: Final = _style("large", FONT, 10, spaceAfter=1 * mm)
_SMALL: Final = _style("small", FONT, 7.5, textColor=SOFT, spaceAfter=1 * mm)
_CELL: Final = _style("cell", FONT, 8)
_CELL_HEAD: Final = _style("cellhead", BOLD, 8)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _plain(text: str, style: ParagraphStyle) -> Paragraph:
    """Return a paragraph of text as it is: nothing in it is markup."""
    return Paragraph(_escaped(text) or "&nbsp;", style)


def _story(content: dict[str, Any]) -> list[Any]:
    story: list[Any] = [_plain(content["title"], _TITLE)]
    story += [_plain(line, _TEXT) for line in content["lines"]]
    story += [_plain(line, _MARK) for line in (content["mark"], content["correction"]) if line]
    story.append(_Heading(content["week_heading"], "week"))
    story += [_plain(line, _LARGE) for line in content["sentences"]]
    for number, section in enumerate(content["sections"]):
        story += _section(section, f"section{number}")
    story.append(_Heading(content["how_heading"], "how"))
    story += [_plain(note, _SMALL) for note in content["notes"]]
    return story


def _section(section: dict[str, Any], name: str) -> list[Any]:
    parts: list[Any] = [_Heading(section["title"], name)]
    parts += [_plain(line, _TEXT) for line in section["lines"]]
    if section["table"] is not None:
        parts.append(_table(section["table"]["rows"]))
    if section["picture"] is None:
        return [KeepTogether(parts)]
    picture = section["picture"]
    # The sentence below says what is drawn, for who does not see it.
    said = [_plain(line, _SMALL) for line in (picture["summary"], *picture["notes"])]
    return [KeepTogether([*parts, Spacer(0, 2 * mm), Drawn(picture, _WIDTH), *said])]


def _table(rows: list[list[str]]) -> Table:
    first = 0.46 if len(rows[0]) > 2 else 0.6
    widths = [_WIDTH * first, *[_WIDTH * (1 - first) / (len(rows[0]) - 1)] * (len(rows[0]) - 1)]
    cells = [
        [_plain(cell, _CELL_HEAD if number == 0 else _CELL) for cell in row]
        for number, row in enumerate(rows)
    ]
    look = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 1),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 1.6),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ]
    )
    return Table(cells, widths, repeatRows=1, style=look, hAlign="LEFT", spaceAfter=1 * mm)


def main() -> int:
    """Read a report, write its PDF."""
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
