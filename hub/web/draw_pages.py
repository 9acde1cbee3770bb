"""The random share: why a report was drawn, and taking it out with a reason."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.states import StepRefused
from hub.risk.services import DrawServices
from hub.services import READING_ROLES, UnknownReport
from hub.web.guards import open_to, who_is_signed_in
from hub.web.learning_pages import percent
from hub.web.one_use_forms import OneUseForms
from hub.web.triage_pages import TypedStep

Shown = Response | tuple[str, int]


def register(app: Flask, draws: DrawServices | None, show: Callable[[str, TypedStep], str]) -> None:
    """Give the templates the draw, and the app its form; `show` makes the report's page again where the form
    is refused."""
    app.jinja_env.globals.update(
        random_draw=None
        if draws is None
        else lambda report_id: draws.view(report_id, who=who_is_signed_in()),
        in_percent=percent,
    )
    if draws is not None:
        app.register_blueprint(_make_blueprint(draws, show))


def _make_blueprint(draws: DrawServices, show: Callable[[str, TypedStep], str]) -> Blueprint:
    pages = Blueprint("draws", __name__)
    sent_forms = OneUseForms()
    pages.register_error_handler(UnknownReport, _show_as_not_found)

    @pages.post("/reports/<envelope_id:report_id>/undian")
    @open_to(*READING_ROLES)
    def excuse(report_id: str) -> Shown:
        # What was sent is read here: the action runs in the thread that writes, outside of the request.
        who, why = who_is_signed_in(), request.form.get("why", "").replace("\r\n", "\n")
        excused, seen = request.form.get("excused") == "1", _seen()
        form_id = request.form.get("form_id", "")[:64]
        try:
            sent_forms.carry_out_once(
                f"{report_id} draw {form_id}",
                lambda: draws.excuse(report_id, excused, why, seen=seen, who=who),
            )
        except StepRefused as refused:
            return show(report_id, TypedStep("draw", "", why, str(refused))), 422
        done = "draw-excused" if excused else "draw-restored"
        return redirect(url_for("reports.show_report", report_id=report_id, done=done) + "#draw", 303)

    return pages


def _seen() -> int:
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1


def _show_as_not_found(_: UnknownReport) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
