"""Did teaching change reporting? One village on a time line, and all villages of an area together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.languages import N_, counted, figures, joined
from hub.learning.before_after import Around, Ratio
from hub.learning.services import LEAST_SHOWN, SEEING_ROLES
from hub.learning.teaching_services import AROUND_WEEKS, MOST_WEEKS, TeachingServices, VillageLine
from hub.pictures.drawing import Picture, as_svg
from hub.pictures.png import as_png
from hub.pictures.teaching_line import Row, draw_teaching
from hub.pictures.weeks import last_weeks
from hub.services import READING_ROLES, HeldSession, UnknownVillage
from hub.web import session_words
from hub.web.attachment_responses import picture_file
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.local_time import LocalTime
from sync.areas.table import area_names, area_table
from sync.clock import Clock

WEEK_CHOICES: Final = (26, 52, MOST_WEEKS)
USUAL_WEEKS: Final = 52
LEARNT_FROM: Final = 60
"""A question counts as learnt when so many of a hundred were right in the last round."""


def make_blueprint(teaching: TeachingServices, local: LocalTime, clock: Clock) -> Blueprint:
    """Build `/desa/NUMBER/penyuluhan` with its `.svg` and `.png`, and `/belajar/penyuluhan`."""
    pages = Blueprint("teaching", __name__)
    pages.register_error_handler(UnknownVillage, _show_as_not_found)

    def found(node: int) -> tuple[VillageLine, Picture]:
        refuse_unless_a_person_looks()
        weeks = _asked_weeks()
        line = teaching.village(node, weeks, who=who_is_signed_in())
        now = clock.wall_s()
        picture = draw_teaching(
            N_("Penyuluhan dan laporan: %(village)s", village=_area_words(line.village)),
            last_weeks(now, local.zone, weeks),
            line.counts,
            line.heard,
            _rows(line),
            dated=N_("Dihitung %(moment)s", moment=local.moment(now)),
            hidden=N_("Kurang dari %(least)s laporan: tidak ditampilkan", least=LEAST_SHOWN),
            summary=_summary(line),
        )
        return line, picture

    @pages.get("/desa/<int:node>/penyuluhan")
    @open_to(*READING_ROLES)
    def show_village(node: int) -> str:
        line, picture = found(node)
        return render_template(
            "teaching_village.html",
            node=node,
            line=line,
            picture=picture,
            svg=Markup(as_svg(picture)),  # noqa: S704 - every word in it is escaped by as_svg
            weeks=len(line.heard),
            week_choices=WEEK_CHOICES,
            length=AROUND_WEEKS,
            least=LEAST_SHOWN,
            rate=rate_words,
            ratio=ratio_words,
            says=says,
            learnt_from=LEARNT_FROM,
            seeing_roles=SEEING_ROLES,
        )

    @pages.get("/desa/<int:node>/penyuluhan.svg")
    @open_to(*READING_ROLES)
    def export_svg(node: int) -> Response:
        return picture_file(as_svg(found(node)[1]).encode(), "image/svg+xml", "penyuluhan.svg")

    @pages.get("/desa/<int:node>/penyuluhan.png")
    @open_to(*READING_ROLES)
    def export_png(node: int) -> Response:
        return picture_file(as_png(found(node)[1]), "image/png", "penyuluhan.png")

    @pages.get("/belajar/penyuluhan")
    @open_to(*SEEING_ROLES)
    def show_area() -> str:
        area = request.args.get("wilayah", "").strip()
        if area and area not in area_table():
            raise NotFound
        return render_template(
            "teaching_area.html",
            found=teaching.area(area, who=who_is_signed_in(), anew="baru" in request.args),
            area=area,
            area_words=_area_words(area) if area else "",
            length=AROUND_WEEKS,
            most_weeks=MOST_WEEKS,
            least=LEAST_SHOWN,
            rate=rate_words,
            ratio=ratio_words,
            says=says,
            says_beside=says_beside,
        )

    return pages


def _asked_weeks() -> int:
    asked = request.args.get("minggu", str(USUAL_WEEKS))
    if asked not in map(str, WEEK_CHOICES):
        raise NotFound
    return int(asked)


def _area_words(code: str) -> str:
    return f"{area_names().name_of(code) or code} ({code})"


def _rows(line: VillageLine) -> list[Row]:
    sessions = {at: [session_words.view_of(one) for one in held] for at, held in line.sessions.items()}
    gaps = {at: _gaps(held) for at, held in line.sessions.items()}
    gaps = {at: some for at, some in gaps.items() if some}
    return [
        Row(
            N_("Sesi penyuluhan"),
            _numbers(line.sessions),
            {at: joined("; ", (_session_words(one) for one in some)) for at, some in sessions.items()},
        ),
        Row(
            N_("Soal belum dikuasai"),
            _numbers(gaps),
            {at: joined("; ", some) for at, some in gaps.items()},
        ),
        Row(
            N_("Sinyal"),
            _numbers(line.signals),
            {
                at: joined(", ", (N_("sinyal %(number)s", number=one) for one in some))
                for at, some in line.signals.items()
            },
        ),
        Row(
            N_("Buletin"),
            _numbers(line.bulletins),
            {
                at: joined(", ", (N_("buletin %(number)s", number=one) for one in some))
                for at, some in line.bulletins.items()
            },
        ),
    ]


def _numbers(by_week: Mapping[int, Sequence[object]]) -> dict[int, int]:
    return {at: len(some) for at, some in by_week.items()}


def _session_words(view: session_words.SessionView) -> str:
    return N_("%(when)s: %(lessons)s", when=view.when, lessons=view.lessons)


def _gaps(sessions: Sequence[HeldSession]) -> list[str]:
    """Return the questions that were not learnt; of fewer than LEAST_SHOWN answers nothing is told."""
    return [
        row.question
        for held in sessions
        for row in session_words.view_of(held).gains
        if (last := row.after or row.before) is not None
        and last[1] >= LEAST_SHOWN
        and 100 * last[0] < LEARNT_FROM * last[1]
    ]


def _summary(line: VillageLine) -> str:
    weeks = len(line.heard)
    held = sum(_numbers(line.sessions).values())
    told = counted("%(count)s sesi penyuluhan", held)
    if line.counts is None:
        return N_(
            "%(weeks)s minggu: %(sessions)s; laporan kurang dari %(least)s dan tidak ditampilkan.",
            weeks=weeks,
            sessions=told,
            least=LEAST_SHOWN,
        )
    return N_(
        "%(weeks)s minggu: %(sessions)s dan %(reports)s laporan; kotak terdengar dalam %(heard)s minggu.",
        weeks=weeks,
        sessions=told,
        reports=figures(sum(line.counts)),
        heard=sum(line.heard),
    )


def rate_words(reports: int, weeks: int) -> str:
    """Return reports in weeks, and how many that is in ten weeks."""
    if not weeks:
        return N_("tidak ada minggu yang dapat dihitung")
    return N_(
        "%(reports)s laporan dalam %(weeks)s minggu (%(rate)s per 10 minggu)",
        reports=figures(reports),
        weeks=figures(weeks),
        rate=figures(f"{10 * reports / weeks:.1f}"),
    )


def ratio_words(ratio: Ratio) -> str:
    """Return a ratio with its interval."""
    high = N_("tanpa batas") if math.isinf(ratio.high) else figures(f"{ratio.high:.2f}")
    middle = N_("tanpa batas") if math.isinf(ratio.ratio) else figures(f"{ratio.ratio:.2f}")
    return N_(
        "%(ratio)s (selang 95 persen: %(low)s sampai %(high)s)",
        ratio=middle,
        low=figures(f"{ratio.low:.2f}"),
        high=high,
    )


def says(around: Around | None, ratio: Ratio | None) -> str:
    """Return what a comparison says, carefully."""
    if around is None:
        return N_(
            "Di sekitar sesi ada kurang dari %(least)s laporan: terlalu sedikit untuk berkata apa-apa.",
            least=LEAST_SHOWN,
        )
    if ratio is None:
        return N_("Tidak dapat dibandingkan: sebelum atau sesudah sesi tidak ada minggu yang dapat dihitung.")
    if ratio.low > 1:
        return N_("Sesudah sesi, laporan lebih sering daripada sebelumnya.")
    if ratio.high < 1:
        return N_("Sesudah sesi, laporan lebih jarang daripada sebelumnya.")
    return N_("Angka-angka ini tidak menunjukkan perubahan: yang tampak dapat berasal dari kebetulan.")


def says_beside(first: Around | None, ratio: Ratio | None) -> str:
    """Return what the comparison with villages that were not yet taught says, carefully."""
    if first is None:
        return N_(
            "Laporan di salah satu pihak kurang dari %(least)s: terlalu sedikit untuk berkata apa-apa.",
            least=LEAST_SHOWN,
        )
    if ratio is None:
        return N_("Tidak dapat dibandingkan: sebelum atau sesudah sesi tidak ada minggu yang dapat dihitung.")
    if ratio.low > 1:
        return N_(
            "Di desa yang mendapat sesi, laporan bertambah lebih banyak (atau berkurang lebih sedikit) "
            "daripada di desa yang menunggu."
        )
    if ratio.high < 1:
        return N_(
            "Di desa yang mendapat sesi, laporan bertambah lebih sedikit (atau berkurang lebih banyak) "
            "daripada di desa yang menunggu."
        )
    return N_("Tidak tampak perbedaan antara desa yang mendapat sesi dan desa yang menunggu.")


def _show_as_not_found(_: UnknownVillage) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
