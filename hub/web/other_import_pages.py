"""A file of another office: uploaded, its columns given meanings, looked at, imported, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.cases.states import REASON_MAX_CHARACTERS
from hub.languages import N_
from hub.other_data.cells import COLUMNS_AT_MOST, FILE_MAX_BYTES, ROWS_AT_MOST, DataRefused
from hub.other_data.mapping import MEANINGS
from hub.other_data.personal import WHY_WORDS
from hub.other_data.services import OtherImportServices, SeriesServices, UnknownSeries
from hub.other_data.units import Unit
from hub.services import SignedIn
from hub.web.guards import open_to, takes_file, who_is_signed_in
from hub.web.import_pages import STATE_WORDS
from hub.web.other_data_pages import KEEPERS, show_as_not_found, unit_words, week_words
from sync.clock import Clock

WORDS_AT_ONCE: Final = 40
"""So many words of units can be given a meaning at once: a form is at most 32 KB."""
ORDERS: Final = {"dm": N_("hari, bulan, tahun"), "md": N_("bulan, hari, tahun")}


def make_blueprint(series: SeriesServices, imports: OtherImportServices, clock: Clock) -> Blueprint:
    """Build the page for a file of a series, and the one of an import."""
    pages = Blueprint("other_imports", __name__)
    pages.register_error_handler(UnknownSeries, show_as_not_found)

    def file_page(series_id: int, problem: str | None = None) -> str:
        return render_template(
            "other_file.html",
            row=series.row(series_id, who=who_is_signed_in()),
            problem=problem,
            unit_words=unit_words,
            rows_most=ROWS_AT_MOST,
            file_max_kb=FILE_MAX_BYTES // 1024,
        )

    def one_page(import_id: int, problem: str | None = None) -> str:
        return render_template(
            "other_import.html",
            view=imports.view(import_id, who=who_is_signed_in()),
            meanings=MEANINGS,
            orders=ORDERS,
            why_words=WHY_WORDS,
            problem=problem,
            state_words=STATE_WORDS,
            unit_words=unit_words,
            week_words=week_words,
            words_at_once=WORDS_AT_ONCE,
            reason_max=REASON_MAX_CHARACTERS,
            now=clock.wall_s(),
        )

    @pages.get("/data-lain/<int:series_id>/berkas")
    @open_to(*KEEPERS)
    def show_file(series_id: int) -> str:
        return file_page(series_id)

    @pages.post("/data-lain/<int:series_id>/berkas")
    @open_to(*KEEPERS)
    @takes_file(FILE_MAX_BYTES)
    def upload(series_id: int) -> Response | tuple[str, int]:
        file = request.files.get("file")
        content = b"" if file is None else file.read(FILE_MAX_BYTES + 1)
        try:
            import_id = imports.upload(series_id, content, who=who_is_signed_in())
        except DataRefused as refused:
            return file_page(series_id, str(refused)), 422
        return redirect(url_for("other_imports.show_one", import_id=import_id), 303)

    @pages.get("/data-lain/impor/<int:import_id>")
    @open_to(*KEEPERS)
    def show_one(import_id: int) -> str:
        return one_page(import_id)

    @pages.post("/data-lain/impor/<int:import_id>/<any(arti,impor,buang,batal):doing>")
    @open_to(*KEEPERS)
    def change(import_id: int, doing: str) -> Response | tuple[str, int]:
        who = who_is_signed_in()
        before = imports.view(import_id, who=who) if doing == "buang" else None
        try:
            _actions(imports, import_id, who)[doing]()
        except DataRefused as refused:
            return one_page(import_id, str(refused)), 422
        if before is not None:
            return redirect(url_for("other_data.show_one", series_id=before.series.id), 303)
        return redirect(url_for("other_imports.show_one", import_id=import_id), 303)

    return pages


def _actions(imports: OtherImportServices, import_id: int, who: SignedIn) -> dict[str, Callable[[], object]]:
    form = request.form
    columns = []
    for place in range(COLUMNS_AT_MOST):
        if (name := f"column-{place}") not in form:
            break
        columns.append(form[name])
    units: dict[str, Unit] = {}
    for place in range(WORDS_AT_ONCE):
        word, code = form.get(f"word-{place}", ""), form.get(f"code-{place}", "").strip()
        if word and code:
            units[word] = Unit(code, word if form.get(f"post-{place}") == "1" else "")
    order, reason = form.get("order", ""), form.get("text", "")
    return {
        "arti": lambda: imports.set_mapping(import_id, columns, order, units, who=who),
        "impor": lambda: imports.carry_out(import_id, who=who),
        "buang": lambda: imports.drop(import_id, who=who),
        "batal": lambda: imports.undo(import_id, reason, who=who),
    }
