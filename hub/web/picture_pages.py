"""Maps, weekly counts, countries of destination and routes as pages, SVG and PNG; the wall of a duty room.

An address holds a kind, a number of weeks and the code of a province, and nothing of a report.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, make_response, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.duty.services import DutyServices
from hub.languages import N_
from hub.picture_services import MOST_COUNTED, SILENT_AFTER_DAYS, PictureServices
from hub.pictures.area_map import counted_by_area, draw_map
from hub.pictures.country_bars import draw_countries
from hub.pictures.drawing import Picture, as_svg, grouped
from hub.pictures.flow_bands import draw_flows
from hub.pictures.outlines import outlines
from hub.pictures.png import as_png
from hub.pictures.week_bars import draw_weeks
from hub.pictures.weeks import Week, last_weeks, week_in_words
from hub.services import READING_ROLES, SignedIn
from hub.web.attachment_responses import picture_file
from hub.web.guards import REFRESHED_PARAMETER, open_to, open_to_wall, who_is_signed_in
from hub.web.headers import CONTENT_SECURITY_POLICY
from hub.web.local_time import LocalTime, duration
from hub.web.report_words import COUNTRY_WORDS, KIND_WORDS
from hub.web.through_words import THROUGH_WORDS
from sync.areas.table import area_names, area_table
from sync.clock import Clock

WEEK_CHOICES: Final = (4, 12, 26)
USUAL_WEEKS: Final = 12
WALL_WEEKS: Final = 4
WALL_REFRESH_AFTER_S: Final = 30


@dataclass(frozen=True)
class _Choice:
    """What the address asks for."""

    kind: str | None
    weeks: int
    province: str | None
    public: bool = False
    """For the public: all kinds and the most weeks, so that no two pictures tell a small number apart."""

    @property
    def query(self) -> dict[str, str | int]:
        """Return it as parts of an address."""
        parts = {"jenis": self.kind, "minggu": self.weeks, "provinsi": self.province}
        if self.public:
            parts = {"umum": 1}
        return {name: part for name, part in parts.items() if part is not None}


def make_blueprint(
    pictures: PictureServices, clock: Clock, local: LocalTime, duty: DutyServices | None = None
) -> Blueprint:
    """Build `/peta`, `/mingguan`, `/tujuan` and `/alur`, each with its `.svg` and `.png`, and `/dinding`."""
    pages = Blueprint("pictures", __name__)

    def weeks_of(count: int) -> tuple[Week, ...]:
        return last_weeks(clock.wall_s(), local.zone, count)

    def dated(weeks: tuple[Week, ...]) -> str:
        span = week_in_words(weeks[0]) if len(weeks) == 1 else _span(weeks)
        return N_("%(span)s; dihitung %(moment)s", span=span, moment=local.moment(clock.wall_s()))

    def the_map(choice: _Choice, who: SignedIn, *, small: bool = False) -> Picture:
        weeks = weeks_of(choice.weeks)
        by_area = pictures.by_area(weeks[0].begins_at, weeks[-1].ends_at, choice.kind, who)
        counted = counted_by_area(by_area, choice.province, outlines(), area_names())
        return draw_map(
            counted,
            choice.province,
            outlines(),
            area_names(),
            what=N_("Semua jenis") if choice.kind is None else KIND_WORDS[choice.kind],
            dated=dated(weeks),
            small=small,
        )

    def the_weeks(choice: _Choice, who: SignedIn) -> Picture:
        weeks = weeks_of(choice.weeks)
        starts = [*(week.begins_at for week in weeks), weeks[-1].ends_at]
        kinds = {k: words for k, words in KIND_WORDS.items() if choice.kind in (None, k)}
        counts = pictures.by_week(starts, who)
        if choice.kind is not None:
            counts = [{k: n for k, n in one.items() if k == choice.kind} for one in counts]
        return draw_weeks(
            weeks, counts, kinds, dated=N_("Dihitung %(moment)s", moment=local.moment(clock.wall_s()))
        )

    def the_countries(choice: _Choice, who: SignedIn) -> Picture:
        weeks = weeks_of(choice.weeks)
        counts = dict(pictures.by_destination(weeks[0].begins_at, weeks[-1].ends_at, choice.kind, who))
        without = counts.pop(None, 0)
        return draw_countries(
            {code: count for code, count in counts.items() if code is not None},
            COUNTRY_WORDS,
            without=without,
            what=N_("Semua jenis") if choice.kind is None else KIND_WORDS[choice.kind],
            dated=dated(weeks),
        )

    def the_flows(choice: _Choice, who: SignedIn) -> Picture:
        weeks = weeks_of(choice.weeks)
        return draw_flows(
            pictures.flows(weeks[0].begins_at, weeks[-1].ends_at, choice.kind, choice.province, who),
            origins=lambda code: area_names().name_of(code) or code,
            throughs=THROUGH_WORDS,
            countries=COUNTRY_WORDS,
            what=N_("Semua jenis") if choice.kind is None else KIND_WORDS[choice.kind],
            dated=dated(weeks),
            public=choice.public,
        )

    _add_picture(pages, "alur", lambda: the_flows(_flow_choice(), who_is_signed_in()), _flow_choice)
    _add_picture(pages, "tujuan", lambda: the_countries(_choice(), who_is_signed_in()))
    _add_picture(pages, "peta", lambda: the_map(_choice(), who_is_signed_in()))
    _add_picture(pages, "mingguan", lambda: the_weeks(_choice(), who_is_signed_in()))

    @pages.get("/dinding")
    @open_to(*READING_ROLES)
    @open_to_wall
    def show_wall() -> Response:
        who, now = who_is_signed_in(), clock.wall_s()
        week = weeks_of(1)[0]
        [counts] = pictures.by_week([week.begins_at, week.ends_at], who)
        picture = the_map(_Choice(None, WALL_WEEKS, None), who, small=True)
        page = render_template(
            "wall.html",
            numbers=pictures.wall(now, who),
            counts=counts,
            total=sum(counts.values()),
            kinds=KIND_WORDS,
            week=week_in_words(week),
            svg=Markup(as_svg(picture)),  # noqa: S704 - every word in it is escaped by as_svg
            map_weeks=WALL_WEEKS,
            now=now,
            duration=duration,
            grouped=grouped,
            counted=_counted,
            silent_days=SILENT_AFTER_DAYS,
            refresh_after_s=WALL_REFRESH_AFTER_S,
            refreshed_parameter=REFRESHED_PARAMETER,
            rings=None if duty is None else duty.unseen(who=who),
        )
        answer = make_response(page)
        if duty is not None:  # its script asks for the page again: a page that reloads may not sound
            answer.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; connect-src 'self'"
        return answer

    return pages


def _add_picture(
    pages: Blueprint, name: str, draw: Callable[[], Picture], choice: Callable[[], _Choice] | None = None
) -> None:
    """Add the page, the SVG and the PNG of one picture: endpoints `name`, `name_svg` and `name_png`."""

    @pages.get(f"/{name}", endpoint=name)
    @open_to(*READING_ROLES)
    def show() -> str:
        picture = draw()
        return render_template(
            "picture.html",
            name=name,
            picture=picture,
            svg=Markup(as_svg(picture)),  # noqa: S704 - every word in it is escaped by as_svg
            choice=(choice or _choice)(),
            kinds=KIND_WORDS,
            week_choices=WEEK_CHOICES,
            provinces=[(code, area_names().name_of(code)) for code in area_table().children_of()],
        )

    @pages.get(f"/{name}.svg", endpoint=f"{name}_svg")
    @open_to(*READING_ROLES)
    def export_svg() -> Response:
        return picture_file(as_svg(draw()).encode(), "image/svg+xml", f"{name}.svg")

    @pages.get(f"/{name}.png", endpoint=f"{name}_png")
    @open_to(*READING_ROLES)
    def export_png() -> Response:
        return picture_file(as_png(draw()), "image/png", f"{name}.png")


def _counted(number: int) -> str:
    """Return a number of the wall; it counts no further than `MOST_COUNTED`."""
    if number <= MOST_COUNTED:
        return grouped(number)
    return N_("lebih dari %(number)s", number=grouped(MOST_COUNTED))


def _span(weeks: tuple[Week, ...]) -> str:
    first = week_in_words(weeks[0]).partition(" \u2013 ")[0]
    last = week_in_words(weeks[-1]).partition(" \u2013 ")[2]
    return N_("%(len)s minggu, %(first)s – %(last)s", len=len(weeks), first=first, last=last)


def _choice() -> _Choice:
    """Return what the address asks for; 404 for what no form of ours sends."""
    kind = request.args.get("jenis") or None
    province = request.args.get("provinsi") or None
    weeks = request.args.get("minggu", str(USUAL_WEEKS))
    if kind is not None and kind not in KIND_WORDS:
        raise NotFound
    if province is not None and (re.fullmatch(r"\d\d", province) is None or province not in area_table()):
        raise NotFound
    if weeks not in map(str, WEEK_CHOICES):
        raise NotFound
    return _Choice(kind, int(weeks), province)


def _flow_choice() -> _Choice:
    """Return what the address of the routes asks for; what is for the public has one choice only."""
    asked = _choice()
    if request.args.get("umum") == "1":
        return _Choice(None, WEEK_CHOICES[-1], None, public=True)
    return asked
