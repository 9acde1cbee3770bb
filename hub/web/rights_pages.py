"""Rights of Law 27/2022 and breaches: the work list with due times, and the notice of a breach."""

from __future__ import annotations

import datetime
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.languages import N_, speaking
from hub.retention import clocks
from hub.retention.breach_notice import notice_text
from hub.retention.rights_services import DETAIL_MAX_CHARACTERS, Breach, RightsServices, UnknownClock
from hub.retention.services import REASON_MAX_CHARACTERS, RetentionRefused
from hub.services import Role
from hub.web.guards import open_to, who_is_signed_in
from hub.web.local_time import LocalTime
from hub.web.retention_pages import ROLES
from sync.clock import Clock

ROWS_PER_PAGE: Final = 200
CLOSED_SHOWN: Final = 50
KIND_WORDS: Final = {
    "access": N_("Melihat data sendiri"),
    "correction": N_("Memperbaiki data"),
    "withdrawal": N_("Menarik laporan atau persetujuan"),
    "breach": N_("Kebocoran data"),
}
WAY_WORDS: Final = {
    "letter": N_("surat"),
    "phone": N_("telepon"),
    "visit": N_("datang ke kantor"),
    "mail": N_("surel"),
    "agency": N_("lewat lembaga lain"),
    "village": N_("dari kotak desa"),
    "found": N_("ditemukan petugas"),
}
STATE_WORDS: Final = {
    "overdue": N_("Lewat waktu"),
    "soon": N_("Kurang dari 24 jam"),
    "running": N_("Berjalan"),
}
CLOSED_WORDS: Final = {"forgotten": N_("laporannya dihapus"), "corrected": N_("orangnya dikoreksi")}
_DONE_TEXTS: Final = {
    "opened": N_("Waktu mulai dihitung."),
    "told": N_("Keterangan kebocoran disimpan."),
    "closed": N_("Selesai, dengan alasannya."),
}
_TYPED: Final = ("kind", "ref", "way", "received", "affected", "how", "handling")


def make_blueprint(rights: RightsServices, local: LocalTime, clock: Clock, hub_name: str) -> Blueprint:
    """Build the pages `/hak...`."""
    pages = Blueprint("rights", __name__)

    def page(problem: str | None = None) -> str:
        who = who_is_signed_in()
        now = clock.wall_s()
        rows, count = rights.running(limit=ROWS_PER_PAGE, who=who)
        return render_template(
            "rights.html",
            rows=[(row, clocks.state_of(row.due_at, now)) for row in rows],
            count=count,
            closed=rights.closed(limit=CLOSED_SHOWN, who=who),
            kinds=KIND_WORDS,
            ways=WAY_WORDS,
            states=STATE_WORDS,
            closed_words=CLOSED_WORDS,
            detail_max=DETAIL_MAX_CHARACTERS,
            reason_max=REASON_MAX_CHARACTERS,
            problem=problem,
            typed={name: request.form.get(name, "").strip() for name in _TYPED},
            done=_DONE_TEXTS.get(request.args.get("done", "")),
        )

    @pages.errorhandler(UnknownClock)
    def show_unknown(_: UnknownClock) -> ResponseReturnValue:
        return current_app.handle_user_exception(NotFound())

    @pages.errorhandler(RetentionRefused)
    def show_refused(refused: RetentionRefused) -> tuple[str, int]:
        return page(str(refused)), 422

    @pages.get("/hak")
    @open_to(*ROLES)
    def show() -> str:
        return page()

    @pages.post("/hak")
    @open_to(*ROLES)
    def begin() -> Response:
        form = request.form
        rights.open(
            form.get("kind", ""),
            form.get("ref", ""),
            form.get("way", ""),
            _moment(form.get("received", ""), local),
            _breach(),
            who=who_is_signed_in(),
        )
        return redirect(url_for("rights.show", done="opened"), 303)

    @pages.post("/hak/<int:clock>/selesai")
    @open_to(*ROLES)
    def close(clock: int) -> Response:
        rights.close(clock, request.form.get("reason", ""), who=who_is_signed_in())
        return redirect(url_for("rights.show", done="closed"), 303)

    _add_breaches(pages, rights, local, hub_name)
    return pages


def _add_breaches(pages: Blueprint, rights: RightsServices, local: LocalTime, hub_name: str) -> None:
    def breach_page(number: int, problem: str | None = None) -> str:
        row = rights.one(number, who=who_is_signed_in())
        if row.breach is None:
            raise UnknownClock
        with speaking("id"):  # it leaves the office
            text = notice_text(
                row.breach,
                hub=hub_name,
                known_at=local.moment(row.received_at),
                due_at=local.moment(row.due_at),
            )
        return render_template(
            "breach.html",
            row=row,
            breach=_breach() if problem else row.breach,
            text=text,
            detail_max=DETAIL_MAX_CHARACTERS,
            problem=problem,
        )

    @pages.get("/hak/<int:clock>/pemberitahuan")
    @open_to(*ROLES)
    def show_breach(clock: int) -> str:
        return breach_page(clock)

    @pages.post("/hak/<int:clock>/pemberitahuan")
    @open_to(*ROLES)
    def tell(clock: int) -> Response | tuple[str, int]:
        try:
            rights.tell_breach(clock, _breach(), who=who_is_signed_in())
        except RetentionRefused as refused:
            return breach_page(clock, str(refused)), 422
        return redirect(url_for("rights.show_breach", clock=clock), 303)


def due_soon(rights: RightsServices, clock: Clock) -> tuple[int, float] | None:
    """Return what the inbox says on top of its list; None for a role that does not work on it."""
    who = who_is_signed_in()
    mine: tuple[Role, ...] = ROLES
    return rights.soon(clock.wall_s(), who=who) if who.role in mine else None


def _breach() -> Breach:
    form = request.form
    return Breach(form.get("affected", ""), form.get("how", ""), form.get("handling", ""))


def _moment(typed: str, local: LocalTime) -> float | None:
    """Return what a field of date and time says, at the hub; None for an empty one."""
    if not typed.strip():
        return None
    try:
        return datetime.datetime.fromisoformat(typed.strip()).replace(tzinfo=local.zone).timestamp()
    except (ValueError, OverflowError):
        raise RetentionRefused(N_("Tulis tanggal dan jam seperti 2027-01-31T14:05.")) from None
