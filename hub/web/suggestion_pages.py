"""Suggestions: those that wait, those of one report side by side, deciding, undoing, how people decided."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.languages import N_
from hub.links.measures import BAND_BITS, HIGHEST_BAND
from hub.links.weighing import KINDS, Kind
from hub.people_services import (
    REASON_MAX_CHARACTERS,
    Contradicts,
    DecisionRefused,
    PeopleServices,
    UnknownDecision,
)
from hub.services import READING_ROLES, Role, UnknownReport
from hub.web import evidence_words
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.one_use_forms import OneUseForms
from hub.web.side_by_side import compared
from sync.clock import Clock

SUGGESTIONS_PER_PAGE: Final = 30
CURSOR_MAX_CHARACTERS: Final = 200
MEASURING_ROLES: tuple[Role, ...] = ("supervisor", "administrator")

_DONE_TEXTS: Final = {
    "same": N_("Keputusan disimpan: laporan-laporan ini digabung."),
    "other": N_("Keputusan disimpan: tidak akan diusulkan lagi."),
    "undone": N_("Keputusan dibatalkan. Keadaan sebelumnya berlaku lagi."),
}


@dataclass(frozen=True)
class _Refused:
    """What was typed into a form that was not taken, and why."""

    pair: tuple[str, str, str]
    text: str
    problem: str
    standing: tuple[Any, ...] = ()


def make_blueprint(people: PeopleServices, clock: Clock) -> Blueprint:
    """Build the pages `/kaitan...`, `/reports/ID/serupa` and the forms on them."""
    pages = Blueprint("suggestions", __name__)
    decided_forms = OneUseForms()
    pages.register_error_handler(UnknownReport, _show_as_not_found)
    pages.register_error_handler(UnknownDecision, _show_as_not_found)

    @pages.get("/kaitan")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        before = request.args.get("before")
        if before is not None and len(before) > CURSOR_MAX_CHARACTERS:
            raise NotFound
        who = who_is_signed_in()
        rows, cursor = people.waiting(before=before, limit=SUGGESTIONS_PER_PAGE, who=who)
        return render_template(
            "suggestions.html",
            rows=rows,
            next_cursor=cursor,
            before=before,
            now=clock.wall_s(),
            may_measure=who.role in MEASURING_ROLES,
            said=evidence_words,
        )

    def similar_page(report_id: str, refused: _Refused | None = None) -> str:
        return render_template(
            "similar.html",
            view=people.similar(report_id, who=who_is_signed_in()),
            said=evidence_words,
            compared=compared,
            refused=refused,
            reason_max=REASON_MAX_CHARACTERS,
            new_form_id=lambda: secrets.token_hex(16),
            done=_DONE_TEXTS.get(request.args.get("done", "")),
        )

    @pages.get("/reports/<envelope_id:report_id>/serupa")
    @open_to(*READING_ROLES)
    def show_similar(report_id: str) -> str:
        refuse_unless_a_person_looks()
        return similar_page(report_id)

    @pages.post("/reports/<envelope_id:report_id>/serupa/<any(recruiter, event):link>/<envelope_id:other>")
    @open_to(*READING_ROLES)
    def decide(report_id: str, link: str, other: str) -> Response | tuple[str, int]:
        verdict, text = request.form.get("verdict", ""), request.form.get("text", "")
        form_id = request.form.get("form_id", "")[:64] or secrets.token_hex(16)
        pair = (link, report_id, other)
        if verdict not in ("same", "other"):
            problem = N_("Pilih: sama atau tidak sama.")
            return similar_page(report_id, _Refused(pair, text, problem)), 422
        same, who = verdict == "same", who_is_signed_in()
        try:
            decided_forms.carry_out_once(
                f"{link} {report_id} {other} {form_id}",
                lambda: _decide(people, _kind(link), report_id, other, same, text, who),
            )
        except DecisionRefused as refused:
            return similar_page(report_id, _Refused(pair, text, str(refused))), 422
        except Contradicts as against:
            problem = N_("Ini bertentangan dengan keputusan yang berlaku. Batalkan dulu keputusan itu:")
            return similar_page(report_id, _Refused(pair, text, problem, against.standing)), 409
        return redirect(url_for("suggestions.show_similar", report_id=report_id, done=verdict), 303)

    _add_undoing(pages, people)
    _add_measures(pages, people)
    return pages


def _add_undoing(pages: Blueprint, people: PeopleServices) -> None:
    @pages.post("/kaitan/keputusan/<int:decision>/batal")
    @open_to(*READING_ROLES)
    def undo(decision: int) -> Response | tuple[str, int]:
        try:
            row = people.undo(decision, reason=request.form.get("text", ""), who=who_is_signed_in())
        except DecisionRefused as refused:
            return render_template(
                "undo.html", number=decision, problem=str(refused), reason_max=REASON_MAX_CHARACTERS
            ), 422
        return redirect(url_for("suggestions.show_similar", report_id=row.one, done="undone"), 303)

    @pages.get("/kaitan/keputusan/<int:decision>/batal")
    @open_to(*READING_ROLES)
    def ask_undo(decision: int) -> str:
        people.decision(decision, who=who_is_signed_in())
        return render_template("undo.html", number=decision, problem=None, reason_max=REASON_MAX_CHARACTERS)


def _add_measures(pages: Blueprint, people: PeopleServices) -> None:
    @pages.get("/kaitan/ukuran")
    @open_to(*MEASURING_ROLES)
    def show_measures() -> str:
        return render_template(
            "link_measures.html",
            measures=people.measures(),
            said=evidence_words,
            kinds=KINDS,
            band=_band,
            share=_share,
        )


def _decide(
    people: PeopleServices, kind: Kind, one: str, other: str, same: bool, text: str, who: Any
) -> None:
    people.decide(kind, one, other, same=same, reason=text, who=who)


def _kind(text: str) -> Kind:
    return "event" if text == "event" else "recruiter"


def _band(what: str) -> str:
    if not what:
        return N_("tanpa usulan")
    low = int(what)
    return (
        N_("%(low)s ke atas", low=low)
        if low >= HIGHEST_BAND
        else N_("%(low)s sampai %(band_bits)s", low=low, band_bits=low + BAND_BITS)
    )


def _share(confirmed: int, rejected: int) -> str:
    both = confirmed + rejected
    return f"{round(100 * confirmed / both)} %" if both else "–"


def _show_as_not_found(_: Exception) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
