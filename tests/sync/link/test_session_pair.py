"""Node and hub together over a link that loses, doubles and delays, through restarts of both."""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from link_pair import FREE_SETTINGS, LinkPair

from sync.identifiers import EnvelopeId
from sync.link.ranges import RangeSet
from sync.link.settings import LinkSettings
from sync.wire.frame_codec import DataFrame, FragmentFrame, SharedFrame, UpFrame, decode_frame

IS_LONG = "KENTONGAN_EXAMPLES" in os.environ
EXAMPLES = int(os.environ.get("KENTONGAN_EXAMPLES", 120))
"""The suite plays the same stories each time; with the variable it plays so many new ones."""

BEACON_S = LinkSettings().beacon_s
DAY_S = 86_400.0
plain_sizes = st.one_of(
    st.integers(1, 120),
    st.integers(150, 230),  # around what stands in a packet with and without keys and poll
    st.integers(231, 1500),
)


@st.composite
def links(draw: st.DrawFn) -> LinkPair:
    return LinkPair(
        seed=draw(st.integers(0, 2**32)),
        loss=draw(st.sampled_from([0.0, 0.1, 0.3, 0.5])),
        duplicate=draw(st.sampled_from([0.0, 0.2])),
        reorder=draw(st.sampled_from([0.0, 0.3])),
        late_s=draw(st.sampled_from([2.0, 15.0])),
        limit=draw(st.sampled_from([219, 231])),
        bound=draw(st.booleans()),
    )


def asks(payload: bytes) -> bool:
    """Whether a frame asks for a receipt, by a poll or as the last of a burst that brings something."""
    frame = decode_frame(payload)
    if not isinstance(frame, UpFrame) or frame.following:
        return False
    return bool(counters_in(payload)) or (frame.poll is not None and frame.poll.poll > 0)


def rest_until_nothing_is_asked(pair: LinkPair) -> None:
    """Let late copies and the last acknowledgement pass, and questions that got lost many times."""

    def asks_nothing() -> bool:
        return not any(epoch.deadline is not None or epoch.must_ask() for epoch in pair.node._epochs.values())

    for _ in range(50):
        pair.run(asks_nothing, pair.now + 10 * DAY_S)
        pair.run_for(900)
        if asks_nothing():
            return
    raise AssertionError("the node never stops asking")


def assert_comes_to_rest(pair: LinkPair) -> None:
    """Everything is there once, both ends know it, and then there is silence until the next beacon."""
    pair.run(pair.is_settled, pair.now + 10 * DAY_S)
    assert pair.is_settled()
    pair.assert_exactly_once()
    rest_until_nothing_is_asked(pair)
    asked_at = max(at for at, way, payload in pair.sent if way == "up" and asks(payload))
    quiet_s = asked_at + BEACON_S - pair.now - 1
    assert pair.run_for(quiet_s) == []
    assert 1 <= len(pair.run_for(3600)) <= 12  # the beacon, its repeats and its receipt


@settings(max_examples=EXAMPLES, derandomize=not IS_LONG)
@given(links(), st.data())
def test_everything_arrives_exactly_once_and_then_there_is_silence(
    pair: LinkPair, data: st.DataObject
) -> None:
    rng = random.Random(data.draw(st.integers(0, 2**32)))
    down: list[bytes] = []
    for _ in range(data.draw(st.integers(1, 4), label="stages")):
        for size in data.draw(st.lists(plain_sizes, max_size=8), label="up"):
            pair.offer(rng.randbytes(size), urgent=rng.random() < 0.3, due_in=rng.choice([0.0, 0.0, 400.0]))
        for size in data.draw(st.lists(st.integers(1, 900), max_size=3), label="down"):
            down.append(rng.randbytes(size))
            pair.send_down(down[-1])
        pair.run_for(data.draw(st.integers(0, 120), label="seconds"))
        what = data.draw(st.sampled_from(["nothing", "node", "hub", "smaller packets"]), label="then")
        if what == "node":
            pair.restart_node()
        elif what == "hub":
            pair.restart_hub()
        elif what == "smaller packets":
            pair.limit = 219
    assert_comes_to_rest(pair)
    assert set(down) <= set(pair.arrived)


@pytest.mark.parametrize("loss", [0.0, 0.3])
@pytest.mark.parametrize("limit", [219, 231])
def test_the_largest_report_arrives_in_pieces(loss: float, limit: int) -> None:
    pair = LinkPair(seed=5, loss=loss, duplicate=0.1, reorder=0.1, limit=limit, bound=False)
    pair.offer(random.Random(1).randbytes(16_000))
    pair.offer(random.Random(2).randbytes(3_000))
    assert_comes_to_rest(pair)


