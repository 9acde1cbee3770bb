"""The pages on which a report is written, sent and receipted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from sync.errors import ReportRefused
from sync.identifiers import spaced_receipt_code
from sync.records import check_report
from village_node.services import NotTaken, PublicServices, StorageFull, Taken
from village_node.web.forms import FilledForm, Typed, errors_by_field, report_data
from village_node.web.guards import log_failure
from village_node.web.questions import NOT_SAID, SECTIONS, YES_NO_CHOICES

TOKEN_FIELD = "form_token"  # noqa: S105
_TOKEN = re.compile(r"[!-~]{16,200}")


@dataclass(frozen=True)
class Notice:
    """What the form says on top when a report was not taken for a reason outside its answers."""

    heading: str
    sentences: tuple[str, ...]
    emergency: bool = False


_SEND_ONCE_MORE = Notice(
    "Belum terkirim. Tekan Kirim sekali lagi.",
    ("Formulir ini sudah terlalu lama atau rusak, jadi diganti yang baru.", "Isi Anda masih ada di bawah."),
)
_STORAGE_FULL = Notice(
    "Laporan TIDAK tersimpan",
    (
        "Tempat simpan di kotak ini penuh. Tidak ada yang dikirim ke petugas.",
        "Beri tahu fasilitator desa bahwa kotaknya penuh. Isi laporan tidak perlu diceritakan.",
        "Isi Anda masih ada di bawah. Coba kirim lagi nanti.",
    ),
    emergency=True,
)
_NOT_TAKEN = Notice(
    "Laporan TIDAK tersimpan",
    (
        "Ada gangguan di kotak ini. Tidak ada yang dikirim ke petugas.",
        "Isi Anda masih ada di bawah. Tunggu sebentar, lalu kirim sekali lagi.",
        "Kalau tetap gagal, beri tahu fasilitator desa. Isi laporan tidak perlu diceritakan.",
    ),
    emergency=True,
)
_NOT_SURE = Notice(
    "Kami tidak tahu apakah laporan tersimpan",
    (
        "Ada gangguan di kotak ini.",
        "Isi Anda masih ada di bawah. Tekan Kirim sekali lagi.",
        "Laporan tidak akan tersimpan dua kali.",
    ),
    emergency=True,
)


def create_report_pages(services: PublicServices) -> Blueprint:
    """Build the pages of the report form."""
    pages = Blueprint("report", __name__)

    @pages.get("/lapor")
    def empty_form() -> Response:
        return _form_page(FilledForm(services.new_form_token()), 200)

    @pages.post("/lapor")
    def send_report() -> Response:
        typed: Typed = request.form
        token = usable_token(typed)
        try:
            report = check_report(report_data(typed))
        except ReportRefused as refused:
            errors = errors_by_field(refused.problems, typed)
            return _form_page(FilledForm(token or services.new_form_token(), typed, errors), 422)
        if token is None:
            return _form_page(FilledForm(services.new_form_token(), typed), 422, _SEND_ONCE_MORE)

        form = FilledForm(token, typed)
        try:
            taken = services.take_report(report, form_token=token)
        except StorageFull:
            return _form_page(form, 507, _STORAGE_FULL)
        except NotTaken:
            return _form_page(form, 503, _NOT_TAKEN)
        except Exception as failure:  # what was typed must not be lost through a fault of ours
            log_failure(failure)
            return _form_page(form, 500, _NOT_SURE)
        return _receipt_page(taken)

    return pages


def usable_token(typed: Typed) -> str | None:
    """Return the token of a form, or None when it is missing or no token of ours could look so."""
    token = typed.get(TOKEN_FIELD, "")
    return token if _TOKEN.fullmatch(token) else None


def _form_page(form: FilledForm, status: int, notice: Notice | None = None) -> Response:
    page = render_template(
        "report_form.html",
        form=form,
        sections=SECTIONS,
        yes_no=YES_NO_CHOICES,
        not_said=NOT_SAID,
        notice=notice,
    )
    return Response(page, status)


def _receipt_page(taken: Taken) -> Response:
    # No redirect: the code must stand in no address, no history and no cookie. Sending the form again
    # (a reload) asks `take_report` with the same token and shows the same receipt.
    if taken.code is None:
        return Response(render_template("already_saved.html"))
    groups = spaced_receipt_code(taken.code).split()
    return Response(render_template("taken.html", code=taken.code, groups=groups, repeated=taken.repeated))
