"""Exports: reports and cases as files, counts as GeoJSON, numbers for the public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from hub.audit.entries import REASON_MAX_CHARACTERS
from hub.cases.states import STAGES
from hub.exports.columns import CASE_STATES
from hub.exports.services import (
    ROWS_A_DAY,
    WORKBOOK_ROWS,
    ExportChoice,
    ExportFile,
    ExportRefused,
    ExportServices,
    PublicNumbersServices,
)
from hub.languages import N_
from hub.services import READING_ROLES
from hub.web import state_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.inbox_pages import inbox_choice
from hub.web.odata import root_address
from hub.web.picture_pages import USUAL_WEEKS, WEEK_CHOICES
from sync.records import KINDS

DRAWN: Final = {
    "regencies": N_("kabupaten dan kota, sebagai titik"),
    "provinces": N_("provinsi, dengan garis batas"),
}


def make_blueprint(exports: ExportServices, numbers: PublicNumbersServices) -> Blueprint:
    """Build `/ekspor` and what its forms post to."""
    pages = Blueprint("exports", __name__)

    def page(problem: str | None = None) -> str:
        asked = request.form if request.method == "POST" else request.args
        return render_template(
            "exports.html",
            of=inbox_choice(asked)[0],
            asked=asked,
            problem=problem,
            stages=STAGES,
            kinds=KINDS,
            said=state_words,
            case_states={state: CASE_STATES[state] for state in ("open", "closed")},
            drawn=DRAWN,
            week_choices=WEEK_CHOICES,
            usual_weeks=USUAL_WEEKS,
            quarters=numbers.quarters(),
            reason_max=REASON_MAX_CHARACTERS,
            rows_a_day=ROWS_A_DAY,
            workbook_rows=WORKBOOK_ROWS,
            odata_address=root_address(),
        )

    @pages.get("/ekspor")
    @open_to(*READING_ROLES)
    def show() -> str:
        return page()

    @pages.post("/ekspor/tabel")
    @open_to(*READING_ROLES)
    def table() -> Response | tuple[str, int]:
        form = request.form
        of, area_problem = inbox_choice(form)
        choice = ExportChoice(
            table=form.get("table", ""),
            form=form.get("form", ""),
            of=of,
            state="closed" if form.get("state") == "closed" else "open",
            personal=form.get("personal") == "1",
            reason=form.get("text", ""),
        )
        try:
            if area_problem:  # or the file would hold more than was asked for
                raise ExportRefused(N_("Kode wilayah seperti 52, 52.02, 52.02.08, atau 52.02.08.2001."))
            return sent(exports.table(choice, who=who_is_signed_in()))
        except ExportRefused as refused:
            return page(str(refused)), 422

    _add_numbers(pages, exports, numbers, page)
    return pages


def _add_numbers(
    pages: Blueprint,
    exports: ExportServices,
    numbers: PublicNumbersServices,
    page: Callable[[str], str],
) -> None:
    @pages.post("/ekspor/jumlah")
    @open_to(*READING_ROLES)
    def counts() -> Response | tuple[str, int]:
        weeks, drawn = request.form.get("weeks", ""), request.form.get("drawn", "")
        try:
            if weeks not in map(str, WEEK_CHOICES) or drawn not in DRAWN:
                raise ExportRefused(N_("Pilih waktu dan wilayah dari daftar."))
            return sent(exports.counts(int(weeks), drawn, who=who_is_signed_in()))
        except ExportRefused as refused:
            return page(str(refused)), 422

    @pages.post("/ekspor/umum")
    @open_to("supervisor")
    def public() -> Response | tuple[str, int]:
        form = request.form
        asked = form.get("quarter", ""), form.get("form", ""), form.get("text", "")
        try:
            return sent(numbers.public_file(*asked, who=who_is_signed_in()))
        except ExportRefused as refused:
            return page(str(refused)), 422


def sent(file: ExportFile) -> Response:
    """Return a file to keep."""
    response = Response(file.pieces, content_type=file.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response
