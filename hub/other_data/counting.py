"""Counts by unit and week out of the lines of a file and what its columns mean. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from hub.languages import N_
from hub.other_data.cells import Cells, Line
from hub.other_data.mapping import (
    COUNT,
    DAY,
    NUMBER,
    UNIT,
    UNIT_COLUMN,
    WEEK,
    WEEK_COLUMN,
    YEAR,
    Mapping,
    is_open,
)
from hub.other_data.units import PLACE_MAX_CHARACTERS, TOTALS, Unit, area_of, folded
from hub.other_data.week_words import day_in, iso_week, monday_of, week_in
from hub.other_data.whole_numbers import COUNT_AT_MOST, count_of, decimal_marks, is_missing

FIRST_ROWS: Final = 20
REFUSED_SHOWN: Final = 100
UNITS_AT_MOST: Final = 600
NOT_A_WEEK: Final = N_("Minggu atau tanggal tidak terbaca. Tulis seperti 2026-W47 atau 2026-11-16.")
NOT_YET: Final = N_("Minggu ini belum mulai.")
NOT_A_COUNT: Final = N_("Jumlah adalah angka bulat dari 0 sampai %(most)s.", most=COUNT_AT_MOST)
NO_UNIT: Final = N_("Wilayah kosong.")
A_TOTAL: Final = N_("Baris jumlah tidak dipakai: hub menjumlahkan sendiri.")
NOT_A_UNIT: Final = N_("Wilayah tidak dikenal: tulis kode seperti 53.04, atau pilih artinya di bawah.")
NOT_ALLOWED: Final = N_("Di luar wilayah Anda.")


class ReadRow(NamedTuple):
    """One count as it was understood: the line, the unit, the Monday in days from 1970-01-01."""

    line: int
    unit: Unit
    week: int
    number: int


class RefusedRow(NamedTuple):
    """A line of which something is not taken, and what is allowed."""

    line: int
    why: str


@dataclass
class Reading:
    """What a file says. While `problem` is not empty nothing of it can be taken in; `asks_order`: because
    somebody must say whether the day or the month comes first."""

    counts: dict[Unit, dict[int, int]] = field(default_factory=dict)
    first: list[ReadRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    refused_in_all: int = 0
    unknown: list[str] = field(default_factory=list)
    """Words that name no unit that is known."""
    understood: dict[str, Unit] = field(default_factory=dict)
    """Words that name a unit, as they are in the file."""
    missing: int = 0
    """Cells that say that there is no number."""
    partial: dict[tuple[Unit, int], int] = field(default_factory=dict)
    """Weeks of daily rows with fewer than seven days, and how many they have."""
    problem: str = ""
    asks_order: bool = False

    @property
    def numbers(self) -> int:
        """How many counts were understood."""
        return sum(map(len, self.counts.values()))


def read_counts(
    cells: Cells, mapping: Mapping, whole: Unit, present: int, allowed: Callable[[str], bool]
) -> Reading:
    """Return the counts of a file. `whole` is the unit of lines that name none, `present` the Monday of the
    present week; `allowed` tells whether somebody may bring counts of an area."""
    reading = Reading(problem=problem_of(mapping.columns))
    if not reading.problem and is_open(cells, mapping):
        reading.asks_order = True
        reading.problem = N_("Pilih dulu: hari atau bulan yang ditulis lebih dulu.")
    if not reading.problem:
        _Reader(cells, mapping, whole, present, allowed, reading).read()
    return reading


def problem_of(columns: tuple[str, ...]) -> str:
    """Return what is wrong with the meanings of columns, in words; empty if nothing is."""
    has = {meaning: columns.count(meaning) for meaning in set(columns)}
    times = has.get(WEEK, 0) + has.get(DAY, 0)
    dated = has.get(YEAR, 0) or has.get(NUMBER, 0)
    wide_weeks, wide_units = WEEK_COLUMN in has, UNIT_COLUMN in has
    if (
        wide_weeks + bool(times) + bool(dated) != 1
        or times > 1
        or (dated and (has.get(YEAR), has.get(NUMBER)) != (1, 1))
    ):
        return N_(
            "Pilih waktunya: satu kolom minggu atau hari, atau tahun dan nomor minggu, "
            "atau kolom dengan minggu di judulnya."
        )
    if wide_weeks + wide_units + has.get(COUNT, 0) != 1:
        return N_("Pilih satu kolom jumlah, atau kolom dengan minggu atau wilayah di judulnya.")
    if has.get(UNIT, 0) > 1 or (wide_units and has.get(UNIT, 0)):
        return N_("Pilih paling banyak satu kolom wilayah, dan tidak bersama wilayah di judul kolom.")
    return ""


class _Reader:
    def __init__(
        self,
        cells: Cells,
        mapping: Mapping,
        whole: Unit,
        present: int,
        allowed: Callable[[str], bool],
        reading: Reading,
    ) -> None:
        self._cells = cells
        self._mapping = mapping
        self._whole = whole
        self._present = present
        self._allowed = allowed
        self._reading = reading
        self._seen: dict[tuple[Unit, int], int] = {}
        self._days: dict[tuple[Unit, int], int] = {}
        self._places = {meaning: place for place, meaning in enumerate(mapping.columns)}
        self._wide = [p for p, name in enumerate(mapping.columns) if name in (WEEK_COLUMN, UNIT_COLUMN)]
        self._counts = self._wide or [self._places[COUNT]]
        self._marks = decimal_marks(line.cells[place] for line in cells.lines for place in self._counts)
        self._units: dict[str, Unit | str] = {}
        self._whens: dict[str, int | str] = {}

    def read(self) -> None:
        for line in self._cells.lines:
            for why in dict.fromkeys(self._read_line(line)):
                self._refuse(line.number, why)
        for key, days in self._days.items():
            if days < 7:
                self._reading.partial[key] = days
        if not self._reading.numbers:
            self._reading.problem = N_("Tidak ada satu angka pun yang terbaca.")
        elif len(self._reading.counts) > UNITS_AT_MOST:
            self._reading.problem = N_(
                "Paling banyak %(most)s wilayah atau pos sekali impor.", most=UNITS_AT_MOST
            )

    def _read_line(self, line: Line) -> Iterator[str]:
        """Take in the counts of a line; yield why one is refused."""
        for place in self._counts:
            cell = line.cells[place]
            if is_missing(cell):
                self._reading.missing += 1
                continue
            unit, day = self._unit(line, place), self._day(line, place)
            count = count_of(cell, self._marks)
            if isinstance(unit, str) or isinstance(day, str):
                yield unit if isinstance(unit, str) else str(day)
            elif count is None:
                yield NOT_A_COUNT
            elif (unit, day) in self._seen:
                yield N_(
                    "Minggu dan wilayah ini sudah ada di baris %(before)s.", before=self._seen[unit, day]
                )
            else:
                self._take(line.number, unit, day, count)

    def _take(self, line: int, unit: Unit, day: int, count: int) -> None:
        self._seen[unit, day] = line
        week = day - (day + 3) % 7
        of_unit = self._reading.counts.setdefault(unit, {})
        if DAY in self._places:
            self._days[unit, week] = self._days.get((unit, week), 0) + 1
        of_unit[week] = of_unit.get(week, 0) + count
        if len(self._reading.first) < FIRST_ROWS:
            self._reading.first.append(ReadRow(line, unit, week, count))

    def _refuse(self, line: int, why: str) -> None:
        self._reading.refused_in_all += 1
        if len(self._reading.refused) < REFUSED_SHOWN:
            self._reading.refused.append(RefusedRow(line, why))

    # -- when -------------------------------------------------------------------------------------

    def _day(self, line: Line, place: int) -> int | str:
        """Return the day of a count (of a week its Monday), in days from 1970-01-01, or why it has none."""
        if WEEK_COLUMN in self._places:
            return self._checked(self._cells.headings[place], exact=False)
        if YEAR in self._places:
            year, number = line.cells[self._places[YEAR]], line.cells[self._places[NUMBER]].lstrip("wWmM")
            if not (year + number).isascii() or not (year.isdecimal() and number.isdecimal()):
                return NOT_A_WEEK
            return self._not_yet(iso_week(int(year[:5]), int(number[:5])))
        if DAY in self._places:
            return self._checked(line.cells[self._places[DAY]], exact=True)
        return self._checked(line.cells[self._places[WEEK]], exact=False)

    def _checked(self, cell: str, *, exact: bool) -> int | str:
        if cell not in self._whens:
            week = None if exact else week_in(cell)
            if week is None and (day := day_in(cell, self._mapping.order)) is not None:
                week = monday_of(day) + (day.weekday() if exact else 0)
            self._whens[cell] = self._not_yet(week)
        return self._whens[cell]

    def _not_yet(self, day: int | None) -> int | str:
        if day is None:
            return NOT_A_WEEK
        return day if day < self._present + 7 else NOT_YET

    # -- where ------------------------------------------------------------------------------------

    def _unit(self, line: Line, place: int) -> Unit | str:
        if UNIT_COLUMN in self._places:
            return self._meant(self._cells.headings[place])
        if UNIT in self._places:
            return self._meant(line.cells[self._places[UNIT]])
        return self._whole if self._allowed(self._whole.area) else NOT_ALLOWED

    def _meant(self, word: str) -> Unit | str:
        if word not in self._units:
            self._units[word] = self._look_up(word)
        return self._units[word]

    def _look_up(self, word: str) -> Unit | str:
        if is_missing(word):
            return NO_UNIT
        if word.casefold().strip() in TOTALS:
            return A_TOTAL
        unit = self._mapping.units.get(folded(word))
        if unit is None:
            code = area_of(word, self._whole.area)
            if code is None:
                if len(word) <= PLACE_MAX_CHARACTERS and len(self._reading.unknown) < UNITS_AT_MOST:
                    self._reading.unknown.append(word)
                return NOT_A_UNIT
            unit = Unit(code)
        if not self._allowed(unit.area):
            return NOT_ALLOWED
        self._reading.understood[word] = unit
        return unit
