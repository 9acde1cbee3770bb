"""Affixes are stripped onto the words that a material shows."""

from __future__ import annotations

import pytest

from content.answering.stemming import Stemmer, forms_of

ROOTS = ["bayar", "kirim", "tulis", "pukul", "simpan", "tahan", "kerja", "nomor", "makan", "urus", "cari"]


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("membayar", "bayar"),
        ("dibayarkan", "bayar"),
        ("pembayaran", "bayar"),
        ("mengirim", "kirim"),
        ("ngirimin", "kirim"),
        ("menulis", "tulis"),
        ("memukul", "pukul"),
        ("menyimpan", "simpan"),
        ("nyimpen", "nyimpen"),
        ("ditahan", "tahan"),
        ("kerjaannya", "kerja"),
        ("pekerjaan", "kerja"),
        ("nomornya", "nomor"),
        ("ngurusin", "urus"),
        ("nyari", "cari"),
    ],
)
def test_words_come_down_to_their_root(word: str, root: str) -> None:
    assert Stemmer(ROOTS).stem(word) == root


def test_an_unknown_word_stays_as_it_is() -> None:
    assert Stemmer(ROOTS).stem("ketangkep") == "ketangkep"


def test_a_root_that_stands_nowhere_is_learnt_from_two_of_its_words() -> None:
    assert Stemmer(["dilindungi", "pelindungan"]).stem("melindungi") == "lindung"
    assert Stemmer(["dilindungi"]).stem("melindungi") == "melindungi"


def test_a_word_is_a_form_of_itself_and_never_empty() -> None:
    assert "me" in forms_of("me")
    assert all(forms_of(word) for word in ("", "a", "di", "meng"))
