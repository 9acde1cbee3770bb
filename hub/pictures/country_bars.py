"""Reports by country of destination: a bar and a number for each, the most named first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from hub.languages import N_, counted
from hub.pictures.drawing import SOFT, Box, Picture, Shape, Stroke, Table, Words, grouped, shortened

TITLE: Final = N_("Laporan per negara tujuan")
MOST_BARS: Final = 15
_LEFT, _WIDTH, _TOP, _STEP = 190, 620, 74, 30
_NUMBER_ROOM: Final = 70


def draw_countries(
    counts: Mapping[str, int], words: Mapping[str, str], *, without: int, what: str, dated: str
) -> Picture:
    """Draw counts by ISO code of a country; `words` names them, a code without words stands for itself.

    `without` reports name no country. `what` and `dated` say what was counted, and when. The first
    MOST_BARS are drawn, the table has all.
    """
    ordered = sorted(counts.items(), key=lambda one: (-one[1], words.get(one[0], one[0])))
    drawn = ordered[:MOST_BARS]
    shapes: list[Shape] = [
        Words(12, 26, TITLE, 19, bold=True),
        Words(12, 46, shortened(f"{what}; {dated}", 96), 12, fill=SOFT),
    ]
    longest = max([1, *(count for _, count in drawn)])
    for at, (code, count) in enumerate(drawn):
        y = _TOP + at * _STEP
        wide = max(1.5, (_WIDTH - _LEFT - _NUMBER_ROOM) * count / longest)
        shapes += [
            Words(_LEFT - 10, y + 14, shortened(words.get(code, code), 22), 13, "end"),
            Box(_LEFT, y, wide, 19),
            Words(_LEFT + wide + 6, y + 14, grouped(count), 13, bold=True),
        ]
    bottom = _TOP + max(1, len(drawn)) * _STEP
    if drawn:
        shapes.append(Stroke(_LEFT, _TOP - 6, _LEFT, bottom - 4))
    else:
        shapes.append(Words(12, _TOP + 14, N_("Tidak ada laporan yang menyebut negara tujuan."), 13))
    foot = N_("Tanpa negara tujuan: %(grouped)s laporan.", grouped=grouped(without))
    shapes.append(Words(12, bottom + 18, foot, 12, fill=SOFT))
    more = len(ordered) - len(drawn)
    rows = tuple((words.get(code, code), code, grouped(count)) for code, count in ordered)
    return Picture(
        title=TITLE,
        summary=_summary(ordered, words, foot),
        width=_WIDTH,
        height=bottom + 34,
        shapes=tuple(shapes),
        table=Table(TITLE, (N_("Negara"), N_("Kode"), counted("Laporan", 2)), rows),
        notes=(
            N_("Dihitung dari isian negara tujuan, bukan dari cerita."),
            *((N_("%(more)s negara lain hanya ada di tabel.", more=more),) if more else ()),
        ),
    )


def _summary(ordered: list[tuple[str, int]], words: Mapping[str, str], foot: str) -> str:
    if not ordered:
        return N_("Tidak ada laporan yang menyebut negara tujuan. %(foot)s", foot=foot)
    total = sum(count for _, count in ordered)
    first, most = ordered[0]
    return N_(
        "%(grouped)s laporan menyebut %(len)s negara tujuan, terbanyak %(get)s (%(grouped2)s). %(foot)s",
        grouped=grouped(total),
        len=len(ordered),
        get=words.get(first, first),
        grouped2=grouped(most),
        foot=foot,
    )
