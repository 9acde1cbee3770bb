"""Phrases are learned from sentences side by side."""

from __future__ import annotations

from hub.machine_reading.aligning import learn

PAIRS = [
    (tuple(left.split()), tuple(right.split()))
    for left, right in (
        ("adhiku ora bali", "adik saya tidak pulang"),
        ("adhiku wis bali", "adik saya sudah pulang"),
        ("bapak wis bali", "bapak sudah pulang"),
        ("bapak ora teka", "bapak tidak datang"),
        ("adhiku wis teka", "adik saya sudah datang"),
    )
]


def test_words_and_phrases_are_found_with_how_often_they_stood_so() -> None:
    found = {" ".join(one.phrase): one for one in learn(PAIRS)}
    assert found["ora"].stands_for == ("tidak",)
    assert (found["bali"].stands_for, found["bali"].count) == (("pulang",), 3)
    assert found["adhiku"].stands_for[0] == "adik"
    assert found["wis bali"].stands_for == ("sudah", "pulang")
    assert all(0 < one.share <= 1 for one in found.values())


def test_the_same_sentences_give_the_same_table() -> None:
    assert learn(PAIRS) == learn(PAIRS)
