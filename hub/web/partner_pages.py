"""Partner agencies, for administrators: list, add, change, which accounts belong to one."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.cases.states import StepRefused
from hub.referrals.dossier import PartnerView
from hub.referrals.legal_bases import KINDS
from hub.referrals.partners import CONTACT_MAX_CHARACTERS, NAME_MAX_CHARACTERS
from hub.referrals.services import PartnerServices, UnknownReferral
from hub.web.account_words import areas_in_words
from hub.web.administration_pages import ADMINISTRATORS
from hub.web.guards import open_to, who_is_signed_in
from hub.web.referral_pages import show_as_not_found


def make_blueprint(partners: PartnerServices) -> Blueprint:
    """Build the pages below `/lembaga`."""
    pages = Blueprint("partners", __name__)
    pages.register_error_handler(UnknownReferral, show_as_not_found)

    def list_page(problem: str | None = None) -> str:
        return render_template(
            "partners.html",
            rows=partners.all(),
            kinds=KINDS,
            problem=problem,
            typed=_typed(None),
            areas_in_words=areas_in_words,
            name_max=NAME_MAX_CHARACTERS,
            contact_max=CONTACT_MAX_CHARACTERS,
        )

    def one_page(number: int, problem: str | None = None) -> str:
        row = partners.one(number)
        return render_template(
            "partner.html",
            row=row,
            typed=_typed(row),
            kinds=KINDS,
            free=partners.free_accounts(),
            problem=problem,
            name_max=NAME_MAX_CHARACTERS,
            contact_max=CONTACT_MAX_CHARACTERS,
        )

    @pages.get("/lembaga")
    @open_to(*ADMINISTRATORS)
    def show_list() -> str:
        return list_page()

    @pages.post("/lembaga")
    @open_to(*ADMINISTRATORS)
    def add() -> Response | tuple[str, int]:
        try:
            number = _save(partners, None)
        except StepRefused as refused:
            return list_page(str(refused)), 422
        return redirect(url_for("partners.show_one", partner=number), 303)

    _add_one(pages, partners, one_page)
    return pages


def _add_one(pages: Blueprint, partners: PartnerServices, one_page: Callable[..., str]) -> None:
    @pages.get("/lembaga/<int(max=999999999):partner>")
    @open_to(*ADMINISTRATORS)
    def show_one(partner: int) -> str:
        return one_page(partner)

    @pages.post("/lembaga/<int(max=999999999):partner>")
    @open_to(*ADMINISTRATORS)
    def change(partner: int) -> Response | tuple[str, int]:
        try:
            _save(partners, partner)
        except StepRefused as refused:
            return one_page(partner, str(refused)), 422
        return redirect(url_for("partners.show_one", partner=partner), 303)

    @pages.post("/lembaga/<int(max=999999999):partner>/akun")
    @open_to(*ADMINISTRATORS)
    def set_account(partner: int) -> Response | tuple[str, int]:
        user, member = request.form.get("user", ""), request.form.get("member") == "yes"
        try:
            partners.set_account(partner, user, member, who=who_is_signed_in())
        except StepRefused as refused:
            return one_page(partner, str(refused)), 422
        return redirect(url_for("partners.show_one", partner=partner), 303)


def _save(partners: PartnerServices, number: int | None) -> int:
    typed = _typed(None)
    # A new agency is in use; the form of one that is there has a box for it.
    active = number is None or typed.active
    return partners.save(
        number, typed.name, typed.kind, typed.contact, typed.area, active, who=who_is_signed_in()
    )


def _typed(row: PartnerView | None) -> PartnerView:
    """Return what was typed, else an agency as it is."""
    if row is not None and "name" not in request.form:
        return row
    form = request.form
    name, kind, contact, area = (form.get(one, "") for one in ("name", "kind", "contact", "area"))
    return PartnerView(0, name, kind, contact, area, form.get("active") == "yes")
