"""The series behind a signal: counts by week, what is usual, the bound, what is expected to come in late."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final

from hub.languages import N_, figures
from hub.pictures.drawing import ALARM, SOFT, Box, Mark, Picture, Shape, Stroke, Table, Words
from hub.pictures.weeks import short_date
from hub.signals.finding import WeekPoint

MOST_WEEKS: Final = 26
_LEFT, _RIGHT, _TOP, _ROOM, _COLUMN = 16, 16, 64, 190, 30
_BELOW: Final = 112
_EPOCH: Final = datetime.date(1970, 1, 1)


def draw_signal(past: Sequence[WeekPoint], *, title: str, window_weeks: int) -> Picture:
    """Draw the last weeks of a series, oldest first; those of the finding stand on a darker ground.

    Raises ValueError without a week.
    """
    if not past:
        raise ValueError("a chart needs at least one week")
    weeks = list(past)[-MOST_WEEKS:]
    highest = max(1.0, *(_highest(point) for point in weeks))
    ground = _TOP + _ROOM
    width = max(470, _LEFT + _COLUMN * len(weeks) + _RIGHT)
    shapes: list[Shape] = [Words(12, 26, title, 17, bold=True)]
    window = min(window_weeks, len(weeks))
    begins = _LEFT + _COLUMN * (len(weeks) - window)
    shapes.append(Box(begins, _TOP - 14, _COLUMN * window, _ROOM + 14, fill="#f3e6cf"))
    shapes.append(Stroke(_LEFT, ground, _LEFT + _COLUMN * len(weeks), ground))
    for at, point in enumerate(weeks):
        shapes += _week(point, _LEFT + _COLUMN * at, ground, highest)
        if (len(weeks) - 1 - at) % 2 == 0:
            x = _LEFT + _COLUMN * at + _COLUMN / 2
            shapes.append(Stroke(x, ground, x, ground + 4))
            shapes.append(Words(x, ground + 17, short_date(monday(point.week)), 10, "middle"))
    shapes += _legend(ground + 40)
    return Picture(
        title=title,
        summary=_summary(weeks[-1]),
        width=width,
        height=ground + _BELOW,
        shapes=tuple(shapes),
        table=_table(weeks),
    )


def monday(week: int) -> datetime.date:
    """Return a week, in days from 1970-01-01, as the date of its Monday."""
    return _EPOCH + datetime.timedelta(week)


def _highest(point: WeekPoint) -> float:
    return max(point.count + max(0.0, point.late), point.usual or 0.0, point.bound or 0.0)


def _week(point: WeekPoint, x: float, ground: float, highest: float) -> list[Shape]:
    def up(value: float) -> float:
        return ground - _ROOM * value / highest

    shapes: list[Shape] = []
    if point.count > 0:
        shapes.append(Box(x + 5, up(point.count), _COLUMN - 10, ground - up(point.count)))
    if point.late > 0:
        top = up(point.count + point.late)
        shapes.append(Box(x + 5, top, _COLUMN - 10, up(point.count) - top, dashed=True))
    if point.usual is not None:
        shapes.append(Stroke(x, up(point.usual), x + _COLUMN, up(point.usual), SOFT))
    if point.bound is not None:
        shapes.append(Stroke(x, up(point.bound), x + _COLUMN, up(point.bound), ALARM))
        shapes.append(Mark(x + _COLUMN / 2, up(point.bound), 3.5, "diamond", ALARM, hollow=True))
    if point.count > 0:
        top = up(point.count + max(0.0, point.late))
        shapes.append(Words(x + _COLUMN / 2, top - 4, _figure(point.count), 11, "middle", halo=True))
    return shapes


def _legend(y: float) -> list[Shape]:
    return [
        Box(12, y - 10, 12, 12),
        Words(30, y, N_("jumlah"), 12),
        Box(130, y - 10, 12, 12, dashed=True),
        Words(148, y, N_("masih mungkin datang terlambat"), 12),
        Stroke(12, y + 16, 24, y + 16, SOFT),
        Words(30, y + 20, N_("biasanya"), 12),
        Stroke(130, y + 16, 142, y + 16, ALARM),
        Mark(136, y + 16, 3.5, "diamond", ALARM, hollow=True),
        Words(148, y + 20, N_("batas wajar"), 12),
        Box(12, y + 30, 12, 12, fill="#f3e6cf"),
        Words(30, y + 40, N_("minggu-minggu temuan ini"), 12),
    ]


def _summary(last: WeekPoint) -> str:
    text = N_("Minggu dari %(monday)s: %(count)s", monday=date_of_week(last.week), count=_figure(last.count))
    if last.late > 0:
        text = N_("%(so_far)s, kira-kira %(late)s lagi terlambat", so_far=text, late=_figure(last.late))
    if last.usual is not None:
        text = N_("%(so_far)s; biasanya %(usual)s", so_far=text, usual=_figure(last.usual))
    if last.bound is not None:
        text = N_("%(so_far)s; batas wajar %(bound)s", so_far=text, bound=_figure(last.bound))
    return N_("%(so_far)s.", so_far=text)


def date_of_week(week: int) -> str:
    """Return the Monday of a week as a short date with its year."""
    at = monday(week)
    return f"{short_date(at)} {at.year}"


def _table(weeks: Sequence[WeekPoint]) -> Table:
    rows = [
        (
            date_of_week(point.week),
            _figure(point.count),
            _figure(point.late),
            "\u2013" if point.usual is None else _figure(point.usual),
            "\u2013" if point.bound is None else _figure(point.bound),
        )
        for point in reversed(weeks)
    ]
    return Table(
        N_("Angka di balik gambar"),
        (N_("Minggu dari"), N_("Jumlah"), N_("Terlambat"), N_("Biasanya"), N_("Batas wajar")),
        tuple(rows),
    )


def _figure(number: float) -> str:
    rounded = round(number, 1)
    return figures(int(rounded)) if rounded == int(rounded) else figures(f"{rounded:,.1f}")
