"""Of a column that may tell of people nothing is kept."""

from __future__ import annotations

import pytest

from hub.other_data.cells import DataRefused, read_cells
from hub.other_data.personal import DOCUMENT, NAME, OTHER, PHONE, why_left_out, without_people


@pytest.mark.parametrize(
    ("heading", "cells", "why"),
    [
        ("Nama Pemohon", ["Melati Contoh", "Sekar Contoh"], NAME),
        ("Nama", ["Melati", "Sekar"], NAME),
        ("full_name", ["A. Contoh"], NAME),
        ("siapa", ["Melati Contoh", "Sekar Contoh", "Budi"], NAME),
        ("Petugas", ["Budi"], NAME),
        ("No. Paspor", ["1234567"], DOCUMENT),
        ("dokumen", ["X1234567", "C7654321"], DOCUMENT),
        ("apa saja", ["5203014107990001"], DOCUMENT),
        ("Jumlah", ["3", "5203014107990001"], DOCUMENT),
        ("Jumlah", ["3", "0812-0000-3141"], PHONE),
        ("Wilayah", ["Belu", "+62 812 0000 3141"], PHONE),
        ("Jumlah", ["81200003141"], PHONE),
        ("Catatan", ["hubungi melati@contoh.example"], PHONE),
        ("No HP", ["3"], PHONE),
        ("alamat", ["Jalan Contoh 3"], PHONE),
        ("Uraian", ["berangkat 3 orang dari 2 desa", "x1"], OTHER),
        ("Jumlah", ["3", "12", "-"], None),
        ("Jumlah pemohon", ["3", "12"], None),
        ("Penumpang", ["3", "1.200"], None),
        ("Tanggal", ["2026-11-16 00:00:00", "20261117", "16/11/2026 - 22/11/2026"], None),
        ("Nama kabupaten", ["Belu", "Kupang"], None),
        ("Nama", ["Belu", "Malaka", "Total"], None),
        ("Pos", ["PLBN Contoh", "Pelabuhan Contoh"], None),
        ("Kode", ["53.04.05.2003", "5304052003"], None),
        ("0812-0000-3141", ["3"], PHONE),
    ],
)
def test_a_column(heading: str, cells: list[str], why: str | None) -> None:
    assert why_left_out(heading, cells) == why


def test_neither_cells_nor_unknown_headings_of_such_a_column_are_left() -> None:
    text = "Minggu,Melati Contoh,Nama,Jumlah\n2026-W40,Sekar Contoh,Budi Contoh,3\n"
    cells, left_out = without_people(read_cells(text.encode()))
    assert cells.headings == ("Minggu", "Jumlah")
    assert left_out == ((2, "", NAME), (3, "Nama", NAME))
    assert "Contoh" not in repr((cells, left_out))


def test_a_file_of_people_alone_is_refused() -> None:
    with pytest.raises(DataRefused, match="Tidak ada kolom"):
        without_people(read_cells(b"Nama,Telepon\nMelati,0812-0000-3141\n"))


def test_a_word_among_numbers_or_weeks_is_a_mark_alone() -> None:
    text = "Minggu;Jumlah\n2026-W40;3\n2026-W41;Melati\nSekar;4\n2026-W43;-\n"
    cells, left_out = without_people(read_cells(text.encode()))
    assert left_out == ()
    assert [line.cells for line in cells.lines] == [
        *(("2026-W40", "3"), ("2026-W41", "?"), ("?", "4"), ("2026-W43", "-")),
    ]
