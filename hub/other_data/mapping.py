"""What the columns of a file mean: proposed from headings and cells, and remembered for an office. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from hub.languages import N_
from hub.other_data.cells import Cells, DataRefused
from hub.other_data.personal import names_areas, words_of
from hub.other_data.units import TOTALS, Unit, area_of, folded
from hub.other_data.week_words import Order, day_in, is_day, monday_of, order_of, week_in
from hub.other_data.whole_numbers import counts_in, is_missing

UNUSED, WEEK, DAY, YEAR, NUMBER, UNIT, COUNT = "", "week", "day", "year", "week_number", "unit", "count"
WEEK_COLUMN, UNIT_COLUMN = "count_of_week", "count_of_unit"
MEANINGS: Final[MappingOf[str, str]] = MappingProxyType(
    {
        WEEK: N_("Minggu, atau satu hari di dalamnya"),
        DAY: N_("Hari: satu baris tiap hari, dijumlahkan"),
        YEAR: N_("Tahun"),
        NUMBER: N_("Nomor minggu"),
        UNIT: N_("Wilayah atau pos"),
        COUNT: N_("Jumlah"),
        WEEK_COLUMN: N_("Jumlah untuk minggu di judul kolom"),
        UNIT_COLUMN: N_("Jumlah untuk wilayah di judul kolom"),
    }
)
"""What a column can mean."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TIME_WORDS: Final = _words(
    "minggu pekan week isoweek epiweek periode period tanggal tgl date hari day mulai start senin monday"
)
_YEAR_WORDS: Final = frozenset(["tahun", "year", "thn", "th"])
_WEEK_WORDS: Final = _words("minggu pekan week isoweek epiweek mingguke w")
_COUNT_WORDS: Final = (
    frozenset(["jumlah", "count", "banyak", "banyaknya", "jml", "n"]),
    frozenset(["total", "angka", "number"]),
    _words(
        "kasus cases permohonan paspor penolakan ditolak deportasi dideportasi pemulangan penerbangan "
        "kapal feri penumpang pemohon orang applications passports refusals refused returns "
        "deportations flights ferries"
    ),
)
_LOOKED_AT: Final = 300


@dataclass(frozen=True)
class Mapping:
    """What each column means, whether the day or the month comes first (empty: not told), and which units
    words mean that are no areas' names; the words are folded."""

    columns: tuple[str, ...]
    order: Order = ""
    units: MappingOf[str, Unit] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        units = {word: list(unit) for word, unit in self.units.items()}
        return {"columns": list(self.columns), "order": self.order, "units": units}

    @classmethod
    def from_json(cls, told: MappingOf[str, Any]) -> Mapping:
        """Return what `to_json` gave."""
        order: Order = "dm" if told["order"] == "dm" else "md" if told["order"] == "md" else ""
        units = {word: Unit(*unit) for word, unit in told["units"].items()}
        return cls(tuple(told["columns"]), order, units)


def propose(cells: Cells) -> Mapping:
    """Return what the columns likely mean; the order of days where they tell it. Raises DataRefused."""
    columns = [UNUSED] * len(cells.headings)
    filled = [
        [line.cells[place] for line in cells.lines[:_LOOKED_AT] if not is_missing(line.cells[place])]
        for place in range(len(columns))
    ]
    _propose_time(cells, filled, columns)
    _propose_unit(cells, filled, columns)
    _propose_counts(cells, filled, columns)
    return Mapping(tuple(columns), _order(cells, columns))


def _order(cells: Cells, columns: Sequence[str]) -> Order:
    for place, meaning in enumerate(columns):
        if meaning in (WEEK, DAY):
            return order_of({line.cells[place] for line in cells.lines})
    return order_of(
        heading for heading, meaning in zip(cells.headings, columns, strict=True) if meaning == WEEK_COLUMN
    )


def with_order(cells: Cells, mapping: Mapping) -> Mapping:
    """Return the mapping with the order that the days of its columns tell. Raises DataRefused."""
    told = _order(cells, mapping.columns)
    undecided = "" if told == "" else told
    return replace(mapping, order=undecided or mapping.order)


def is_open(cells: Cells, mapping: Mapping) -> bool:
    """Tell whether somebody must say if the day or the month comes first."""
    return not mapping.order and _order(cells, mapping.columns) == ""


def _share(cells: Sequence[str], of: Any) -> float:
    return sum(map(bool, map(of, cells))) / len(cells) if cells else 0.0


