"""Chat spelling, synonyms, ages and near spellings."""

from __future__ import annotations

import pytest

from content.answering.wording import Wording, tokens_of
from content.passages import SearchWords

WORDS = SearchWords(
    {"duit": "uang", "luar negeri": "luarnegeri", "ln": "luarnegeri", "brangkat": "berangkat"},
    frozenset({"saya", "yang"}),
    (),
)


@pytest.fixture(scope="module")
def wording() -> Wording:
    return Wording(WORDS, ["paspor ditahan majikan", "uang muka untuk keluarga", "berangkat ke luar negeri"])


def test_tokens_are_spelled_simply() -> None:
    assert tokens_of("Surat2 saya BANGEEET, 15jt!") == ["surat", "saya", "banget", "jt"]
    assert tokens_of("anak 16 th") == ["anak", "umur", "anak"]
    assert tokens_of("umur 19 tahun") == ["umur", "umur"]


def test_synonyms_and_phrases_become_one_term(wording: Wording) -> None:
    assert wording.terms("duit saya di luar negeri") == ["uang", "di", "luarnegeri"]
    assert wording.terms("LN") == ["luarnegeri"]


@pytest.mark.parametrize(
    ("typed", "meant"), [("pasporr", "paspor"), ("psapor", "paspor"), ("majikn", "majikan")]
)
def test_a_near_spelling_is_taken_for_the_word(wording: Wording, typed: str, meant: str) -> None:
    assert wording.question_terms(typed) == [meant]


def test_a_short_passive_is_spelled_out(wording: Wording) -> None:
    # "muka" begins with another letter, so that no near spelling leads there.
    assert wording.question_terms("dmuka") == ["muka"]
    assert wording.question_terms("drama") == ["drama"]


def test_another_short_word_is_not(wording: Wording) -> None:
    assert wording.question_terms("mula") == ["mula"]
    assert wording.question_terms("masak") == ["masak"]
