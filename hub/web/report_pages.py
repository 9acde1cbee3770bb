"""One report, its answers, and the mark that it was acted on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from hub.cases.case_services import CaseServices
from hub.cases.services import TriageServices
from hub.duty.services import DutyServices
from hub.languages import N_
from hub.services import (
    ANSWER_MAX_CHARACTERS,
    READING_ROLES,
    AnswerRefused,
    AttachmentIncomplete,
    HubServices,
    UnknownAttachment,
    UnknownReport,
)
from hub.web import state_words
from hub.web.attachment_responses import attachment_response
from hub.web.conversation import conversation
from hub.web.duty_pages import WAY_WORDS
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.local_time import LocalTime
from hub.web.machine_words import DONE_WORDS as MACHINE_DONE
from hub.web.one_use_forms import OneUseForms
from hub.web.report_words import indicator_groups, report_sections
from hub.web.score_words import DONE_WORDS
from hub.web.triage_pages import TypedStep
from sync.wire.numbers import WithdrawalReason

PAGE: Final = "kentongan_report_page"
"""Under which extension of the app the page stands for forms that are registered beside `create_hub_app`."""
_DONE_TEXTS: Final = {
    "answered": N_("Jawaban sudah disimpan dan akan dikirim ke desa."),
    "asked": N_("Pertanyaan sudah disimpan dan akan dikirim ke desa."),
    "step": N_("Langkah dicatat."),
    "undo": N_("Langkah dibatalkan; riwayatnya tetap."),
    "assign": N_("Petugas yang memegang laporan diganti."),
    "comment": N_("Komentar disimpan."),
    **MACHINE_DONE,
    **DONE_WORDS,
    "acted-on": N_(
        "Laporan ditandai sudah ditindaklanjuti. Pelapor dapat melihatnya dengan kode tanda terima."
    ),
}


WITHDRAWAL_REASONS: Final = {
    WithdrawalReason.NOT_SAID: N_("tidak disebut"),
    WithdrawalReason.MISTAKE: N_("salah atau keliru kirim"),
    WithdrawalReason.FEAR: N_("pelapor takut atau diancam"),
    WithdrawalReason.SETTLED: N_("masalahnya sudah selesai"),
    WithdrawalReason.OTHER: N_("alasan lain"),
}


class EnvelopeIdConverter(BaseConverter):
    """The id of a report in an address; anything else is no page."""

    regex = r"[0-9a-f]{16}\.[01]\.[0-9]{1,7}"
    part_isolating = True


@dataclass(frozen=True)
class _TypedAnswer:
    """The answer form as the browser sent it, or as it is shown first."""

    form_id: str
    text: str = ""
    kind: str = "answer"
    text_problem: str | None = None
    kind_problem: str | None = None


class ReportPage:
    """Makes the page of one report, for all whose forms stand on it."""

    def __init__(
        self,
        services: HubServices,
        local: LocalTime,
        triage: TriageServices | None,
        cases: CaseServices | None,
        duty: DutyServices | None = None,
    ) -> None:
        self._services = services
        self._cases = cases
        self._duty = duty
        self._local = local
        self._triage = triage

    def show(self, report_id: str, typed: _TypedAnswer, done: str | None, tried: TypedStep) -> str:
        """Show the report to whoever is signed in, which marks it read; raise UnknownReport."""
        services = self._services
        by = who_is_signed_in()
        view = services.show_report(report_id, by=by)
        taken, how_sure = self._local.taken(view.taken_at, view.taken_between)
        return render_template(
            "report.html",
            view=view,
            taken=taken,
            how_sure=how_sure,
            sections=report_sections(view.report),
            indicator_groups=indicator_groups(view.report),
            typed=typed,
            answer_max=ANSWER_MAX_CHARACTERS,
            done=_DONE_TEXTS.get(done or ""),
            attachments=services.attachments_of(report_id, by=by),
            talk=conversation(view, lambda told: services.attachments_of(told, by=by)),
            withdrawal_reasons=WITHDRAWAL_REASONS,
            triage=None if self._triage is None else self._triage.view(report_id, who=by),
            assignable=[] if self._triage is None else self._triage.assignable(view.village),
            tried=tried,
            case=None if self._cases is None else self._cases.of_report(report_id),
            said=state_words,
            rings=() if self._duty is None else self._duty.rings_of(report_id),
            way_words=WAY_WORDS,
        )

    def show_refused(self, report_id: str, tried: TypedStep) -> str:
        """Show the report again with a form of the triage that was refused."""
        return self.show(report_id, _TypedAnswer(secrets.token_hex(16)), None, tried)


def make_blueprint(services: HubServices, page: ReportPage) -> Blueprint:
    """Build the pages `/reports/...`."""
    pages = Blueprint("reports", __name__)
    answered_forms = OneUseForms()

    pages.register_error_handler(UnknownReport, _show_as_not_found)

    def one_report(report_id: str, typed: _TypedAnswer, done: str | None = None) -> str:
        return page.show(report_id, typed, done, TypedStep())

    @pages.get("/reports/<envelope_id:report_id>")
    @open_to(*READING_ROLES)
    def show_report(report_id: str) -> str:
        refuse_unless_a_person_looks()
        return one_report(report_id, _TypedAnswer(secrets.token_hex(16)), request.args.get("done"))

    @pages.get("/reports/<envelope_id:report_id>/attachments/<int:number>")
    @open_to(*READING_ROLES)
    def show_attachment(report_id: str, number: int) -> Response:
        refuse_unless_a_person_looks()
        return _attachment(services, report_id, number)

    @pages.post("/reports/<envelope_id:report_id>/answer")
    @open_to(*READING_ROLES)
    def answer(report_id: str) -> Response | tuple[str, int]:
        typed = _typed_answer()
        if typed.kind_problem is not None:
            return one_report(report_id, typed), 422
        asks = typed.kind == "question"
        by = who_is_signed_in()
        try:
            answered_forms.carry_out_once(
                f"{report_id} {typed.form_id}",
                lambda: services.answer(report_id, typed.text, asks=asks, by=by),
            )
        except AnswerRefused as refused:
            return one_report(report_id, replace(typed, text_problem=str(refused))), 422
        done = "asked" if asks else "answered"
        return redirect(url_for("reports.show_report", report_id=report_id, done=done), 303)

    @pages.post("/reports/<envelope_id:report_id>/acted-on")
    @open_to(*READING_ROLES)
    def mark_acted_on(report_id: str) -> Response:
        services.mark_acted_on(report_id, by=who_is_signed_in())
        return redirect(url_for("reports.show_report", report_id=report_id, done="acted-on"), 303)

    return pages


def _show_as_not_found(_: UnknownReport) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())


def _attachment(services: HubServices, report_id: str, number: int) -> Response:
    by = who_is_signed_in()
    types = {one.number: one.media_type for one in services.attachments_of(report_id, by=by)}
    try:
        content = services.show_attachment(report_id, number, by=by)
    except (UnknownAttachment, AttachmentIncomplete):
        raise NotFound from None
    return attachment_response(content, types[number], number)


def _typed_answer() -> _TypedAnswer:
    # Browsers send line ends as CR LF; the second byte of each would go over the radio for nothing.
    text = request.form.get("text", "").replace("\r\n", "\n")
    kind = request.form.get("kind", "")
    form_id = request.form.get("form_id", "")[:64] or secrets.token_hex(16)
    if kind in ("answer", "question"):
        return _TypedAnswer(form_id, text, kind)
    return _TypedAnswer(form_id, text, kind, kind_problem=N_("Pilih: jawaban atau pertanyaan."))
