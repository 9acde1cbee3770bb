"""The two pictures of a weekly report: the last half year by week, and where reports came from."""

from __future__ import annotations

import datetime
from dataclasses import replace

from hub.languages import N_
from hub.pictures.area_map import counted_by_area, draw_map
from hub.pictures.drawing import Picture, grouped
from hub.pictures.outlines import outlines
from hub.pictures.week_bars import draw_weeks
from hub.pictures.weeks import Week, week_in_words
from hub.weekly.facts import Facts
from hub.weekly.services import monday_of
from hub.weekly.summary import number
from sync.areas.table import area_names

_WEEK_S = 7 * 86_400.0


def week_of(week: int) -> Week:
    """Return a week that is over, for words; its moments are those of UTC, and nobody asks for them."""
    monday = monday_of(week)
    begins_at = datetime.datetime.combine(monday, datetime.time(), datetime.UTC).timestamp()
    return Week(monday, begins_at, begins_at + _WEEK_S, whole=True)


def draw_last_weeks(facts: Facts, dated: str) -> Picture:
    """Draw reports by week; hidden numbers have no bar."""
    weeks = [week_of(week) for week, _ in facts.reports.weeks]
    picture = draw_weeks(weeks, [{"": max(0, n)} for _, n in facts.reports.weeks], {}, dated=dated)
    if not facts.outside:
        return picture
    # Of rounded numbers no sum or highest is told.
    rows = [(week_in_words(one), number(n)) for one, (_, n) in zip(weeks, facts.reports.weeks, strict=True)]
    table = replace(picture.table, rows=tuple(reversed(rows)))
    summary = N_("Laporan per minggu, dibulatkan ke atas; minggu tanpa batang punya kurang dari 11 laporan.")
    return replace(picture, summary=summary, table=table)


def draw_where(facts: Facts, dated: str) -> Picture:
    """Draw reports by province, or by regency where all come from one province."""
    if facts.outside:
        counts = dict(facts.reports.provinces)
        province = None
    else:
        counts = {one.code: one.now for one in facts.reports.districts if one.now}
        among = {code[:2] for code in (*counts, *facts.areas)}
        [province] = among if len(among) == 1 else [None]
        if province is not None and area_names().name_of(province) is None:
            province = None
    picture = draw_map(
        counted_by_area(counts, province, outlines(), area_names()),
        province,
        outlines(),
        area_names(),
        what=N_("Semua jenis"),
        dated=dated,
    )
    if not facts.outside:
        return picture
    # A sum of the shown would tell of the hidden.
    shown = N_("%(count)s provinsi ditunjukkan, dengan angka dibulatkan ke atas.", count=grouped(len(counts)))
    return replace(picture, summary=shown)
