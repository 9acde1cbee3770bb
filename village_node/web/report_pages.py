"""The pages on which a report is written, one question at a time, sent and receipted.

Every answer travels in the body of a POST: the pages before in hidden fields, nothing in an address, a
cookie or a store. The same pages in practice (`PRACTICE`) seal and send nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from sync.errors import ReportRefused
from sync.records import check_report
from village_node.services import BoxShutOut, NotTaken, PublicServices, StorageFull, Taken
from village_node.web import steps
from village_node.web.area_choice import AreaChoice, choose
from village_node.web.forms import FilledForm, answers_of, errors_by_field, report_data
from village_node.web.guards import log_failure
from village_node.web.languages import current
from village_node.web.notices import (
    BOX_SHUT_OUT,
    FILES_REFUSED,
    NOT_SURE,
    NOT_TAKEN,
    NOTHING_SAVED_NOW,
    SEND_ONCE_MORE,
    STORAGE_FULL,
    Notice,
)
from village_node.web.questions import QUESTIONS
from village_node.web.steps import STEPS, Step, Typed
from village_node.web.uploads import FILE_FIELDS, LABELS, UploadDesk, Uploads

TOKEN_FIELD = "form_token"  # noqa: S105
_TOKEN = re.compile(r"[!-~]{16,200}")
_TOKEN_GOES_HERE = "the-token-of-the-form-goes-here"  # noqa: S105
PRACTICE_CODE = "1234567890123456"


@dataclass(frozen=True)
class Place:
    """Where this form stands: the real one, or the one for practice."""

    path: str
    practice: bool
    village_code: str = ""
    name: str = "report"
    channel: str = "web"
    """How the report came, as in the contract."""
    receipt: str = "taken.html"
    """The page of the receipt, and of a form that was used before a restart."""
    saved: str = "already_saved.html"
    can_save: Callable[[], bool] = lambda: True
    is_shut_out: Callable[[], bool] = lambda: False
    """Whether a report could be saved now: who begins is told before typing."""
    opens_alike: bool = True
    """Whether the first page is the same for everybody but for the form's token."""


REAL = Place("/isi", practice=False)
PRACTICE = Place("/latihan", practice=True, name="practice")


def create_report_pages(services: PublicServices, uploads: UploadDesk, place: Place = REAL) -> Blueprint:
    """Build the pages of the report form."""
    pages = Blueprint(place.name, __name__)
    first_pages: dict[str, str] = {}
    """By language, with `_TOKEN_GOES_HERE`. Drawing it took a fifth of a report's time in a crowd."""

    @pages.get(place.path)
    def begin() -> Response:
        if not place.opens_alike or not place.can_save():
            return _step_page(place, FilledForm(services.new_form_token()), steps.FIRST.steps[0])
        drawn = first_pages.get(current().tag)
        if drawn is None:
            page = _step_page(place, FilledForm(_TOKEN_GOES_HERE), steps.FIRST.steps[0])
            drawn = first_pages[current().tag] = page.get_data(as_text=True)
        return Response(drawn.replace(_TOKEN_GOES_HERE, services.new_form_token()))

    @pages.post(place.path)
    def answer() -> Response:
        token = usable_token(request.form)
        form = FilledForm(token or services.new_form_token(), answers_of(request.form))
        step = STEPS.get(request.form.get("step", ""))
        go = request.form.get("go", "")
        # A form without any page's name holds the whole report, as a script or a test sends it.
        if go == "send" or (step is None and not go):
            return _send(services, uploads, place, form, is_known=token is not None)
        if go == "files":
            return _files_page(place, form, uploads.held(form.token))
        return _move(place, form, step, go)

    return pages


def usable_token(sent: Typed) -> str | None:
    """Return the token of a form, or None when it is missing or no token of ours could look so."""
    token = sent.get(TOKEN_FIELD, "")
    return token if _TOKEN.fullmatch(token) else None


def _move(place: Place, form: FilledForm, step: Step | None, go: str) -> Response:
    """Show the page that was asked for. Only going on is refused while an answer cannot be understood."""
    asked, _, name = go.partition(":")
    if asked == "step" and name in STEPS:
        return _step_page(place, form, STEPS[name])
    if asked == "area":
        return _step_page(place, form, STEPS["place"], areas=_areas(place, form, name))
    if asked == "list":
        return _list_page(place, form)
    if step is None:
        return _step_page(place, form, steps.FIRST.steps[0])
    if asked == "back":
        earlier = steps.before(step, form.typed)
        if earlier is None and not steps.is_first(step):
            return _list_page(place, form)
        return _step_page(place, form, earlier or step)
    problems = _problems_on(step, form.typed)
    if problems:
        return _step_page(place, FilledForm(form.token, form.typed, problems), step, 422)
    later = steps.after(step, form.typed)
    return _list_page(place, form) if later is None else _step_page(place, form, later)


