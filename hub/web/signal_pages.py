"""Signals of the early warning: the list, one signal with its chart, and what is done with it."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response

from hub.cases.case_services import UnknownCase
from hub.cases.states import REASON_MAX_CHARACTERS, StepRefused
from hub.languages import N_
from hub.pictures.drawing import Picture, as_svg
from hub.pictures.png import as_png
from hub.pictures.signal_chart import draw_signal
from hub.services import READING_ROLES, SignedIn, UnknownReport
from hub.signals.finding import Group, Level
from hub.warning import risk
from hub.warning.clocks import BOTTLENECKS, LIMITS_S
from hub.warning.reasons import chance_in_words
from hub.warning.services import (
    MOST_OPEN,
    PERSON,
    SEEING_ROLES,
    TITLE_MAX_CHARACTERS,
    BulletinsOfSignal,
    Closing,
    Draft,
    SightingView,
    SignalChoice,
    SignalRow,
    SignalServices,
    UnknownSignal,
)
from hub.warning.states import OUTCOMES, STATES, VERDICTS
from hub.web import signal_words
from hub.web.attachment_responses import picture_file
from hub.web.bulletin_words import STATE_WORDS as BULLETIN_STATES
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.local_time import date_in_words, duration
from hub.web.one_use_forms import OneUseForms
from hub.web.row_numbers import ROW_NUMBER_MAX
from sync.areas.table import area_table
from sync.clock import Clock

SIGNALS_PER_PAGE: Final = 50
BULLETIN_ADDRESS: Final = "/buletin/tulis"


class Told:
    """What other pages tell of signals to whoever looks at them."""

    def __init__(self, signals: SignalServices) -> None:
        self._signals = signals

    def open_now(self) -> str:
        """Return the number of open signals for the menu; empty for none."""
        count = self._signals.open_count(who_is_signed_in())
        if count > MOST_OPEN:
            return N_("lebih dari %(most)s", most=MOST_OPEN)
        return str(count) if count else ""

    def watched(self) -> int:
        """Return of how many the monitor date has come."""
        return self._signals.watched_due(who_is_signed_in())

    def of_report(self, report_id: str) -> list[int]:
        """Return the signals that rest on a report."""
        return self._signals.of_report(report_id, who_is_signed_in())


class _Pages:
    """Draws the pages."""

    def __init__(self, signals: SignalServices, bulletins: BulletinsOfSignal, clock: Clock) -> None:
        self.signals = signals
        self._bulletins = bulletins
        self._clock = clock

    def one(self, number: int, problem: str | None = None, form: str = "") -> str:
        """Return the page of one signal; `form` is the one that was refused."""
        who = who_is_signed_in()
        before = _number(request.args.get("before", ""))
        view = self.signals.view(number, reports_before=before, who=who)
        picture = None if view.lead is None else _picture(number, view.lead)
        works = who.role in READING_ROLES
        return render_template(
            "signal.html",
            view=view,
            row=view.row,
            said=signal_words,
            risk=risk,
            picture=picture,
            svg=None if picture is None else Markup(as_svg(picture)),  # noqa: S704 - escaped by as_svg
            chance=chance_in_words(view.chance),
            bottlenecks=BOTTLENECKS,
            bulletins=self._bulletins.of_signal(number),
            bulletin_states=BULLETIN_STATES,
            bulletin_address=_bulletin_address(view.row),
            assignable=self.signals.assignable(view.row.unit) if works else [],
            works=works,
            outcomes=OUTCOMES,
            verdicts=VERDICTS,
            problem=problem,
            tried=form,
            typed=request.form.get("text", ""),
            reason_max=REASON_MAX_CHARACTERS,
            in_words=date_in_words,
            duration=duration,
            now=self._clock.wall_s(),
        )

    def new(self, draft: Draft, problem: str | None = None) -> str:
        """Return the form for a new signal."""
        return render_template(
            "signal_new.html",
            draft=draft,
            problem=problem,
            form_id=secrets.token_hex(16),
            title_max=TITLE_MAX_CHARACTERS,
            reason_max=REASON_MAX_CHARACTERS,
        )

    def list(self) -> str:
        """Return the list."""
        who = who_is_signed_in()
        choice, area_problem = _choice()
        rows, following = self.signals.rows(
            choice, before=_number(request.args.get("before", "")), limit=SIGNALS_PER_PAGE, who=who
        )
        return render_template(
            "signals.html",
            rows=rows,
            following=following,
            choice=choice,
            filters={name: value for name, value in request.args.items() if name in _FILTERS and value},
            area_problem=area_problem,
            states=STATES,
            levels=[level.value for level in Level],
            rules=self.signals.rules(),
            person=PERSON,
            said=signal_words,
            risk=risk,
            shares=self.signals.shares(who),
            watched=self.signals.watched_due(who),
            works=who.role in READING_ROLES,
            now=self._clock.wall_s(),
        )


def make_blueprint(signals: SignalServices, bulletins: BulletinsOfSignal, clock: Clock) -> Blueprint:
    """Build the pages below `/sinyal`."""
    pages = Blueprint("signals", __name__)
    drawn = _Pages(signals, bulletins, clock)
    for unknown in (UnknownSignal, UnknownReport, UnknownCase):
        pages.register_error_handler(unknown, _show_as_not_found)
    _add_new(pages, drawn)
    _add_picture(pages, signals)

    @pages.get("/sinyal")
    @open_to(*SEEING_ROLES)
    def show_list() -> str:
        return drawn.list()

    @pages.get("/sinyal/<int:signal>")
    @open_to(*SEEING_ROLES)
    def show_one(signal: int) -> str:
        refuse_unless_a_person_looks()
        return drawn.one(signal)

    @pages.post("/sinyal/<int:signal>/<form>")
    @open_to(*READING_ROLES)
    def change(signal: int, form: str) -> Response | tuple[str, int]:
        action = _actions(signals, signal, who_is_signed_in()).get(form)
        if action is None:
            raise NotFound
        try:
            action()
        except StepRefused as refused:
            return drawn.one(signal, str(refused), form), 422
        return redirect(url_for("signals.show_one", signal=signal) + f"#{form}", 303)

    return pages


def _add_new(pages: Blueprint, drawn: _Pages) -> None:
    signals, sent_forms = drawn.signals, OneUseForms()

    @pages.get("/sinyal/baru")
    @open_to(*READING_ROLES)
    def write_new() -> str:
        report, case = request.args.get("laporan", ""), request.args.get("kasus", "")
        return drawn.new(signals.prefilled(report, case, who_is_signed_in()))

    @pages.post("/sinyal/baru")
    @open_to(*READING_ROLES)
    def raise_one() -> Response | tuple[str, int]:
        who, typed = who_is_signed_in(), request.form
        reports = tuple(dict.fromkeys(typed.get("reports", "").split()))
        title, unit, case = (typed.get(name, "").strip() for name in ("title", "unit", "case"))
        draft = Draft(title, unit, _text(), reports, case)
        form_id = typed.get("form_id", "")[:64]
        made: list[int] = []
        try:
            sent_forms.carry_out_once(
                f"signal {form_id}", lambda: made.append(signals.raise_by_hand(draft, who=who))
            )
        except StepRefused as refused:
            return drawn.new(draft, str(refused)), 422
        except (UnknownReport, UnknownCase):
            return drawn.new(draft, N_("Ada nomor laporan atau kasus yang tidak dikenal.")), 422
        if not made:  # pressed twice
            return redirect(url_for("signals.show_list"), 303)
        return redirect(url_for("signals.show_one", signal=made[0]), 303)


def _add_picture(pages: Blueprint, signals: SignalServices) -> None:
    @pages.get("/sinyal/<int:signal>/grafik.svg")
    @open_to(*SEEING_ROLES)
    def export_svg(signal: int) -> Response:
        picture = _chart_of(signals, signal)
        return picture_file(as_svg(picture).encode(), "image/svg+xml", f"sinyal-{signal}.svg")

    @pages.get("/sinyal/<int:signal>/grafik.png")
    @open_to(*SEEING_ROLES)
    def export_png(signal: int) -> Response:
        return picture_file(as_png(_chart_of(signals, signal)), "image/png", f"sinyal-{signal}.png")


_FILTERS: Final = frozenset(["state", "level", "area", "rule", "mine", "late", "watched"])


def _choice() -> tuple[SignalChoice, bool]:
    """Return what the address asks for, and whether its area is none that is known."""
    asked = request.args
    state, level, area = asked.get("state"), asked.get("level"), asked.get("area", "").strip()
    known = not area or area in area_table()
    choice = SignalChoice(
        state=state if state in STATES else None,
        level=level if level in {one.value for one in Level} else None,
        area=area if area and known else None,
        rule=asked.get("rule") or None,
        mine=asked.get("mine") == "1",
        late=asked.get("late") == "1",
        watched=asked.get("watched") == "1",
    )
    return choice, not known


def _chart_of(signals: SignalServices, number: int) -> Picture:
    lead = signals.lead(number, who_is_signed_in())
    if lead is None:
        raise NotFound
    return _picture(number, lead)


def _picture(number: int, lead: SightingView) -> Picture:
    what = signal_words.category_words(lead.group, lead.value)
    title = N_("Sinyal %(number)s, per minggu: %(what)s", number=number, what=what)
    return draw_signal(lead.past, title=title, window_weeks=lead.found.window_weeks if lead.found else 1)


def _actions(signals: SignalServices, number: int, who: SignedIn) -> dict[str, Callable[[], object]]:
    """Return what each form of a signal's page does; what was sent is read here."""
    typed, text = request.form, _text()
    seen, row = _number(typed.get("seen", "")), _number(typed.get("id", "")) or 0
    closing = Closing(
        typed.get("verdict", ""),
        typed.get("outcome", ""),
        text,
        {name: typed.get(f"late-{name}", "") for name in LIMITS_S},
    )
    until = typed.get("until", "")
    return {
        "langkah": lambda: signals.move(number, typed.get("to", ""), text, seen=seen, who=who),
        "risiko": lambda: signals.assess(
            number, risk.cell_of(typed.get("cell", "")), text, seen=seen, who=who
        ),
        "selesai": lambda: signals.respond(number, text, seen=seen, who=who),
        "tutup": lambda: signals.close(number, closing, seen=seen, who=who),
        "hambatan": lambda: signals.note_bottleneck(
            number, typed.get("clock", ""), typed.get("bottleneck", ""), text, who=who
        ),
        "pantau": lambda: signals.monitor(number, _date(until), text, who=who),
        "serahkan": lambda: signals.assign(number, typed.get("to") or None, who=who),
        "komentar": lambda: signals.comment(number, text, who=who),
        "laporan": lambda: signals.add_report(number, text.strip(), who=who),
        "keluarkan": lambda: signals.remove_report(number, typed.get("id", ""), text, who=who),
        "satukan": lambda: signals.fold(number, row, text, who=who),
        "pisah": lambda: signals.separate(number, row, text, who=who),
    }


def _text() -> str:
    return request.form.get("text", "").replace("\r\n", "\n")


def _date(typed: str) -> datetime.date | None:
    """Return a date; None for none. Raises StepRefused for what is no date."""
    if not typed:
        return None
    try:
        return datetime.date.fromisoformat(typed)
    except ValueError as error:
        raise StepRefused(N_("Tulis tanggal.")) from error


def _number(typed: str) -> int | None:
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 20):
        return None
    return min(int(typed), ROW_NUMBER_MAX)


def _bulletin_address(row: SignalRow) -> str | None:
    """Return where a bulletin of a signal is written; None while this site has no such page."""
    try:
        current_app.url_map.bind("").match(BULLETIN_ADDRESS, method="GET")
    except HTTPException:
        return None
    asked = {"sinyal": str(row.id), "wilayah": row.unit}
    if row.group == Group.KIND:
        asked["jenis"] = row.value
    return f"{BULLETIN_ADDRESS}?{urlencode(asked)}"


def _show_as_not_found(_: Exception) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
