"""Groups keep to what people decided and do not depend on the order of reports."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.linking.clustering import Contradiction, Pair, cluster, pair_of

COUNT = 8
PAIRS = list(itertools.combinations(range(COUNT), 2))
scored = st.dictionaries(
    st.sampled_from(PAIRS), st.sampled_from((-20.0, -9.0, 9.0, 12.0)), max_size=len(PAIRS)
)
some = st.sets(st.sampled_from(PAIRS), max_size=4)


def groups(
    pairs: dict[Pair, float],
    *,
    must: set[Pair] | None = None,
    cannot: set[Pair] | None = None,
    most: int = 200,
) -> list[list[int]]:
    return cluster(
        [f"k{n}" for n in range(COUNT)],
        pairs,
        threshold=8.0,
        agree=lambda _pair, _ours, _theirs, mean: mean >= 0,
        must=must or (),
        cannot=cannot or (),
        most=most,
    )


@given(scored, some)
def test_reports_that_must_stay_apart_never_share_a_group(
    pairs: dict[Pair, float], cannot: set[Pair]
) -> None:
    for group in groups(pairs, cannot=cannot):
        assert not cannot & set(itertools.combinations(group, 2))


@given(scored, some, some)
def test_what_was_confirmed_is_together_unless_it_contradicts(
    pairs: dict[Pair, float], must: set[Pair], cannot: set[Pair]
) -> None:
    try:
        found = groups(pairs, must=must, cannot=cannot)
    except Contradiction:
        return
    together = {pair for group in found for pair in itertools.combinations(group, 2)}
    assert must <= together
    assert not cannot & together


@given(scored, st.permutations(range(COUNT)))
def test_the_order_of_reports_changes_nothing(pairs: dict[Pair, float], order: list[int]) -> None:
    place = {old: new for new, old in enumerate(order)}
    moved = {pair_of(place[a], place[b]): bits for (a, b), bits in pairs.items()}
    found = cluster(
        [f"k{order[n]}" for n in range(COUNT)],
        moved,
        threshold=8.0,
        agree=lambda _pair, _ours, _theirs, mean: mean >= 0,
    )
    again = sorted(sorted(order[n] for n in group) for group in found)
    assert again == groups(pairs)


def test_a_merge_is_taken_back_with_its_decision() -> None:
    assert groups({}, must={(0, 1)})[0] == [0, 1]
    assert groups({})[0] == [0]


def test_a_contradiction_is_refused() -> None:
    with pytest.raises(Contradiction):
        groups({}, must={(0, 1), (1, 2)}, cannot={(0, 2)})


def test_a_chain_that_disagrees_as_a_whole_is_not_joined() -> None:
    pairs = {(0, 1): 12.0, (1, 2): 9.0, (0, 2): -30.0}
    assert groups(pairs)[:2] == [[0, 1], [2]]


def test_a_group_stays_below_its_limit() -> None:
    assert max(map(len, groups(dict.fromkeys(PAIRS, 20.0), most=3))) <= 3
