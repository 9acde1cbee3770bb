"""Which area a word means."""

from __future__ import annotations

import pytest

from hub.other_data.units import Unit, area_of, unit_in_words


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("53.04", "53.04"),
        ("5304", "53.04"),
        ("53", "53"),
        ("53.04.05.2003", "53.04.05.2003"),
        ("Belu", "53.04"),
        ("KAB. BELU", "53.04"),
        ("Kabupaten  Belu", "53.04"),
        ("Kota Kupang", "53.71"),
        ("NTT", "53"),
        ("Prov. Nusa Tenggara Timur", "53"),
        ("seluruh wilayah", ""),
        ("Kupang", None),  # a regency and a city
        ("99.99", None),
        ("53.4", None),
        ("Total", None),
        ("PLBN Contoh", None),
        ("Loura", None),  # a sub-district
        ("", None),
    ],
)
def test_a_word(word: str, code: str | None) -> None:
    assert area_of(word) == code


def test_small_areas_are_known_by_name_below_the_area_of_the_series() -> None:
    assert area_of("Loura", "53.18") == "53.18.01"
    assert area_of("Loura", "52") is None


def test_words_of_a_unit() -> None:
    assert unit_in_words(Unit("53.04", "PLBN Contoh")) == "PLBN Contoh, Kabupaten Belu"
    assert unit_in_words(Unit("")) == ""
