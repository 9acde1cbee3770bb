"""Which language a narrative is in."""

from __future__ import annotations

from hub.machine_reading.guessing import LanguageGuesser, shipped_guesser

GUESS = LanguageGuesser({"jv": ["ora", "wis", "arep"], "id": ["tidak", "sudah", "akan"]})


def test_too_few_words_and_words_of_no_language_are_no_guess() -> None:
    assert GUESS("ora wis") is None
    assert GUESS("zzz zzz zzz") is None


def test_the_language_of_the_form_decides_only_where_words_do_not() -> None:
    guess = GUESS("ora wis arep", hint="id")
    assert guess is not None
    assert guess.language == "jv"


def test_indonesian_is_guessed_to_be_so() -> None:
    guess = shipped_guesser()("Adik saya dibawa orang ke Batam dan sampai sekarang belum pulang.")
    assert guess is not None
    assert guess.language == "id"
