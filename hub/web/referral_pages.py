"""Referrals: making one with its preview, the work list, one of them and what is done with it."""

from __future__ import annotations

import datetime
import re
import secrets
from dataclasses import dataclass, field, replace
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from hub.cases.case_services import UnknownCase
from hub.cases.states import REASON_MAX_CHARACTERS, StepRefused
from hub.languages import N_
from hub.referrals.dossier import (
    BY_WHOM,
    CONSENT,
    HOW,
    LAW,
    PURPOSE_MAX_CHARACTERS,
    Basis,
    Choices,
    PartnerView,
)
from hub.referrals.fields import DEFAULTS
from hub.referrals.files import DossierFile
from hub.referrals.legal_bases import KINDS, LEGAL_BASES
from hub.referrals.paper_process import PaperFailed
from hub.referrals.services import (
    LISTS,
    Draft,
    PartnerServices,
    Preview,
    ReferralServices,
    UnknownReferral,
)
from hub.services import READING_ROLES, UnknownReport
from hub.web import referral_words
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.local_time import date_in_words
from hub.web.one_use_forms import OneUseForms
from sync.clock import Clock

REFERRALS_PER_PAGE: Final = 50
DAYS_TO_ANSWER: Final = 14
"""What the form proposes; the officer sets the day."""


class ReferralNameConverter(BaseConverter):
    """Number and version of a referral in an address."""

    regex = r"[0-9]{4}-[0-9]{4,6}\.[0-9]{1,3}"
    part_isolating = True


@dataclass(frozen=True)
class _Typed:
    """The form as the browser sent it, or as it is shown first."""

    form_id: str
    choices: Choices
    replaces: str | None
    more: str = ""
    ticked: frozenset[str] = field(default_factory=frozenset)


