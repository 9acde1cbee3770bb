"""A series of another office above the reports of the same area: two rows of bars on one axis of weeks.

A week without a number is a dash and no bar: it is no zero. Each row has its own scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from hub.languages import N_, counted
from hub.pictures.drawing import (
    ALARM,
    BAR,
    INK,
    SOFT,
    WOOD,
    Box,
    Mark,
    Picture,
    Shape,
    Stroke,
    Table,
    Words,
    grouped,
    shortened,
)
from hub.pictures.weeks import Week, short_date, week_in_words

_LEFT: Final = 16
_TOP: Final = 58
_ROW_HEIGHT: Final = 96
_SMALL_ROW_HEIGHT: Final = 64
_NUMBER_ROOM: Final = 16
_WIDTH: Final = 720
_SMALL_WIDTH: Final = 420
_DATE_ROOM: Final = 46
_NUMBERED_FROM: Final = 20
"""Columns narrower than this have no number on each bar: the highest alone has one."""


def draw_compared(
    weeks: Sequence[Week],
    counts: Sequence[int | None],
    reports: Sequence[int],
    *,
    name: str,
    where: str,
    found: Sequence[int] = (),
    small: bool = False,
) -> Picture:
    """Draw counts (None: no number) above reports; `found` are places of weeks that a method found.

    `name` says what is counted, `where` of which area.
    """
    width = _SMALL_WIDTH if small else _WIDTH
    column = (width - 2 * _LEFT) / len(weeks)
    height = _SMALL_ROW_HEIGHT if small else _ROW_HEIGHT
    shapes: list[Shape] = [
        Words(_LEFT, 24, shortened(name, 46 if small else 80), 15 if small else 18, bold=True),
        Words(_LEFT, 42, shortened(where, 60), 12, fill=SOFT),
    ]
    y = _TOP
    shapes += _row(N_("Data lain"), counts, y, height, column, width, BAR, found)
    y += height + 22
    shapes += _row(N_("Laporan di wilayah yang sama"), reports, y, height, column, width, WOOD, ())
    y += height + 22
    shapes += _dates(weeks, y, column)
    return Picture(
        title=name,
        summary=_summary(weeks, counts, reports, found),
        width=width,
        height=int(y + 24),
        shapes=tuple(shapes),
        table=_table(weeks, counts, reports, found),
        notes=(N_("Dua baris, dua skala. Garis kecil: tanpa angka, bukan nol. Segitiga: lebih dari biasa."),),
    )


def _row(
    name: str,
    values: Sequence[int | None],
    top: float,
    height: float,
    column: float,
    width: float,
    fill: str,
    found: Sequence[int],
) -> list[Shape]:
    ground = top + 16 + height - 12
    room = height - 12 - _NUMBER_ROOM
    highest = max([1, *(value for value in values if value is not None)])
    shapes: list[Shape] = [
        Words(_LEFT, top + 8, name, 12, bold=True),
        Stroke(_LEFT, ground, width - _LEFT, ground),
    ]
    peak = max((at for at, value in enumerate(values) if value == highest), default=None)
    gap = min(4.0, column / 5)
    for at, value in enumerate(values):
        x = _LEFT + at * column
        middle = x + column / 2
        if value is None:
            shapes.append(Stroke(middle - column / 4, ground - 4, middle + column / 4, ground - 4, INK))
            continue
        if not value:
            continue
        tall = max(1.5, room * value / highest)
        shapes.append(Box(x + gap / 2, ground - tall, column - gap, tall, fill=fill))
        if column >= _NUMBERED_FROM or at == peak:
            shapes.append(Words(middle, ground - tall - 4, grouped(value), 10, "middle"))
        if at in found:
            shapes.append(Mark(middle, ground + 6, 4, "triangle", ALARM))
    return shapes


def _dates(weeks: Sequence[Week], y: float, column: float) -> list[Shape]:
    step = max(1, -(-_DATE_ROOM // int(max(column, 1))))
    shapes: list[Shape] = []
    for at, week in enumerate(weeks):
        # Counted from the last week, so that it always has its date.
        if (len(weeks) - 1 - at) % step == 0:
            x = _LEFT + at * column + column / 2
            shapes.append(Stroke(x, y - 6, x, y - 1, INK))
            anchor_end = x > _LEFT + column * len(weeks) - 24
            shapes.append(Words(x, y + 12, short_date(week.monday), 11, "end" if anchor_end else "middle"))
    return shapes


def _summary(
    weeks: Sequence[Week], counts: Sequence[int | None], reports: Sequence[int], found: Sequence[int]
) -> str:
    known = [(count, week) for count, week in zip(counts, weeks, strict=True) if count is not None]
    told = N_("%(reports)s laporan dalam %(weeks)s minggu.", reports=grouped(sum(reports)), weeks=len(weeks))
    if not known:
        return f"{N_('Tidak ada angka dalam minggu-minggu ini.')} {told}"
    last, when = known[-1]
    text = N_(
        "Angka terakhir %(last)s, minggu %(when)s; %(missing)s dari %(weeks)s minggu tanpa angka.",
        last=grouped(last),
        when=week_in_words(when),
        missing=len(weeks) - len(known),
        weeks=len(weeks),
    )
    if found:
        text = f"{text} {counted('Lebih dari biasa: %(count)s minggu.', len(found))}"
    return f"{text} {told}"


def _table(
    weeks: Sequence[Week], counts: Sequence[int | None], reports: Sequence[int], found: Sequence[int]
) -> Table:
    rows = [
        (
            week_in_words(week) if week.whole else N_("%(week)s (belum penuh)", week=week_in_words(week)),
            N_("tidak ada") if count is None else grouped(count),
            grouped(of_reports),
            N_("ya") if at in found else "",
        )
        for at, (week, count, of_reports) in enumerate(zip(weeks, counts, reports, strict=True))
    ]
    return Table(
        N_("Data lain dan laporan per minggu"),
        (N_("Minggu kalender"), N_("Data lain"), N_("Laporan"), N_("Lebih dari biasa")),
        tuple(reversed(rows)),
    )
