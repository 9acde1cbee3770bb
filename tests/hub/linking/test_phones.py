"""Phone numbers in every spelling are one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.linking.phones import as_e164, find_phones, find_tails, is_slip

NUMBER = "+6281200003141"


@pytest.mark.parametrize(
    "text",
    [
        "hub 0812-0000-3141 ya",
        "(0812) 0000.3141",
        "WA: 0812 0000 3141",
        "+62 812 0000 3141",
        "6281200003141",
        "812 0000 3141",
        "0062812 00003141",
        "nomornya kosong delapan satu dua, kosong kosong kosong kosong, tiga satu empat satu.",
        "Agus(081200003141)",
        "\u202a+62\u00a0812\u20110000\u20113141\u202c",
        *(
            f"0812{dash}0000{dash}3141"
            for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d_*\u2022\u00b7"
        ),
    ],
)
def test_every_spelling_is_one_number(text: str) -> None:
    assert find_phones(text) == [NUMBER]


def test_two_numbers_are_two() -> None:
    assert find_phones("0812-0000-3141 atau 0813-0000-3142") == [NUMBER, "+6281300003142"]


@pytest.mark.parametrize(
    "text", ["tanggal 12-05-2026", "Rp 45.000.000", "52.02.08.2001", "RM600", "umur 16 dan 17"]
)
def test_sums_and_dates_are_no_numbers(text: str) -> None:
    assert find_phones(text) == []


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    assert all(number.startswith("+") for number in find_phones(text))
    as_e164(text)


def test_last_digits_are_remembered() -> None:
    assert find_tails("nomernya belakangnya 1225 kalau tidak salah") == ["1225"]
    assert find_tails("nomor rumah 1225") == []


def test_a_slip_is_one_wrong_digit_or_two_that_changed_places() -> None:
    assert is_slip("+6281200003141", "+6281200003114")
    assert is_slip("+6281200003141", "+6281200003142")
    assert not is_slip("+6281200003141", "+6281200003141")
    assert not is_slip("+6281200003141", "+6281200003252")
