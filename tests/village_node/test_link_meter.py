"""Counting on the node: what goes out, what comes in, hour by hour, and never more than two days of it."""

from __future__ import annotations

import pytest

from sync.carriers.base import HeardPayload
from sync.link_quality import Grade
from sync.wire.frame_codec import (
    DataFrame,
    DownFrame,
    FragmentFrame,
    PollBlock,
    ReceiptFrame,
    SharedFrame,
    encode_frame,
)
from village_node.link_meter import HOUR_S, KEPT_HOURS, LinkCounts, LinkMeter

MAC = bytes(8)


def data(*counters: int, poll: int | None = None, following: int = 0) -> bytes:
    block = None if poll is None else PollBlock(poll, 1, 0, 0, 0, MAC)
    envelopes = tuple((counter, bytes(20)) for counter in counters)
    return encode_frame(DataFrame(7, envelopes, None, block, following))


def shared(*counters: int, following: int = 0) -> bytes:
    envelopes = tuple((counter, bytes(12)) for counter in counters)
    return encode_frame(SharedFrame(7, envelopes, MAC, following=following))


def piece(counter: int, index: int) -> bytes:
    return encode_frame(FragmentFrame(7, counter, index, 3, bytes(100), MAC, following=1))


def receipt(poll: int | None) -> bytes:
    return encode_frame(ReceiptFrame(7, poll, 0 if poll is None else 1_800_000_000, 0, b"", mac=MAC))


def heard(payload: bytes, snr_db: float | None = None, hops: int | None = None) -> HeardPayload:
    return HeardPayload(payload, 1, None if snr_db is None else -100.0, snr_db, hops)


def total(meter: LinkMeter, now: float) -> LinkCounts:
    return meter.last_24_hours(now)


class TestFrames:
    def test_what_goes_out_is_counted_with_its_airtime(self) -> None:
        meter = LinkMeter(0.0)
        meter.sent(shared(1, 2, following=1), 1500.0, 1.0)
        meter.sent(data(3, poll=9), 500.0, 2.0)
        counts = total(meter, 2.0)
        assert (counts.frames_sent, counts.airtime_ms, counts.envelopes_sent) == (2, 2000.0, 3)
        assert (counts.questions_asked, counts.questions_answered) == (1, 0)

    def test_an_acknowledgement_asks_nothing(self) -> None:
        meter = LinkMeter(0.0)
        meter.sent(data(poll=0), 500.0, 1.0)
        assert total(meter, 1.0).questions_asked == 0

    def test_an_envelope_or_piece_that_goes_a_second_time_is_a_loss(self) -> None:
        meter = LinkMeter(0.0)
        for frame in (data(1, 2), piece(5, 0), piece(5, 1), data(2), piece(5, 1)):
            meter.sent(frame, 1.0, 1.0)
        counts = total(meter, 1.0)
        assert (counts.envelopes_sent, counts.envelopes_again) == (6, 2)

    def test_a_gateways_frame_for_others_costs_airtime_only(self) -> None:
        meter = LinkMeter(0.0)
        for frame in (receipt(4), encode_frame(DownFrame(1, bytes(40))), b"\xff junk"):
            meter.sent(frame, 100.0, 1.0)
        counts = total(meter, 1.0)
        assert counts == LinkCounts(frames_sent=3, airtime_ms=300.0)

    def test_a_receipt_closes_its_question_once_however_late(self) -> None:
        meter = LinkMeter(0.0)
        meter.sent(data(poll=1), 1.0, 10.0)
        meter.sent(data(poll=2), 1.0, 30.0)
        for answer, at in ((receipt(2), 34.0), (receipt(1), 36.0), (receipt(1), 37.0), (receipt(77), 38.0)):
            meter.heard(heard(answer), at)
        counts = total(meter, 38.0)
        assert (counts.questions_asked, counts.questions_answered, counts.frames_heard) == (2, 2, 4)
        assert (counts.round_trip_s.mean, counts.round_trip_s.highest) == (15.0, 26.0)

    def test_the_end_of_a_burst_is_a_question_that_any_receipt_answers(self) -> None:
        meter = LinkMeter(0.0)
        meter.sent(shared(1, 2, following=1), 1.0, 10.0)
        meter.sent(data(3), 1.0, 12.0)
        meter.heard(heard(receipt(None)), 15.0)
        meter.heard(heard(receipt(None)), 16.0)  # said again
        counts = total(meter, 16.0)
        assert (counts.questions_asked, counts.questions_answered) == (1, 1)
        assert counts.round_trip_s.mean == 3.0

    def test_a_poll_that_is_answered_unasked_is_answered_once(self) -> None:
        meter = LinkMeter(0.0)
        meter.sent(data(1, poll=5), 1.0, 10.0)
        for answer in (receipt(None), receipt(5)):
            meter.heard(heard(answer), 15.0)
        meter.sent(data(2, poll=6), 1.0, 20.0)
        for answer in (receipt(6), receipt(None)):
            meter.heard(heard(answer), 25.0)
        counts = total(meter, 25.0)
        assert (counts.questions_asked, counts.questions_answered) == (2, 2)

    def test_signal_hops_and_margin_are_those_of_frames_for_us(self) -> None:
        meter = LinkMeter(0.0)
        meter.sample(0.25, -17.5, 0.0)
        meter.heard(heard(receipt(1), -7.5, 2), 1.0)
        meter.heard(heard(receipt(2), 2.5, 0), 2.0)
        meter.heard(heard(receipt(3)), 3.0)
        counts = total(meter, 3.0)
        assert (counts.snr_db.mean, counts.snr_db.highest, counts.snr_db.count) == (-2.5, 2.5, 2)
        assert (counts.margin_db.mean, counts.margin_db.highest) == (15.0, 20.0)
        assert (counts.rssi_dbm.mean, counts.hops.mean, counts.hops.highest) == (-100.0, 1.0, 2)
        assert counts.channel_used.mean == 0.25

    def test_many_questions_and_envelopes_do_not_fill_the_memory(self) -> None:
        meter = LinkMeter(0.0)
        for number in range(1, 5000):
            meter.sent(data(number, poll=number), 1.0, float(number))
        assert len(meter._polls) <= 64
        assert len(meter._pieces) <= 2048


