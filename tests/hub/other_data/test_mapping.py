"""What columns mean: proposed, and remembered for an office."""

from __future__ import annotations

import json

import pytest

from hub.other_data.cells import Cells, read_cells
from hub.other_data.mapping import Mapping, propose, remembered, to_remember
from hub.other_data.personal import without_people
from hub.other_data.units import Unit


def cells_of(text: str) -> Cells:
    return without_people(read_cells(text.encode()))[0]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("No;Kabupaten;Minggu;Jumlah\n1;Belu;2026-W40;3\n", ("", "unit", "week", "count")),
        ("week,district,count\n2026-W40,Belu,3\n", ("week", "unit", "count")),
        ("Tahun;Minggu ke;Pos;Ditolak\n2026;40;PLBN Contoh;3\n", ("year", "week_number", "unit", "count")),
        ("Wilayah;2026-W40;2026-W41\nBelu;3;4\n", ("unit", "count_of_week", "count_of_week")),
        ("Tanggal;Kab. Belu;Kab. Malaka\n2026-11-16;3;4\n", ("week", "count_of_unit", "count_of_unit")),
        ("Date,Passengers\n2026-11-16,3\n2026-11-17,4\n", ("day", "count")),
        (
            "Kode;Provinsi;Kabupaten;Periode;Jumlah\n1;NTT;Belu;2026-W40;3\n",
            ("", "", "unit", "week", "count"),
        ),
        ("a;b;c\nBelu;2026-W40;3\n", ("unit", "week", "count")),
        ("Minggu;Disetujui;Ditolak;Total\n2026-W40;1;2;3\n", ("week", "", "", "count")),
    ],
)
def test_columns_are_proposed(text: str, columns: tuple[str, ...]) -> None:
    assert propose(cells_of(text)).columns == columns


def test_an_office_is_remembered_until_its_headings_change() -> None:
    first = cells_of("Minggu;Disetujui;Ditolak\n2026-W40;1;2\n")
    chosen = Mapping(("week", "", "count"), "md", {"plbn contoh": Unit("53.04", "PLBN Contoh")})
    kept = json.loads(json.dumps(to_remember(first, chosen)))
    again = remembered(first, propose(first), kept)
    assert again.columns == ("week", "", "count")
    assert again.units == chosen.units
    other = cells_of("Minggu;Diterima\n2026-W40;1\n")
    assert remembered(other, propose(other), kept).columns == ("week", "count")
    assert remembered(first, propose(first), None) == propose(first)


def test_new_weeks_in_headings_are_known_again() -> None:
    first = cells_of("Wilayah;2026-W40;2026-W41\nBelu;3;4\n")
    kept = to_remember(first, propose(first))
    later = cells_of("Wilayah;2026-W42;2026-W43\nBelu;3;4\n")
    assert remembered(later, propose(later), kept).columns == ("unit", "count_of_week", "count_of_week")


def test_the_days_of_a_file_go_before_what_is_remembered() -> None:
    first = cells_of("Tanggal;Jumlah\n03/04/2026;3\n")
    kept = to_remember(first, Mapping(("week", "count"), "md"))
    assert remembered(first, propose(first), kept).order == "md"
    later = cells_of("Tanggal;Jumlah\n13/04/2026;3\n")
    assert remembered(later, propose(later), kept).order == "dm"
