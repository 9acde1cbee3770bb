"""One village by week: reports as bars, below them sessions, what was not learnt, signals and bulletins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.languages import N_
from hub.pictures.drawing import (
    FORMS,
    INK,
    LINE,
    SOFT,
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

_LEFT: Final = 184
_RIGHT: Final = 20
_TOP: Final = 70
_HEIGHT: Final = 120
_ROW: Final = 34
_NUMBER_ROOM: Final = 16
_COLUMNS: Final = (13, 40)
"""The narrowest and the widest column."""
_NAMED_EVERY: Final = 58
"""Room of a date below the weeks."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of marks. `marks` holds by place of the week how many there were, `told` the words of the table
    for the same weeks."""

    name: str
    marks: Mapping[int, int]
    told: Mapping[int, str]


def draw_teaching(
    title: str,
    weeks: Sequence[Week],
    counts: Sequence[int] | None,
    heard: Sequence[bool],
    rows: Sequence[Row],
    *,
    dated: str,
    hidden: str,
    summary: str,
) -> Picture:
    """Draw a village's weeks. `counts` are its reports by week; without them `hidden` says why. A line below
    the bars tells the weeks that were `heard`. Raises ValueError for more rows than there are forms."""
    if len(rows) > len(FORMS):
        raise ValueError(f"at most {len(FORMS)} rows have forms of their own")
    column = max(_COLUMNS[0], min(_COLUMNS[1], 720 // len(weeks)))
    right = _LEFT + column * len(weeks)
    ground = _TOP + _HEIGHT
    shapes: list[Shape] = [
        Words(12, 26, shortened(title, 44), 19, bold=True),
        Words(12, 46, dated, 12, fill=SOFT),
        Words(12, ground - 4, N_("Laporan per minggu"), 13, bold=True),
        Stroke(_LEFT, ground, right, ground),
    ]
    if counts is None:
        shapes.append(Words(_LEFT + 4, ground - 14, hidden, 12, fill=SOFT))
    else:
        shapes += _bars(weeks, counts, column, ground)
    y = ground + 12
    shapes.append(Words(12, y + 5, N_("Kotak terdengar"), 12))
    shapes += [
        Box(_LEFT + at * column + 2, y - 2, column - 4, 6, SOFT) for at, one in enumerate(heard) if one
    ]
    for form, row in zip(FORMS, rows, strict=False):
        y += _ROW
        shapes += [Words(12, y + 4, shortened(row.name, 24), 13), Stroke(_LEFT, y, right, y, LINE)]
        for at, number in sorted(row.marks.items()):
            x = _LEFT + at * column + column / 2
            shapes.append(Mark(x, y, 5.5, form, INK))
            if number > 1:
                shapes.append(Words(x, y - 9, grouped(number), 10, "middle"))
    y += 24
    step = -(-_NAMED_EVERY // column)
    for at, week in enumerate(weeks):
        # Counted from the present week, so that this one always has its date.
        if (len(weeks) - 1 - at) % step == 0:
            x = _LEFT + at * column + column / 2
            shapes += [
                Stroke(x, y - 8, x, y - 3, INK),
                Words(x, y + 9, short_date(week.monday), 11, "middle"),
            ]
            if at == len(weeks) - 1 or week.monday.month == 1:
                shapes.append(Words(x, y + 23, str(week.monday.year), 11, "middle", fill=SOFT))
    return Picture(
        title=title,
        summary=summary,
        width=max(right + _RIGHT, 560),
        height=y + 34,
        shapes=tuple(shapes),
        table=_table(title, weeks, counts, heard, rows),
    )


def _bars(weeks: Sequence[Week], counts: Sequence[int], column: int, ground: float) -> list[Shape]:
    highest, room = max([1, *counts]), _HEIGHT - _NUMBER_ROOM
    shapes: list[Shape] = []
    for at, (count, week) in enumerate(zip(counts, weeks, strict=True)):
        if count:
            x, tall = _LEFT + at * column + 2, max(1.5, room * count / highest)
            shapes.append(Box(x, ground - tall, column - 4, tall, dashed=not week.whole))
            number = Words(
                x + (column - 4) / 2, ground - tall - 3, grouped(count), 9 if column < 24 else 12, "middle"
            )
            shapes.append(number)
    return shapes


def _table(
    title: str,
    weeks: Sequence[Week],
    counts: Sequence[int] | None,
    heard: Sequence[bool],
    rows: Sequence[Row],
) -> Table:
    lines = [
        (
            week_in_words(week) if week.whole else N_("%(week)s (belum penuh)", week=week_in_words(week)),
            N_("tidak ditampilkan") if counts is None else grouped(counts[at]),
            N_("ya") if heard[at] else N_("tidak"),
            *(row.told.get(at, "–") for row in rows),
        )
        for at, week in enumerate(weeks)
    ]
    return Table(
        N_("%(title)s: tabel per minggu", title=title),
        (N_("Minggu kalender"), N_("Laporan"), N_("Kotak terdengar"), *(row.name for row in rows)),
        tuple(reversed(lines)),
    )
