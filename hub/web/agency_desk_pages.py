"""The pages of an agency's account: the referrals to its agency, one of them, its files, the answer."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.cases.states import StepRefused
from hub.languages import N_
from hub.referrals.legal_bases import KINDS
from hub.referrals.paper_process import PaperFailed
from hub.referrals.services import ANSWER_MAX_CHARACTERS, AgencyDeskServices, UnknownReferral
from hub.services import Role
from hub.web import referral_words
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.referral_pages import day_in_words, file_response, show_as_not_found

AGENCIES: tuple[Role, ...] = ("agency",)


def make_blueprint(desk: AgencyDeskServices) -> Blueprint:
    """Build the pages below `/rujukan-saya`; another agency's referral is as unknown as none."""
    pages = Blueprint("agency_desk", __name__)
    pages.register_error_handler(UnknownReferral, show_as_not_found)

    def one_page(name: str, problem: str | None = None) -> str:
        return render_template(
            "own_referral.html",
            view=desk.agency_view(name, who=who_is_signed_in()),
            problem=problem,
            typed=request.form.get("text", "").replace("\r\n", "\n"),
            said=referral_words,
            kinds=KINDS,
            in_words=day_in_words,
            answer_max=ANSWER_MAX_CHARACTERS,
        )

    @pages.get("/rujukan-saya")
    @open_to(*AGENCIES)
    def show_list() -> str:
        refuse_unless_a_person_looks()
        who = who_is_signed_in()
        agency = desk.agency(who=who)
        rows = [] if agency is None else desk.agency_rows(who=who)
        return render_template(
            "own_referrals.html", agency=agency, rows=rows, said=referral_words, in_words=day_in_words
        )

    @pages.get("/rujukan-saya/<referral_name:referral>")
    @open_to(*AGENCIES)
    def show_one(referral: str) -> str:
        refuse_unless_a_person_looks()
        return one_page(referral)

    @pages.get("/rujukan-saya/<referral_name:referral>/berkas/<fileform>")
    @open_to(*AGENCIES)
    def download(referral: str, fileform: str) -> Response | tuple[str, int]:
        refuse_unless_a_person_looks()
        try:
            return file_response(desk.agency_file(referral, fileform, who=who_is_signed_in()))
        except PaperFailed:
            return one_page(referral, N_("PDF tidak dapat dibuat sekarang. Coba lagi.")), 503

    @pages.post("/rujukan-saya/<referral_name:referral>/jawab")
    @open_to(*AGENCIES)
    def answer(referral: str) -> Response | tuple[str, int]:
        text, what = request.form.get("text", ""), request.form.get("what", "")
        try:
            desk.answer(referral, what, text, who=who_is_signed_in())
        except StepRefused as refused:
            return one_page(referral, str(refused)), 422
        return redirect(url_for("agency_desk.show_one", referral=referral), 303)

    return pages
