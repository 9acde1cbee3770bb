"""What narratives share is weighed by rarity, over languages."""

from __future__ import annotations

from hub.linking.glossary import CONCEPTS
from hub.linking.words import Rarity, concept, concepts, fold_text, word_table


def test_words_of_other_languages_mean_the_same() -> None:
    assert (
        concept("peuting") == concept("wengi") == concept("malam") == concept("mlm".replace("mlm", "malem"))
    )
    assert concept("gudangnya") == concept("gudang")


def test_a_rare_word_has_more_bits_than_a_common_one() -> None:
    rarity = Rarity()
    assert rarity.bits(concept("elektronik")) > rarity.bits(concept("kerja"))


def test_what_every_narrative_of_a_language_holds_tells_little() -> None:
    rarity = Rarity()
    assert rarity.bits(concept("tiang")) < 3


def test_a_word_that_the_hub_sees_often_loses_its_bits() -> None:
    rarity = Rarity()
    before = rarity.bits("zzkata")
    for _ in range(1_000):
        rarity.add(frozenset({"zzkata"}))
    assert rarity.bits("zzkata") < before - 5


def test_accents_and_apostrophes_fold() -> None:
    assert fold_text("Dhâri Ta’") == "dhari ta"
    assert concepts("Dua 17 ke x") == {concept("dua")}


def test_the_glossary_is_folded() -> None:
    assert [word for row in CONCEPTS for word in row if word != fold_text(word)] == []


def test_names_are_no_ordinary_words() -> None:
    assert word_table().is_ordinary("kerja")
    assert not word_table().is_ordinary("darmaji")
