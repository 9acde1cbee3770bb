"""Draws shares of hub.key as a PDF: a page each, with its words, a QR code of them, and how to restore."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from io import BytesIO
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from hub.printed_code import draw_qr
from hub.web.local_time import date_in_words

_MARGIN: Final = 20 * mm
_COLUMNS: Final = 4
_LINE: Final = 5.6 * mm
_QR_SIDE: Final = 72 * mm


def draw_shares(shares: Sequence[str], *, need: int, fingerprint: str, printed_on: datetime.date) -> bytes:
    """Return the PDF, a page for each share."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1, lang="id")
    canvas.setTitle("Bagian kunci")
    for number, share in enumerate(shares, 1):
        _draw_share(canvas, share, f"Bagian {number} dari {len(shares)}", need, fingerprint, printed_on)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _draw_share(
    canvas: Canvas, share: str, name: str, need: int, fingerprint: str, printed_on: datetime.date
) -> None:
    y = A4[1] - _MARGIN
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(_MARGIN, y, f"RAHASIA. Kunci pusat Kentongan: {name}")
    canvas.setFont("Helvetica", 10.5)
    for line in (
        f"Dicetak {date_in_words(printed_on)}. Perlu {need} bagian dari tanggal yang sama.",
        f"Sidik kunci: {fingerprint}",
    ):
        y -= 7 * mm
        canvas.drawString(_MARGIN, y, line)
    words = share.split()
    rows = -(-len(words) // _COLUMNS)
    top, width = y - 10 * mm, (A4[0] - 2 * _MARGIN) / _COLUMNS
    for place, word in enumerate(words):
        x, row = _MARGIN + place // rows * width, place % rows
        canvas.setFont("Courier", 10)
        canvas.drawString(x, top - row * _LINE, f"{place + 1:2}. {word}")
    y = top - rows * _LINE - _QR_SIDE
    draw_qr(canvas, share.upper(), _MARGIN, y, _QR_SIDE)
    canvas.setFont("Helvetica", 9.5)
    for row, line in enumerate(_HOW):
        canvas.drawString(_MARGIN + _QR_SIDE + 4 * mm, y + _QR_SIDE - 6 * mm - row * 5 * mm, line)


_HOW: Final = (
    "Simpan di amplop tertutup, tiap bagian pada orang lain.",
    "Jangan difoto dan jangan dikirim.",
    "",
    "Memulihkan kunci:",
    "1. Kumpulkan cukup bagian dari tanggal yang sama.",
    "2. Jalankan  kentongan hub key restore DIR",
    "    dan ketik kata-kata tiap bagian, kolom demi kolom,",
    "    atau beri berkas hasil pindai: --share BERKAS",
    "3. Cocokkan sidik kunci dengan yang tercetak di sini.",
    "",
    "Kode QR berisi kata-kata yang sama.",
)
