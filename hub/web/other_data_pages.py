"""Series of other offices beside the reports: a list with small pictures, and a page for each series."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.exports.services import ExportRefused
from hub.languages import N_
from hub.other_data.cells import DataRefused
from hub.other_data.kinds import KINDS, METHODS, PROBLEM_WORDS
from hub.other_data.services import (
    NAME_MAX_CHARACTERS,
    NOTE_MAX_CHARACTERS,
    STALE_WEEKS,
    STALE_WEEKS_AT_MOST,
    OtherImportServices,
    SeriesCounts,
    SeriesDraft,
    SeriesServices,
    UnknownSeries,
)
from hub.other_data.units import PLACE_MAX_CHARACTERS, Unit, unit_in_words
from hub.other_data.week_words import day_at, monday_of
from hub.pictures.compared_weeks import draw_compared
from hub.pictures.drawing import Picture, as_svg
from hub.pictures.png import as_png
from hub.pictures.weeks import Week, last_weeks, short_date
from hub.services import READING_ROLES, Role
from hub.web.attachment_responses import picture_file
from hub.web.export_pages import sent
from hub.web.guards import open_to, who_is_signed_in
from hub.web.import_pages import STATE_WORDS
from hub.web.local_time import LocalTime
from hub.web.shown_text import plain_line
from sync.areas.table import area_table
from sync.clock import Clock

KEEPERS: Final[tuple[Role, ...]] = ("supervisor", "administrator")
WEEK_CHOICES: Final = (12, 26, 53)
USUAL_WEEKS: Final = 26
A_PAGE: Final = 12


def unit_words(unit: Unit) -> str:
    """Return a unit in words, the whole region too."""
    return unit_in_words(unit._replace(place=plain_line(unit.place))) or N_("seluruh wilayah hub")


def week_words(week: int) -> str:
    """Return a week by its Monday, such as "16 Nov 2026"."""
    monday = day_at(week)
    return f"{short_date(monday)} {monday.year}"


def make_blueprint(
    series: SeriesServices, imports: OtherImportServices, clock: Clock, local: LocalTime
) -> Blueprint:
    """Build the pages below `/data-lain`; those of a file are in `hub.web.other_import_pages`."""
    pages = Blueprint("other_data", __name__)
    pages.register_error_handler(UnknownSeries, show_as_not_found)
    drawing = _Drawing(series, clock, local)

    @pages.get("/data-lain")
    @open_to(*READING_ROLES)
    def show_list() -> str:
        choice = _list_choice()
        rows = series.rows(
            who=who_is_signed_in(),
            area=choice["wilayah"],
            kind=choice["jenis"],
            first=choice["mulai"],
            limit=A_PAGE + 1,
        )
        weeks = drawing.weeks()
        beside = series.beside(rows[:A_PAGE], drawing.mondays(weeks)) if rows else []
        return render_template(
            "other_data.html",
            drawn=[(one, *_picture(one, weeks, small=True)) for one in beside],
            more=choice["mulai"] + A_PAGE if len(rows) > A_PAGE else None,
            choice=choice,
            kinds=KINDS,
            week_choices=WEEK_CHOICES,
            unit_words=unit_words,
            week_words=week_words,
            keepers=KEEPERS,
        )

    @pages.get("/data-lain/<int:series_id>")
    @open_to(*READING_ROLES)
    def show_one(series_id: int) -> str:
        return one_page(series_id)

    def one_page(series_id: int, problem: str | None = None) -> str:
        who = who_is_signed_in()
        weeks = drawing.weeks()
        one = drawing.counts(series_id, weeks)
        picture, svg = _picture(one, weeks)
        return render_template(
            "other_series.html",
            row=one.row,
            picture=picture,
            svg=svg,
            found=series.found(series_id, who=who),
            imports=imports.of_series(series_id, who=who),
            problem=problem,
            choice={"minggu": len(weeks)},
            week_choices=WEEK_CHOICES,
            unit_words=unit_words,
            week_words=week_words,
            keepers=KEEPERS,
            now=clock.wall_s(),
            state_words=STATE_WORDS,
            problem_words=PROBLEM_WORDS,
            **_form_words(),
        )

    @pages.get("/data-lain/<int:series_id>.svg")
    @open_to(*READING_ROLES)
    def export_svg(series_id: int) -> Response:
        weeks = drawing.weeks()
        picture, _ = _picture(drawing.counts(series_id, weeks), weeks)
        return picture_file(as_svg(picture).encode(), "image/svg+xml", f"data-lain-{series_id}.svg")

    @pages.get("/data-lain/<int:series_id>.png")
    @open_to(*READING_ROLES)
    def export_png(series_id: int) -> Response:
        weeks = drawing.weeks()
        picture, _ = _picture(drawing.counts(series_id, weeks), weeks)
        return picture_file(as_png(picture), "image/png", f"data-lain-{series_id}.png")

    @pages.post("/data-lain/<int:series_id>/csv")
    @open_to(*READING_ROLES)
    def export_csv(series_id: int) -> Response | tuple[str, int]:
        try:
            return sent(series.export(series_id, who=who_is_signed_in()))
        except ExportRefused as refused:
            return one_page(series_id, str(refused)), 422

    @pages.post("/data-lain/<int:series_id>/ubah")
    @open_to(*KEEPERS)
    def change(series_id: int) -> Response | tuple[str, int]:
        try:
            series.change(series_id, _draft(), who=who_is_signed_in())
        except DataRefused as refused:
            return one_page(series_id, str(refused)), 422
        return redirect(url_for("other_data.show_one", series_id=series_id), 303)

    _add_making(pages, series)
    return pages


def _add_making(pages: Blueprint, series: SeriesServices) -> None:
    def form(problem: str | None = None) -> str:
        typed = _draft() if request.method == "POST" else SeriesDraft("", "", "passports")
        return render_template("other_series_new.html", typed=typed, problem=problem, **_form_words())

    @pages.get("/data-lain/baru")
    @open_to(*KEEPERS)
    def show_new() -> str:
        return form()

    @pages.post("/data-lain/baru")
    @open_to(*KEEPERS)
    def make() -> Response | tuple[str, int]:
        try:
            series_id = series.make(_draft(), who=who_is_signed_in())
        except DataRefused as refused:
            return form(str(refused)), 422
        return redirect(url_for("other_data.show_one", series_id=series_id), 303)


class _Drawing:
    def __init__(self, series: SeriesServices, clock: Clock, local: LocalTime) -> None:
        self._series = series
        self._clock = clock
        self._local = local

    def weeks(self) -> tuple[Week, ...]:
        asked = request.args.get("minggu", str(USUAL_WEEKS))
        if asked not in map(str, WEEK_CHOICES):
            raise NotFound
        return last_weeks(self._clock.wall_s(), self._local.zone, int(asked))

    def mondays(self, weeks: Sequence[Week]) -> list[int]:
        return [monday_of(week.monday) for week in weeks]

    def counts(self, series_id: int, weeks: Sequence[Week]) -> SeriesCounts:
        row = self._series.row(series_id, who=who_is_signed_in())
        return self._series.beside([row], self.mondays(weeks))[0]


def _picture(one: SeriesCounts, weeks: Sequence[Week], *, small: bool = False) -> tuple[Picture, Markup]:
    picture = draw_compared(
        weeks,
        one.counts,
        one.reports,
        name=KINDS[one.row.told.kind],
        where=unit_words(one.row.unit),
        found=one.found,
        small=small,
    )
    # Every word in it is escaped by as_svg.
    return picture, Markup(as_svg(picture, ident=f"series-{one.row.id}"))  # noqa: S704


def _list_choice() -> dict[str, Any]:
    """Return what the address asks for; 404 for what no form of ours sends."""
    area, kind = request.args.get("wilayah", ""), request.args.get("jenis", "")
    first = request.args.get("mulai", "0")
    if (kind and kind not in KINDS) or re.fullmatch(r"\d{1,6}", first) is None:
        raise NotFound
    unknown = bool(area) and area not in area_table()
    return {
        "wilayah": area,
        "jenis": kind,
        "mulai": int(first),
        "minggu": request.args.get("minggu", str(USUAL_WEEKS)),
        "unknown": unknown,
    }


def _draft() -> SeriesDraft:
    form = request.form
    stale = form.get("stale_weeks", str(STALE_WEEKS))
    return SeriesDraft(
        name=form.get("name", ""),
        office=form.get("office", ""),
        kind=form.get("kind", ""),
        unit=form.get("unit", "").strip(),
        place=form.get("place", ""),
        note=form.get("note", ""),
        method=form.get("method", ""),
        settings=tuple(form.get("settings", "").split()),
        stale_weeks=int(stale) if re.fullmatch(r"[0-9]{1,4}", stale) else 0,
    )


def _form_words() -> dict[str, Any]:
    return {
        "kinds": KINDS,
        "methods": METHODS,
        "name_max": NAME_MAX_CHARACTERS,
        "note_max": NOTE_MAX_CHARACTERS,
        "place_max": PLACE_MAX_CHARACTERS,
        "stale_most": STALE_WEEKS_AT_MOST,
    }


def show_as_not_found(_: UnknownSeries) -> ResponseReturnValue:
    """Answer 404 for what lies beyond an account's areas as for what is not there."""
    return current_app.handle_user_exception(NotFound())
