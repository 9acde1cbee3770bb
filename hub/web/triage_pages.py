"""What is done with one report beside answering it: steps, undo, assigning, comments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.services import TriageServices
from hub.cases.states import StepRefused
from hub.services import READING_ROLES, UnknownReport
from hub.web.guards import open_to, who_is_signed_in
from hub.web.one_use_forms import OneUseForms


@dataclass(frozen=True)
class TypedStep:
    """A form of the triage as the browser sent it, and why it was refused; `form` is which one."""

    form: str = ""
    step: str = ""
    text: str = ""
    problem: str = ""


Shown = Response | tuple[str, int]


def make_blueprint(triage: TriageServices, show: Callable[[str, TypedStep], str]) -> Blueprint:
    """Build what the forms of a report's page post to; `show` makes that page again where one is refused."""
    pages = Blueprint("triage", __name__)
    sent_forms = OneUseForms()
    pages.register_error_handler(UnknownReport, _show_as_not_found)

    def carry_out(report_id: str, form: str, action: Callable[[], None]) -> Shown:
        typed = TypedStep(form, request.form.get("step", ""), _text())
        try:
            sent_forms.carry_out_once(f"{report_id} {form} {request.form.get('form_id', '')[:64]}", action)
        except StepRefused as refused:
            return show(report_id, TypedStep(typed.form, typed.step, typed.text, str(refused))), 422
        return redirect(url_for("reports.show_report", report_id=report_id, done=form) + "#triage", 303)

    @pages.post("/reports/<envelope_id:report_id>/langkah")
    @open_to(*READING_ROLES)
    def step(report_id: str) -> Shown:
        # What was sent is read here: the action runs in the thread that writes, outside of the request.
        who, why, seen = who_is_signed_in(), _text(), _seen()
        state, _, value = request.form.get("step", "").partition("=")
        return carry_out(
            report_id,
            "step",
            lambda: triage.step(report_id, state, value, why, seen=seen, who=who),
        )

    @pages.post("/reports/<envelope_id:report_id>/batal")
    @open_to(*READING_ROLES)
    def undo(report_id: str) -> Shown:
        who, why, seen = who_is_signed_in(), _text(), _seen()
        return carry_out(report_id, "undo", lambda: triage.undo(report_id, why, seen=seen, who=who))

    @pages.post("/reports/<envelope_id:report_id>/pegang")
    @open_to(*READING_ROLES)
    def assign(report_id: str) -> Shown:
        who = who_is_signed_in()
        to = request.form.get("to") or None
        return carry_out(report_id, "assign", lambda: triage.assign(report_id, to, who=who))

    @pages.post("/reports/<envelope_id:report_id>/komentar")
    @open_to(*READING_ROLES)
    def comment(report_id: str) -> Shown:
        who, text = who_is_signed_in(), _text()
        return carry_out(report_id, "comment", lambda: triage.comment(report_id, text, who=who))

    return pages


def _text() -> str:
    return request.form.get("why", "").replace("\r\n", "\n")


def _seen() -> int | None:
    seen = request.form.get("seen", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else -1


def _show_as_not_found(_: UnknownReport) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