class TestHours:
    def test_an_hour_ends_once(self) -> None:
        meter = LinkMeter(100.0)
        assert not meter.tick(100.0 + HOUR_S - 1)
        assert meter.tick(100.0 + HOUR_S)
        assert not meter.tick(100.0 + HOUR_S + 1)

    def test_time_is_observed_while_the_pump_looks(self) -> None:
        meter = LinkMeter(0.0)
        for now in (10.0, 20.0, 30.0):
            meter.tick(now)
        meter.tick(5000.0)  # the radio was gone
        meter.tick(5010.0)
        assert total(meter, 5010.0).seconds == 40.0

    def test_the_last_24_hours_are_what_they_say(self) -> None:
        meter = LinkMeter(0.0)
        for hour in range(40):
            meter.tick(hour * HOUR_S)
            meter.sent(data(hour), 1.0, hour * HOUR_S)
        assert total(meter, 39 * HOUR_S).frames_sent == 24

    @pytest.mark.parametrize("is_stored", [True, False])
    def test_hours_in_memory_are_bounded_also_when_nothing_can_be_stored(self, is_stored: bool) -> None:
        meter = LinkMeter(0.0)
        for hour in range(1, 1000):
            assert meter.tick(hour * HOUR_S)
            if is_stored:
                meter.kept(meter.unkept(with_open=False))
        assert len(meter._hours) <= (1 if is_stored else 2) * KEPT_HOURS

    def test_what_was_kept_is_not_given_again(self) -> None:
        meter = LinkMeter(0.0)
        meter.sent(data(1), 1.0, 0.0)
        meter.tick(HOUR_S)
        hours = meter.unkept(with_open=False)
        assert [hour.counts.frames_sent for hour in hours] == [1]
        meter.kept(hours)
        assert meter.unkept(with_open=False) == []
        assert len(meter.unkept(with_open=True)) == 1


class TestGrade:
    def test_three_silent_waits_in_a_row_are_no_link_until_something_is_heard(self) -> None:
        meter = LinkMeter(0.0)
        for poll in range(1, 9):
            meter.sent(data(poll=poll), 1.0, 1.0)
            meter.heard(heard(receipt(poll)), 2.0)
        assert meter.grade(2.0) is Grade.GOOD
        meter.silence(2)
        assert meter.grade(2.0) is Grade.GOOD
        meter.silence(3)
        assert meter.grade(2.0) is Grade.NONE
        meter.heard(heard(receipt(99)), 3.0)
        assert meter.grade(3.0) is Grade.GOOD
        assert total(meter, 3.0).silences == 2

    def test_before_the_first_question_nothing_can_be_said(self) -> None:
        assert LinkMeter(0.0).grade(0.0) is Grade.UNKNOWN