def test_two_large_reports_and_a_restart_in_between() -> None:
    pair = LinkPair(seed=6, loss=0.3)
    for size in (5_000, 4_000, 90):
        pair.offer(random.Random(size).randbytes(size))
    pair.run_for(60)
    pair.restart_node()
    pair.offer(bytes(2_000))
    pair.run_for(20)
    pair.restart_hub()
    assert_comes_to_rest(pair)


def test_a_restart_with_smaller_packets_does_not_strand_pieces_of_the_old_size() -> None:
    pair = LinkPair(seed=7)
    pair.offer(bytes(2_000))
    pair.run(lambda: len(pair.hub_session._assembly.names()) == 1)
    pair.restart_node()
    pair.limit = 180
    pair.loss = 0.6  # no piece of the new size may have arrived when the receipt tells of the old ones
    pair.run_for(60)
    pair.loss = 0.0
    assert_comes_to_rest(pair)


def test_many_epochs_of_a_box_that_was_cut_off_again_and_again() -> None:
    pair = LinkPair(seed=8, loss=0.2)
    pair.hub_is_off = True
    for number in range(30):
        pair.offer(bytes([number]) * 70)
        pair.run_for(30)
        pair.restart_node()
    pair.hub_is_off = False
    assert_comes_to_rest(pair)


def test_copies_of_every_frame_change_nothing() -> None:
    pair = LinkPair(seed=9, duplicate=1.0)
    for size in (50, 90, 700):
        pair.offer(bytes(size))
    pair.send_down(b"jawaban")
    assert_comes_to_rest(pair)
    assert pair.arrived == [b"jawaban"]


class Village(RuleBasedStateMachine):
    """Any order of reports, answers, losses, restarts and time."""

    @initialize(seed=st.integers(0, 2**32), limit=st.sampled_from([219, 231]), bound=st.booleans())
    def begin(self, seed: int, limit: int, bound: bool) -> None:
        self.pair = LinkPair(seed=seed, limit=limit, bound=bound)
        self.rng = random.Random(seed)
        self.down: list[bytes] = []

    @rule(
        loss=st.sampled_from([0.0, 0.2, 0.6]),
        duplicate=st.sampled_from([0.0, 0.5]),
        reorder=st.sampled_from([0.0, 0.5]),
    )
    def weather(self, loss: float, duplicate: float, reorder: float) -> None:
        self.pair.loss, self.pair.duplicate, self.pair.reorder = loss, duplicate, reorder

    @rule(size=plain_sizes, urgent=st.booleans(), due_in=st.sampled_from([0.0, 200.0]))
    def file_report(self, size: int, urgent: bool, due_in: float) -> None:
        self.pair.offer(self.rng.randbytes(size), urgent=urgent, due_in=due_in)

    @rule(size=st.integers(1, 700))
    def answer(self, size: int) -> None:
        self.down.append(self.rng.randbytes(size))
        self.pair.send_down(self.down[-1])

    @rule(seconds=st.integers(1, 300))
    def time_passes(self, seconds: int) -> None:
        self.pair.run_for(seconds)

    @rule()
    @precondition(lambda self: len(self.pair.blocks) < 20)
    def node_restarts(self) -> None:
        self.pair.restart_node()

    @rule()
    def hub_restarts(self) -> None:
        self.pair.restart_hub()

    @rule(off=st.booleans())
    def hub_power(self, off: bool) -> None:
        self.pair.hub_is_off = off

    @rule(data=st.data())
    @precondition(lambda self: self.pair.frames)
    def replay(self, data: st.DataObject) -> None:
        _, way, payload = data.draw(st.sampled_from(self.pair.sent[-40:]))
        self.pair.deliver(way, payload)

    @rule(payload=st.binary(min_size=1, max_size=60), way=st.sampled_from(["up", "down"]))
    def junk(self, payload: bytes, way: str) -> None:
        self.pair.deliver(way, payload)

    @invariant()
    def never_twice(self) -> None:
        if hasattr(self, "pair"):
            assert self.pair.hub.stored_twice == 0
            assert all(self.pair.offered[p].plain == plain for p, plain in self.pair.hub.opened.items())

    def teardown(self) -> None:
        if hasattr(self, "pair"):
            self.pair.hub_is_off = False
            self.pair.loss = min(self.pair.loss, 0.3)
            assert_comes_to_rest(self.pair)
            assert set(self.down) <= set(self.pair.arrived)


