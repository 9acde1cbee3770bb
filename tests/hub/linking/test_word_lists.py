"""Word lists are sets of words."""

from __future__ import annotations

from hub.linking.word_lists import word_set


def test_a_list_is_its_words() -> None:
    assert word_set("\n    satu dua\n    tiga\n") == {"satu", "dua", "tiga"}
