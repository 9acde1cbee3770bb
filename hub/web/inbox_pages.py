"""The inbox: the list, its filters, and what is done with many reports at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.case_services import CaseServices, UnknownCase
from hub.cases.services import BulkOutcome, InboxChoice, InboxServices, TriageServices
from hub.cases.states import REASON_MAX_CHARACTERS, STAGES, StepRefused
from hub.languages import N_
from hub.risk.scoring import BANDS
from hub.services import READING_ROLES, SignedIn
from hub.web import state_words
from hub.web.guards import REFRESHED_PARAMETER, open_to, who_is_signed_in
from sync.clock import Clock
from sync.records import KINDS

REPORTS_PER_PAGE: Final = 50
REFRESH_AFTER_S: Final = 30
_CURSOR_MAX_CHARACTERS: Final = 200
_AREA: Final = re.compile(r"\d\d(\.\d\d(\.\d\d(\.\d{4})?)?)?", re.ASCII)
_REPORT_ID: Final = re.compile(r"[0-9a-f]{16}\.[01]\.[0-9]{1,7}", re.ASCII)


@dataclass(frozen=True)
class _ListChoice:
    """What the address of the list asks for."""

    of: InboxChoice
    before: str | None
    is_still: bool
    area_problem: bool = False

    @property
    def refreshes(self) -> bool:
        return self.before is None and not self.is_still

    @property
    def filters(self) -> dict[str, str]:
        """Return the filters as parts of an address, in one order."""
        parts = {
            "stage": self.of.stage,
            "mine": "1" if self.of.mine else None,
            "area": self.of.area,
            "kind": self.of.kind,
            "band": self.of.band,
            "unread": "1" if self.of.unread else None,
            "urgent": "1" if self.of.urgent else None,
            "drawn": "1" if self.of.drawn else None,
        }
        return {name: value for name, value in parts.items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.filters)

    def address(self, **changes: str | None) -> str:
        """Return the address of this list with some of it changed; None takes a part away."""
        parts: dict[str, Any] = {
            **self.filters,
            "before": self.before,
            "still": "1" if self.is_still else None,
        }
        return url_for("inbox.show_list", **{**parts, **changes})

    def only(self, **filters: str) -> str:
        """Return the address of the list with these filters and no others."""
        return url_for("inbox.show_list", still="1" if self.is_still else None, **filters)  # type: ignore[arg-type]


def make_blueprint(
    inbox: InboxServices, triage: TriageServices | None, cases: CaseServices | None, clock: Clock
) -> Blueprint:
    """Build the page `/` and what its forms post to."""
    pages = Blueprint("inbox", __name__)

    def list_page(problem: str | None = None) -> str:
        choice = _list_choice()
        who = who_is_signed_in()
        rows, next_cursor = inbox.page(choice.of, before=choice.before, limit=REPORTS_PER_PAGE, who=who)
        return render_template(
            "inbox.html",
            rows=rows,
            choice=choice,
            next_cursor=next_cursor,
            urgent_unread=sum(row.report.urgent and not row.report.read for row in rows),
            saved=inbox.saved_filters(who),
            drawn_waiting=inbox.drawn_waiting(who),
            assignable=[] if triage is None else triage.assignable(),
            can_do_many=triage is not None and not choice.refreshes,
            now=clock.wall_s(),
            refresh_after_s=REFRESH_AFTER_S,
            refreshed_parameter=REFRESHED_PARAMETER,
            said=state_words,
            stages=STAGES,
            kinds=KINDS,
            reason_max=REASON_MAX_CHARACTERS,
            problem=problem,
        )

    @pages.get("/")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        return list_page()

    @pages.post("/saringan")
    @open_to(*READING_ROLES)
    def save_filter() -> Response | tuple[str, int]:
        choice = _list_choice()
        try:
            inbox.save_filter(request.form.get("name", ""), choice.query, who=who_is_signed_in())
        except StepRefused as refused:
            return list_page(str(refused)), 422
        return redirect(choice.address(), 303)

    @pages.post("/saringan/<int:saved>/hapus")
    @open_to(*READING_ROLES)
    def remove_filter(saved: int) -> Response:
        inbox.remove_filter(saved, who=who_is_signed_in())
        return redirect(url_for("inbox.show_list"), 303)

    if triage is not None:
        _add_bulk(pages, triage, cases)
    return pages


def _add_bulk(pages: Blueprint, triage: TriageServices, cases: CaseServices | None) -> None:
    @pages.post("/laporan/banyak")
    @open_to(*READING_ROLES)
    def do_with_many() -> str | tuple[str, int]:
        chosen = [one for one in request.form.getlist("report") if _REPORT_ID.fullmatch(one)]
        try:
            done = _do_with(chosen[:REPORTS_PER_PAGE], triage, cases, who_is_signed_in())
        except StepRefused as refused:
            return render_template("bulk_done.html", why=str(refused), back=_back()), 422
        return render_template("bulk_done.html", why=None, done=done, back=_back())


@dataclass(frozen=True)
class _Done:
    word: str
    outcome: BulkOutcome
    case: str | None = None


def _do_with(chosen: list[str], triage: TriageServices, cases: CaseServices | None, who: SignedIn) -> _Done:
    action, form = request.form.get("action", ""), request.form
    if chosen and action == "assign":
        return _Done(N_("diserahkan"), triage.assign_many(chosen, form.get("to") or None, who=who))
    if chosen and action == "discard":
        return _Done(N_("disisihkan"), triage.discard_many(chosen, form.get("text", ""), who=who))
    if chosen and action == "case" and cases is not None:
        number = form.get("case", "").strip()
        try:
            number = number or cases.open("Belum diberi judul", who=who)
            return _Done(N_("dimasukkan"), cases.add_reports(number, chosen, who=who), number)
        except UnknownCase:
            raise StepRefused(N_("Tidak ada kasus dengan nomor itu.")) from None
    raise StepRefused(N_("Pilih laporan dan apa yang dilakukan dengannya."))


def _back() -> str:
    return _list_choice().address(before=None)


def _list_choice() -> _ListChoice:
    asked = request.args
    before = asked.get("before")
    if before is not None and len(before) > _CURSOR_MAX_CHARACTERS:
        raise NotFound
    of, area_problem = inbox_choice(asked)
    return _ListChoice(of=of, before=before, is_still=asked.get("still") == "1", area_problem=area_problem)


def inbox_choice(asked: Mapping[str, str]) -> tuple[InboxChoice, bool]:
    """Return the filters of a form or an address, and whether its area is none."""
    stage, kind, area = asked.get("stage"), asked.get("kind"), (asked.get("area") or "").strip()
    band = asked.get("band")
    known_area = _AREA.fullmatch(area) is not None
    choice = InboxChoice(
        stage=stage if stage in STAGES else None,
        mine=asked.get("mine") == "1",
        area=area if known_area else None,
        kind=kind if kind in KINDS else None,
        unread=asked.get("unread") == "1",
        urgent=asked.get("urgent") == "1",
        drawn=asked.get("drawn") == "1",
        band=band if band in BANDS else None,
    )
    return choice, bool(area) and not known_area
