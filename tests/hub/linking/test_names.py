"""Names in other spellings are one, common ones tell little."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.linking.names import (
    Name,
    NameFrequencies,
    compare_names,
    compare_titles,
    fold_name,
    name_in_handle,
    parse_name,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soejono", "Sujono"),
        ("Djoko", "Joko"),
        ("Tjahjo", "Cahjo"),
        ("Achmad", "Ahmad"),
        ("Akhmad", "Ahmat"),
        ("Yoseph", "Yosef"),
        ("Edy", "Edi"),
        ("Muchlis", "Muhlis"),
        ("Benny", "Beni"),
        ("Syaiful", "Saiful"),
        ("Rizal", "Risal"),
    ],
)
def test_old_new_and_careless_spellings_are_one(one: str, other: str) -> None:
    assert fold_name(one) == fold_name(other)


@given(st.text(max_size=30))
def test_any_text_folds(text: str) -> None:
    assert fold_name(text).isascii()
    parse_name(text)


def test_titles_and_the_name_of_half_of_the_men_are_no_name() -> None:
    assert parse_name("H. Moh. Achmad S.") == Name(("amat", "s"), frozenset({"haji"}))
    assert parse_name("Muhammad") == Name(("muhamat",))
    assert parse_name("Pak Haji") is None


def bits(one: str, other: str) -> float:
    ours, theirs = parse_name(one), parse_name(other)
    assert ours is not None
    assert theirs is not None
    return compare_names(ours, theirs, NameFrequencies())


def test_a_rare_name_counts_more_than_a_common_one() -> None:
    assert bits("Kusmiyati", "Kusmiyati") > bits("Rina", "Rina") > bits("Sri", "Sri") > 0


def test_order_of_words_is_free() -> None:
    assert bits("Wahyuni Sri", "Sri Wahyuni") == bits("Sri Wahyuni", "Sri Wahyuni")


@pytest.mark.parametrize(("short", "long"), [("Lis", "Mukhlis"), ("Ben", "Benyamin"), ("Marni", "Sumarni")])
def test_a_nickname_is_weak_evidence(short: str, long: str) -> None:
    assert 0 < bits(short, long) < bits(long, long)


def test_a_second_name_that_differs_speaks_against() -> None:
    assert bits("Sri Wahyuni", "Sri Lestari") < 0 < bits("Sri Wahyuni", "Sri")


def test_an_initial_counts_for_and_against() -> None:
    assert bits("Slamet R.", "Slamet Riyanto") > bits("Slamet", "Slamet Riyanto")
    assert bits("Slamet R.", "Slamet Widodo") < bits("Slamet", "Slamet Widodo")


def test_names_without_a_word_in_common_contradict() -> None:
    assert bits("Darmaji", "Kusmiyati") < 0


def test_a_name_that_a_hub_hears_often_tells_less() -> None:
    name = Name(("kusmiyati",))
    frequencies = NameFrequencies()
    before = compare_names(name, name, frequencies)
    for _ in range(1_000):
        frequencies.add(name)
    assert compare_names(name, name, frequencies) < before - 3


def test_a_woman_and_a_man_are_two() -> None:
    assert compare_titles(frozenset({"bu"}), frozenset({"pak"})) < 0
    assert compare_titles(frozenset({"daeng"}), frozenset({"daeng"})) > 0
    assert compare_titles(frozenset({"pak"}), frozenset({"pak"})) == 0


def test_an_account_begins_with_a_name() -> None:
    assert name_in_handle("rina_karir8800") == name_in_handle("rinakarir00") == Name(("rina",))
    assert name_in_handle("lokerluar") is None
