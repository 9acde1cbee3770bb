"""Time lines of what joins several reports: a case, a person of interest, an event. Page, SVG and PNG.

Each look is noted like any look at the case or the person.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.cases.case_services import CaseServices, CaseView, UnknownCase
from hub.languages import N_
from hub.people_services import GroupView, PeopleServices, UnknownGroup
from hub.pictures.drawing import Picture, as_svg
from hub.pictures.png import as_png
from hub.pictures.time_line import Event, draw_time_line
from hub.services import READING_ROLES
from hub.web.attachment_responses import picture_file
from hub.web.case_pages import STEP_WORDS
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.local_time import LocalTime, duration
from hub.web.person_pages import KINDS as GROUP_KINDS
from hub.web.report_words import KIND_WORDS, in_words
from sync.clock import Clock

KINDS: Final[Mapping[str, str]] = {
    "report": N_("Laporan diterima"),
    "step": N_("Langkah kasus"),
    "task": N_("Tugas"),
    "same": N_("Digabungkan"),
    "apart": N_("Dipisahkan"),
    "undone": N_("Keputusan dibatalkan"),
}
_TASK_STEPS: Final = ("task added", "task done")
_TITLES: Final = {"orang": N_("Garis waktu orang nomor"), "peristiwa": N_("Garis waktu peristiwa nomor")}


def events_of_case(view: CaseView) -> list[Event]:
    """Return what happened to a case and when its reports came. No event quotes what anybody wrote."""
    events = [
        Event(
            row.report.received_at, "report", f"{in_words(KIND_WORDS, row.report.kind)}, {row.report.village}"
        )
        for row in view.reports
    ]
    for step in view.history:
        kind = "task" if step.what in _TASK_STEPS else "step"
        events.append(Event(step.at, kind, STEP_WORDS.get(step.what, step.what)))
    return events


def events_of_group(view: GroupView) -> list[Event]:
    """Return when the reports of a person or an event came, and what people decided about them."""
    events = [
        Event(
            facts.received_at,
            "report",
            f"{in_words(KIND_WORDS, facts.report.kind)}, {facts.village_name or facts.village}",
        )
        for facts in view.members
    ]
    for decision in view.history:
        words = N_("Dua laporan dinyatakan sama") if decision.same else N_("Dua laporan dinyatakan lain")
        events.append(Event(decision.at, "same" if decision.same else "apart", f"{words}, {decision.by}"))
        if decision.undone_at is not None:
            events.append(
                Event(
                    decision.undone_at,
                    "undone",
                    N_("Keputusan dibatalkan, %(undone_by)s", undone_by=decision.undone_by),
                )
            )
    return events


def make_blueprint(
    cases: CaseServices | None, people: PeopleServices | None, clock: Clock, local: LocalTime
) -> Blueprint:
    """Build `/kasus/NUMBER/garis-waktu`, `/orang/NUMBER/garis-waktu` and that of events, with their files."""
    pages = Blueprint("joined_time_lines", __name__)
    pages.register_error_handler(UnknownCase, _show_as_not_found)
    pages.register_error_handler(UnknownGroup, _show_as_not_found)

    def draw(title: str, events: list[Event]) -> Picture:
        return draw_time_line(
            title,
            events,
            KINDS,
            dated=N_("Digambar %(moment)s", moment=local.moment(clock.wall_s())),
            moment=local.moment,
            duration=duration,
        )

    if cases is not None:
        found = cases

        def of_case(case: str) -> Picture:
            refuse_unless_a_person_looks()
            return draw(
                N_("Garis waktu kasus %(case)s", case=case),
                events_of_case(found.view(case, who=who_is_signed_in())),
            )

        _add(pages, "case", "/kasus/<case_number:case>", of_case, "cases.show_case", N_("Kasus"))
    if people is not None:
        linked = people

        def of_group(kind: str, person: int) -> Picture:
            refuse_unless_a_person_looks()
            what = "person" if kind == "orang" else "event"
            view = linked.group(GROUP_KINDS[kind], person, who=who_is_signed_in(), what=what)
            return draw(f"{_TITLES[kind]} {person}", events_of_group(view))

        path = "/<any(orang, peristiwa):kind>/<int:person>"
        _add(pages, "group", path, of_group, "people.show_one", N_("Orang atau peristiwa"))
    return pages


def _add(
    pages: Blueprint, name: str, path: str, draw: Callable[..., Picture], back: str, back_words: str
) -> None:
    """Add the page and the two files of one kind of time line: endpoints `name`, `name_svg`, `name_png`."""

    @pages.get(f"{path}/garis-waktu", endpoint=name)
    @open_to(*READING_ROLES)
    def show(**which: Any) -> str:
        picture = draw(**which)
        return render_template(
            "time_line.html",
            picture=picture,
            svg=Markup(as_svg(picture)),  # noqa: S704 - every word in it is escaped by as_svg
            back=url_for(back, **which),
            back_words=back_words,
            svg_file=url_for(f"joined_time_lines.{name}_svg", **which),
            png_file=url_for(f"joined_time_lines.{name}_png", **which),
        )

    @pages.get(f"{path}/garis-waktu.svg", endpoint=f"{name}_svg")
    @open_to(*READING_ROLES)
    def export_svg(**which: Any) -> Response:
        return picture_file(as_svg(draw(**which)).encode(), "image/svg+xml", "garis-waktu.svg")

    @pages.get(f"{path}/garis-waktu.png", endpoint=f"{name}_png")
    @open_to(*READING_ROLES)
    def export_png(**which: Any) -> Response:
        return picture_file(as_png(draw(**which)), "image/png", "garis-waktu.png")


def _show_as_not_found(_: UnknownCase | UnknownGroup) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