def _areas(place: Place, form: FilledForm, go_to: str) -> AreaChoice:
    """Return what is offered below an area, or what was found where `go_to` is "find"."""
    words = request.form.get("area_words", "")[:80] if go_to == "find" else None
    return choose(form.text("place"), here=go_to, words=words, near=place.village_code)


def _problems_on(step: Step, typed: Typed) -> dict[str, str]:
    try:
        check_report(report_data(typed))
    except ReportRefused as refused:
        errors = errors_by_field(refused.problems, typed)
        return {field: text for field, text in errors.items() if field in step.fields}
    return {}


def _send(
    services: PublicServices, desk: UploadDesk, place: Place, form: FilledForm, *, is_known: bool
) -> Response:
    try:
        report = check_report(report_data(form.typed, place.channel))
    except ReportRefused as refused:
        errors = errors_by_field(refused.problems, form.typed)
        return _mend_page(place, FilledForm(form.token, form.typed, errors))
    if place.practice:
        # Nothing is sealed, kept or sent: the use case is not even called.
        return receipt_page(place, Taken(PRACTICE_CODE, None, (0, 1, 2, 3), "4321"), urgent=report.is_urgent)
    if not is_known:
        return _list_page(place, form, 422, SEND_ONCE_MORE)
    files = desk.take(request, form.token)
    if files.problems:
        return _files_page(place, form, list(files.good), 422, FILES_REFUSED, files)
    desk.keep(form.token, files)
    try:
        taken = services.take_report(report, form_token=form.token, attachments=files.attachments)
    except BoxShutOut:
        return _list_page(place, form, 503, BOX_SHUT_OUT, list(files.good))
    except StorageFull:
        return _list_page(place, form, 507, STORAGE_FULL, list(files.good))
    except NotTaken:
        return _list_page(place, form, 503, NOT_TAKEN, list(files.good))
    except Exception as failure:  # what was typed must not be lost through a fault of ours
        log_failure(failure)
        return _list_page(place, form, 500, NOT_SURE, list(files.good))
    desk.forget(form.token)
    return receipt_page(place, taken, urgent=report.is_urgent)


def _files_page(
    place: Place,
    form: FilledForm,
    held: list[str],
    status: int = 200,
    notice: Notice | None = None,
    files: Uploads | None = None,
) -> Response:
    """Show the last page: what no hidden field can hold is chosen here and sent at once."""
    page = render_template(
        "files.html",
        place=place,
        form=form,
        kept=form.kept(None),
        notice=notice,
        file_fields=FILE_FIELDS,
        labels=LABELS,
        held=held,
        problems={} if files is None else files.problems,
    )
    return Response(page, status)


def _step_page(
    place: Place, form: FilledForm, step: Step, status: int = 200, areas: AreaChoice | None = None
) -> Response:
    if step.picks_area and areas is None:
        areas = AreaChoice(choose(form.text("place")).chosen, None, (), None) if form.text("place") else None
    page = render_template(
        "step.html",
        place=place,
        form=form,
        step=step,
        areas=areas,
        notice=_standing_notice(place),
        progress=steps.progress(step, form.typed),
        kept=form.kept(step),
        is_first=steps.is_first(step),
        list_is_reached=not steps.is_in_first_chain(step),
    )
    return Response(page, status)


def _standing_notice(place: Place) -> Notice | None:
    """Return what must be known before anybody types."""
    if place.practice or place.can_save():
        return None
    return BOX_SHUT_OUT if place.is_shut_out() else NOTHING_SAVED_NOW


def _list_page(
    place: Place,
    form: FilledForm,
    status: int = 200,
    notice: Notice | None = None,
    held: Sequence[str] = (),
) -> Response:
    page = render_template(
        "report_list.html",
        held=held,
        place=place,
        form=form,
        kept=form.kept(None),
        told=form.told(),
        notice=notice,
        first_steps=[step for step in steps.FIRST.steps if step.fields],
        parts=[(chain, chain.is_answered(form.typed)) for chain in steps.MORE],
        urgent=form.text("urgency") == "now",
    )
    return Response(page, status)


def _mend_page(place: Place, form: FilledForm) -> Response:
    asked = [question for name, question in QUESTIONS.items() if name in form.errors]
    page = render_template(
        "report_mend.html", place=place, form=form, questions=asked, kept=form.kept(None, form.errors)
    )
    return Response(page, 422)


def receipt_page(place: Place, taken: Taken, *, urgent: bool) -> Response:
    """Show the receipt of a report that is committed."""
    # No redirect: the code must stand in no address, no history and no cookie. Sending the form again
    # (a reload) asks `take_report` with the same token and shows the same receipt.
    if taken.code is None:
        return Response(render_template(place.saved))
    return Response(
        render_template(
            place.receipt,
            place=place,
            taken=taken,
            code=taken.code,
            repeated=taken.repeated,
            urgent=urgent,
        )
    )
