"""Small numbers stay hidden: whatever the tree, another table fits what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.exports.suppression import SMALLEST_SHOWN, Path, hidden_paths, with_totals

LETTERS = "abcd"


def leaves_of(depth: int) -> st.SearchStrategy[dict[Path, int]]:
    """Trees of one to four parts at each level, with many small numbers and some large."""
    counts = st.one_of(st.integers(0, 3), st.integers(0, 12), st.integers(9, 40), st.just(0))
    paths = st.tuples(*[st.sampled_from(LETTERS)] * depth)
    return st.dictionaries(paths, counts, min_size=1, max_size=14)


TREES = st.integers(1, 4).flatmap(leaves_of)


def other_tables(leaves: Mapping[Path, int]) -> Iterator[dict[Path, int]]:
    """Yield tables near this one: a report more or less somewhere, or one moved to another leaf."""
    for gained in (*leaves, None):
        for lost in (*leaves, None):
            if gained == lost or (lost is not None and leaves[lost] == 0):
                continue
            other = dict(leaves)
            if gained is not None:
                other[gained] += 1
            if lost is not None:
                other[lost] -= 1
            yield other


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_no_hidden_number_follows_from_the_shown_ones(leaves: dict[Path, int]) -> None:
    sums = with_totals(leaves)
    hidden = hidden_paths(sums)
    shown = set(sums) - hidden
    assert all(sums[path] >= SMALLEST_SHOWN for path in shown)
    undecided = set(hidden)
    for other in other_tables(leaves):
        if not undecided:
            break
        others = with_totals(other)
        if all(others[path] == sums[path] for path in shown):
            undecided -= {path for path in undecided if others[path] != sums[path]}
    assert not undecided, "these can be worked out from what is shown"


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_what_is_hidden_below_a_shown_total_is_not_small_together(leaves: dict[Path, int]) -> None:
    sums = with_totals(leaves)
    hidden = hidden_paths(sums)
    for total in set(sums) - hidden:
        # The leaves that no shown number between them and the total accounts for.
        rest = [
            count
            for path, count in leaves.items()
            if path[: len(total)] == total
            and len(path) > len(total)
            and all(path[:depth] in hidden for depth in range(len(total) + 1, len(path) + 1))
        ]
        assert not rest or (len(rest) > 1 and sum(rest) >= SMALLEST_SHOWN)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_a_shown_total_has_no_single_hidden_part_and_a_hidden_one_has_some(leaves: dict[Path, int]) -> None:
    sums = with_totals(leaves)
    hidden = hidden_paths(sums)
    for total in sums:
        parts = [path for path in sums if path[:-1] == total and path]
        if parts:
            count = sum(path in hidden for path in parts)
            assert count != (0 if total in hidden else 1)


def test_a_single_small_total_takes_its_neighbour_with_it() -> None:
    sums = with_totals({("a", "x"): 2, ("a", "y"): 4, ("b", "x"): 20, ("c", "x"): 30})
    assert hidden_paths(sums) == {("a",), ("a", "x"), ("a", "y"), ("b",), ("b", "x")}


def test_a_single_small_number_takes_the_next_smallest_with_it() -> None:
    sums = with_totals({("a",): 5, ("b",): 20, ("c",): 30})
    assert hidden_paths(sums) == {("a",), ("b",)}


def test_two_small_numbers_that_are_small_together_take_a_third() -> None:
    sums = with_totals({("a",): 2, ("b",): 3, ("c",): 20, ("d",): 30})
    assert hidden_paths(sums) == {("a",), ("b",), ("c",)}


def test_a_total_of_one_part_goes_with_it() -> None:
    sums = with_totals({("a", "x"): 3, ("a", "y"): 9, ("b", "x"): 50})
    assert hidden_paths(sums) == {("a", "x"), ("a", "y")}
    assert hidden_paths(with_totals({("a", "x"): 3})) == {(), ("a",), ("a", "x")}


def test_large_numbers_are_all_shown() -> None:
    assert hidden_paths(with_totals({("a",): 11, ("b",): 12})) == frozenset()


def test_many_regencies_are_done_at_once() -> None:
    leaves: dict[Path, int] = {
        (f"{regency // 20}", f"{regency}", kind, f"{week}"): (regency * 7 + week * 5 + len(kind)) % 23
        for regency in range(100)
        for kind in ("recruiter", "victim", "other")
        for week in range(13)
    }
    sums = with_totals(leaves)
    hidden = hidden_paths(sums)
    assert () not in hidden
    assert 0 < len(hidden) < len(sums)
