"""What machines read of a report: the forms, and what the report's page asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.machine_reading.services import MachineServices, Piece, ReadingRefused, ReportReadings
from hub.services import READING_ROLES, ReportView, UnknownReport
from hub.web import machine_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.learning_pages import percent
from hub.web.one_use_forms import OneUseForms
from hub.web.report_pages import PAGE
from hub.web.report_words import LANGUAGE_WORDS
from hub.web.triage_pages import TypedStep

Shown = Response | tuple[str, int]


def register(app: Flask, machine: MachineServices) -> None:
    """Give the templates what machines read, and the app the forms."""

    def readings(view: ReportView) -> ReportReadings:
        told = view.report
        return machine.of_report(view.id, told.narrative or "", told.language, who=who_is_signed_in())

    app.jinja_env.globals.update(
        machine_readings=readings,
        machine_words=machine_words,
        language_words=LANGUAGE_WORDS,
        joined_pieces=joined_pieces,
        in_percent=percent,
    )
    app.register_blueprint(_make_blueprint(machine))


def joined_pieces(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces with those beside each other put together that are both known."""
    found: list[Piece] = []
    for known, some in groupby(pieces, key=lambda piece: piece.known):
        texts = [piece.text for piece in some]
        found += [Piece("".join(texts))] if known else [Piece(text, known=False) for text in texts]
    return found


def _make_blueprint(machine: MachineServices) -> Blueprint:
    pages = Blueprint("machine", __name__)
    sent_forms = OneUseForms()
    pages.register_error_handler(UnknownReport, _show_as_not_found)

    def carry_out(report_id: str, form: str, typed: str, action: Callable[[], None], done: str) -> Shown:
        try:
            sent_forms.carry_out_once(f"{report_id} {form} {request.form.get('form_id', '')[:64]}", action)
        except ReadingRefused as refused:
            page: Any = current_app.extensions[PAGE]
            return page.show_refused(report_id, TypedStep(form, "", typed, str(refused))), 422
        return redirect(url_for("reports.show_report", report_id=report_id, done=done) + "#machine", 303)

    @pages.post("/reports/<envelope_id:report_id>/mesin")
    @open_to(*READING_ROLES)
    def ask(report_id: str) -> Shown:
        # What was sent is read here: the action runs in the thread that writes, outside of the request.
        who, kind, of = who_is_signed_in(), request.form.get("kind", ""), request.form.get("of", "")
        form = f"machine {kind} {of}"[:40]
        shown = carry_out(report_id, form, "", lambda: machine.ask(report_id, kind, of, who=who), "machine")
        machine.start()
        return shown

    @pages.post("/reports/<envelope_id:report_id>/mesin/<int:number>")
    @open_to(*READING_ROLES)
    def correct(report_id: str, number: int) -> Shown:
        who, text = who_is_signed_in(), request.form.get("text", "")
        form = f"correction {number}"
        done = "machine-corrected"
        return carry_out(
            report_id, form, text, lambda: machine.correct(report_id, number, text, who=who), done
        )

    return pages


def _show_as_not_found(_: UnknownReport) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
