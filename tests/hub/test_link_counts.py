"""Counting at the hub: by node and day, in memory, a few additions a frame."""

from __future__ import annotations

import pytest

from hub.link_counts import (
    LARGEST_STEP,
    MAX_PATHS,
    REPEATED_WITHIN_S,
    LinkCounter,
    NodeCounts,
    OwnCounts,
    Question,
)
from sync.carriers.base import HeardPayload
from sync.link.hearing import RadioPath
from sync.link_quality import DAY_S, Grade, day_number
from sync.wire.frame_codec import DownFrame, ReceiptFrame, UnknownEpochFrame, encode_frame

AT = 1_800_000_000.0
DAY = day_number(AT)
PATH, GATEWAY_PATH = RadioPath(0, 5), RadioPath(3, 5)
EPOCH = bytes(8)
RECEIPT = encode_frame(ReceiptFrame(7, 1, int(AT), 0, b"", mac=bytes(8)))
DOWN = encode_frame(DownFrame(1, bytes(30)))


class Ear:
    """A counter and one node that asks it questions."""

    def __init__(self) -> None:
        self.counter = LinkCounter()

    def ask(self, poll: int | None, at: float = AT, *, alone: bool = True, epoch: bytes = EPOCH) -> None:
        question = Question(epoch, poll, alone)
        self.counter.heard(1, PATH, at, question=question, envelopes=0, signal=None)

    @property
    def counts(self) -> NodeCounts:
        return self.counter.pending().nodes[1, DAY]

    @property
    def questions(self) -> tuple[int, int, int]:
        return self.counts.questions_heard, self.counts.receipts_lost, self.counts.questions_missed


class TestQuestions:
    def test_one_that_comes_again_soon_was_not_answered(self) -> None:
        ear = Ear()
        ear.ask(10, alone=False)
        ear.ask(11, AT + 20)
        ear.ask(14, AT + 60)  # 12 and 13 never came
        assert ear.questions == (3, 2, 2)

    def test_a_later_one_is_a_new_one(self) -> None:
        ear = Ear()
        ear.ask(10)
        ear.ask(11, AT + REPEATED_WITHIN_S + 1)
        assert ear.questions == (2, 0, 0)

    def test_one_with_something_new_is_a_new_one(self) -> None:
        ear = Ear()
        ear.ask(10)
        ear.ask(11, AT + 20, alone=False)
        assert ear.questions == (2, 0, 0)

    def test_one_about_another_epoch_is_a_new_one(self) -> None:
        ear = Ear()
        ear.ask(10)
        ear.ask(11, AT + 20, epoch=b"12345678")
        assert ear.questions == (2, 0, 0)

    def test_a_burst_that_is_asked_about_was_not_answered(self) -> None:
        ear = Ear()
        ear.ask(None, alone=False)
        ear.ask(30, AT + 20)
        assert ear.questions == (2, 1, 0)

    def test_a_copy_counts_once(self) -> None:
        ear = Ear()
        ear.ask(10)
        ear.ask(10, AT + 1)
        assert ear.questions == (1, 0, 0)
        assert ear.counts.frames_heard == 2

    def test_a_large_step_is_a_new_start_of_the_node(self) -> None:
        ear = Ear()
        ear.ask(10)
        ear.ask(10 + LARGEST_STEP + 1, AT + 20)
        assert ear.questions == (2, 0, 0)

    def test_numbers_begin_anew_behind_the_last(self) -> None:
        ear = Ear()
        ear.ask(65_535)
        ear.ask(2, AT + 20)
        assert ear.questions == (2, 1, 1)


