"""Files of phrases."""

from __future__ import annotations

import pytest

from hub.machine_reading.phrase_tables import (
    BY_HAND,
    BadPhraseTable,
    joined,
    read_phrases,
    shipped_table,
    usual_words,
)
from hub.machine_reading.words import REGIONAL

HEAD = "# kind: phrases\n# language: jv\n# dated: 2026-11-26\n# source: made up\n# licence: CC0\n"


def test_one_sentence_alone_makes_a_phrase_less_sure_than_many() -> None:
    _, entries = read_phrases(f"{HEAD}ora\ttidak\t1\t1.00\nwis\tsudah\t9\t1.00\naku\tsaya\n")
    assert entries[("ora",)].sure == pytest.approx(1 / 1.5)
    assert entries[("wis",)].sure == pytest.approx(9 / 9.5)
    assert entries[("aku",)].sure == BY_HAND


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ora\ttidak\n", "must come before"),
        (f"{HEAD}ora\n", "what it stands for"),
        (f"{HEAD}ora\ttidak\t0\t1\n", "1 or more"),
        (f"{HEAD}ora\ttidak\tx\t1\n", "whole number"),
        (f"{HEAD}7\ttujuh\n", "at least one word"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadPhraseTable, match=said):
        read_phrases(text)


def test_files_of_two_languages_are_not_one_table() -> None:
    with pytest.raises(BadPhraseTable, match="language"):
        joined("su", [HEAD])


@pytest.mark.parametrize("language", REGIONAL)
def test_each_language_has_a_table_with_date_and_source(language: str) -> None:
    table = shipped_table(language)
    assert table.dated >= "2026-11-26"
    assert len(table.entries) > 1000
    assert "tidak" in usual_words()