TestVillage = Village.TestCase
TestVillage.settings = settings(
    max_examples=EXAMPLES // 2, stateful_step_count=30, deadline=None, derandomize=not IS_LONG
)


# -- order ------------------------------------------------------------------------------------------


def counters_in(payload: bytes) -> list[int]:
    frame = decode_frame(payload)
    if isinstance(frame, DataFrame | SharedFrame):
        return [counter for counter, _ in frame.envelopes]
    return [frame.counter] if isinstance(frame, FragmentFrame) else []


def ups(pair: LinkPair) -> list[list[int]]:
    return [counters_in(payload) for _, way, payload in pair.sent if way == "up"]


def settled_pair() -> LinkPair:
    """A pair that has spoken: the epoch is known, the beacon is over."""
    pair = LinkPair(seed=3)
    pair.run_for(60)
    pair.sent.clear()
    pair.frames.clear()
    return pair


def test_an_urgent_report_leaves_first() -> None:
    pair = settled_pair()
    for _ in range(20):
        pair.offer(bytes(150))
    urgent = pair.offer(bytes(100), urgent=True)
    pair.step()
    assert urgent.counter in ups(pair)[0]


def test_an_urgent_report_overtakes_a_burst_under_way_and_pieces() -> None:
    pair = settled_pair()
    pair.offer(bytes(6_000))
    for _ in range(12):
        pair.offer(bytes(200))
    pair.run_for(10)
    gone = len(ups(pair))
    urgent = pair.offer(bytes(100), urgent=True)
    pair.run_for(5)
    assert urgent.counter in ups(pair)[gone]
    assert_comes_to_rest(pair)


def test_an_urgent_report_does_not_wait_for_a_receipt() -> None:
    pair = settled_pair()
    pair.hub_is_off = True
    pair.offer(bytes(100))
    pair.run_for(2)
    urgent = pair.offer(bytes(100), urgent=True)
    pair.run_for(2)
    assert urgent.counter in ups(pair)[1]


def test_a_stream_of_urgent_reports_does_not_put_the_question_off_for_ever() -> None:
    pair = settled_pair()
    for _ in range(40):
        for _ in range(3):
            pair.offer(bytes(200), urgent=True)  # more than the air takes, so no burst comes to its end
        pair.run_for(2.2)
    questions = [asks(payload) for _, way, payload in pair.sent if way == "up"]
    longest = max(len(run) for run in "".join("?" if q else "." for q in questions).split("?"))
    assert len(questions) > 32
    assert longest < pair.settings.burst_frames
    assert_comes_to_rest(pair)


def test_an_urgent_report_that_was_lost_goes_again_before_what_is_planned() -> None:
    pair = settled_pair()
    first = pair.offer(bytes(200), urgent=True)
    for _ in range(2):
        pair.offer(bytes(200), urgent=True)
    pair.hub_is_off = True
    pair.step()  # the first one is lost
    pair.hub_is_off = False
    pair.run(lambda: len(ups(pair)) == 3)
    for _ in range(8):
        pair.offer(bytes(200), urgent=True)
    pair.run(lambda: len(pair.receipted) >= 2)  # the receipt comes while those are being sent
    gone = len(ups(pair))
    pair.run(lambda: len(ups(pair)) == gone + 1)
    assert ups(pair)[-1] == [first.counter]
    assert_comes_to_rest(pair)


def test_an_urgent_report_in_pieces_goes_before_ordinary_small_ones() -> None:
    pair = settled_pair()
    small = [pair.offer(bytes(200)).counter for _ in range(40)]
    urgent = pair.offer(bytes(1_500), urgent=True)
    pair.run_for(45)
    order = ups(pair)
    last_piece = max(i for i, counters in enumerate(order) if urgent.counter in counters)
    before = {c for counters in order[:last_piece] for c in counters} & set(small)
    assert len(before) <= 2
    assert_comes_to_rest(pair)


def test_an_urgent_report_takes_others_along_only_where_room_is_left() -> None:
    pair = settled_pair()
    waiting = [pair.offer(bytes(60), due_in=1000).counter for _ in range(10)]
    urgent = pair.offer(bytes(60), urgent=True)
    pair.run_for(500)
    sent = ups(pair)
    assert len([c for c in sent if c]) == 1  # one packet with envelopes, and it is filled
    assert urgent.counter in sent[0]
    assert len(sent[0]) >= 2
    assert set(sent[0]) - {urgent.counter} < set(waiting)


