"""Imports: a file is uploaded, its columns are given meanings, looked at row by row, imported, undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.states import REASON_MAX_CHARACTERS, StepRefused
from hub.imports.columns import TARGETS
from hub.imports.imports import SOURCE_MAX_CHARACTERS
from hub.imports.reading import COLUMNS_AT_MOST, FILE_MAX_BYTES, ROWS_AT_MOST, FileRefused
from hub.imports.services import ImportServices, UnknownImport
from hub.languages import N_
from hub.services import Role, SignedIn
from hub.web.guards import open_to, refuse_unless_a_person_looks, takes_file, who_is_signed_in
from sync.clock import Clock

IMPORTERS: Final[tuple[Role, ...]] = ("supervisor", "administrator")
STATE_WORDS: Final = {"draft": N_("Belum diimpor"), "done": N_("Diimpor"), "undone": N_("Dibatalkan")}


def make_blueprint(imports: ImportServices, clock: Clock) -> Blueprint:
    """Build the pages below `/impor`."""
    pages = Blueprint("imports", __name__)
    pages.register_error_handler(UnknownImport, _show_as_not_found)

    def list_page(problem: str | None = None) -> str:
        return render_template(
            "imports.html",
            rows=imports.rows(who=who_is_signed_in()),
            problem=problem,
            typed=request.form.get("source", ""),
            source_max=SOURCE_MAX_CHARACTERS,
            rows_most=ROWS_AT_MOST,
            file_max_kb=FILE_MAX_BYTES // 1024,
            state_words=STATE_WORDS,
            now=clock.wall_s(),
        )

    def one_page(batch: int, problem: str | None = None) -> str:
        return render_template(
            "import.html",
            view=imports.view(batch, who=who_is_signed_in()),
            targets=TARGETS,
            problem=problem,
            state_words=STATE_WORDS,
            reason_max=REASON_MAX_CHARACTERS,
        )

    @pages.get("/impor")
    @open_to(*IMPORTERS)
    def show_list() -> str:
        return list_page()

    @pages.post("/impor")
    @open_to(*IMPORTERS)
    @takes_file(FILE_MAX_BYTES)
    def upload() -> Response | tuple[str, int]:
        file = request.files.get("file")
        content = b"" if file is None else file.read(FILE_MAX_BYTES + 1)
        try:
            batch = imports.upload(request.form.get("source", ""), content, who=who_is_signed_in())
        except (FileRefused, StepRefused) as refused:
            return list_page(str(refused)), 422
        return redirect(url_for("imports.show_one", batch=batch), 303)

    @pages.get("/impor/<int(max=999999999):batch>")
    @open_to(*IMPORTERS)
    def show_one(batch: int) -> str:
        refuse_unless_a_person_looks()
        return one_page(batch)

    @pages.post("/impor/<int(max=999999999):batch>/<any(kolom,impor,buang,batal):doing>")
    @open_to(*IMPORTERS)
    def change(batch: int, doing: str) -> Response | tuple[str, int]:
        try:
            _actions(imports, batch, who_is_signed_in())[doing]()
        except StepRefused as refused:
            return one_page(batch, str(refused)), 422
        if doing == "buang":
            return redirect(url_for("imports.show_list"), 303)
        return redirect(url_for("imports.show_one", batch=batch), 303)

    return pages


def _actions(imports: ImportServices, batch: int, who: SignedIn) -> dict[str, Callable[[], object]]:
    columns = []
    for place in range(COLUMNS_AT_MOST):
        if (name := f"column-{place}") not in request.form:
            break
        columns.append(request.form[name])
    reason = request.form.get("text", "")
    return {
        "kolom": lambda: imports.set_columns(batch, columns, who=who),
        "impor": lambda: imports.carry_out(batch, who=who),
        "buang": lambda: imports.drop(batch, who=who),
        "batal": lambda: imports.undo(batch, reason, who=who),
    }


def _show_as_not_found(_: UnknownImport) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
