"""The two files behind "Tanya": what they may hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content.catalogue import Catalogue
from content.check import problems
from content.errors import ContentRefused

PATH = "languages/id/passages.toml"
WORDS = "languages/id/search_words.toml"
Replace = Callable[[str, str, str], dict[str, bytes]]


def test_ways_of_asking_are_parted() -> None:
    first = Catalogue().passages()[0]
    assert first.key == "syarat_umum"
    assert "syarat jadi tki apa saja" in first.asks


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (PATH, 'key = "umur_kerja"', 'key = "syarat_umum"', "syarat_umum stands twice"),
        (PATH, 'asks = "syarat jadi', 'asks = " / syarat jadi', "asks must be a text"),
        (PATH, 'asks = "syarat jadi', 'asks = "a /  / syarat jadi', "none of them empty"),
        (PATH, 'facts = ["syarat_berangkat", "umur_18", "tugas_desa"]', "facts = []", "names no fact"),
        (PATH, 'lesson = "dokumen"', 'lesson = "tidak_ada"', "no lesson tidak_ada"),
        (PATH, "Ini belum kami periksa. Tanyakan ke BP3MI sebelum", "Tanyakan ke BP3MI sebelum", ""),
        (WORDS, '"uang: duit', '"uang: Duit', "small letters"),
        (WORDS, '"uang: duit', '"uang: gaji, duit', ""),
        (WORDS, '"uang: duit', '"uang: gak, duit', "in one group only"),
    ],
)
def test_what_is_wrong_is_said(replace: Replace, path: str, old: str, new: str, said: str) -> None:
    found = problems(replace(path, old, new))
    assert any(said in line for line in found) if said else found == ()


def test_a_passage_on_what_nobody_saw_must_say_so(replace: Replace, files: dict[str, bytes]) -> None:
    changed = replace(PATH, "Aturan magang belum kami periksa. Tanyakan", "Tanyakan")
    assert any("passages, magang: rests on aturan_magang" in line for line in problems(changed))


def test_words_of_another_language_are_its_own(files: dict[str, bytes]) -> None:
    del files["languages/en/search_words.toml"]
    assert Catalogue(files, "en").search_words().same == {}
    assert Catalogue(files).search_words().same["duit"] == "uang"
    files[WORDS] = b"same = 1"
    with pytest.raises(ContentRefused):
        Catalogue(files).search_words()
