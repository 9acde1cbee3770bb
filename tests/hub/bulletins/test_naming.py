"""A text that names somebody the hub knows is found in any spelling; ordinary words and places are not."""

from __future__ import annotations

import pytest

from content.catalogue import Catalogue
from hub.bulletins.naming import KnownPeople, foreign_letters, may_be_names, named_in
from hub.linking.names import parse_name


def folded(name: str) -> tuple[str, ...]:
    parsed = parse_name(name)
    assert parsed is not None
    return parsed.full


KNOWN = KnownPeople(
    frozenset(
        folded(n) for n in ("Soejoko Santoso", "Fitri Handayani", "Budi", "Kerja Lestari", "Rina Batam")
    ),
    frozenset({"+6281200004321"}),
    frozenset({"budi_kerja88", "kerja.luar"}),
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Awas Soejoko di pasar.", ("Soejoko",)),
        ("Jangan ikut sujoko.", ("sujoko",)),
        ("Awas SANTOSO!", ("SANTOSO",)),
        ("Awas S a n t o s o!", ("S a n t o s o",)),
        ("Awas S.a.n.t.o.s.o!", ("S.a.n.t.o.s.o",)),
        ("Awas San-toso.", ("San-toso",)),
        ("Awas san toso.", ("san toso",)),
        ("Awas Vitri.", ("Vitri",)),
        ("Awas Fi\u200btri.", ("Fitri",)),
        ("Awas F\u00edtri.", ("F\u00edtri",)),
        ("Awas \uff26\uff49\uff54\uff52\uff49.", ("Fitri",)),
        ("Awas Handayany.", ("Handayany",)),
        ("Awas Pak Kerja.", ("Kerja",)),
        ("Ini Kerja Lestari.", ("Kerja", "Lestari")),
        ("Jangan ikut Rina.", ("Rina",)),
        ("Akun @budi_kerja88 menipu.", ("budi_kerja88",)),
        ("Akun budi kerja 88 menipu.", ("budi kerja 88",)),
        ("Akun Budi.Kerja.88 menipu.", ("Budi.Kerja.88",)),
        ("Nomor 0812-0000-4321.", ("0812-0000-4321",)),
        ("Nomor +62 812 / 0000 / 4321.", ("62 812 / 0000 / 4321",)),
        ("Nomor nol delapan satu dua nol nol nol nol empat tiga dua satu.", ("081200004321",)),
    ],
)
def test_a_name_a_number_or_an_account_is_found_in_any_spelling(text: str, words: tuple[str, ...]) -> None:
    assert named_in(text, KNOWN) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sukijan mencari gadis.", ("Sukijan",)),
        ("Jangan ikut sukijan.", ("sukijan",)),
        ("Awas Pak Kerja.", ("Kerja",)),
        ("Jangan ikut Kerja Lestari.", ("Kerja", "Lestari")),
        ("Awas S a n t o s o!", ("S a n t o s o",)),
        ("Akun @kerja menipu, juga kerja_88.", ("@kerja", "kerja_88")),
        ("Nomor nol delapan satu dua nol nol nol nol empat.", ("081200004",)),
        ("Tawaran kerja di Batam: periksa dulu. Polisi: 110.", ()),
    ],
)
def test_what_may_be_a_name_is_told_by_the_text_alone(text: str, words: tuple[str, ...]) -> None:
    assert may_be_names(text, "id") == words


@pytest.mark.parametrize("language", ["id", "en"])
def test_warnings_of_the_material_need_nobody_who_sees_all(language: str) -> None:
    texts = Catalogue(language=language).radio_texts()
    assert [words for one in texts if (words := may_be_names(one.text, language))] == []


@pytest.mark.parametrize(
    "text",
    [
        "Hati-hati tawaran kerja di Batam.",
        "Tawaran kerja luar negeri ke Kamboja: periksa dulu. Polisi 110.",
        "Awas uang muka. Minta hitungan tertulis dulu sebelum 12-12-2026.",
        "Kapal dan kontrak: foto, kirim ke rumah. Tanya KP2MI 0800-1000.",
    ],
)
def test_ordinary_words_places_and_numbers_of_help_name_nobody(text: str) -> None:
    assert named_in(text, KNOWN) == ()


def test_letters_of_other_scripts_may_hide_a_name() -> None:
    assert foreign_letters("Aw\u0430s \u0412udi") == ("\u0430", "\u0412")
    assert foreign_letters("Awas, é 1!") == ()
