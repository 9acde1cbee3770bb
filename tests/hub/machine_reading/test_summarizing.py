"""A language model may invent: what the narrative does not say is marked."""

from __future__ import annotations

from pathlib import Path

import pytest
from needs_models import need
from tiny_models import write_language_model

from hub.machine_reading.services import SUMMARY, ReadingFailed


def test_a_word_that_the_narrative_does_not_have_is_marked(tmp_path: Path) -> None:
    need(SUMMARY)
    from hub.machine_reading.summarizing import MOST_CHARACTERS, CTranslateSummarizer

    write_language_model(tmp_path, ["Ringkas:"], ["adik", "dijual", "di", "Batam"])
    shorten = CTranslateSummarizer(tmp_path, "id", "kecil", "2026-11", "{text} Ringkas:")
    reading = shorten("Kata tetangga adik saya ada di Batam.")
    assert reading.text == "adik dijual di Batam"
    assert [piece.text for piece in reading.pieces if not piece.known] == ["dijual"]
    # A number is not told because a longer one holds its figures.
    write_language_model(tmp_path, ["Ringkas:"], ["15", "5", "anak"])
    reading = CTranslateSummarizer(tmp_path, "id", "kecil", "2026-11", "{text} Ringkas:")("Ada 15 anak.")
    assert [piece.text for piece in reading.pieces if not piece.known] == ["5"]
    with pytest.raises(ReadingFailed):
        shorten("x" * (MOST_CHARACTERS + 1))
