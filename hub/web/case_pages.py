"""Cases: the list, one case, and what is done with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response

from hub.cases.case_services import NOTE_MAX_CHARACTERS, TITLE_MAX_CHARACTERS, CaseServices, UnknownCase
from hub.cases.cases import CASE_STATES
from hub.cases.merging import OPEN
from hub.cases.services import TriageServices
from hub.cases.states import StepRefused
from hub.imports.columns import TARGETS
from hub.languages import N_
from hub.services import READING_ROLES, SignedIn
from hub.web import referral_words, state_words
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.local_time import date_in_words
from sync.clock import Clock

CASES_PER_PAGE: Final = 50
CASE_STATE_WORDS: Final = {"open": N_("Terbuka"), "closed": N_("Ditutup"), "merged": N_("Digabung")}
STEP_WORDS: Final = {
    "opened": N_("Kasus dibuka"),
    "report added": N_("Laporan dimasukkan"),
    "report taken out": N_("Laporan dikeluarkan"),
    "person added": N_("Orang ditambahkan"),
    "person removed": N_("Orang dihapus"),
    "place added": N_("Tempat ditambahkan"),
    "task added": N_("Tugas ditambahkan"),
    "task done": N_("Tugas selesai"),
    "closed": N_("Kasus ditutup"),
    "reopened": N_("Kasus dibuka lagi"),
    "merged into": N_("Digabung ke kasus"),
    "took in": N_("Menerima isi kasus"),
    "taken out again": N_("Penggabungan dibatalkan, keluar dari kasus"),
    "gave back": N_("Penggabungan dibatalkan, mengembalikan kasus"),
    "imported": N_("Diimpor dari"),
    **{
        f"referral {what}": N_("Rujukan, %(step)s", step=words.lower())
        for what, words in referral_words.STEP_WORDS.items()
    },
}


class CaseNumberConverter(BaseConverter):
    """The number of a case in an address."""

    regex = r"[0-9]{4}-[0-9]{4,6}"
    part_isolating = True


def make_blueprint(cases: CaseServices, triage: TriageServices, clock: Clock) -> Blueprint:
    """Build the pages below `/kasus`."""
    pages = Blueprint("cases", __name__)
    pages.register_error_handler(UnknownCase, _show_as_not_found)

    def list_page(problem: str | None = None) -> str:
        state = request.args.get("state", OPEN)
        before = request.args.get("before", "")
        rows, following = cases.rows(
            state if state in CASE_STATES else OPEN,
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None,
            limit=CASES_PER_PAGE,
            who=who_is_signed_in(),
        )
        return render_template(
            "cases.html",
            rows=rows,
            following=following,
            state=state if state in CASE_STATES else OPEN,
            state_words=CASE_STATE_WORDS,
            said=state_words,
            problem=problem,
            title_max=TITLE_MAX_CHARACTERS,
            now=clock.wall_s(),
        )

    def case_page(number: str, problem: str | None = None, form: str = "") -> str:
        return render_template(
            "case.html",
            view=cases.view(number, who=who_is_signed_in()),
            said=state_words,
            state_words=CASE_STATE_WORDS,
            step_words=STEP_WORDS,
            assignable=triage.assignable(),
            problem=problem,
            tried=form,
            typed=request.form.get("text", ""),
            title_max=TITLE_MAX_CHARACTERS,
            note_max=NOTE_MAX_CHARACTERS,
            in_words=date_in_words,
            now=clock.wall_s(),
            targets=TARGETS,
        )

    @pages.get("/kasus")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        return list_page()

    @pages.post("/kasus")
    @open_to(*READING_ROLES)
    def open_case() -> Response | tuple[str, int]:
        try:
            number = cases.open(request.form.get("text", ""), who=who_is_signed_in())
        except StepRefused as refused:
            return list_page(str(refused)), 422
        return redirect(url_for("cases.show_case", case=number), 303)

    @pages.get("/kasus/<case_number:case>")
    @open_to(*READING_ROLES)
    def show_case(case: str) -> str:
        refuse_unless_a_person_looks()
        return case_page(case)

    @pages.post("/kasus/<case_number:case>/<form>")
    @open_to(*READING_ROLES)
    def change(case: str, form: str) -> Response | tuple[str, int]:
        action = _actions(cases, case, who_is_signed_in()).get(form)
        if action is None:
            raise NotFound
        try:
            action()
        except StepRefused as refused:
            return case_page(case, str(refused), form), 422
        return redirect(url_for("cases.show_case", case=case) + f"#{form}", 303)

    return pages


def _actions(cases: CaseServices, number: str, who: SignedIn) -> dict[str, Callable[[], None]]:
    """Return what each form of a case's page does."""
    typed = request.form
    text = typed.get("text", "").replace("\r\n", "\n")
    chosen = typed.get("id", "")
    row = int(chosen) if chosen.isascii() and chosen.isdecimal() and len(chosen) < 10 else -1

    def add_report() -> None:
        outcome = cases.add_reports(number, [text.strip()], who=who)
        for problem in outcome.refused.values():
            raise StepRefused(problem)

    return {
        "laporan": add_report,
        "keluarkan": lambda: cases.take_out(number, chosen, text, who=who),
        "orang": lambda: cases.add_person(
            number, text, typed.get("phones", ""), typed.get("note", ""), who=who
        ),
        "hapus-orang": lambda: cases.remove_person(number, row, text, who=who),
        "tempat": lambda: cases.add_place(number, text, who=who),
        "tugas": lambda: cases.add_task(
            number, text, _date(typed.get("due", "")), typed.get("to") or None, who=who
        ),
        "tugas-selesai": lambda: cases.finish_task(number, row, who=who),
        "komentar": lambda: cases.comment(number, text, who=who),
        "tutup": lambda: cases.close(number, typed.get("outcome", ""), text, who=who),
        "buka": lambda: cases.reopen(number, text, who=who),
        "gabung": lambda: cases.merge(number, typed.get("into", "").strip(), text, who=who),
        "pisah": lambda: cases.undo_merge(number, row, text, who=who),
    }


def _date(typed: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError:
        return None


def _show_as_not_found(_: UnknownCase) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
