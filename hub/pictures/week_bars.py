"""Reports by week: one row of bars for all, one for each kind, a number on each bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from hub.languages import N_
from hub.pictures.drawing import (
    INK,
    SOFT,
    Box,
    Picture,
    Shape,
    Stroke,
    Table,
    Words,
    grouped,
    shortened,
)
from hub.pictures.weeks import Week, short_date, week_in_words

_LEFT: Final = 184
_RIGHT: Final = 16
_TOP: Final = 78
_TOTAL_HEIGHT, _KIND_HEIGHT = 130, 62
_NUMBER_ROOM: Final = 18
_WIDTHS: Final = (17, 46)
"""The narrowest and the widest column."""


def draw_weeks(
    weeks: Sequence[Week],
    counts: Sequence[Mapping[str, int]],
    kinds: Mapping[str, str],
    *,
    dated: str,
) -> Picture:
    """Draw counts by kind of each week; `kinds` gives the rows, in order, and their words.

    `dated` says when the counts were taken. A kind that is not in `kinds` counts in the total only. Without
    kinds there is the row of all alone.
    """
    column = max(_WIDTHS[0], min(_WIDTHS[1], 600 // len(weeks)))
    width = _LEFT + column * len(weeks) + _RIGHT
    totals = [sum(count.values()) for count in counts]
    shapes: list[Shape] = [
        Words(12, 26, N_("Laporan per minggu"), 19, bold=True),
        Words(12, 46, dated, 12, fill=SOFT),
    ]
    y = _TOP
    shapes += _row(N_("Semua jenis"), totals, weeks, y, _TOTAL_HEIGHT, column, max([1, *totals]), bold=True)
    y += _TOTAL_HEIGHT
    highest = max([1, *(count.get(kind, 0) for count in counts for kind in kinds)])
    for kind, words in kinds.items():
        row = [count.get(kind, 0) for count in counts]
        shapes += _row(words, row, weeks, y, _KIND_HEIGHT, column, highest)
        y += _KIND_HEIGHT
    shapes += _dates(weeks, y, column)
    if not weeks[-1].whole:
        y += 44
        shapes += [
            Box(12, y - 10, 12, 12),
            Words(30, y, N_("minggu penuh"), 12),
            Box(130, y - 10, 12, 12, dashed=True),
            Words(148, y, N_("minggu ini, belum penuh"), 12),
        ]
    if kinds:
        scales = N_("Baris per jenis memakai skala bersama; baris atas skalanya sendiri.")
        shapes.append(Words(12, y + 18, scales, 12, fill=SOFT))
    return Picture(
        title=N_("Laporan per minggu"),
        summary=_summary(weeks, totals),
        width=max(width, 470),
        height=y + 30,
        shapes=tuple(shapes),
        table=_table(weeks, counts, kinds, totals),
    )


def _row(
    name: str,
    values: Sequence[int],
    weeks: Sequence[Week],
    top: float,
    height: float,
    column: int,
    highest: int,
    *,
    bold: bool = False,
) -> list[Shape]:
    ground = top + height - 6
    room = height - 6 - _NUMBER_ROOM
    shapes: list[Shape] = [
        Words(12, ground - 4, shortened(name, 22), 13, bold=bold),
        Stroke(_LEFT, ground, _LEFT + column * len(values), ground),
    ]
    size = 12 if column >= 24 else 9
    for at, (value, week) in enumerate(zip(values, weeks, strict=True)):
        if not value:
            continue
        x, tall = _LEFT + at * column + 2, max(1.5, room * value / highest)
        shapes.append(Box(x, ground - tall, column - 4, tall, dashed=not week.whole))
        shapes.append(
            Words(x + (column - 4) / 2, ground - tall - 4, grouped(value), size, "middle", bold=bold)
        )
    return shapes


def _dates(weeks: Sequence[Week], y: float, column: int) -> list[Shape]:
    step = -(-44 // column)
    shapes: list[Shape] = []
    for at, week in enumerate(weeks):
        # Counted from the present week, so that this one always has its date.
        if (len(weeks) - 1 - at) % step == 0:
            x = _LEFT + at * column + column / 2
            shapes.append(Stroke(x, y - 5, x, y, INK))
            shapes.append(Words(x, y + 12, short_date(week.monday), 11, "middle"))
    return shapes


def _summary(weeks: Sequence[Week], totals: Sequence[int]) -> str:
    whole = [(total, week) for total, week in zip(totals, weeks, strict=True) if week.whole]
    text = N_("Minggu ini, yang belum penuh: %(number)s laporan.", number=grouped(totals[-1]))
    if weeks[-1].whole:
        text = N_("Minggu terakhir: %(number)s laporan.", number=grouped(totals[-1]))
        whole = whole[:-1]
    if not whole:
        return text
    most, week = max(whole, key=lambda one: (one[0], one[1].begins_at))
    count = sum(total for total, _ in whole)
    before = N_(
        "%(weeks)s minggu penuh sebelumnya: %(number)s laporan", weeks=len(whole), number=grouped(count)
    )
    if not count:
        return f"{text} {before}."
    peak = N_("terbanyak %(number)s pada %(week)s", number=grouped(most), week=week_in_words(week))
    return f"{text} {before}, {peak}."


def _table(
    weeks: Sequence[Week],
    counts: Sequence[Mapping[str, int]],
    kinds: Mapping[str, str],
    totals: Sequence[int],
) -> Table:
    rows = [
        (
            week_in_words(week) if week.whole else N_("%(week)s (belum penuh)", week=week_in_words(week)),
            *(grouped(count.get(kind, 0)) for kind in kinds),
            grouped(total),
        )
        for week, count, total in zip(weeks, counts, totals, strict=True)
    ]
    return Table(
        N_("Laporan per minggu dan jenis"),
        (N_("Minggu kalender"), *kinds.values(), N_("Semua")),
        tuple(reversed(rows)),
    )
