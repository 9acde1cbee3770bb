"""Draws a dossier as a PDF: text that can be searched, page numbers, RAHASIA, no metadata of people.

python -m hub.referrals.paper < dossier.json > dossier.pdf
"""

from __future__ import annotations

import datetime
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
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from hub.referrals.dossier import canonical, hash_of, kind_in_words
from hub.web.local_time import date_in_words

_FONT, _BOLD = "Vera", "VeraBd"
_MARGIN: Final = 18 * mm
_FOOT: Final = 12 * mm


class _NumberedCanvas(Canvas):
    """Writes "Halaman 1 dari 3" when the number of pages is known."""

    def __init__(self, referral: str, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._referral = referral
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep the page until all are there."""
        self._pages.append(dict(self.__dict__))
        self._startPage()  # type: ignore[attr-defined]

    def save(self) -> None:
        """Write all pages with their numbers."""
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.setFont(_BOLD, 10)
            self.drawString(_MARGIN, A4[1] - 11 * mm, "RAHASIA")
            self.setFont(_FONT, 8)
            self.drawString(_MARGIN, _FOOT, f"RAHASIA. Hanya untuk penerima. Rujukan {self._referral}")
            self.drawRightString(A4[0] - _MARGIN, _FOOT, f"Halaman {number} dari {len(self._pages)}")
            super().showPage()
        super().save()


def draw(content: dict[str, Any]) -> bytes:
    """Return the PDF; the same dossier gives the same bytes."""
    for name, file in ((_FONT, "Vera.ttf"), (_BOLD, "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(name, file))
    name = f"{content['number']}.{content['version']}"
    made = BytesIO()
    document = SimpleDocTemplate(
        made,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=20 * mm,
        title=f"Rujukan {name}",
        author="",
        subject="",
        creator="Kentongan",
        invariant=1,
        lang="id",
    )

    def canvas(*arguments: Any, **options: Any) -> Canvas:
        return _NumberedCanvas(name, *arguments, **options)

    document.build(_story(content, name), canvasmaker=canvas)
    return made.getvalue()


def _style(name: str, font: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 1.4, **more)


_TITLE: Final = _style("title", _BOLD, 15, spaceAfter=3 * mm)
_HEAD: Final = _style("head", _BOLD, 11.5, spaceBefore=5 * mm, spaceAfter=1.5 * mm)
_GROUP: Final = _style("group", _BOLD, 9.5, spaceBefore=2.5 * mm)
_LABEL: Final = _style("label", _BOLD, 8.5, spaceBefore=1.2 * mm)
_TEXT: Final = _style("text", _FONT, 9.5, splitLongWords=1)


def _plain(text: str, style: ParagraphStyle) -> list[Any]:
    """Return lines of text as they are: nothing in them is markup."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return [Paragraph(line or "&nbsp;", style) for line in escaped.split("\n")]


def _line(label: str, text: str) -> list[Any]:
    return [*_plain(label, _LABEL), *_plain(text, _TEXT)]


def _story(content: dict[str, Any], name: str) -> list[Any]:
    day = datetime.date.fromisoformat
    story = [*_plain(f"Rujukan {name}", _TITLE)]
    partner = content["partner"]
    heading = {
        "Kepada": f"{partner['name']} ({kind_in_words(partner['kind'])})",
        "Dari": f"{content['hub']}, petugas {content['made_by']}",
        "Tanggal": date_in_words(day(content["made_on"])),
        "Jawaban paling lambat": date_in_words(day(content["due"])),
        "Tujuan": content["purpose"],
        "Persetujuan atau dasar hukum": content["basis"],
    }
    if content["replaces"]:
        heading["Menggantikan"] = f"Rujukan {content['replaces']}. Jangan pakai versi itu lagi."
    for label, text in heading.items():
        story += _line(label, text)
    notice = (
        "Isi ini adalah yang dilaporkan orang dan belum terbukti. Pakai hanya untuk tujuan di atas, jangan "
        "teruskan kepada pihak lain, dan rahasiakan identitas saksi dan korban (UU 21/2007 Pasal 44)."
    )
    if content["hides"]:
        notice += " Kata yang disamarkan ditulis [disamarkan]."
    story += [Spacer(0, 3 * mm), *_plain(notice, _TEXT)]
    if content["case"] is not None:
        story += _plain(f"Kasus {content['case']['number']}", _HEAD) + _lines(content["case"]["lines"])
    for report in content["reports"]:
        story += _plain(f"Laporan {report['name']}", _HEAD) + _lines(report["lines"])
    story += [Spacer(0, 5 * mm), *_plain(f"SHA-256 berkas ini di hub: {hash_of(canonical(content))}", _TEXT)]
    return story


def _lines(lines: list[list[str]]) -> list[Any]:
    story: list[Any] = []
    group = ""
    for _, of, label, text in lines:
        if of != group:
            group = of
            story += _plain(group, _GROUP)
        story += _line(label, text)
    return story


def main() -> int:
    """Read a dossier, write its PDF."""
    sys.stdout.buffer.write(draw(json.load(sys.stdin)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
