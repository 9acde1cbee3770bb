"""Numbers as one says them, in texts as people write them."""

from __future__ import annotations

import pytest

from village_node.spoken_text import said_in_indonesian, sentences


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0812-0000-1234", "0 8 1 2, 0 0 0 0, 1 2 3 4"),
        ("081200001234.", "0 8 1 2, 0 0 0 0, 1 2 3 4."),
        ("0812 0000 1234 (Ibu Sari)", "0 8 1 2, 0 0 0 0, 1 2 3 4 (Ibu Sari)"),
        ("0812.0000.1234", "0 8 1 2, 0 0 0 0, 1 2 3 4"),
        ("+62 812-0000-1234", "plus 6 2, 8 1 2, 0 0 0 0, 1 2 3 4"),
        ("(0370) 000123", "0 3 7 0, 0 0 0 1, 2 3"),
        ("0812-0000-1234/0813-0000-4321", "0 8 1 2, 0 0 0 0, 1 2 3 4/0 8 1 3, 0 0 0 0, 4 3 2 1"),
        ("0812 0000 1234 5 Desember", "0 8 1 2, 0 0 0 0, 1 2 3 4 5 Desember"),
        ("Polisi: 110, SAPA 129", "Polisi: 1 1 0, SAPA 1 2 9"),
        ("nomor 1500", "nomor 1 5 0 0"),
        ("08", "08"),
    ],
)
def test_a_telephone_number_is_said_digit_by_digit_with_rests(written: str, said: str) -> None:
    assert said_in_indonesian(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("sampai 5-12-2026.", "sampai 5 Desember 2026."),
        ("05/12/2026", "5 Desember 2026"),
        ("5.12.2026", "5 Desember 2026"),
        ("2026-12-05", "5 Desember 2026"),
        ("5 Desember 2026", "5 Desember 2026"),
        ("tahun 2026", "tahun 2026"),
        ("45-13-2026", "45-13-2026"),
        ("52.02.08.2001", "52.02.08.2001"),
        ("5 - 7 Desember", "5 sampai 7 Desember"),
        ("usia 18–35 tahun", "usia 18 sampai 35 tahun"),
        ("pukul 08.00-15.30 WITA", "pukul 8 sampai 15 lewat 30 menit WITA"),
        ("Jam 8:05", "Jam 8 lewat 5 menit"),
    ],
)
def test_dates_times_and_from_to_are_said_in_words(written: str, said: str) -> None:
    assert said_in_indonesian(written) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Rp 4.000.000,00 di muka", "4.000.000 rupiah di muka"),
        ("Rp5 juta", "5 juta rupiah"),
        ("Rp. 500.000,- ya", "500.000 rupiah ya"),
        ("Rp 1,5 juta", "1,5 juta rupiah"),
        ("gaji 4.500.000 sebulan", "gaji 4.500.000 sebulan"),
        ("500 orang", "500 orang"),
        ("120 km", "120 km"),
    ],
)
def test_an_amount_is_said_as_a_number(written: str, said: str) -> None:
    assert said_in_indonesian(written) == said


def test_letters_of_a_short_name_are_said_apart() -> None:
    assert said_in_indonesian("BP2MI dan TKI di WITA") == "B P 2 M I dan T K I di WITA"


def test_no_sign_directs_the_voice() -> None:
    assert said_in_indonesian("[[hello]]\x01 Awas\u200b  ya") == "((hello)) Awas ya"


def test_lines_become_sentences() -> None:
    assert sentences(("Waspada", " ", "Jangan bayar!", "Cek  dulu")) == "Waspada. Jangan bayar! Cek dulu."
