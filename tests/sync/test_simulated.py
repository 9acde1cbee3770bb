"""The simulated air: timing, chance and collisions; and radios on it under a manual clock."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.airtime import PRESETS, payload_airtime_ms
from sync.carriers.base import BROADCAST
from sync.carriers.simulated import (
    TRANSMIT_QUEUE_PLACES,
    AirEvent,
    CopyFaults,
    Delivery,
    FrameSent,
    SharedAir,
    SimulatedAir,
    slot_s,
)
from sync.clock import ManualClock

LONG_FAST = PRESETS["LongFast"]
A, B, C = 0xA, 0xB, 0xC
FAR_AHEAD_S = 1e6


def air_of(*stations: int, seed: int = 1, **options: object) -> SimulatedAir:
    air = SimulatedAir(LONG_FAST, random=Random(seed), **options)  # type: ignore[arg-type]
    for number in stations:
        air.add_station(number)
    return air


def deliveries(events: list[AirEvent]) -> list[Delivery]:
    return [event for event in events if isinstance(event, Delivery)]


def sent(events: list[AirEvent]) -> list[FrameSent]:
    return [event for event in events if isinstance(event, FrameSent)]


def test_a_payload_arrives_after_its_airtime() -> None:
    air = air_of(A, B)
    air.transmit(A, b"x" * 231, B, now=100.0)
    events = air.advance(FAR_AHEAD_S)
    airtime_s = payload_airtime_ms(231, LONG_FAST) / 1000
    assert deliveries(events)[0].frame == b"x" * 231
    assert 100.0 + airtime_s <= deliveries(events)[0].at_s <= 100.0 + airtime_s + 8 * slot_s(LONG_FAST)
    assert sent(events)[0].airtime_ms == pytest.approx(2156.5, abs=0.1)
    assert air.counters.airtime_ms == pytest.approx(2156.5, abs=0.1)


def test_nothing_is_delivered_before_its_time() -> None:
    air = air_of(A, B)
    air.transmit(A, b"x" * 231, B, now=0.0)
    assert air.advance(2.1) == []
    assert deliveries(air.advance(2.5)) != []
    assert air.next_event_at() is None


def test_the_slot_is_the_firmwares() -> None:
    assert slot_s(LONG_FAST) * 1000 == pytest.approx(28, abs=0.2)


def test_everybody_who_hears_the_sender_gets_the_frame() -> None:
    air = air_of(A, B, C, hears=lambda receiver, sender: {receiver, sender} != {A, C})
    air.transmit(A, b"x", C, now=0.0)
    assert [d.receiver for d in deliveries(air.advance(FAR_AHEAD_S))] == [B]


def test_a_busy_channel_defers() -> None:
    air = air_of(A, B)
    air.transmit(A, b"x" * 231, B, now=0.0)
    air.advance(1.0)
    air.transmit(B, b"y" * 231, A, now=1.0)
    events = air.advance(FAR_AHEAD_S)
    assert len(deliveries(events)) == 2
    first, second = sent(events)
    assert second.at_s - second.airtime_ms / 1000 >= first.at_s
    assert air.counters.frames_collided == 0


def test_hidden_stations_collide_where_both_are_heard() -> None:
    air = air_of(A, B, C, hears=lambda receiver, sender: {receiver, sender} != {A, C})
    air.transmit(A, b"x" * 231, B, now=0.0)
    air.transmit(C, b"y" * 231, B, now=0.5)
    assert deliveries(air.advance(FAR_AHEAD_S)) == []
    assert air.counters.frames_collided == 2


def test_a_station_that_sends_hears_nothing() -> None:
    collided = 0
    for seed in range(60):
        air = air_of(A, B, seed=seed, hears=lambda receiver, sender: receiver != sender)
        air.transmit(A, b"x" * 100, B, now=0.0)
        air.transmit(B, b"y" * 100, A, now=0.0)
        events = air.advance(FAR_AHEAD_S)
        starts = sorted(event.at_s - event.airtime_ms / 1000 for event in sent(events))
        if starts[1] - starts[0] < 2.5 * 8.192e-3:
            assert deliveries(events) == []
            collided += 1
        else:
            assert len(deliveries(events)) == 2
    assert collided, "two that start within the sensing time must collide now and then"


@pytest.mark.parametrize("loss", [0.0, 0.2, 1.0])
def test_loss_is_the_share_asked_for(loss: float) -> None:
    air = air_of(A, B, loss=loss)
    for _ in range(2000):
        air.transmit(A, b"x", B, now=0.0)
    received = len(deliveries(air.advance(FAR_AHEAD_S)))
    assert received + air.counters.frames_lost == 2000
    assert air.counters.frames_lost / 2000 == pytest.approx(loss, abs=0.03)


def test_duplicates_and_late_copies() -> None:
    air = air_of(A, B, faults=CopyFaults(duplicate=0.3, reorder=0.3, reorder_delay_s=30.0))
    for number in range(500):
        air.transmit(A, number.to_bytes(2, "big"), B, now=0.0)
    events = deliveries(air.advance(FAR_AHEAD_S))
    order = [int.from_bytes(event.frame, "big") for event in events]
    assert set(order) == set(range(500))
    assert len(order) == 500 + air.counters.frames_duplicated
    assert air.counters.frames_duplicated == pytest.approx(150, abs=40)
    assert air.counters.frames_reordered == pytest.approx(195, abs=50)
    assert order != sorted(order)
    assert [event.at_s for event in events] == sorted(event.at_s for event in events)


def test_higher_priority_leaves_first() -> None:
    air = air_of(A, B)
    air.transmit(A, b"first", B, now=0.0)
    air.advance(0.5)
    for priority, frame in ((1, b"low"), (9, b"high"), (1, b"low too")):
        air.transmit(A, frame, B, now=0.5, priority=priority)
    order = [d.frame for d in deliveries(air.advance(FAR_AHEAD_S))]
    assert order == [b"first", b"high", b"low", b"low too"]


def test_a_queued_frame_can_be_taken_back() -> None:
    air = air_of(A, B)
    for tag in (1, 2, 3):
        air.transmit(A, bytes([tag]), B, now=0.0, tag=tag, priority=tag)
    assert air.cancel(A, 2)
    assert not air.cancel(A, 2)
    assert air.drop_lowest(A, below_priority=2)
    assert not air.drop_lowest(A, below_priority=2)
    assert [d.frame for d in deliveries(air.advance(FAR_AHEAD_S))] == [b"\x03"]


def test_silence_empties_the_queue() -> None:
    air = air_of(A, B)
    air.transmit(A, b"x", B, now=0.0)
    air.silence(A)
    assert air.advance(FAR_AHEAD_S) == []


def test_station_numbers_are_unique() -> None:
    air = air_of(A)
    for number in (A, BROADCAST):
        with pytest.raises(ValueError):
            air.add_station(number)


@pytest.mark.parametrize("bad", [-0.1, 1.1])
def test_probabilities_are_checked(bad: float) -> None:
    for make in (
        lambda: air_of(loss=bad),
        lambda: CopyFaults(duplicate=bad),
        lambda: CopyFaults(reorder=bad),
    ):
        with pytest.raises(ValueError):
            make()


@given(
    seed=st.integers(0, 2**32),
    sends=st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(0, 231), st.floats(0, 60)), max_size=25),
)
def test_the_same_seed_gives_the_same_air(seed: int, sends: list[tuple[int, int, float]]) -> None:
    def run() -> list[AirEvent]:
        air = air_of(A, B, C, seed=seed, loss=0.3, faults=CopyFaults(0.2, 0.2))
        events: list[AirEvent] = []
        for sender, size, at_s in sorted(sends, key=lambda send: send[2]):
            events += air.advance(at_s)
            air.transmit(sender, bytes(size), BROADCAST, at_s)
        return events + air.advance(FAR_AHEAD_S)

    assert run() == run()


@given(
    seed=st.integers(0, 2**32),
    sends=st.lists(st.tuples(st.sampled_from([A, B, C]), st.integers(0, 231), st.floats(0, 60)), max_size=25),
)
def test_every_reception_is_accounted_for(seed: int, sends: list[tuple[int, int, float]]) -> None:
    air = air_of(A, B, C, seed=seed, loss=0.3)
    events: list[AirEvent] = []
    for sender, size, at_s in sorted(sends, key=lambda send: send[2]):
        events += air.advance(at_s)
        air.transmit(sender, bytes(size), BROADCAST, at_s)
    events += air.advance(FAR_AHEAD_S)
    counters = air.counters
    assert counters.frames_sent == len(sends) == len(sent(events))
    assert len(deliveries(events)) + counters.frames_lost + counters.frames_collided == 2 * len(sends)
    assert counters.airtime_ms == pytest.approx(sum(air.station_counters(n).airtime_ms for n in (A, B, C)))
    for number in (A, B, C):
        own = sorted((e.at_s - e.airtime_ms / 1000, e.at_s) for e in sent(events) if e.sender == number)
        assert all(earlier[1] <= later[0] + 1e-9 for earlier, later in zip(own, own[1:], strict=False))


# Radios on a shared air


def two_radios(**options: object) -> tuple[SharedAir, ManualClock]:
    clock = ManualClock()
    air = SimulatedAir(LONG_FAST, random=Random(5), **options)  # type: ignore[arg-type]
    return SharedAir(air, clock), clock


def test_waiting_moves_the_manual_clock_just_far_enough() -> None:
    shared, clock = two_radios()
    a, b = shared.radio(A), shared.radio(B)
    assert a.send(b"hello", B)
    heard = b.receive(60.0)
    assert heard is not None
    assert (heard.payload, heard.source) == (b"hello", A)
    assert 0.4 < clock.monotonic_s() < 0.8
    assert b.receive(10.0) is None
    assert 10.4 < clock.monotonic_s() < 10.8


def test_only_the_addressed_radio_hears_a_direct_payload() -> None:
    shared, _ = two_radios()
    a, b, c = shared.radio(A), shared.radio(B), shared.radio(C)
    a.send(b"direct", B)
    a.send(b"to all", BROADCAST)
    assert [h.payload for h in (b.receive(30), b.receive(30)) if h] == [b"direct", b"to all"]
    assert [h.payload for h in (c.receive(30), c.receive(30)) if h] == [b"to all"]


def test_a_full_queue_refuses() -> None:
    shared, _ = two_radios()
    a, _b = shared.radio(A), shared.radio(B)
    accepted = sum(a.send(b"x", B) for _ in range(40))
    assert accepted == TRANSMIT_QUEUE_PLACES
    assert a.state().queue_free == 0
    a.receive(1.0)
    assert a.state().queue_free in (1, 2)


def test_each_station_measures_the_channel_where_it_stands() -> None:
    air = air_of(A, B, C, hears=lambda receiver, sender: {receiver, sender} != {A, C})
    air.transmit(A, bytes(231), B, 0.0)
    air.advance(60.0)
    airtime_s = payload_airtime_ms(231, LONG_FAST) / 1000
    shares = {number: air.channel_utilisation(number, 60.0) for number in (A, B, C)}
    assert shares == {A: pytest.approx(airtime_s / 60), B: pytest.approx(airtime_s / 60), C: 0.0}
    assert air.channel_utilisation(B, 130.0) == 0.0


def test_frames_that_collide_are_heard_as_use_of_the_channel() -> None:
    air = air_of(A, B, C, hears=lambda receiver, sender: B in (receiver, sender))
    for sender in (A, C):
        air.transmit(sender, bytes(100), B, 0.0)
    events = air.advance(FAR_AHEAD_S)
    assert deliveries(events) == []
    assert air.counters.frames_collided == 2
    airtime_s = payload_airtime_ms(100, LONG_FAST) / 1000
    assert airtime_s < 60 * air.channel_utilisation(B, 30.0) < 2 * airtime_s
    assert 60 * air.channel_utilisation(A, 30.0) == pytest.approx(airtime_s)


def test_a_radio_tells_how_busy_the_channel_is() -> None:
    shared, clock = two_radios()
    a, b = shared.radio(A), shared.radio(B)
    assert a.state().channel_utilisation == 0.0
    for _ in range(3):
        a.send(bytes(231), B)
    clock.advance(30.0)
    share = b.state().channel_utilisation
    assert share is not None
    assert share == pytest.approx(3 * payload_airtime_ms(231, LONG_FAST) / 60_000)
    a.close()
    assert a.state().channel_utilisation is None
