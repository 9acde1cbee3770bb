"""Sentences, line ends, and what a model never saw."""

from __future__ import annotations

from pathlib import Path

import pytest
from needs_models import need
from tiny_models import write_translator

from hub.machine_reading.services import TRANSLATION, ReadingFailed
from hub.machine_reading.translating import marked


def test_sentences_and_lines_stay_apart_and_too_long_a_text_is_refused(tmp_path: Path) -> None:
    need(TRANSLATION)
    from hub.machine_reading.translating import MOST_CHARACTERS, CTranslateTranslator

    write_translator(tmp_path, {"ora.": "tidak.", "aku": "saya", "bali": "pulang"})
    translate = CTranslateTranslator(tmp_path, "jv", "id", "kecil", "2026-11")
    assert translate("aku ora. bali\n\naku").text == "saya tidak. pulang\n\nsaya"
    assert translate("\n").text == "\n"
    with pytest.raises(ReadingFailed):
        translate("x" * (MOST_CHARACTERS + 1))


def test_marked_words_are_pieces_of_their_own() -> None:
    pieces = marked("satu dua tiga", lambda word: word != "dua")
    assert [(piece.text, piece.known) for piece in pieces] == [
        ("satu ", True),
        ("dua", False),
        (" tiga", True),
    ]