def _propose_time(cells: Cells, filled: list[list[str]], columns: list[str]) -> None:
    by_week = [place for place, name in enumerate(cells.headings) if _is_week(name)]
    if len(by_week) > 1:
        for place in by_week:
            columns[place] = WEEK_COLUMN
        return
    years = [p for p, name in enumerate(cells.headings) if _YEAR_WORDS.intersection(words_of(name))]
    years = [p for p in years if _share(filled[p], lambda cell: re.fullmatch(r"(19|20|21)\d\d", cell)) > 0.8]
    numbers = [
        place
        for place, name in enumerate(cells.headings)
        if _WEEK_WORDS.intersection((*words_of(name), "".join(words_of(name))))
        and _share(filled[place], lambda cell: re.fullmatch(r"[wWmM]?0?([1-9]|[1-4]\d|5[0-3])", cell)) > 0.8
    ]
    if years and numbers:
        columns[years[0]], columns[numbers[0]] = YEAR, NUMBER
        return
    shares = [_share(of, _is_week) for of in filled]
    named = [bool(_TIME_WORDS.intersection(words_of(name))) for name in cells.headings]
    best = max(range(len(columns)), key=lambda place: (shares[place] > 0.5, named[place], shares[place]))
    if shares[best] > 0.5 or named[best]:
        columns[best] = WEEK
        units = [p for p, name in enumerate(cells.headings) if p != best and names_areas(name)]
        if _has_several_days_a_week(cells, best, units):
            columns[best] = DAY


def _is_week(cell: str) -> bool:
    return week_in(cell) is not None or is_day(cell)


def _has_several_days_a_week(cells: Cells, place: int, units: Sequence[int]) -> bool:
    days: set[tuple[Any, ...]] = set()
    weeks: set[tuple[Any, ...]] = set()
    told = {line.cells[place] for line in cells.lines}
    read = {cell: day_in(cell, "dm") or day_in(cell, "md") for cell in told if week_in(cell) is None}
    for line in cells.lines:
        if (day := read.get(line.cells[place])) is not None:
            unit = tuple(line.cells[one] for one in units)
            days.add((day, *unit))
            weeks.add((monday_of(day), *unit))
    return len(days) > len(weeks) * 3 // 2


def _propose_unit(cells: Cells, filled: list[list[str]], columns: list[str]) -> None:
    found: list[tuple[float, int, int]] = []
    for place, name in enumerate(cells.headings):
        if columns[place] or area_of(name) is not None:
            continue
        codes = [area_of(cell) for cell in filled[place] if cell.casefold() not in TOTALS]
        known = [code for code in codes if code is not None]
        share = len(known) / len(codes) if codes else 0.0
        plain = all(cell.isdecimal() and len(cell) < 4 for cell in filled[place])
        written = not all(cell[:1].isdecimal() for cell in filled[place])
        if (names_areas(name) and (written or share > 0.5)) or (share > 0.8 and not plain):
            depth = max(map(len, known), default=0)
            found.append((round(share, 1), depth, place))
    if found:
        columns[max(found)[2]] = UNIT


def _propose_counts(cells: Cells, filled: list[list[str]], columns: list[str]) -> None:
    free = [
        place
        for place in range(len(columns))
        if not columns[place] and counts_in(filled[place]) * 2 > len(filled[place])
    ]
    if WEEK_COLUMN in columns or not free:
        return
    areas = [place for place in free if area_of(cells.headings[place]) is not None]
    if UNIT not in columns and areas:
        for place in areas:
            columns[place] = UNIT_COLUMN
        return
    for words in _COUNT_WORDS:
        for place in free:
            if words.intersection(words_of(cells.headings[place])):
                columns[place] = COUNT
                return
    columns[free[-1]] = COUNT


# -- remembering ----------------------------------------------------------------------------------


def to_remember(cells: Cells, mapping: Mapping) -> dict[str, Any]:
    """Return what is kept of a mapping for the next file of its office: no cell but words of units."""
    columns = {
        folded(name): meaning
        for name, meaning in zip(cells.headings, mapping.columns, strict=True)
        if meaning != WEEK_COLUMN
    }
    told = mapping.to_json()
    return {**told, "columns": columns, "by_week": WEEK_COLUMN in mapping.columns}


def remembered(cells: Cells, proposed: Mapping, kept: MappingOf[str, Any] | None) -> Mapping:
    """Return the proposal with what is remembered of the office: the columns where all headings are known."""
    if kept is None:
        return proposed
    before = Mapping.from_json({**kept, "columns": ()})
    known = dict(kept["columns"])
    names = [folded(name) for name in cells.headings]
    columns = tuple(
        known.get(name, WEEK_COLUMN if kept["by_week"] and _is_week(heading) else None)
        for name, heading in zip(names, cells.headings, strict=True)
    )
    if None in columns:
        return replace(proposed, units=before.units)
    told = Mapping(tuple(meaning or UNUSED for meaning in columns), before.order, before.units)
    try:
        return with_order(cells, told)
    except DataRefused:
        return replace(proposed, units=before.units)
