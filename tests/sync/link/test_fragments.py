from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.link.fragments import Assembly, OutgoingPieces
from sync.wire.frame_codec import MAX_FRAGMENTS, PartialReceipt


@given(st.binary(min_size=1, max_size=3000), st.integers(12, 200), st.randoms(use_true_random=False))
def test_pieces_in_any_order_and_doubled_give_the_whole_once(
    whole: bytes, size: int, rng: random.Random
) -> None:
    outgoing = OutgoingPieces(whole, size)
    assert max(map(len, outgoing.pieces)) <= size
    order = list(range(len(outgoing.pieces)))
    rng.shuffle(order)
    assembly = Assembly()
    for index in order[:-1]:
        for _ in range(2):
            assert assembly.add("name", index, outgoing.last, outgoing.pieces[index]) is None
    assert assembly.add("name", order[-1], outgoing.last, outgoing.pieces[order[-1]]) == whole
    assert assembly.names() == []


@given(st.sets(st.integers(0, 30), max_size=30))
def test_what_a_receipt_does_not_name_is_wanted(there: set[int]) -> None:
    outgoing, assembly = OutgoingPieces(bytes(31 * 10), 10), Assembly()
    for index in there:
        assembly.add("n", index, 30, b"x" * 10)
    found = assembly.bitmap("n")
    outgoing.missing_after(None if found is None else PartialReceipt(0, *found))
    assert outgoing.wanted == set(range(31)) - there


def test_a_receipt_of_another_cut_or_of_everything_wants_everything() -> None:
    """Whatever it says, something is wanted: the envelope is not held, or it would not be asked for."""
    outgoing = OutgoingPieces(bytes(90), 10)
    outgoing.missing_after(PartialReceipt(0, 7, b"\xff"))
    assert outgoing.wanted == set(range(9))
    outgoing.missing_after(PartialReceipt(0, 8, b"\xff\xff"))
    assert outgoing.wanted == set(range(9))


@pytest.mark.parametrize(("size", "piece"), [(0, 10), (MAX_FRAGMENTS * 10 + 1, 10)])
def test_an_envelope_has_1_to_255_pieces(size: int, piece: int) -> None:
    with pytest.raises(ValueError):
        OutgoingPieces(bytes(size), piece)
    assert OutgoingPieces(bytes(MAX_FRAGMENTS * 10), 10).last == MAX_FRAGMENTS - 1


def test_pieces_of_another_cut_begin_anew() -> None:
    assembly = Assembly()
    assembly.add("n", 0, 2, b"old")
    assert assembly.add("n", 1, 1, b"b") is None
    assert assembly.add("n", 0, 1, b"a") == b"ab"


def test_what_waits_longest_is_dropped() -> None:
    assembly = Assembly(max_partials=3)
    for name in "abc":
        assembly.add(name, 0, 1, b"x")
    assembly.add("a", 0, 1, b"x")
    assembly.add("d", 0, 1, b"x")
    assert assembly.names() == ["c", "a", "d"]
    assembly.forget("c")
    assembly.forget("not there")
    assert assembly.bitmap("c") is None
    assert assembly.bitmap("a") == (1, b"\x80")
