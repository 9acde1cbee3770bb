"""What is answered, what is not, and how often that is right."""

from __future__ import annotations

import pytest
from assistant_evaluation import asked, figures, read_questions, shipped_index, wilson

from content.answering.answer import SURE_FROM, Answered, Unknown, answer
from content.answering.index import Index
from content.answering.material import passages_of
from content.catalogue import Catalogue
from content.passages import SearchWords


@pytest.fixture(scope="module")
def index() -> Index:
    return shipped_index()


def test_the_test_part_reaches_its_floor(index: Index) -> None:
    found = figures(asked(index, read_questions("test")))
    assert found.top_1 >= 0.80
    assert found.wrong_rate <= 0.05


def test_the_parts_are_as_large_as_promised() -> None:
    parts = [read_questions(part) for part in ("development", "test", "later")]
    assert sum(map(len, parts)) >= 200
    assert sum(not one.expected for part in parts for one in part) >= 50
    # No question of the later parts stands in the material.
    seen = {one.question.casefold() for one in parts[0]}
    assert not seen & {one.question.casefold() for part in parts[1:] for one in part}


def test_every_expected_passage_exists(index: Index) -> None:
    there = {passage.key for passage in index.passages}
    for part in ("development", "test", "later"):
        for one in read_questions(part):
            assert one.expected <= there, one.question


def test_no_question_of_the_test_is_a_way_of_asking(index: Index) -> None:
    asks = {ask.casefold() for passage in index.passages for ask in passage.asks}
    assert not asks & {one.question.casefold() for part in ("test", "later") for one in read_questions(part)}


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
