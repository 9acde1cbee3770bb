"""Evaluation and learning: what became of signals and reports, as a page and as a file."""

from __future__ import annotations

import datetime
from typing import Final

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from hub.languages import N_, counted, figures
from hub.learning.measures import Share
from hub.learning.services import (
    LEAST_SHOWN,
    MOST_CAPACITY,
    SEEING_ROLES,
    USUAL_CAPACITY,
    USUAL_WEEKS,
    WEEK_CHOICES,
    EvaluationServices,
)
from hub.learning.told import as_csv
from hub.web import report_words, score_words, signal_words, state_words
from hub.web.guards import open_to, who_is_signed_in
from hub.web.local_time import date_in_words
from sync.areas.table import area_names

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3_600, 86_400
NOTHING: Final = N_("belum ada")


def _monday(week: int) -> datetime.date:
    return datetime.date(1970, 1, 1) + datetime.timedelta(week)


def make_blueprint(evaluating: EvaluationServices) -> Blueprint:
    """Build `/belajar`."""
    pages = Blueprint("learning", __name__)

    @pages.get("/belajar")
    @open_to(*SEEING_ROLES)
    def show() -> str:
        weeks, capacity, problem = _asked()
        return render_template(
            "learning.html",
            found=evaluating.evaluation(
                weeks, capacity, who=who_is_signed_in(), may_be_kept="baru" not in request.args
            ),
            problem=problem,
            week_choices=WEEK_CHOICES,
            most_capacity=MOST_CAPACITY,
            least=LEAST_SHOWN,
            said=signal_words,
            verdicts=signal_words.VERDICT_WORDS,
            results=state_words.VALUE_WORDS["verification"],
            bands=score_words.BAND_WORDS,
            share=share_words,
            percent=percent,
            decimals=decimals,
            delay=delay_words,
            district=_district_words,
            relation=_relation_words,
            in_words=date_in_words,
            monday=_monday,
        )

    @pages.get("/belajar/belajar.csv")
    @open_to(*SEEING_ROLES)
    def download_csv() -> Response:
        weeks, capacity, _ = _asked()
        found = evaluating.evaluation(
            weeks, capacity, who=who_is_signed_in(), exported=True, may_be_kept=True
        )
        response = Response(as_csv(found), content_type="text/csv; charset=utf-8")
        name = f"belajar-{found.since.isoformat()}-{weeks}-minggu.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    return pages


def _asked() -> tuple[int, int, bool]:
    """Return the weeks and the capacity that the address asks for, and whether the capacity is none."""
    asked = request.args.get("minggu", "")
    weeks = int(asked) if asked in map(str, WEEK_CHOICES) else USUAL_WEEKS
    typed = request.args.get("kapasitas", "").strip()
    if not typed:
        return weeks, USUAL_CAPACITY, False
    is_number = typed.isascii() and typed.isdecimal() and len(typed) <= len(str(MOST_CAPACITY))
    if is_number and 1 <= int(typed) <= MOST_CAPACITY:
        return weeks, int(typed), False
    return weeks, USUAL_CAPACITY, True


def percent(share: float) -> str:
    """Return a share between 0 and 1 as whole percents."""
    return f"{figures(round(100 * share))} %"


def decimals(value: float | None) -> str:
    """Return a figure with three decimals as who looks writes it."""
    return NOTHING if value is None else figures(f"{value:.3f}")


def share_words(share: Share | None) -> str:
    """Return a share with its interval and what it is of."""
    if share is None:
        return NOTHING
    return N_(
        "%(share)s (%(low)s sampai %(high)s; %(count)s dari %(of)s)",
        share=percent(share.share),
        low=percent(share.low),
        high=percent(share.high),
        count=figures(share.count),
        of=figures(share.of),
    )


def delay_words(seconds: float | None) -> str:
    """Return a delay in the unit that fits it."""
    if seconds is None:
        return NOTHING
    if seconds >= 2 * _DAY_S:
        return counted("%(count)s hari", round(seconds / _DAY_S))
    if seconds >= 2 * _HOUR_S:
        return counted("%(count)s jam", round(seconds / _HOUR_S))
    return counted("%(count)s menit", round(seconds / _MINUTE_S))


def _district_words(code: str) -> str:
    return f"{area_names().name_of(code) or code} ({code})"


def _relation_words(name: str) -> str:
    return report_words.RELATION_WORDS.get(name, name) if name else N_("tidak disebut")
