from __future__ import annotations

from hub.gaps.folding import alike, folded

KEY = bytes(32)


def test_order_case_and_words_that_tell_nothing_do_not_part_questions() -> None:
    one = "Apakah boleh cuti melahirkan di Hongkong?"
    assert alike(one, KEY) == alike("di hongkong cuti melahirkan boleh apakah", KEY)
    assert alike(one, KEY) != alike("Apakah boleh cuti sakit di Hongkong?", KEY)
    assert folded("Boleh cuti di Hongkong?") == folded("boleh cuti hongkong")
    assert folded("cuti") == folded("libur"), "spellings and words that the material knows as one"


def test_a_text_without_telling_words_still_has_a_name() -> None:
    assert folded("...") == ("...",)
    assert folded("yang itu") == folded("itu, yang") != ()


def test_without_the_key_nothing_can_be_tried() -> None:
    assert alike("cuti", KEY) != alike("cuti", bytes([1]) * 32)
