"""The triage score of a report: what its forms post to, and what the report's page and the list ask for."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.states import StepRefused
from hub.risk.services import ScoreServices
from hub.services import READING_ROLES, UnknownReport
from hub.web import score_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.one_use_forms import OneUseForms
from hub.web.triage_pages import TypedStep

Shown = Response | tuple[str, int]


def register(app: Flask, scores: ScoreServices | None, show: Callable[[str, TypedStep], str]) -> None:
    """Give the templates the score, and the app the forms; `show` makes the report's page again where a form
    is refused."""
    app.jinja_env.globals.update(
        triage_score=None
        if scores is None
        else lambda report_id: scores.view(report_id, who=who_is_signed_in()),
        band_words=score_words.BAND_WORDS,
        element_words=score_words.ELEMENT_WORDS,
        override_in_words=score_words.override_in_words,
    )
    if scores is not None:
        app.register_blueprint(_make_blueprint(scores, show))


def _make_blueprint(scores: ScoreServices, show: Callable[[str, TypedStep], str]) -> Blueprint:
    pages = Blueprint("scores", __name__)
    sent_forms = OneUseForms()
    pages.register_error_handler(UnknownReport, _show_as_not_found)

    def carry_out(report_id: str, form: str, action: Callable[[], None]) -> Shown:
        typed = TypedStep(form, request.form.get("band", ""), _text())
        try:
            sent_forms.carry_out_once(f"{report_id} {form} {request.form.get('form_id', '')[:64]}", action)
        except StepRefused as refused:
            return show(report_id, TypedStep(typed.form, typed.step, typed.text, str(refused))), 422
        return redirect(url_for("reports.show_report", report_id=report_id, done=form) + "#score", 303)

    @pages.post("/reports/<envelope_id:report_id>/triase")
    @open_to(*READING_ROLES)
    def override(report_id: str) -> Shown:
        # What was sent is read here: the action runs in the thread that writes, outside of the request.
        who, why, seen, band = who_is_signed_in(), _text(), _seen(), request.form.get("band", "")
        return carry_out(report_id, "band", lambda: scores.override(report_id, band, why, seen=seen, who=who))

    @pages.post("/reports/<envelope_id:report_id>/triase/batal")
    @open_to(*READING_ROLES)
    def undo(report_id: str) -> Shown:
        who, why, seen = who_is_signed_in(), _text(), _seen()
        return carry_out(report_id, "band-undo", lambda: scores.undo(report_id, why, seen=seen, who=who))

    return pages


def _text() -> str:
    return request.form.get("why", "").replace("\r\n", "\n")


def _seen() -> int:
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1


def _show_as_not_found(_: UnknownReport) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
