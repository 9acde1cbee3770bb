"""What waits at a gateway for its radio: one frame a place, and never more than a few."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.link.air_queue import MAX_WAITING, AirQueue
from sync.link.events import OutgoingFrame
from sync.wire.frame_codec import (
    DownFragmentFrame,
    DownFrame,
    ReceiptFrame,
    UnknownEpochFrame,
    encode_frame,
)

HERE, THERE = 102, 113


def receipt(poll: int, tag: int = 7) -> bytes:
    return encode_frame(ReceiptFrame(tag, poll, 0, 1, b"", 5, None, bytes(8)))


def down(counter: int, text: bytes = b"sealed sealed sealed") -> bytes:
    return encode_frame(DownFrame(counter, text, None))


def piece(counter: int, index: int, data: bytes = b"piece") -> bytes:
    return encode_frame(DownFragmentFrame(counter, index, 3, data, None, bytes(8)))


def taken(*frames: OutgoingFrame) -> list[OutgoingFrame]:
    queue = AirQueue()
    for frame in frames:
        queue.put(frame)
    found = []
    while (frame := queue.next()) is not None:  # type: ignore[assignment]
        found.append(frame)
    return found


def test_a_newer_frame_takes_the_place_and_the_turn_of_an_older_one() -> None:
    first, second, newer = (OutgoingFrame(p, HERE) for p in (down(1), down(2), down(1, b"sealed anew, anew")))
    assert taken(first, second, newer) == [newer, second]


def test_places_differ_by_node_by_counter_and_by_piece() -> None:
    frames = [
        OutgoingFrame(down(1), HERE),
        OutgoingFrame(down(1), THERE),
        OutgoingFrame(down(2), HERE),
        OutgoingFrame(piece(1, 0), HERE),
        OutgoingFrame(piece(1, 1), HERE),
        OutgoingFrame(piece(2, 1), HERE),
    ]
    assert taken(*frames, *frames) == frames


def test_what_a_node_waits_for_goes_first_and_only_the_newest() -> None:
    old, new, other = (OutgoingFrame(receipt(poll, tag), HERE) for poll, tag in ((1, 7), (2, 7), (3, 8)))
    hint = OutgoingFrame(encode_frame(UnknownEpochFrame(7)), THERE)
    answer = OutgoingFrame(down(1), HERE)
    assert taken(answer, old, hint, other, new) == [new, hint, other, answer]


@given(
    st.lists(st.tuples(st.integers(0, 400), st.booleans(), st.sampled_from([HERE, THERE])), max_size=300),
    st.binary(max_size=40),
)
def test_the_newest_of_few_is_kept_whatever_comes(puts: list[tuple[int, bool, int]], foreign: bytes) -> None:
    queue = AirQueue()
    for counter, answers, to in puts:
        queue.put(OutgoingFrame(receipt(1, counter & 0xFF) if answers else down(counter), to))
        queue.put(OutgoingFrame(foreign, to))
        assert len(queue) <= MAX_WAITING
    last = {(to, p): None for c, a, to in puts for p in ((receipt(1, c & 0xFF) if a else down(c)), foreign)}
    found = []
    while (frame := queue.next()) is not None:
        found.append((frame.to, frame.payload))
    assert len(found) == len(set(found)) == min(len(last), MAX_WAITING)


def test_a_hub_envelope_gives_way_before_an_answer_does() -> None:
    answers = [OutgoingFrame(receipt(1, tag), HERE) for tag in range(MAX_WAITING - 1)]
    downs = [OutgoingFrame(down(counter), HERE) for counter in range(3)]
    assert taken(*downs[:2], *answers, downs[2]) == [*answers, downs[2]]
