"""Bytes of a CSV as cells."""

from __future__ import annotations

import pytest

from hub.other_data.cells import CELLS_AT_MOST, FILE_MAX_BYTES, ROWS_AT_MOST, DataRefused, read_cells


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("separator", [";", "\t", ",", "|"])
def test_encodings_and_separators(encoding: str, separator: str) -> None:
    text = f"Minggu{separator}Jumlah é\r\n2026-W40{separator}3\r\n"
    cells = read_cells(text.encode(encoding))
    assert cells.headings == ("Minggu", "Jumlah é")
    assert [(line.number, line.cells) for line in cells.lines] == [(2, ("2026-W40", "3"))]


def test_titles_hashtags_and_empty_lines_keep_the_numbers_of_lines() -> None:
    text = "sep=;\nLAPORAN MINGGUAN;\n\nMinggu;Jumlah\n#date+start;#indicator+num\n2026-W40;3\n\n2026-W41\n"
    cells = read_cells(text.encode())
    assert cells.headings == ("Minggu", "Jumlah")
    assert [(line.number, line.cells) for line in cells.lines] == [
        (6, ("2026-W40", "3")),
        (8, ("2026-W41", "")),
    ]


def test_the_separator_is_that_of_the_headings() -> None:
    assert read_cells(b"Minggu;Jumlah\n2026-W01;1,234,567\n").lines[0].cells == ("2026-W01", "1,234,567")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"  \n", "kosong"),
        (b"a" * (FILE_MAX_BYTES + 1), "terlalu besar"),
        (b"Minggu;Jumlah\n", "satu baris"),
        (b"satu kolom\n1\n", "dua kolom"),
        (b'Minggu;Jumlah\n"2026;1\n', "rusak"),
        (b"PK\x03\x04\x00\x00;\x01", "tidak terbaca"),
        (b"Minggu;Jumlah\n" + b"1;2\n" * (ROWS_AT_MOST + 30), "Paling banyak"),
        (b";".join([b"a"] * 401) + b"\n" + b";".join([b"1"] * 401), "Paling banyak"),
        (
            b";".join([b"a"] * 300) + b"\n" + (b"1" + b";" * 299 + b"\n") * (CELLS_AT_MOST // 300 + 1),
            "Paling banyak",
        ),
    ],
)
def test_what_is_no_table_or_too_large_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(DataRefused, match=why):
        read_cells(content)
