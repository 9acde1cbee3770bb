"""Groups come out of decisions alone: one taken back gives exactly what was."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.links.states import Groups, Verdict, chain, groups_of, state_of

NAMES = "abcdef"


def same(number: int, pair: str) -> Verdict:
    return Verdict(number, min(pair), max(pair), True)


def apart(number: int, pair: str) -> Verdict:
    return Verdict(number, min(pair), max(pair), False)


def as_sets(groups: Groups) -> dict[int, str]:
    return {number: "".join(members) for number, members in groups.members.items()}


def test_a_group_bears_the_number_of_its_oldest_decision() -> None:
    before = [same(1, "ab"), same(2, "cd")]
    assert as_sets(groups_of(before)) == {1: "ab", 2: "cd"}
    assert as_sets(groups_of([*before, same(3, "bc")])) == {1: "abcd"}
    assert as_sets(groups_of([same(2, "cd"), same(3, "bc")])) == {2: "bcd"}


@given(
    st.lists(st.sampled_from([a + b for a in NAMES for b in NAMES if a < b]), unique=True, max_size=8),
    st.data(),
)
def test_undoing_gives_what_was_in_any_order(pairs: list[str], data: st.DataObject) -> None:
    verdicts = [same(number, pair) for number, pair in enumerate(pairs, start=1)]
    more = same(len(pairs) + 1, data.draw(st.sampled_from(["ab", "cf", "de"])))
    before = groups_of(verdicts)
    assert groups_of(data.draw(st.permutations(verdicts))) == before
    after = groups_of([*verdicts, more])
    assert after.place(more.one) == after.place(more.other)
    assert groups_of([v for v in [*verdicts, more] if v is not more]) == before


def test_a_no_between_two_reports_stands_between_their_groups() -> None:
    groups = groups_of([same(1, "ab"), same(2, "cd"), apart(3, "bc"), apart(4, "ae")])
    assert groups.between("a", "d") == apart(3, "bc")
    assert groups.between("b", "e") == apart(4, "ae")
    assert groups.between("a", "f") is None


def test_the_state_of_a_pair() -> None:
    groups = groups_of([same(1, "ab"), same(2, "bc"), apart(3, "cd")])
    assert state_of(groups, True, "a", "b", strong=True) == "confirmed"
    assert state_of(groups, False, "c", "d", strong=True) == "rejected"
    assert state_of(groups, None, "a", "c", strong=True) == "joined"
    assert state_of(groups, None, "a", "d", strong=True) == "conflict"
    assert state_of(groups, None, "e", "f", strong=True) == "open"
    assert state_of(groups, None, "e", "f", strong=False) == "faint"


def test_the_chain_is_the_shortest_way() -> None:
    verdicts = [same(1, "ab"), same(2, "bc"), same(3, "cd"), same(4, "bd"), apart(5, "ae")]
    assert [v.number for v in chain(verdicts, "a", "d")] == [1, 4]
    assert chain(verdicts, "a", "e") == ()
