"""Help in one tap: numbers to ring, and an urgent report of a few words for where there is no signal."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from sync.errors import ReportRefused
from sync.records import check_report
from village_node.services import NotTaken, PublicServices
from village_node.web.report_pages import REAL, receipt_page, usable_token

NO_WORDS = "Tombol darurat ditekan di kotak desa. Tidak ada keterangan lain."
"""The story of a report that has none; staff read Indonesian, so it is not translated."""


def create_panic_pages(services: PublicServices, village_code: str) -> Blueprint:
    """Build the panic page. `village_code` is where the box stands, empty when that is not known."""
    pages = Blueprint("panic", __name__)

    @pages.get("/telepon")
    def panic() -> Response:
        return _panic_page(services.new_form_token())

    @pages.post("/telepon")
    def call_for_help() -> Response:
        token, typed = usable_token(request.form), request.form.get("narrative", "")
        call: dict[str, object] = {
            "kind": "victim",
            "urgency": "now",
            "channel": "web",
            "narrative": typed if typed.strip() else NO_WORDS,
        }
        if village_code:
            call["place"] = village_code
        try:
            report = check_report(call)
        except ReportRefused:
            return _panic_page(token or services.new_form_token(), 422, typed, "too_long")
        if token is None:
            return _panic_page(services.new_form_token(), 422, typed, "once_more")
        try:
            taken = services.take_report(report, form_token=token)
        except NotTaken:
            return _panic_page(token, 503, typed, "not_taken")
        return receipt_page(REAL, taken, urgent=True)

    return pages


def _panic_page(token: str, status: int = 200, typed: str = "", problem: str = "") -> Response:
    return Response(render_template("panic.html", token=token, typed=typed, problem=problem), status)
