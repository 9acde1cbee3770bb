"""The duty roster: the plan, how people are told, the end of the wall's sound.

No address holds a name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.duty.plan import LEVELS, DutyRefused, minute_in_words, read_minute
from hub.duty.services import DutyServices
from hub.languages import N_
from hub.services import READING_ROLES, Role
from hub.web.guards import open_to, open_to_wall, who_is_signed_in
from hub.web.local_time import date_in_words
from sync.clock import Clock

EDITORS: tuple[Role, ...] = ("supervisor", "administrator")
WEEKDAYS: Final = (N_("Senin"), N_("Selasa"), N_("Rabu"), N_("Kamis"), N_("Jumat"), N_("Sabtu"), N_("Minggu"))
WAY_WORDS: Final[Mapping[str, str]] = {
    "mail": N_("surel"),
    "hook": N_("perintah (SMS)"),
    "wall": N_("layar dinding"),
}
LONGEST_LIST: Final = 1000
_DONE: Final = {
    "shift": N_("Jadwal sudah disimpan."),
    "day": N_("Hari khusus sudah disimpan."),
    "contact": N_("Cara memanggil sudah disimpan."),
}

Shown = Response | tuple[str, int]


def make_blueprint(duty: DutyServices, clock: Clock) -> Blueprint:
    """Build `/piket` with its forms, and what the wall's button posts to."""
    pages = Blueprint("duty", __name__)

    def page(problem: str = "", form: str = "") -> str:
        return render_template(
            "duty.html",
            view=duty.roster(who=who_is_signed_in()),
            weekdays=WEEKDAYS,
            levels=LEVELS,
            minute=minute_in_words,
            ways=WAY_WORDS,
            date_in_words=date_in_words,
            done=_DONE.get(request.args.get("done", "")),
            problem=problem,
            form=form,
            typed=request.form,
            typed_days=request.form.getlist("day"),
            now=clock.wall_s(),
        )

    def carry_out(form: str, action: Callable[[], None]) -> Shown:
        try:
            action()
        except DutyRefused as refused:
            return page(str(refused), form), 422
        return redirect(url_for("duty.show", done=form), 303)

    @pages.get("/piket")
    @open_to(*READING_ROLES)
    def show() -> str:
        return page()

    _add_forms(pages, duty, carry_out)

    @pages.post("/dinding/lihat")
    @open_to(*READING_ROLES)
    @open_to_wall
    def silence() -> Response:
        duty.silence(by=who_is_signed_in())
        return redirect(url_for("pictures.show_wall"), 303)

    return pages


def _add_forms(
    pages: Blueprint, duty: DutyServices, carry_out: Callable[[str, Callable[[], None]], Shown]
) -> None:
    @pages.post("/piket/jadwal")
    @open_to(*EDITORS)
    def add_shifts() -> Shown:
        def add() -> None:
            days = [_number(day) for day in request.form.getlist("day")]
            duty.add_shifts(
                request.form.get("account", ""),
                _number(request.form.get("level", "")),
                days,
                _hours(),
                request.form.get("only_urgent") == "1",
                by=who_is_signed_in(),
            )

        return carry_out("shift", add)

    @pages.post("/piket/jadwal/<int:number>/hapus")
    @open_to(*EDITORS)
    def remove_shift(number: int) -> Shown:
        return carry_out("shift", lambda: duty.remove_shift(number, by=who_is_signed_in()))

    @pages.post("/piket/hari")
    @open_to(*EDITORS)
    def add_change() -> Shown:
        def add() -> None:
            further = request.form.get("what") == "extra"
            shift = None
            if further:
                level = _number(request.form.get("level", ""))
                shift = (level, *_hours(), request.form.get("only_urgent") == "1")
            duty.add_change(
                request.form.get("date", ""),
                request.form.get("account") or None,
                shift,
                by=who_is_signed_in(),
            )

        return carry_out("day", add)

    @pages.post("/piket/hari/<int:number>/hapus")
    @open_to(*EDITORS)
    def remove_change(number: int) -> Shown:
        return carry_out("day", lambda: duty.remove_change(number, by=who_is_signed_in()))

    @pages.post("/piket/kontak")
    @open_to(*EDITORS)
    def set_contact() -> Shown:
        form = request.form
        return carry_out(
            "contact",
            lambda: duty.set_contact(
                form.get("account", ""), form.get("mail", ""), form.get("phone", ""), by=who_is_signed_in()
            ),
        )


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 3 else -1


def _hours() -> tuple[int, int]:
    return read_minute(request.form.get("begins", "")), read_minute(request.form.get("ends", ""))
