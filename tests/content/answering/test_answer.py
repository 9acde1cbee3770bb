"""What is answered, what is not, and how often that is right."""

from __future__ import annotations

import pytest
from assistant_evaluation import (
    asked,
    figures,
    index_without_style,
    read_questions,
    shipped_index,
    wilson,
)

from content.answering.answer import SURE_FROM, Answered, Unknown, answer
from content.answering.index import Index
from content.answering.material import passages_of
from content.catalogue import Catalogue
from content.passages import SearchWords

PARTS = ("development", "test", "later", "styles", "others")


@pytest.fixture(scope="module")
def index() -> Index:
    return shipped_index()


@pytest.mark.parametrize("part", ["test", "later", "others"])
def test_parts_that_stand_nowhere_in_the_material_reach_their_floor(index: Index, part: str) -> None:
    found = figures(asked(index, read_questions(part)))
    assert found.top_1 >= 0.80
    assert found.wrong_rate <= 0.05


@pytest.mark.parametrize("style", ["sms", "jawa"])
def test_a_style_that_the_material_does_not_hold_is_answered_all_the_same(style: str) -> None:
    found = figures(
        asked(index_without_style(style), [q for q in read_questions("styles") if q.style == style])
    )
    assert found.answerable + found.unanswerable > 100
    assert found.top_1 >= 0.80
    assert found.wrong_rate <= 0.05


def test_the_parts_are_as_large_as_promised(index: Index) -> None:
    parts = {part: read_questions(part) for part in PARTS}
    assert sum(map(len, parts.values())) >= 1500
    assert sum(not one.expected for part in parts.values() for one in part) >= 400
    # Ten styles, in each of them every passage that was written to answer is asked for.
    written = {passage.key for passage in index.passages if passage.key.startswith("passage:")}
    styles = {one.style for one in parts["styles"]}
    assert len(styles) == 10
    for style in styles:
        of_style = [one for one in parts["styles"] if one.style == style]
        assert written <= {key for one in of_style for key in one.expected}, style
        assert sum(not one.expected for one in of_style) >= 15, style


def test_every_expected_passage_exists(index: Index) -> None:
    there = {passage.key for passage in index.passages}
    for part in PARTS:
        for one in read_questions(part):
            assert one.expected <= there, one.question


def test_no_question_of_the_test_is_a_way_of_asking(index: Index) -> None:
    asks = {ask.casefold() for passage in index.passages for ask in passage.asks}
    assert not asks & {
        one.question.casefold() for part in ("test", "later", "others") for one in read_questions(part)
    }


def test_the_first_way_of_asking_leads_to_its_passage(index: Index) -> None:
    found = {passage.key: answer(index, passage.asks[0]) for passage in index.passages if passage.asks}
    astray = [key for key, one in found.items() if not isinstance(one, Answered) or one.passage.key != key]
    assert astray == []


def test_an_answer_carries_its_source_and_date(index: Index) -> None:
    found = answer(index, "paspor saya dipegang majikan")
    assert isinstance(found, Answered)
    assert found.passage.key == "passage:paspor_ditahan"
    assert found.title == "Paspor ditahan atau diminta orang lain"
    assert found.date == "2025"
    assert any("ILO" in source.cited for source in found.sources)
    assert found.see_also == ("di_luar_negeri",)
    assert found.sureness >= SURE_FROM


@pytest.mark.parametrize(
    "question",
    ["", "   ", "????", "123 456", "ya", "qwrtp zxcvb", "harga cabe di pasar", '" OR terms MATCH "'],
)
def test_what_says_nothing_is_not_known(index: Index, question: str) -> None:
    assert isinstance(answer(index, question), Unknown)


def test_a_very_long_text_is_cut_and_answered_at_once(index: Index) -> None:
    assert isinstance(answer(index, "kata " * 50_000), Unknown)


def test_a_neighbouring_matter_is_not_answered(index: Index) -> None:
    assert isinstance(answer(index, "gaji di malaysia berapa ringgit"), Unknown)


def test_english_is_answered_in_english() -> None:
    catalogue = Catalogue(language="en")
    found = answer(Index(passages_of(catalogue), catalogue.search_words()), "my boss took my passport")
    assert isinstance(found, Answered)
    assert found.title == "Your passport is held or asked for"


def test_old_material_knows_nothing() -> None:
    files = {path: data for path, data in Catalogue().files.items() if "passages" not in path}
    files = {path: data for path, data in files.items() if "search_words" not in path}
    old = Catalogue(files)
    index = Index(passages_of(old), old.search_words())
    assert old.search_words() == SearchWords({}, frozenset(), ())
    assert isinstance(answer(index, "harga cabe berapa"), Unknown)


def test_wilson_holds_the_share() -> None:
    low, high = wilson(77, 90)
    assert low < 77 / 90 < high
    assert (round(low, 3), round(high, 3)) == (0.768, 0.914)
    assert wilson(0, 0) == (0.0, 1.0)
