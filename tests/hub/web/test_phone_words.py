"""Every refusal of a file, and every file of the form, has words."""

from __future__ import annotations

from hub.languages import speaking, translate
from hub.openrosa.form import FILES
from hub.web.phone_words import FILE_WORDS, REFUSAL_WORDS, not_kept
from sync.media.refusals import Refusal


def test_each_refusal_and_each_file_has_words() -> None:
    assert set(REFUSAL_WORDS) == set(Refusal)
    assert set(FILE_WORDS) == set(FILES)


def test_they_make_a_sentence_in_both_languages() -> None:
    said = not_kept("voice", Refusal.VIDEO)
    assert said == "Rekaman suara tidak disimpan: berisi video."
    with speaking("en"):
        assert translate(said) == "Sound recording not stored: a video."
