"""What a query asks, what is kept, and excerpts with their hits."""

from __future__ import annotations

import pytest

from hub.cases.search_words import (
    MOST_TERMS,
    QUERY_MAX_CHARACTERS,
    Query,
    excerpt,
    fold,
    kept_numbers,
    kept_words,
    parse_query,
)


@pytest.mark.parametrize(
    "typed",
    [
        *("0812-0000-4321", "+62 812 0000 4321", "0062 812.0000.4321", "62812 0000 4321", "(0812) 00004321"),
        *(
            "0812\u20110000\u20114321",
            "0812\u20130000\u22124321",
            "0812_0000*4321",
            "0812\u20220000\u00b74321",
        ),
    ],
)
def test_a_phone_is_one_number_in_any_spelling(typed: str) -> None:
    assert parse_query(typed) == Query((), ("81200004321",))
    assert kept_numbers(f"Telepon {typed}, malam") == "81200004321 r12340000218"


def test_words_and_numbers_are_told_apart() -> None:
    assert parse_query("Wáyan 3 orang, 4321 Ke-Batam") == Query(
        ("wayan", "3", "orang", "ke", "batam"), ("4321",)
    )
    assert parse_query("DK 1234 AB") == Query(("dk", "ab"), ("1234",))
    assert not parse_query(' "*() - : ^ ')


def test_a_query_has_bounds() -> None:
    assert len(parse_query(" ".join(f"k{n}" for n in range(99))).words) == MOST_TERMS
    assert parse_query("x" * 9999).words == ("x" * QUERY_MAX_CHARACTERS,)


def test_numbers_that_were_found_otherwise_are_kept_once() -> None:
    assert kept_numbers("0812-0000-4321", ["+6281200004321"]) == "81200004321 r12340000218"
    assert kept_numbers("nol delapan ...", ["+6281200004321"]).startswith("81200004321 ")


def test_folding_takes_accents_away() -> None:
    assert fold("Lémbâtá") == "lembata"
    assert kept_words("Sita-paspor: IBU_Ana!") == "sita paspor ibu ana"


def shown(text: str, typed: str, characters: int = 200) -> str:
    parts = excerpt(text, parse_query(typed), characters)
    return "".join(f"[{part.text}]" if part.hit else part.text for part in parts)


def test_an_excerpt_marks_every_hit_as_it_is_written() -> None:
    assert (
        shown("Pak Wáyan (0812-0000-4321) di Batam", "wayan 4321")
        == "Pak [Wáyan] ([0812-0000-4321]) di Batam"
    )
    assert shown("Berangkatnya besok", "berangkat") == "[Berangkatnya] besok"
    assert shown("tidak ada", "lain") == "tidak ada"


def test_an_excerpt_is_a_window_around_the_first_hit() -> None:
    text = "a " * 300 + "Batam " + "b " * 300
    found = shown(text, "batam", 60)
    assert found.startswith("\u2026")
    assert found.endswith("\u2026")
    assert "[Batam]" in found
    assert len(found) <= 64


def test_a_hit_on_the_edge_of_the_window_breaks_nothing() -> None:
    for characters in range(1, 30):
        parts = excerpt("kata Batam kata Batam kata", parse_query("batam"), characters)
        assert sum(len(part.text) for part in parts) <= characters + 2
