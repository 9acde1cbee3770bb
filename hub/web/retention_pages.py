"""How long reports are kept: what falls due, what is approved, what is held. It shows no word of a report."""

from __future__ import annotations

import datetime
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.languages import N_
from hub.retention.holds import MAY_LIFT
from hub.retention.periods import CATEGORIES
from hub.retention.services import REASON_MAX_CHARACTERS, RetentionRefused, RetentionServices
from hub.web.guards import open_to, who_is_signed_in

ROLES: Final = MAY_LIFT
ROWS_PER_PAGE: Final = 200
CATEGORY_WORDS: Final = {
    "discarded": N_("disisihkan"),
    "false": N_("selesai, tidak terbukti"),
    "true": N_("selesai"),
}
_DONE_TEXTS: Final = {
    "approved": N_("Persetujuan disimpan. Laporan dihapus pada malam setelah jatuh tempo."),
    "undone": N_("Persetujuan ditarik. Laporan itu tidak dihapus."),
    "held": N_("Penahanan disimpan. Selama ditahan tidak ada yang dihapus."),
    "lifted": N_("Penahanan dilepas."),
}


def make_blueprint(retention: RetentionServices) -> Blueprint:
    """Build the page `/masa-simpan` and its forms."""
    pages = Blueprint("retention", __name__)

    def page(problem: str | None = None, typed: dict[str, str] | None = None) -> str:
        who = who_is_signed_in()
        rows, count = retention.due(limit=ROWS_PER_PAGE, who=who)
        return render_template(
            "retention.html",
            rows=rows,
            count=count,
            holds=retention.holds(who),
            periods=retention.periods,
            categories=[(CATEGORY_WORDS[one], retention.periods.days(one)) for one in CATEGORIES],
            category_words=CATEGORY_WORDS,
            problem=problem,
            typed=typed or {},
            reason_max=REASON_MAX_CHARACTERS,
            done=_DONE_TEXTS.get(request.args.get("done", "")),
        )

    @pages.errorhandler(RetentionRefused)
    def show_refused(refused: RetentionRefused) -> tuple[str, int]:
        typed = {name: request.form.get(name, "").strip() for name in ("ref", "reason", "until")}
        return page(str(refused), typed), 422

    @pages.get("/masa-simpan")
    @open_to(*ROLES)
    def show() -> str:
        return page()

    @pages.post("/masa-simpan/setujui")
    @open_to(*ROLES)
    def approve() -> Response:
        approved = request.form.get("go") != "undo"
        chosen = request.form.getlist("report")[:ROWS_PER_PAGE]
        if not chosen:
            raise RetentionRefused(N_("Pilih paling sedikit satu laporan."))
        retention.approve(chosen, approved=approved, who=who_is_signed_in())
        return _done("approved" if approved else "undone")

    @pages.post("/masa-simpan/tahan")
    @open_to(*ROLES)
    def hold() -> Response:
        ref, reason = request.form.get("ref", "").strip(), request.form.get("reason", "")
        retention.hold(ref, reason, _date(request.form.get("until", "")), who=who_is_signed_in())
        return _done("held")

    @pages.post("/masa-simpan/lepas")
    @open_to(*ROLES)
    def lift() -> Response:
        number = request.form.get("hold", "")
        if not (number.isascii() and number.isdigit() and len(number) < 16):
            raise RetentionRefused(N_("Penahanan itu sudah berakhir."))
        retention.lift(int(number), request.form.get("reason", ""), who=who_is_signed_in())
        return _done("lifted")

    return pages


def _done(done: str) -> Response:
    return redirect(url_for("retention.show", done=done), 303)


def _date(typed: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(typed.strip())
    except ValueError:
        return None
