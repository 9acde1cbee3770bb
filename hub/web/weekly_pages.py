"""Weekly reports: the list of weeks, one week a page, its PDF, and the version for readers outside."""

from __future__ import annotations

from flask import Blueprint, Flask, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.routing import BaseConverter, ValidationError
from werkzeug.wrappers import Response

from hub.languages import BY_TAG, N_
from hub.pictures.drawing import Picture, as_svg
from hub.pictures.weeks import week_in_words
from hub.referrals.paper_process import PaperFailed
from hub.warning.services import SEEING_ROLES
from hub.web.guards import open_to, who_is_signed_in
from hub.web.local_time import LocalTime
from hub.weekly.paper_content import KeptPapers
from hub.weekly.pictures import week_of
from hub.weekly.services import (
    INTERNAL,
    LISTED_AT_ONCE,
    PUBLIC,
    PUBLIC_ROLES,
    KeptReport,
    UnknownWeek,
    WeeklyServices,
    name_of,
    week_named,
)
from hub.weekly.telling import tell


class WeekConverter(BaseConverter):
    """A week in an address, such as 2026-W48, as its Monday in days from 1970-01-01."""

    regex = r"[0-9]{4}-W[0-9]{2}"

    def to_python(self, value: str) -> int:
        """Return the Monday; no such page for a week that no year has."""
        try:
            return week_named(value)
        except ValueError as error:
            raise ValidationError from error

    def to_url(self, value: int | str) -> str:
        """Return the name of a week."""
        return value if isinstance(value, str) else name_of(value)


def register(app: Flask, reports: WeeklyServices | None, local: LocalTime, hub_name: str) -> None:
    """Add `/laporan-mingguan` to a hub's site, where weekly reports are made."""
    app.jinja_env.globals["has_weekly"] = reports is not None
    app.url_map.converters["week"] = WeekConverter
    if reports is not None:
        app.register_blueprint(make_blueprint(_Shown(reports, local, hub_name)))


class _Shown:
    """A report as page and as PDF; 404 for what is not there for who asks."""

    def __init__(self, reports: WeeklyServices, local: LocalTime, hub_name: str) -> None:
        self.reports = reports
        self._local, self._hub_name = local, hub_name
        self._papers = KeptPapers()

    def _kept(self, week: int, audience: str, *, taken: bool) -> KeptReport:
        version = _version() if audience == INTERNAL else None
        try:
            return self.reports.report(week, version, who=who_is_signed_in(), audience=audience, taken=taken)
        except UnknownWeek:
            raise NotFound from None

    def page(self, week: int, audience: str, problem: str = "") -> str:
        """Return the page, with what went wrong."""
        kept, who = self._kept(week, audience, taken=False), who_is_signed_in()
        return render_template(
            "weekly.html",
            kept=kept,
            told=tell(kept, self._hub_name, self._local),
            name=name_of(week),
            name_of=name_of,
            outside=audience == PUBLIC,
            may_take_outside=who.role in PUBLIC_ROLES and not who.areas,
            svg=_svg,
            problem=problem,
        )

    def paper(self, week: int, language: str, audience: str) -> Response | tuple[str, int]:
        """Return the PDF, or the page with the word that it could not be drawn."""
        if language not in BY_TAG:
            raise NotFound
        kept = self._kept(week, audience, taken=True)
        try:
            drawn = self._papers.pdf_of(kept, self._hub_name, self._local, language)
        except PaperFailed:
            return self.page(week, audience, N_("PDF tidak dapat dibuat sekarang. Coba lagi.")), 503
        response = Response(drawn, mimetype="application/pdf")
        outside = "-umum" if audience == PUBLIC else ""
        correction = f"-v{kept.version}" if kept.version > 1 else ""
        name = f"laporan-mingguan-{name_of(week)}{correction}{outside}-{language}.pdf"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def make_blueprint(shown: _Shown) -> Blueprint:
    """Build the pages; the map of routes needs `WeekConverter` as "week"."""
    pages = Blueprint("weekly", __name__)

    @pages.get("/laporan-mingguan")
    @open_to(*SEEING_ROLES)
    def show_list() -> str:
        before = request.args.get("sebelum", "")
        try:
            rows = shown.reports.rows(before=week_named(before) if before else None, who=who_is_signed_in())
        except ValueError:
            raise NotFound from None
        more = name_of(rows[-1].week) if len(rows) == LISTED_AT_ONCE else None
        return render_template(
            "weekly_list.html", rows=rows, more=more, name_of=name_of, words_of=_words_of, before=before
        )

    @pages.get("/laporan-mingguan/<week:week>")
    @open_to(*SEEING_ROLES)
    def show_one(week: int) -> str:
        return shown.page(week, INTERNAL)

    @pages.get("/laporan-mingguan/<week:week>/<language>.pdf")
    @open_to(*SEEING_ROLES)
    def download(week: int, language: str) -> Response | tuple[str, int]:
        return shown.paper(week, language, INTERNAL)

    @pages.get("/laporan-mingguan/<week:week>/umum")
    @open_to(*PUBLIC_ROLES)
    def show_outside(week: int) -> str:
        return shown.page(week, PUBLIC)

    @pages.get("/laporan-mingguan/<week:week>/umum/<language>.pdf")
    @open_to(*PUBLIC_ROLES)
    def download_outside(week: int, language: str) -> Response | tuple[str, int]:
        return shown.paper(week, language, PUBLIC)

    return pages


def _words_of(week: int) -> str:
    return week_in_words(week_of(week))


def _svg(picture: Picture, ident: str) -> Markup:
    return Markup(as_svg(picture, ident=ident))  # noqa: S704 - every word in it is escaped by as_svg


def _version() -> int | None:
    """Return the version that the address asks for; 404 for what is none."""
    asked = request.args.get("versi", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= 6 and int(asked)):
        raise NotFound
    return int(asked)
