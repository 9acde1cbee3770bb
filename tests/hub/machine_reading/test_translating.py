"""Sentences, line ends, and what a model never saw."""

from __future__ import annotations

from pathlib import Path

import pytest
from needs_models import need
from tiny_models import write_translator

from hub.machine_reading.services import TRANSLATION, Piece, ReadingFailed
from hub.machine_reading.translating import ended, marked


def test_sentences_and_lines_stay_apart_and_too_long_a_text_is_refused(tmp_path: Path) -> None:
    need(TRANSLATION)
    from hub.machine_reading.translating import MOST_CHARACTERS, CTranslateTranslator

    write_translator(tmp_path, {"ora.": "tidak.", "aku": "saya", "bali": "pulang"})
    translate = CTranslateTranslator(tmp_path, "jv", "id", "kecil", "2026-11")
    assert translate("aku ora. bali\n\naku").text == "saya tidak. pulang\n\nsaya"
    assert translate("\n").text == "\n"
    with pytest.raises(ReadingFailed):
        translate("x" * (MOST_CHARACTERS + 1))


def test_the_end_of_a_sentence_longer_than_a_model_takes_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need(TRANSLATION)
    from hub.machine_reading.translating import CTranslateTranslator

    monkeypatch.setattr("hub.machine_reading.translating.MOST_TOKENS", 6)
    write_translator(tmp_path, {"ora": "tidak", "aku": "saya", "bali": "pulang"})
    translate = CTranslateTranslator(tmp_path, "jv", "id", "kecil", "2026-11")
    assert translate("aku " * 14 + "ora bali").text == "saya " * 14 + "tidak pulang"


def test_what_a_model_did_not_end_is_marked() -> None:
    assert ended(["saya", "tidak"], 2)[-1] == Piece(" [...]", known=False)
    assert not ended(["saya"], 2)


def test_marked_words_are_pieces_of_their_own() -> None:
    pieces = marked("satu dua tiga", lambda word: word != "dua")
    assert [(piece.text, piece.known) for piece in pieces] == [
        ("satu ", True),
        ("dua", False),
        (" tiga", True),
    ]
