"""Where people are taken from, through and to: three columns, and bands as wide as reports are many.

What is for the public shows ways of at least SMALLEST_SHOWN reports only, in steps instead of numbers, and is
drawn by the steps: no number can be worked out from its picture, nor from two of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.languages import N_, counted, translate
from hub.picture_services import Flow
from hub.pictures.drawing import (
    BAR,
    SOFT,
    WOOD,
    Box,
    Land,
    Picture,
    Point,
    Shape,
    Table,
    Words,
    grouped,
    shortened,
)

TITLE: Final = N_("Alur: dari mana, lewat mana, ke mana")
MOST_IN_COLUMN: Final = 10
STEPS: Final = ((11, 20), (21, 50), (51, 100), (101, 500), (501, None))
SMALLEST_SHOWN: Final = STEPS[0][0]
REST: Final = "\x00rest"
"""Stands in a column for all that is not drawn by itself; no code begins with a zero."""
_WIDTH, _TOP, _HEIGHT, _GAP, _BAR = 860, 96, 420, 10, 14
_COLUMNS: Final = (190, 443, 696)
_SOFTLY: Final = 0.35
_PIECES: Final = 12


@dataclass(frozen=True)
class _Node:
    code: str
    y: float
    height: float


def step_of(reports: int) -> tuple[int, int | None] | None:
    """Return the step that a number lies in, or None for one that the public is not shown."""
    return next((s for s in STEPS if reports >= s[0] and (s[1] is None or reports <= s[1])), None)


def draw_flows(
    flows: Sequence[Flow],
    *,
    origins: Callable[[str], str],
    throughs: Mapping[str, str],
    countries: Mapping[str, str],
    what: str,
    dated: str,
    public: bool = False,
) -> Picture:
    """Draw ways. The names of the columns come from `origins`, `throughs` and `countries`; a code without
    words stands for itself. `what` and `dated` say what was counted, and when."""
    shown = _for_the_public(flows) if public else list(flows)
    names = (origins, lambda code: throughs.get(code, code), lambda code: countries.get(code, code))
    shapes: list[Shape] = [
        Words(12, 26, TITLE, 19, bold=True),
        Words(12, 46, shortened(f"{translate(what)}; {translate(dated)}", 110), 12, fill=SOFT),
    ]
    for x, head in zip(_COLUMNS, (N_("Dari"), N_("Lewat"), N_("Ke")), strict=True):
        shapes.append(Words(x + _BAR / 2, _TOP - 14, head, 13, "middle", bold=True))
    if shown:
        shapes += _columns(shown, names, public)
    else:
        shapes.append(Words(12, _TOP + 14, N_("Tidak ada laporan yang dapat ditunjukkan."), 13))
    rows = tuple(
        (
            translate(names[0](one.origin)),
            _through(names[1], one),
            _to(names[2], one),
            _number(one.reports, public),
        )
        for one in shown
    )
    return Picture(
        title=TITLE,
        summary=_summary(shown, names, public),
        width=_WIDTH,
        height=_TOP + (_HEIGHT if shown else 30) + 30,
        shapes=tuple(shapes),
        table=Table(TITLE, (N_("Dari"), N_("Lewat"), N_("Ke"), counted("Laporan", 2)), rows),
        notes=_notes(public),
    )


def _for_the_public(flows: Sequence[Flow]) -> list[Flow]:
    """Return the ways that are shown to the public, each with the least number of its step; order by step and
    name, for the order of the numbers would tell more than the steps."""
    kept = [(step_of(one.reports), one) for one in flows]
    stepped = [
        Flow(one.origin, one.through, one.destination, step[0]) for step, one in kept if step is not None
    ]
    return sorted(stepped, key=lambda one: (-one.reports, one.origin, one.through, one.destination))


def _number(reports: int, public: bool) -> str:
    if not public:
        return grouped(reports)
    low, high = step_of(reports) or STEPS[0]
    if high is None:
        return N_("lebih dari %(number)s", number=grouped(low - 1))
    return f"{grouped(low)}\u2013{grouped(high)}"


def _through(name: Callable[[str], str], one: Flow) -> str:
    return translate(name(one.through)) if one.through else N_("tidak disebut")


def _to(name: Callable[[str], str], one: Flow) -> str:
    return translate(name(one.destination)) if one.destination else N_("tidak disebut")


def _summary(shown: Sequence[Flow], names: Sequence[Callable[[str], str]], public: bool) -> str:
    if not shown:
        return N_("Tidak ada laporan yang dapat ditunjukkan.")
    said = [one for one in shown if one.through or one.destination]
    if not said:
        return N_("Tidak ada laporan yang menyebut lewat mana atau ke mana.")
    most = said[0]
    return N_(
        "Paling sering disebut: dari %(origin)s, lewat %(through)s, ke %(to)s (%(number)s laporan).",
        origin=names[0](most.origin),
        through=_through(names[1], most),
        to=_to(names[2], most),
        number=_number(most.reports, public),
    )


def _notes(public: bool) -> tuple[str, ...]:
    notes = (
        N_("Dari: wilayah desa pelapor. Lewat dan ke: isian rute dan negara tujuan, bukan cerita."),
        N_("Kalau rute menyebut beberapa tempat, yang dihitung tempat terakhir di Indonesia."),
        N_("Dihitung pada minggu laporan diterima. Banyak laporan tidak berarti banyak korban."),
    )
    if not public:
        return notes
    few = N_(
        "Untuk umum: alur dengan kurang dari %(least)s laporan tidak ditunjukkan, dan jumlah ditulis sebagai "
        "tingkat.",
        least=SMALLEST_SHOWN,
    )
    return (*notes, few)


def _columns(flows: Sequence[Flow], names: Sequence[Callable[[str], str]], public: bool) -> list[Shape]:
    folded = _folded(flows)
    sums = [Counter[str]() for _ in _COLUMNS]
    for place, reports in folded.items():
        for column, code in enumerate(place):
            sums[column][code] += reports
    total = sum(folded.values())
    placed = [_placed(column, total) for column in sums]
    shapes: list[Shape] = []
    for left in (0, 1):
        between = Counter[tuple[str, str]]()
        for place, reports in folded.items():
            between[place[left], place[left + 1]] += reports
        shapes += _bands(left, between, placed[left], placed[left + 1], total)
    for column, nodes in enumerate(placed):
        for node in nodes.values():
            shapes += _node(column, node, names[column], sums[column][node.code], public)
    return shapes


def _folded(flows: Sequence[Flow]) -> Counter[tuple[str, str, str]]:
    """Return sums with the codes that have no room in their column under REST."""
    kept = []
    for column in range(len(_COLUMNS)):
        sums = Counter[str]()
        for one in flows:
            sums[one.place[column]] += one.reports
        ordered = sorted(sums, key=lambda code: (-sums[code], code))
        kept.append(set(ordered if len(ordered) <= MOST_IN_COLUMN else ordered[: MOST_IN_COLUMN - 1]))
    folded = Counter[tuple[str, str, str]]()
    for one in flows:
        first, second, third = (
            code if code in kept[column] else REST for column, code in enumerate(one.place)
        )
        folded[first, second, third] += one.reports
    return folded


def _placed(sums: Counter[str], total: int) -> dict[str, _Node]:
    """Return where each code of a column stands; what nobody said and the rest stand last."""
    ordered = sorted(sums, key=lambda code: (code in ("", REST), code == REST, -sums[code], code))
    room = _HEIGHT - _GAP * (MOST_IN_COLUMN - 1)
    y, nodes = float(_TOP), {}
    for code in ordered:
        height = max(2.0, room * sums[code] / total)
        nodes[code] = _Node(code, y, height)
        y += height + _GAP
    return nodes


def _bands(
    left: int,
    between: Counter[tuple[str, str]],
    from_nodes: Mapping[str, _Node],
    to_nodes: Mapping[str, _Node],
    total: int,
) -> list[Shape]:
    room = _HEIGHT - _GAP * (MOST_IN_COLUMN - 1)
    used: tuple[dict[str, float], dict[str, float]] = ({}, {})
    shapes: list[Shape] = []
    ordered = sorted(between, key=lambda pair: (from_nodes[pair[0]].y, to_nodes[pair[1]].y))
    for one, other in ordered:
        wide = max(0.8, room * between[one, other] / total)
        y1 = from_nodes[one].y + used[0].get(one, 0.0)
        y2 = to_nodes[other].y + used[1].get(other, 0.0)
        used[0][one] = used[0].get(one, 0.0) + wide
        used[1][other] = used[1].get(other, 0.0) + wide
        x1, x2 = _COLUMNS[left] + _BAR, _COLUMNS[left + 1]
        above = _curve(x1, y1, x2, y2)
        below = _curve(x1, y1 + wide, x2, y2 + wide)[::-1]
        fill = SOFT if "" in (one, other) else BAR
        shapes.append(Land((tuple(above + below),), fill, opacity=_SOFTLY, edge=False))
    return shapes


def _curve(x1: float, y1: float, x2: float, y2: float) -> list[Point]:
    """Return points of a line that leaves and arrives level."""
    points = []
    for piece in range(_PIECES + 1):
        t = piece / _PIECES
        points.append((x1 + (x2 - x1) * t, y1 + (y2 - y1) * t * t * (3 - 2 * t)))
    return points


def _node(column: int, node: _Node, name: Callable[[str], str], reports: int, public: bool) -> list[Shape]:
    x = _COLUMNS[column]
    words = {REST: N_("lainnya"), "": N_("tidak disebut")}.get(node.code) or name(node.code)
    text = translate(words)
    if not public:  # a sum of steps is no number, and the sum of numbers would tell what the steps hide
        text = f"{shortened(text, 20)} {grouped(reports)}"
    y = node.y + min(node.height / 2, 200) + 4
    at, anchor = (x - 6, "end") if column == 0 else (x + _BAR + 6, "start")
    shape = Words(at, y, shortened(text, 28), 12, "end" if anchor == "end" else "start", halo=True)
    return [Box(x, node.y, _BAR, node.height, SOFT if node.code == "" else WOOD), shape]