def file_response(made: DossierFile) -> Response:
    """Return a dossier as a file to keep; its name holds the number of the referral alone."""
    response = Response(made.content, content_type=made.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{made.name}"'
    return response


def show_as_not_found(_: Exception) -> ResponseReturnValue:
    """Answer as for any page that is not there."""
    return current_app.handle_user_exception(NotFound())


def make_blueprint(referrals: ReferralServices, partners: PartnerServices, clock: Clock) -> Blueprint:
    """Build the pages below `/rujukan` and the forms that make referrals."""
    pages = Blueprint("referrals", __name__)
    for unknown in (UnknownReferral, UnknownReport, UnknownCase):
        pages.register_error_handler(unknown, show_as_not_found)
    _add_writing(pages, _Writing(referrals, partners, clock))
    _add_looking(pages, referrals, clock)
    _add_one(pages, referrals)
    return pages


class _Writing:
    """The form that makes a referral."""

    def __init__(self, referrals: ReferralServices, partners: PartnerServices, clock: Clock) -> None:
        self._referrals = referrals
        self._partners = partners
        self._clock = clock
        self._used = OneUseForms()

    def show(self, about: str) -> str:
        """Show the form as it is first: the least that the chosen agency needs."""
        who = who_is_signed_in()
        replaces = request.args.get("ganti") or None
        if replaces is not None:
            of, choices = self._referrals.choices_of(replaces, who=who)
            if of != about:
                raise UnknownReferral
            draft = self._referrals.draft(about, who=who)
            ticked = {one.word for one in draft.proposals} & set(choices.hidden)
            more = "\n".join(word for word in choices.hidden if word not in ticked)
            typed = _Typed(secrets.token_hex(16), choices, replaces, more, frozenset(ticked))
            return self.page(about, draft, typed, self._partner(choices.partner))
        draft = self._referrals.draft(about, who=who)
        number = request.args.get("untuk", "")
        partner = self._partner(int(number)) if re.fullmatch("[0-9]{1,9}", number, re.ASCII) else None
        if partner is None:
            chosen = [one for one in self._partners.all() if one.active]
            return render_template(
                "referral_partner.html",
                about=about,
                partners=chosen,
                kinds=KINDS,
                said=referral_words,
                draft=draft,
            )
        return self.page(about, draft, self._first(draft, partner), partner)

    def _partner(self, number: int) -> PartnerView | None:
        return next((one for one in self._partners.all() if one.id == number and one.active), None)

    def _first(self, draft: Draft, partner: PartnerView) -> _Typed:
        today = datetime.datetime.fromtimestamp(self._clock.wall_s(), datetime.UTC).date()
        agreed = bool(draft.refer) and all(said is True for said in draft.refer)
        basis = Basis(CONSENT, "report", "reporter", draft.arrived_on) if agreed else Basis("")
        fields = tuple(key for key in DEFAULTS[partner.kind] if key in draft.present)
        due = today + datetime.timedelta(DAYS_TO_ANSWER)
        choices = Choices(partner.id, fields, (), basis, "", "", due)
        ticked = frozenset(one.word for one in draft.proposals if one.tick)
        return _Typed(secrets.token_hex(16), choices, None, "", ticked)

    def page(
        self,
        about: str,
        draft: Draft,
        typed: _Typed,
        partner: PartnerView | None,
        *,
        problem: str | None = None,
        preview: Preview | None = None,
    ) -> str:
        """Show the form with what was typed, and the preview if there is one."""
        return render_template(
            "referral_form.html",
            about=about,
            draft=draft,
            typed=typed,
            partner=partner,
            problem=problem,
            preview=preview,
            groups=referral_words.field_groups(draft.present),
            how=HOW,
            by_whom=BY_WHOM,
            laws=LEGAL_BASES,
            kinds=KINDS,
            said=referral_words,
            purpose_max=PURPOSE_MAX_CHARACTERS,
            in_words=day_in_words,
        )

    def take(self, about: str) -> Response | tuple[str, int]:
        """Show the preview, or send what was previewed."""
        who = who_is_signed_in()
        typed = _typed()
        sending = request.form.get("action") == "kirim"
        seen = request.form.get("seen", "")
        made: list[str] = []
        problem, preview = None, None
        try:
            if sending:
                self._used.carry_out_once(
                    f"referral {typed.form_id}",
                    lambda: made.append(
                        self._referrals.make(about, typed.choices, typed.replaces, seen, who=who)
                    ),
                )
                # A form that was sent before made its referral then: the list has it.
                if made:
                    return redirect(url_for("referrals.show_one", referral=made[0]), 303)
                return redirect(url_for("referrals.show_list"), 303)
            preview = self._referrals.preview(about, typed.choices, typed.replaces, who=who)
        except StepRefused as refused:
            problem = str(refused)
        if sending:
            preview = self._perhaps_again(about, typed)
        draft = self._referrals.draft(about, who=who)
        partner = self._partner(typed.choices.partner)
        page = self.page(about, draft, typed, partner, problem=problem, preview=preview)
        return page, 200 if problem is None else 422

    def _perhaps_again(self, about: str, typed: _Typed) -> Preview | None:
        try:
            return self._referrals.preview(about, typed.choices, typed.replaces, who=who_is_signed_in())
        except StepRefused:
            return None


def _add_writing(pages: Blueprint, writing: _Writing) -> None:
    @pages.get("/reports/<envelope_id:report_id>/rujuk")
    @open_to(*READING_ROLES)
    def write_of_report(report_id: str) -> str:
        refuse_unless_a_person_looks()
        return writing.show(f"report {report_id}")

    @pages.post("/reports/<envelope_id:report_id>/rujuk")
    @open_to(*READING_ROLES)
    def make_of_report(report_id: str) -> Response | tuple[str, int]:
        return writing.take(f"report {report_id}")

    @pages.get("/kasus/<case_number:case>/rujuk")
    @open_to(*READING_ROLES)
    def write_of_case(case: str) -> str:
        refuse_unless_a_person_looks()
        return writing.show(f"case {case}")

    @pages.post("/kasus/<case_number:case>/rujuk")
    @open_to(*READING_ROLES)
    def make_of_case(case: str) -> Response | tuple[str, int]:
        return writing.take(f"case {case}")


def _add_looking(pages: Blueprint, referrals: ReferralServices, clock: Clock) -> None:
    """Add the work list."""

    @pages.get("/rujukan")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        which = request.args.get("daftar", "")
        after = request.args.get("after", "")
        who = who_is_signed_in()
        late = referrals.late(who=who)
        if which not in LISTS:
            which = "late" if late else "open"
        rows, following = referrals.rows(
            which,
            after=after if re.fullmatch(r"[0-9]{1,9}\.[0-9]{1,12}", after, re.ASCII) else None,
            limit=REFERRALS_PER_PAGE,
            who=who,
        )
        return render_template(
            "referrals.html",
            rows=rows,
            following=following,
            which=which,
            late=late,
            said=referral_words,
            in_words=date_in_words,
            now=clock.wall_s(),
        )


def _add_one(pages: Blueprint, referrals: ReferralServices) -> None:
    """Add one referral, its files and what is done with it."""

    def one_page(name: str, problem: str | None = None) -> str:
        view = referrals.view(name, who=who_is_signed_in())
        kind, _, about = view.row.about.partition(" ")
        place = {"report_id": about} if kind == "report" else {"case": about}
        return render_template(
            "referral.html",
            view=view,
            again=url_for(f"referrals.write_of_{kind}", **place, ganti=name),  # type: ignore[arg-type]
            problem=problem,
            said=referral_words,
            in_words=day_in_words,
            reason_max=REASON_MAX_CHARACTERS,
            kinds=KINDS,
        )

    @pages.get("/rujukan/<referral_name:referral>")
    @open_to(*READING_ROLES)
    def show_one(referral: str) -> str:
        refuse_unless_a_person_looks()
        return one_page(referral)

    @pages.get("/rujukan/<referral_name:referral>/berkas/<fileform>")
    @open_to(*READING_ROLES)
    def download(referral: str, fileform: str) -> Response | tuple[str, int]:
        refuse_unless_a_person_looks()
        try:
            return file_response(referrals.file(referral, fileform, who=who_is_signed_in()))
        except PaperFailed:
            return one_page(referral, N_("PDF tidak dapat dibuat sekarang. Coba lagi.")), 503

    @pages.post("/rujukan/<referral_name:referral>/<any(setujui,tolak,tarik):step>")
    @open_to(*READING_ROLES)
    def change(referral: str, step: str) -> Response | tuple[str, int]:
        who = who_is_signed_in()
        text = request.form.get("text", "").replace("\r\n", "\n")
        try:
            if step == "setujui":
                referrals.approve(referral, who=who)
            elif step == "tolak":
                referrals.decline(referral, text, who=who)
            else:
                referrals.withdraw(referral, text, who=who)
        except StepRefused as refused:
            return one_page(referral, str(refused)), 422
        return redirect(url_for("referrals.show_one", referral=referral), 303)


def _typed() -> _Typed:
    form = request.form
    number = form.get("partner", "")
    ticked = tuple(form.getlist("hide"))
    more = form.get("more", "").replace("\r\n", "\n")
    basis = Basis(
        kind=form.get("basis", ""),
        how=form.get("how", ""),
        by_whom=form.get("by_whom", ""),
        on=_date(form.get("on", "")),
        law=form.get("law", ""),
        note=form.get("note", ""),
    )
    if basis.kind == LAW:
        basis = replace(basis, on=None)
    choices = Choices(
        partner=int(number) if re.fullmatch("[0-9]{1,9}", number, re.ASCII) else -1,
        fields=tuple(form.getlist("field")),
        hidden=(*ticked, *more.splitlines()),
        basis=basis,
        purpose=form.get("purpose", ""),
        reason=form.get("reason", ""),
        due=_date(form.get("due", "")),
    )
    form_id = form.get("form_id", "")[:64] or secrets.token_hex(16)
    return _Typed(form_id, choices, form.get("replaces") or None, more, frozenset(ticked))


def _date(typed: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        return None


def day_in_words(day: datetime.date | str) -> str:
    """Return a day, also one as ISO 8601, in words."""
    return date_in_words(datetime.date.fromisoformat(day) if isinstance(day, str) else day)
