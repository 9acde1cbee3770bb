"""Beginnings and ends of words."""

from __future__ import annotations

import pytest

from hub.machine_reading.affixes import Parts, taken_apart


@pytest.mark.parametrize(
    ("word", "language", "parts"),
    [
        ("dibayarake", "jv", Parts("bayar", "di", "kan")),
        ("imahna", "su", Parts("imah", "", "nya")),
        ("tejual", "sas", Parts("jual", "di", "")),
        ("ebajar", "mad", Parts("bajar", "di", "")),
    ],
)
def test_a_word_is_taken_apart(word: str, language: str, parts: Parts) -> None:
    assert parts in list(taken_apart(word, language))


def test_no_stem_is_shorter_than_three_letters() -> None:
    assert all(len(parts.stem) >= 3 for parts in taken_apart("dine", "jv"))
