"""Translation phrase by phrase: what is known is put in its place, what is not stays and is marked."""

from __future__ import annotations

import pytest

from hub.machine_reading.guessing import shipped_guesser
from hub.machine_reading.lexicon import ENOUGH, PhraseTranslator
from hub.machine_reading.phrase_tables import Entry, PhraseTable, shipped_table, usual_words

TABLE = PhraseTable(
    "jv",
    "2026-11",
    {
        ("ora",): Entry("tidak", 1.0),
        ("ora", "ana"): Entry("tidak ada", 1.0),
        ("bayar",): Entry("bayar", 1.0),
        ("adiku",): Entry("adik saya", 1.0),
    },
    2,
)
TRANSLATE = PhraseTranslator(TABLE, {"gaji", "di"})


def test_the_longest_phrase_counts_and_marks_stay() -> None:
    assert TRANSLATE("Ora ana, ora.").text == "Tidak ada, tidak."
    assert TRANSLATE("ora, ana").text == "tidak, ana"


def test_an_unknown_word_stays_and_is_marked_and_lowers_the_confidence() -> None:
    reading = TRANSLATE("ora xyz")
    assert [(piece.text, piece.known) for piece in reading.pieces] == [
        ("tidak", True),
        (" ", True),
        ("xyz", False),
    ]
    assert reading.confidence == pytest.approx(0.5)


def test_names_and_numbers_stay_and_count_neither_way() -> None:
    reading = TRANSLATE("ora Darsini 0812-0000-3141 ora")
    assert reading.text == "tidak Darsini 0812-0000-3141 tidak"
    assert reading.confidence == 1.0
    assert all(piece.known for piece in reading.pieces)


def test_a_word_is_taken_apart_and_counts_less() -> None:
    reading = TRANSLATE("dibayarake")
    assert reading.text == "dibayarkan"
    assert 0 < reading.confidence < 1


def test_an_indonesian_word_means_itself() -> None:
    assert TRANSLATE("gaji ora").text == "gaji tidak"


@pytest.mark.parametrize(
    ("language", "text", "holds"),
    [
        ("jv", "Adhiku diajak wong menyang Batam, saiki durung bali. Dhuwite dijupuk.", "belum pulang"),
        ("su", "Adi kuring dibawa ku jalma ka Batam, ayeuna can balik.", "dibawa oleh orang ke Batam"),
        ("sas", "Adiq tiang teajak siq dengan ojok Batam, nengke ndeqman uleq.", "ke Batam"),
        ("mad", "Ale' kaulâ èghibâ orèng ka Malaysia, sateya ghi' ta' molè.", "orang ke Malaysia"),
    ],
)
def test_the_shipped_tables_tell_the_languages_apart_and_translate(
    language: str, text: str, holds: str
) -> None:
    guess = shipped_guesser()(text)
    assert guess is not None
    assert guess.language == language
    reading = PhraseTranslator(shipped_table(language), usual_words())(text)
    assert reading.confidence >= ENOUGH
    assert holds in reading.text, reading.text