def test_an_urgent_report_does_not_wait_for_a_backlog_longer_than_a_burst_may_run_ahead() -> None:
    pair = LinkPair(seed=12, limit=219, settings=replace(FREE_SETTINGS, window=8, urgent_window=64))
    pair.hub_is_off = True
    for _ in range(30):
        pair.offer(bytes(150))
    pair.run_for(60)
    place = pair.offer(b"mendesak", urgent=True)
    pair.hub_is_off = False
    pair.run(lambda: place.counter in pair.hub.held.get(place.epoch, RangeSet()))
    assert len(pair.hub.opened) < 12
    pair.run(pair.is_settled)
    pair.assert_exactly_once()


def test_an_ordinary_report_waits_until_it_is_due() -> None:
    pair = settled_pair()
    pair.offer(bytes(60), due_in=1000)
    assert pair.run_for(990) == []
    assert pair.run_for(20) != []


def test_reports_that_are_due_do_not_drag_the_others_out() -> None:
    pair = settled_pair()
    pair.offer(bytes(200), due_in=100)
    later = [pair.offer(bytes(200), due_in=3000).counter for _ in range(3)]
    pair.run_for(2000)
    assert not {c for counters in ups(pair) for c in counters} & set(later)


def test_small_reports_are_not_stuck_behind_the_pieces_of_a_large_one() -> None:
    pair = settled_pair()
    large = pair.offer(bytes(16_000))
    small = [pair.offer(bytes(80)) for _ in range(6)]
    pair.run(lambda: all(s in pair.receipted for s in small))
    assert large not in pair.receipted
    assert pair.now < 60 + 60


def test_a_small_report_filed_while_a_large_one_is_on_its_way_does_not_wait_for_its_end() -> None:
    pair = settled_pair()
    large = pair.offer(bytes(16_000))
    pair.run_for(20)
    small = pair.offer(bytes(80))
    pair.run(lambda: small in pair.receipted)
    assert large not in pair.receipted


# -- limits -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", range(100, 216, 3))
@pytest.mark.parametrize("limit", [219, 231])
def test_keys_and_poll_beside_an_envelope_never_pass_the_limit(size: int, limit: int) -> None:
    pair = LinkPair(seed=size, limit=limit, bound=False)  # the pair refuses a frame above the limit
    pair.offer(bytes(size))
    pair.offer(bytes(size), urgent=True)
    pair.run_until_receipted(600)
    assert pair.node.pending_count() == 0


def test_packets_that_become_smaller_under_way_are_planned_and_cut_anew() -> None:
    pair = LinkPair(seed=4)
    pair.offer(bytes(3_000))
    for _ in range(10):
        pair.offer(bytes(205))
    pair.run_for(9)
    pair.limit = 219
    assert_comes_to_rest(pair)


def test_the_duty_cycle_is_kept() -> None:
    settings_ = LinkSettings(duty_cycle=0.1, budget_burst_ms=10_000)
    pair = LinkPair(seed=11, settings=settings_)
    for _ in range(300):
        pair.offer(bytes(200))
    pair.run_for(3600)
    used = sum(pair.airtime_ms(len(payload)) for _, way, payload in pair.sent if way == "up")
    assert used <= 10_000 + 3_600_000 * 0.1 + 2_500
    assert used > 300_000  # and it is used


def test_a_used_up_budget_does_not_spin_the_timer() -> None:
    pair = LinkPair(seed=12, settings=LinkSettings(duty_cycle=0.01, budget_burst_ms=1))
    for _ in range(5):
        pair.offer(bytes(200), urgent=True)
    pair.step()
    assert pair.node.next_timer_at(pair.now) > pair.now + 10


def test_an_urgent_report_outside_the_window_does_not_spin_the_timer() -> None:
    pair = LinkPair(seed=12, settings=LinkSettings(duty_cycle=1.0, window=4, urgent_window=4))
    pair.hub_is_off = True
    for _ in range(6):
        pair.offer(bytes(50), urgent=True)
    pair.run_for(60)
    steps = 0
    end = pair.now + 600
    while pair.now < end:
        pair.step(end)
        steps += 1
    assert steps < 100


# -- a hub that does not answer ---------------------------------------------------------------------


