"""Words as they are looked up."""

from __future__ import annotations

from hub.machine_reading.words import folded, tokens_of, words_of


def test_a_text_comes_back_whole_and_apostrophes_stay_in_words() -> None:
    text = "Sèngko' ta’ tao, 3 arè-arè\nè Batam."
    tokens = tokens_of(text)
    assert "".join(token.text for token in tokens) == text.replace("’", "'")
    words = [token.text for token in tokens if token.word]
    assert words == ["Sèngko'", "ta'", "tao", "arè-arè", "è", "Batam"]


def test_spellings_of_one_word_are_one() -> None:
    assert {folded(word, "mad") for word in ("ta'", "tak", "ta’")} == {"tak"}
    assert {folded(word, "mad") for word in ("bhâjhâr", "bajar")} == {"bajar"}
    assert {folded(word, "sas") for word in ("ndeq", "Ndek")} == {"ndek"}
    assert {folded(word, "jv") for word in ("dhuwit", "duwit")} == {"duwit"}
    assert words_of("Éta téh", "su") == ["eta", "teh"]
