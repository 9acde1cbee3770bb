"""How many reporters at least."""

from __future__ import annotations

from hub.signals.reporters import SOON_S, Telling, independent

WORDS = (
    "Pak Contoh mengajak anak saya ke Malaysia",
    "tetangga berangkat malam dengan mobil putih",
    "ada agen di pasar yang minta uang",
)


def test_reports_that_nothing_joins_are_of_several() -> None:
    tellings = [Telling(1, at * 2 * SOON_S, words) for at, words in enumerate(WORDS)]
    assert independent(tellings) == 3
    assert independent([]) == 0


def test_one_contact_one_phone_the_same_words_or_the_same_minutes_are_one_reporter() -> None:
    far = 10 * SOON_S
    one = Telling(1, 0, WORDS[0])
    written = (Telling(1, 0, WORDS[0], "0812-0000-1111"), Telling(2, far, WORDS[1], "+62 812 0000 1111"))
    assert independent(written) == 1
    assert independent([Telling(1, 0, WORDS[0], token=4), Telling(2, far, WORDS[1], token=4)]) == 1
    assert independent([one, Telling(2, far, WORDS[0].upper() + "!")]) == 1
    assert independent([one, Telling(1, SOON_S - 1, WORDS[1])]) == 1
    assert independent([one, Telling(2, SOON_S - 1, WORDS[1])]) == 2
    two = [Telling(1, 0, WORDS[0], "a@contoh.id"), Telling(1, 9, WORDS[1], "b@contoh.id")]
    assert independent(two) == 2, "two contacts are two people, however soon"


def test_joining_goes_through_others() -> None:
    chain = [Telling(1, at * (SOON_S - 1), words) for at, words in enumerate(WORDS)]
    assert independent(chain) == 1
