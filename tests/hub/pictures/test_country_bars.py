"""Bars of countries: the order, the table, what is left out."""

from __future__ import annotations

from hub.pictures.country_bars import MOST_BARS, draw_countries
from hub.pictures.drawing import Box, Words, as_svg

WORDS = {"KH": "Kamboja", "MY": "Malaysia"}


def texts(counts: dict[str, int]) -> list[str]:
    picture = draw_countries(counts, WORDS, without=2, what="Semua jenis", dated="hari ini")
    return [shape.text for shape in picture.shapes if isinstance(shape, Words)]


def test_the_most_named_stands_first_with_its_number_and_an_unknown_code_for_itself() -> None:
    assert texts({"MY": 4, "KH": 1200, "XX": 4})[2:8] == ["Kamboja", "1.200", "Malaysia", "4", "XX", "4"]
    picture = draw_countries({"MY": 4, "KH": 8}, WORDS, without=0, what="a", dated="b")
    wide, narrow = (shape.width for shape in picture.shapes if isinstance(shape, Box))
    assert wide == 2 * narrow
    assert picture.table.rows == (("Kamboja", "KH", "8"), ("Malaysia", "MY", "4"))
    assert "style" not in as_svg(picture)


def test_what_no_bar_shows_stands_in_the_table_and_is_said() -> None:
    counts = {f"A{n:02}": n + 1 for n in range(MOST_BARS + 3)}
    picture = draw_countries(counts, WORDS, without=0, what="a", dated="b")
    assert sum(isinstance(shape, Box) for shape in picture.shapes) == MOST_BARS
    assert len(picture.table.rows) == MOST_BARS + 3
    assert picture.notes[1] == "3 negara lain hanya ada di tabel."


def test_nothing_is_said_in_words() -> None:
    assert "Tidak ada laporan yang menyebut negara tujuan." in texts({})
    assert texts({})[-1] == "Tanpa negara tujuan: 2 laporan."
