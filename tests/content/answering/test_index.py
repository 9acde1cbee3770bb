"""Ranks of candidates, and what a question shares with them."""

from __future__ import annotations

from content.answering.index import Index
from content.answering.material import Passage, Source
from content.passages import SearchWords

SOURCE = Source("UU", "2017", True, "")


def passage(key: str, *asks: str) -> Passage:
    return Passage(f"passage:{key}", key, ("Teks.",), asks, (SOURCE,), ())


INDEX = Index(
    [
        passage("paspor", "paspor ditahan majikan", "paspor diambil agen"),
        passage("gaji", "gaji tidak dibayar"),
    ],
    SearchWords({}, frozenset({"saya"}), ("harga gaji pembantu", "harga paspor di pasar")),
)


def test_the_likest_way_of_asking_leads() -> None:
    first, *_ = INDEX.candidates("paspor saya ditahan")
    assert first.passage is not None
    assert first.passage.key == "passage:paspor"
    assert 0 < first.next_likest < first.likest < 1


def test_the_same_words_are_wholly_alike() -> None:
    assert INDEX.candidates("gaji tidak dibayar")[0].likest == 1.0


def test_neighbouring_matters_are_one_candidate_that_answers_nothing() -> None:
    found = INDEX.candidates("harga paspor dan gaji")
    assert sum(one.passage is None for one in found) == 1
    assert found[0].passage is None


def test_a_question_without_known_terms_has_no_candidates() -> None:
    assert INDEX.candidates("saya") == []
    assert INDEX.candidates("cuaca") == []


def test_ranks_do_not_depend_on_the_order_of_words() -> None:
    one, other = INDEX.candidates("majikan ditahan paspor"), INDEX.candidates("paspor ditahan majikan")
    assert [c.rank for c in one] == [c.rank for c in other]