class TestFrames:
    def test_signal_and_carrier_of_the_hubs_own_radio(self) -> None:
        counter = LinkCounter()
        counter.watched(60.0, 0.25, -17.5, AT)
        signal = HeardPayload(b"", 5, -101.0, -5.5, 1)
        counter.heard(1, PATH, AT, question=None, envelopes=2, signal=signal)
        counter.heard(1, GATEWAY_PATH, AT + 5, question=None, envelopes=1, signal=None)
        gathered = counter.take()
        counts = gathered.nodes[1, DAY]
        assert (counts.radio_envelopes, counts.gateway_envelopes, counts.frames_heard) == (2, 1, 2)
        assert (counts.snr_db.mean, counts.margin_db.mean, counts.hops.mean) == (-5.5, 12.0, 1.0)
        assert gathered.contacts == {(1, "radio"): AT, (1, "gateway"): AT + 5}
        own = gathered.own[DAY]
        assert (own.frames_heard, own.seconds, own.channel_used.mean) == (1, 60.0, 0.25)

    def test_frames_of_nobody_are_counted_for_nobody(self) -> None:
        counter = LinkCounter()
        counter.heard_foreign(PATH, AT)
        counter.heard_foreign(GATEWAY_PATH, AT)
        counter.heard(None, PATH, AT, question=None, envelopes=0, signal=None)
        gathered = counter.take()
        assert gathered.nodes == {}
        assert gathered.own[DAY] == OwnCounts(frames_heard=1, foreign_frames=1)

    def test_what_goes_out_is_counted_for_whom_it_goes_to(self) -> None:
        counter = LinkCounter()
        for path in (PATH, GATEWAY_PATH):
            counter.heard(1, path, AT, question=None, envelopes=0, signal=None)
        for frame in (RECEIPT, DOWN, encode_frame(UnknownEpochFrame(7))):
            counter.sent(frame, PATH, 500.0, AT)
        counter.sent(RECEIPT, GATEWAY_PATH, 500.0, AT)
        counter.sent(RECEIPT, RadioPath(0, 99), 500.0, AT)  # whoever that is
        gathered = counter.take()
        counts = gathered.nodes[1, DAY]
        assert (counts.receipts_sent, counts.downs_sent, counts.airtime_ms) == (2, 1, 1500.0)
        assert (gathered.own[DAY].frames_sent, gathered.own[DAY].airtime_ms) == (4, 2000.0)

    def test_bundles(self) -> None:
        counter = LinkCounter()
        counter.bundle(1, "http", AT, envelopes=3)
        counter.bundle(1, "courier", AT + 1, envelopes=1)
        counter.replied(1, AT, receipts=2, downs=1)
        counts = counter.take().nodes[1, DAY]
        assert (counts.bundles, counts.http_envelopes, counts.courier_envelopes) == (2, 3, 1)
        assert (counts.receipts_sent, counts.downs_sent) == (2, 1)
        assert counts.grade is Grade.UNKNOWN

    def test_each_day_has_its_own_counts(self) -> None:
        counter = LinkCounter()
        for day in range(3):
            counter.heard(1, PATH, AT + day * DAY_S, question=None, envelopes=1, signal=None)
        assert [counts.radio_envelopes for counts in counter.take().nodes.values()] == [1, 1, 1]

    def test_many_addresses_do_not_fill_the_memory(self) -> None:
        counter = LinkCounter()
        for number in range(MAX_PATHS + 500):
            counter.heard(1, RadioPath(0, number), AT, question=None, envelopes=0, signal=None)
        assert len(counter._paths) == MAX_PATHS


def test_what_could_not_be_stored_is_added_to_what_came_since() -> None:
    counter = LinkCounter()
    counter.heard(1, PATH, AT, question=None, envelopes=2, signal=None)
    taken = counter.take()
    assert not counter.take()
    counter.heard(1, PATH, AT + 60, question=None, envelopes=1, signal=None)
    counter.put_back(taken)
    gathered = counter.take()
    assert gathered.nodes[1, DAY].radio_envelopes == 3
    assert gathered.own[DAY].frames_heard == 2
    assert gathered.contacts == {(1, "radio"): AT + 60}


@pytest.mark.parametrize(
    ("heard", "lost", "missed", "expected"),
    [(10, 0, 0, Grade.GOOD), (10, 3, 2, Grade.MEDIUM), (10, 9, 8, Grade.WEAK), (0, 0, 0, Grade.UNKNOWN)],
)
def test_the_grade_of_a_day(heard: int, lost: int, missed: int, expected: Grade) -> None:
    counts = NodeCounts(
        frames_heard=heard, questions_heard=heard, receipts_lost=lost, questions_missed=missed
    )
    assert counts.grade is expected
