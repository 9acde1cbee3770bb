"""Draws an enrolment as a page to carry to a village: QR code, lines to type, steps, how to destroy it."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import Final

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from hub.printed_code import QUIET_MODULES, draw_qr
from hub.web.local_time import date_in_words
from sync.sealing.enrolment import Enrolment
from sync.sealing.enrolment_code import to_lines, to_qr

_MARGIN: Final = 20 * mm
_QR_SIDE: Final = 82 * mm
_STEPS: Final = (
    "Di desa, pada kotak yang baru:",
    "1. Foto kode QR ini dari atas, tajam dan terang.",
    "2. Salin foto ke kotak, lalu jalankan",
    "    kentongan node init FOLDER --enrolment FOTO",
    "    (atau ketik baris-baris di bawah ke satu berkas).",
    "3. Kotak menunjukkan sidik 20 angka. Telepon pusat,",
    "    bacakan, dan cocokkan angka demi angka.",
    "4. Hapus foto dari telepon dan dari kotak.",
    "5. Musnahkan kertas ini: bakar, atau sobek menembus",
    "    kode QR dan baris-barisnya, lalu buang terpisah.",
    "",
    "Kertas ini adalah kunci. Kotak pertama yang memakainya",
    "diterima, kotak kedua ditolak. Hilang di jalan?",
    "Telepon pusat sebelum dipakai orang lain.",
)


def qr_png(enrolment: Enrolment) -> bytes:
    """Return the QR code alone as a PNG."""
    made = BytesIO()
    segno.make(to_qr(enrolment), error="m", micro=False).save(made, kind="png", scale=6, border=QUIET_MODULES)
    return made.getvalue()


def draw_enrolment(enrolment: Enrolment, *, ends_on: datetime.date) -> bytes:
    """Return the PDF of one page."""
    made = BytesIO()
    canvas = Canvas(made, pagesize=A4, invariant=1, lang="id")
    canvas.setTitle("Pendaftaran kotak desa")
    y = A4[1] - _MARGIN
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(_MARGIN, y, "RAHASIA. Pendaftaran kotak desa Kentongan")
    canvas.setFont("Helvetica", 11)
    for line in (
        f"Desa {enrolment.village_name or enrolment.village} ({enrolment.village}), "
        f"kotak nomor {enrolment.node_number}. Pusat: {enrolment.hub_name}.",
        f"Berlaku sampai {date_in_words(ends_on)}, untuk satu kotak, satu kali.",
    ):
        y -= 7 * mm
        canvas.drawString(_MARGIN, y, _printable(line))
    y -= 6 * mm + _QR_SIDE
    draw_qr(canvas, to_qr(enrolment), _MARGIN, y, _QR_SIDE)
    canvas.setFont("Helvetica", 9.5)
    for row, line in enumerate(_STEPS):
        canvas.drawString(_MARGIN + _QR_SIDE + 4 * mm, y + _QR_SIDE - 8 * mm - row * 5 * mm, line)
    canvas.setFont("Courier", 10.5)
    for line in to_lines(enrolment):
        y -= 6.4 * mm
        canvas.drawString(_MARGIN, y, line)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def _printable(text: str) -> str:
    return text.encode("cp1252", "replace").decode("cp1252")
