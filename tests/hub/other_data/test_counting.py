"""Counts out of files: whatever form an office writes them in, the same counts are read back."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.other_data.cells import read_cells
from hub.other_data.counting import (
    A_TOTAL,
    NO_UNIT,
    NOT_A_COUNT,
    NOT_A_UNIT,
    NOT_A_WEEK,
    NOT_ALLOWED,
    NOT_YET,
    Reading,
    read_counts,
)
from hub.other_data.mapping import Mapping, propose
from hub.other_data.personal import without_people
from hub.other_data.units import Unit, unit_in_words
from hub.other_data.week_words import day_at, iso_week, monday_of

PRESENT = monday_of(datetime.date(2026, 11, 26))
NTT = Unit("53")
UNITS = ("53.04", "53.71", "53.18", "52.02", "53")
Counts = dict[str, dict[int, int]]
Table = list[list[str]]


def read(
    text: str | bytes, mapping: Mapping | None = None, allowed: Callable[[str], bool] = lambda _: True
) -> Reading:
    content = text if isinstance(text, bytes) else text.encode()
    cells, _ = without_people(read_cells(content))
    return read_counts(cells, mapping or propose(cells), NTT, PRESENT, allowed)


counts_of_weeks = st.dictionaries(
    st.integers(1, 150).map(lambda back: PRESENT - 7 * back),
    st.integers(0, 9_999_999),
    min_size=2,
    max_size=8,
)
all_counts = st.dictionaries(st.sampled_from(UNITS), counts_of_weeks, min_size=1, max_size=4)
week_forms = st.sampled_from(["iso", "iso short", "monday", "inside", "long", "slashes", "span"])


def written_week(week: int, form: str) -> str:
    day = day_at(week)
    inside = day_at(week + week % 5)
    year, number, _ = day.isocalendar()
    months = [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ]
    return {
        "iso": f"{year}-W{number:02}",
        "iso short": f"{year}W{number}",
        "monday": day.isoformat(),
        "inside": inside.isoformat(),
        "long": f"{inside.day} {months[inside.month - 1]} {inside.year}",
        "slashes": day.strftime("%d/%m/%Y"),
        "span": f"{day:%d/%m/%Y} - {day_at(week + 6):%d/%m/%Y}",
    }[form]


def written_number(count: int, mark: str) -> str:
    return f"{count:,}".replace(",", mark)


def long_rows(counts: Counts, form: str, unit: Callable[[str], str], mark: str) -> Table:
    rows = [["Wilayah", "Minggu", "Jumlah"]]
    return rows + [
        [unit(area), written_week(week, form), written_number(count, mark)]
        for area, weeks in counts.items()
        for week, count in weeks.items()
    ]


def year_rows(counts: Counts, unit: Callable[[str], str], mark: str) -> Table:
    rows = [["Tahun", "Minggu ke", "Kabupaten/Kota", "Total"]]
    for area, weeks in counts.items():
        for week, count in weeks.items():
            year, number, _ = day_at(week).isocalendar()
            rows.append([str(year), str(number), unit(area), written_number(count, mark)])
    return rows


def week_columns(counts: Counts, form: str, unit: Callable[[str], str], mark: str) -> Table:
    weeks = sorted({week for of in counts.values() for week in of})
    rows = [["Wilayah", *(written_week(week, form) for week in weeks)]]
    for area, of in counts.items():
        rows.append([unit(area), *(written_number(of[week], mark) if week in of else "-" for week in weeks)])
    return rows


def unit_columns(counts: Counts, form: str, unit: Callable[[str], str], mark: str) -> Table:
    weeks = sorted({week for of in counts.values() for week in of})
    rows = [["Minggu", *map(unit, counts)]]
    for week in weeks:
        told = [written_number(of[week], mark) if week in of else "" for of in counts.values()]
        rows.append([written_week(week, form), *told])
    return rows


def day_rows(counts: Counts, unit: Callable[[str], str]) -> Table:
    rows = [["Tanggal", "Kabupaten", "Jumlah"]]
    for area, weeks in counts.items():
        for week, count in weeks.items():
            for at in range(7):
                part = count // 7 + (at < count % 7)
                rows.append([day_at(week + at).isoformat(), unit(area), str(part)])
    return rows


@settings(max_examples=60, deadline=None)
@given(
    counts=all_counts,
    layout=st.sampled_from(["long", "years", "week columns", "unit columns", "days"]),
    form=week_forms,
    named=st.booleans(),
    mark=st.sampled_from(["", ".", ",", " "]),
    separator=st.sampled_from([";", "\t", ",", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_what_is_written_in_any_form_reads_back_the_same(
    counts: Counts, layout: str, form: str, named: bool, mark: str, separator: str, encoding: str
) -> None:
    def unit(area: str) -> str:
        return unit_in_words(Unit(area)) if named else area

    rows = {
        "long": lambda: long_rows(counts, form, unit, mark),
        "years": lambda: year_rows(counts, unit, mark),
        "week columns": lambda: week_columns(counts, form, unit, mark),
        "unit columns": lambda: unit_columns(counts, form, unit, mark),
        "days": lambda: day_rows(counts, unit),
    }[layout]()
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows(rows)
    cells, left_out = without_people(read_cells(text.getvalue().encode(encoding)))
    assert left_out == ()
    mapping = propose(cells)
    if not mapping.order:
        assert read_counts(cells, mapping, NTT, PRESENT, lambda _: True).asks_order
        mapping = Mapping(mapping.columns, "dm")
    reading = read_counts(cells, mapping, NTT, PRESENT, lambda _: True)
    assert (reading.problem, reading.refused) == ("", [])
    assert reading.counts == {Unit(area): weeks for area, weeks in counts.items()}


def test_each_line_that_is_refused_says_why_and_the_rest_is_read() -> None:
    reading = read(
        "Wilayah;Minggu;Jumlah\nBelu;2026-W40;3\nBelu;2026-W40;4\nKupang;2026-W40;3\nTotal;2026-W40;3\n;2026-W40;3\n"
        "Malaka;2026-W60;3\nMalaka;2027-W01;3\nMalaka;2026-W41;-3\nMalaka;2026-W42;-\n52.02;2026-W41;5\n",
        allowed=lambda area: area.startswith("53"),
    )
    assert reading.counts == {Unit("53.04"): {iso_week(2026, 40): 3}}
    assert [(one.line, one.why) for one in reading.refused] == [
        (3, "Minggu dan wilayah ini sudah ada di baris 2."),
        *((4, NOT_A_UNIT), (5, A_TOTAL), (6, NO_UNIT), (7, NOT_A_WEEK), (8, NOT_YET), (9, NOT_A_COUNT)),
        (11, NOT_ALLOWED),
    ]
    assert (reading.unknown, reading.missing) == (["Kupang"], 1)


def test_a_word_that_is_no_area_can_be_given_a_meaning() -> None:
    text = "Pos;Minggu;Jumlah\nPLBN Contoh;2026-W40;3\nKupang;2026-W40;5\n"
    units = {"plbn contoh": Unit("53.04", "PLBN Contoh"), "kupang": Unit("53.71")}
    reading = read(text, Mapping(("unit", "week", "count"), "dm", units))
    week = iso_week(2026, 40)
    assert reading.counts == {Unit("53.04", "PLBN Contoh"): {week: 3}, Unit("53.71"): {week: 5}}


def test_days_that_could_be_months_are_asked_for() -> None:
    text = "Tanggal;Jumlah\n03/04/2026;3\n"
    asked = read(text)
    assert asked.asks_order
    assert (asked.counts, asked.numbers) == ({}, 0)
    assert read(text, Mapping(("week", "count"), "dm")).counts == {
        NTT: {monday_of(datetime.date(2026, 4, 3)): 3}
    }
    assert read(text, Mapping(("week", "count"), "md")).counts == {
        NTT: {monday_of(datetime.date(2026, 3, 4)): 3}
    }


def test_days_are_added_up_and_weeks_that_are_not_whole_are_told() -> None:
    reading = read(
        "Tanggal;Jumlah\n2026-11-09;1\n2026-11-10;2\n2026-11-10;9\n2026-11-16;4\n",
        Mapping(("day", "count"), "dm"),
    )
    first, second = monday_of(datetime.date(2026, 11, 9)), monday_of(datetime.date(2026, 11, 16))
    assert reading.counts == {NTT: {first: 3, second: 4}}
    assert reading.partial == {(NTT, first): 2, (NTT, second): 1}
    assert [one.line for one in reading.refused] == [4]


@pytest.mark.parametrize(
    "columns",
    [
        ("", "count"),
        ("week", ""),
        ("week", "week"),
        ("year", "count"),
        ("week", "count_of_week"),
        ("unit", "unit"),
    ],
)
def test_meanings_that_do_not_fit_are_a_problem_in_words(columns: tuple[str, ...]) -> None:
    reading = read("Minggu;Jumlah\n2026-W40;3\n", Mapping(columns, "dm"))
    assert reading.problem.startswith("Pilih")
    assert reading.counts == {}
