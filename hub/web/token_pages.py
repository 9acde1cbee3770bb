"""Tokens of programs, for administrators; what programs can ask, as a page."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.exports.api_document import COLLECTIONS, PREFIX, open_api
from hub.exports.api_services import (
    FILE_SCOPE,
    MOST_DAYS,
    PURPOSE_MAX_CHARACTERS,
    REQUESTS_A_MINUTE,
    SCOPES,
    TokenServices,
    UnknownToken,
)
from hub.exports.services import ROWS_A_DAY, ExportRefused
from hub.languages import N_
from hub.web.account_words import areas_in_words
from hub.web.guards import open_to, who_is_signed_in
from sync.clock import Clock

SCOPE_WORDS: Final = {
    "reports": N_("laporan, tanpa data orang"),
    "cases": N_("kasus, tanpa data orang"),
    "counts": N_("jumlah laporan"),
    "referrals": N_("keadaan rujukan"),
    FILE_SCOPE: N_("mengirim laporan dari ponsel, tanpa membaca"),
}


def make_blueprint(tokens: TokenServices, clock: Clock) -> Blueprint:
    """Build the pages below `/token`."""
    pages = Blueprint("tokens", __name__)

    def page(problem: str | None = None, made: str | None = None) -> str:
        return render_template(
            "tokens.html",
            rows=tokens.rows(),
            problem=problem,
            made=made,
            typed=request.form if problem else {},
            scopes=SCOPES,
            scope_words=SCOPE_WORDS,
            areas_in_words=areas_in_words,
            purpose_max=PURPOSE_MAX_CHARACTERS,
            most_days=MOST_DAYS,
            a_minute=REQUESTS_A_MINUTE,
            rows_a_day=ROWS_A_DAY,
            now=clock.wall_s(),
        )

    @pages.get("/token")
    @open_to("administrator")
    def show() -> str:
        return page()

    @pages.post("/token")
    @open_to("administrator")
    def make() -> str | tuple[str, int]:
        form = request.form
        days = form.get("days", "")
        try:
            made = tokens.make(
                form.get("purpose", ""),
                tuple(form.getlist("scope")),
                tuple(form.get("areas", "").replace(",", " ").split()),
                int(days) if re.fullmatch("[0-9]{1,4}", days, re.ASCII) else 0,
                who=who_is_signed_in(),
            )
        except ExportRefused as refused:
            return page(str(refused)), 422
        return page(made=made)

    @pages.post("/token/<int(max=999999999):token>/cabut")
    @open_to("administrator")
    def revoke(token: int) -> Response:
        try:
            tokens.revoke(token, who=who_is_signed_in())
        except UnknownToken:
            raise NotFound from None
        return redirect(url_for("tokens.show"), 303)

    @pages.get("/token/panduan")
    @open_to("administrator")
    def document() -> str:
        return render_template(
            "api_document.html", document=open_api(), collections=COLLECTIONS, prefix=PREFIX
        )

    return pages
