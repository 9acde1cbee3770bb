"""What happened to one report, case or person, from top to bottom, with the time between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from hub.languages import N_, translate
from hub.pictures.drawing import (
    FORMS,
    INK,
    LINE,
    SOFT,
    Mark,
    Picture,
    Shape,
    Stroke,
    Table,
    Words,
    shortened,
)

_X: Final = 236
_TOP: Final = 84
_STEP: Final = 40
_WIDTH: Final = 760
_GAP_WORDS_FROM_S: Final = 3600.0
_MOST_LETTERS: Final = 66
MOST_EVENTS: Final = 100


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a moment, Unix seconds. `kind` is a key of the legend.

    `words` say what, and never quote what a reporter told: a picture is taken out of the hub.
    """

    at: float
    kind: str
    words: str


def draw_time_line(
    title: str,
    events: Iterable[Event],
    kinds: Mapping[str, str],
    *,
    dated: str,
    moment: Callable[[float], str],
    duration: Callable[[float], str],
) -> Picture:
    """Draw events by time. `kinds` are the legend: key and words, each with a form of its own.

    `moment` and `duration` write times as people say them. The last MOST_EVENTS are drawn, the table has
    all. Raises KeyError for an event whose kind has no words.
    """
    ordered = sorted(events, key=lambda event: (event.at, event.kind, event.words))
    drawn = ordered[-MOST_EVENTS:]
    looks = {kind: (FORMS[at % len(FORMS)], at >= len(FORMS)) for at, kind in enumerate(kinds)}
    shapes: list[Shape] = [
        Words(12, 26, shortened(title, 60), 19, bold=True),
        Words(12, 46, dated, 12, fill=SOFT),
    ]
    if drawn:
        bottom = _TOP + _STEP * (len(drawn) - 1)
        shapes.append(Stroke(_X, _TOP, _X, bottom, LINE))
    for at, event in enumerate(drawn):
        y = _TOP + at * _STEP
        form, hollow = looks[event.kind]
        if at and event.at - drawn[at - 1].at >= _GAP_WORDS_FROM_S:
            gap = N_("%(duration)s kemudian", duration=duration(event.at - drawn[at - 1].at))
            shapes.append(Words(_X + 16, y - _STEP / 2 + 4, gap, 11, fill=SOFT))
        shapes.append(Words(_X - 16, y + 4, moment(event.at), 12, "end"))
        shapes.append(Mark(_X, y, 7, form, INK, hollow))
        shapes.append(Words(_X + 16, y + 4, shortened(event.words, _MOST_LETTERS), 13))
    y = _TOP + _STEP * max(1, len(drawn))
    if not drawn:
        shapes.append(Words(12, _TOP, N_("Belum ada yang tercatat."), 13))
    x = 20.0
    used = {event.kind for event in drawn}
    for kind, words in kinds.items():
        if kind in used:
            form, hollow = looks[kind]
            if x + 20 + 7.2 * len(translate(words)) > _WIDTH:
                x, y = 20.0, y + 22
            shapes += [Mark(x, y, 6, form, INK, hollow), Words(x + 12, y + 4, words, 12)]
            x += 34 + 7.2 * len(translate(words))
    rows = tuple((moment(event.at), kinds[event.kind], event.words) for event in ordered)
    left_out = len(ordered) - len(drawn)
    return Picture(
        title=title,
        summary=_summary(ordered, moment),
        width=_WIDTH,
        height=int(y) + 24,
        shapes=tuple(shapes),
        table=Table(
            N_("%(title)s: semua kejadian", title=title), (N_("Waktu"), N_("Jenis"), N_("Kejadian")), rows
        ),
        notes=(N_("%(left_out)s kejadian yang lebih lama hanya ada di tabel.", left_out=left_out),)
        if left_out
        else (),
    )


def _summary(ordered: list[Event], moment: Callable[[float], str]) -> str:
    if not ordered:
        return N_("Belum ada yang tercatat.")
    first, last = ordered[0], ordered[-1]
    if len(ordered) == 1:
        return N_("Satu kejadian, %(moment)s: %(words)s.", moment=moment(first.at), words=first.words)
    return N_(
        "%(len)s kejadian, dari %(moment)s (%(words)s) sampai %(moment2)s (%(words2)s).",
        len=len(ordered),
        moment=moment(first.at),
        words=first.words,
        moment2=moment(last.at),
        words2=last.words,
    )