def test_a_silent_hub_is_asked_less_and_less_with_short_frames() -> None:
    pair = settled_pair()
    pair.hub_is_off = True
    for _ in range(10):
        pair.offer(bytes(200))
    pair.run_for(3600)
    data = [counters for counters in ups(pair) if counters]
    assert sorted(c for counters in data for c in counters) == list(range(10))  # each went once
    first_day = len(pair.run_for(DAY_S))
    assert first_day <= 4 * 24 * 1.1  # four times an hour
    pair.hub_is_off = False
    assert_comes_to_rest(pair)


def test_a_silent_hub_is_asked_one_question_at_a_time_however_many_epochs_wait() -> None:
    pair = LinkPair(seed=13)
    pair.hub_is_off = True
    for _ in range(12):
        pair.offer(bytes(60))
        pair.restart_node()
    pair.run_for(3 * 3600)
    assert len(pair.run_for(DAY_S)) <= 4 * 24 * 1.1


def test_a_hub_that_comes_back_is_heard_within_the_longest_wait() -> None:
    pair = settled_pair()
    pair.hub_is_off = True
    pair.offer(bytes(60))
    pair.run_for(3 * DAY_S)
    pair.hub_is_off = False
    pair.run_for(900 * 1.3 + 30)
    assert pair.is_settled()


def test_a_lossy_link_is_not_taken_for_a_silent_hub() -> None:
    times = []
    for seed in range(12):
        pair = LinkPair(seed=seed, loss=0.5)
        rng = random.Random(seed)
        for _ in range(25):
            pair.offer(rng.randbytes(rng.randint(60, 120)))
        pair.run_until_receipted()
        times.append(pair.now)
    assert sorted(times)[6] < 600  # seconds on the manual clock


@pytest.mark.parametrize(("loss", "ratio"), [(0.0, 1.2), (0.1, 1.45), (0.3, 1.9), (0.5, 2.2)])
def test_airtime_is_close_to_what_the_bytes_need(loss: float, ratio: float) -> None:
    """25 envelopes; ideal = their bytes in full packets, each repeated as the loss demands."""
    used = ideal = 0.0
    for seed in range(8):
        pair = LinkPair(seed=seed, loss=loss)
        rng = random.Random(seed + 1000)
        sealed = 0
        for _ in range(25):
            plain = rng.randbytes(rng.randint(60, 120))
            pair.offer(plain)
            sealed += len(plain) + 8
        pair.run_until_receipted()
        used += pair.airtime_total_ms
        ideal += sealed / 231 * pair.airtime_ms(231) / (1 - loss)
    assert used / ideal < ratio


def test_delayed_frames_cost_little() -> None:
    """Nothing is lost: what goes twice goes because a late frame was taken for lost."""
    frames = {}
    for reorder in (0.0, 0.1):
        pair = LinkPair(seed=20, reorder=reorder, duplicate=0.1)
        rng = random.Random(20)
        for _ in range(200):
            pair.offer(rng.randbytes(rng.randint(60, 120)))
        pair.run_until_receipted()
        frames[reorder] = len(pair.frames)
    assert frames[0.1] <= frames[0.0] * 1.1


def test_nothing_that_is_receipted_goes_again() -> None:
    pair = LinkPair(seed=21, loss=0.4, duplicate=0.2, reorder=0.2)  # the pair checks each frame
    for size in (90, 1200, 90, 200, 90):
        pair.offer(bytes(size))
    assert_comes_to_rest(pair)


def test_receipts_speak_only_of_what_the_hub_holds() -> None:
    pair = LinkPair(seed=22, loss=0.3)  # the pair checks each receipt against what was opened
    places: list[EnvelopeId] = [pair.offer(bytes(100)) for _ in range(30)]
    pair.run_until_receipted()
    assert set(pair.receipted) == set(places) == set(pair.hub.opened)


# -- a channel that others use ------------------------------------------------------------------------


def test_ordinary_reports_are_spaced_on_a_busy_channel_and_urgent_ones_are_not() -> None:
    pair = LinkPair(seed=31, utilisation=0.22)
    for _ in range(6):
        pair.offer(bytes(180))
    pair.run_for(300)
    gone = len(ups(pair))
    assert 2 <= gone <= 8  # 2 s of air at 3 % of the time
    asked_at = pair.now
    urgent = pair.offer(bytes(180), urgent=True)
    pair.run(lambda: any(urgent.counter in counters for counters in ups(pair)[gone:]), pair.now + 60)
    assert pair.now - asked_at < 5
    steps = 0
    while pair.node.pending_count() and steps < 5_000:  # the timer must not spin while frames are held back
        pair.step()
        steps += 1
    assert steps < 200
    assert_comes_to_rest(pair)
