"""A simulated LoRa air, and radios on it: seeded, in step with `now`, and free of I/O.

`SimulatedAir` knows only time, bytes and chance. It listens before it talks, hears nothing while it sends,
spoils frames that overlap at a receiver, and loses, repeats and delays what is left. `SharedAir` puts a clock
and a lock around it, and hands out `SimulatedRadio`, which a link session cannot tell from a real radio.

Sources: slot time, contention window and "wait while the channel is busy" follow `RadioInterface` of the
Meshtastic firmware (slot = 2.5 symbols + 7.6 ms; window 2^3 to 2^8 slots, wider on a busy channel).
"""

from __future__ import annotations

import heapq
import itertools
import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sync.airtime import (
    CHANNEL_PAYLOAD_LIMIT,
    MESH_HEADER_BYTES,
    Preset,
    data_message_bytes,
    frame_airtime_ms,
    payload_airtime_ms,
)
from sync.carriers.base import BROADCAST, HeardPayload, RadioState
from sync.carriers.channel_use import UTILISATION_WINDOW_S, ChannelUse
from sync.clock import Clock

TRANSMIT_QUEUE_PLACES = 16
"""Frames that a Meshtastic radio keeps waiting for the air; more are refused."""

SLOT_TURNAROUND_MS = 7.6
"""Propagation, turn-around and processing in one contention slot."""

SENSING_SYMBOLS = 2.5
"""A frame younger than this is not yet noticed by who listens, so two stations may start together."""

PLAUSIBLE_RSSI_DBM = -60.0
PLAUSIBLE_SNR_DB = 6.0
"""What the firmware's own simulated radio reports for a neighbour close by."""


@dataclass(frozen=True)
class CopyFaults:
    """What may happen to a payload after it was received: a second copy, or an extra delay.

    Probabilities are for each payload; a delay is drawn evenly from 0 to `reorder_delay_s` seconds, so
    that later payloads overtake.
    """

    duplicate: float = 0.0
    reorder: float = 0.0
    reorder_delay_s: float = 10.0

    def __post_init__(self) -> None:
        _check_probability("duplicate", self.duplicate)
        _check_probability("reorder", self.reorder)

    def delays_s(self, random: Random) -> list[float]:
        """Return the delay of each copy to hand on: one entry, or two when it is doubled."""
        copies = 2 if self.duplicate and random.random() < self.duplicate else 1
        return [
            random.uniform(0.0, self.reorder_delay_s)
            if self.reorder and random.random() < self.reorder
            else 0.0
            for _ in range(copies)
        ]


@dataclass(frozen=True)
class Delivery:
    """One frame that reached one station at `at_s`; `is_copy` marks the second of a doubled frame."""

    receiver: int
    sender: int
    to: int
    frame: bytes
    at_s: float
    is_copy: bool = False


@dataclass(frozen=True)
class FrameSent:
    """A station has finished sending; `tag` is what it gave with the frame."""

    sender: int
    to: int
    frame: bytes
    tag: int
    at_s: float
    airtime_ms: float


AirEvent = Delivery | FrameSent


@dataclass
class StationCounters:
    """What one station did."""

    frames_sent: int = 0
    airtime_ms: float = 0.0


@dataclass
class AirCounters:
    """What happened on the air. Lost and collided count receptions, one for each station out of luck."""

    frames_sent: int = 0
    airtime_ms: float = 0.0
    frames_lost: int = 0
    frames_collided: int = 0
    frames_duplicated: int = 0
    frames_reordered: int = 0


@dataclass(order=True)
class _Waiting:
    rank: tuple[int, int]
    frame: bytes = field(compare=False)
    frame_bytes: int = field(compare=False)
    to: int = field(compare=False)
    tag: int = field(compare=False)
    preset: Preset = field(compare=False)


@dataclass(eq=False)
class _OnAir:
    sender: int
    waiting: _Waiting
    start_s: float
    end_s: float
    spoiled_at: set[int] = field(default_factory=set)


@dataclass
class _Station:
    number: int
    waiting: list[_Waiting] = field(default_factory=list)
    on_air: _OnAir | None = None
    is_contending: bool = False
    counters: StationCounters = field(default_factory=StationCounters)
    channel_use: ChannelUse = field(default_factory=ChannelUse)


def _check_probability(name: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise ValueError(f"{name} must lie between 0 and 1")


def slot_s(preset: Preset) -> float:
    """Return the contention slot in seconds: 28 ms on LongFast."""
    symbol_ms = (1 << preset.spreading_factor) / preset.bandwidth_khz
    return (SENSING_SYMBOLS * symbol_ms + SLOT_TURNAROUND_MS) / 1000


class SimulatedAir:
    """One channel and the stations on it. `now` is in seconds and must never go back.

    `hears(receiver, sender)` is the topology; without it everybody hears everybody. `loss` is the chance
    that one station misses one frame, apart from collisions. The same seed and the same calls give the same
    air, bit for bit.
    """

    def __init__(
        self,
        preset: Preset,
        *,
        random: Random,
        loss: float = 0.0,
        faults: CopyFaults | None = None,
        hears: Callable[[int, int], bool] | None = None,
    ) -> None:
        _check_probability("loss", loss)
        self.preset = preset
        self.loss = loss
        self.counters = AirCounters()
        self._random = random
        self._faults = faults or CopyFaults()
        self._hears = hears or (lambda receiver, sender: True)
        self._slot_s = slot_s(preset)
        self._sensing_s = SENSING_SYMBOLS * (1 << preset.spreading_factor) / preset.bandwidth_khz / 1000
        self._stations: dict[int, _Station] = {}
        self._on_air: list[_OnAir] = []
        self._timers: list[tuple[float, int, Callable[[float], list[AirEvent]]]] = []
        self._order = itertools.count()
        self._busy_s = 0.0
        self._busy_as_of_s = 0.0

    def add_station(self, number: int) -> None:
        """Put a station on the air.

        Raises ValueError for a number that is taken or is the broadcast address.
        """
        if number in self._stations or number == BROADCAST:
            raise ValueError(f"station number {number} is taken")
        self._stations[number] = _Station(number)

    def transmit(
        self,
        sender: int,
        frame: bytes,
        to: int,
        now: float,
        *,
        frame_bytes: int | None = None,
        priority: int = 0,
        tag: int = 0,
        delay_s: float = 0.0,
        preset: Preset | None = None,
    ) -> None:
        """Queue a frame at `sender`; it leaves when the channel lets it, higher `priority` first.

        `frame_bytes` is the size on the air; without it `frame` counts as an application payload under the
        channel key. `delay_s` holds the sender's next contention back. `preset` is for a station set up
        unlike the others. The queue here has no end: see `queued`.
        """
        station = self._stations[sender]
        if frame_bytes is None:
            frame_bytes = data_message_bytes(len(frame)) + MESH_HEADER_BYTES
        heapq.heappush(
            station.waiting,
            _Waiting((-priority, next(self._order)), frame, frame_bytes, to, tag, preset or self.preset),
        )
        self._contend(station, now + delay_s)

    def queued(self, sender: int) -> int:
        """Return how many frames wait at a station, the one on the air not counted."""
        return len(self._stations[sender].waiting)

    def cancel(self, sender: int, tag: int) -> bool:
        """Take frames with that tag out of a station's queue; return whether there was one."""
        station = self._stations[sender]
        kept = [waiting for waiting in station.waiting if waiting.tag != tag]
        found = len(kept) < len(station.waiting)
        if found:
            heapq.heapify(kept)
            station.waiting = kept
        return found

    def drop_lowest(self, sender: int, below_priority: int) -> bool:
        """Drop the last of a station's lowest-priority frames if below `below_priority`; say whether."""
        waiting = self._stations[sender].waiting
        lowest = max(waiting, default=None)
        if lowest is None or -lowest.rank[0] >= below_priority:
            return False
        waiting.remove(lowest)
        heapq.heapify(waiting)
        return True

    def silence(self, sender: int) -> None:
        """Empty a station's queue, as a reboot does; a frame already on the air is finished."""
        self._stations[sender].waiting.clear()

    def station_counters(self, number: int) -> StationCounters:
        """Return what one station has sent."""
        return self._stations[number].counters

    def contention_window(self, now: float) -> int:
        """Return the exponent CW of the 2^CW slots that a sender draws from, 3 quiet to 8 crowded."""
        return 3 + int(5 * min(1.0, self._busy_share(now)))

    def channel_utilisation(self, number: int, now: float) -> float:
        """Return the share of the last minute, 0 to 1, in which a station sent or heard something.

        What it heard counts whether or not it could be received, as in the firmware's own measure.
        """
        return self._stations[number].channel_use.share(now)

    def next_event_at(self) -> float | None:
        """Return when something happens next, or None on a quiet air."""
        return self._timers[0][0] if self._timers else None

    def advance(self, now: float) -> list[AirEvent]:
        """Let everything happen that is due up to `now`; return it in order of time.

        What a caller does about an event counts from the `now` it gives, so one who answers events exactly
        advances from `next_event_at` to `next_event_at`.
        """
        events: list[AirEvent] = []
        while self._timers and self._timers[0][0] <= now:
            at_s, _, action = heapq.heappop(self._timers)
            events += action(at_s)
        return events

    def _at(self, at_s: float, action: Callable[[float], list[AirEvent]]) -> None:
        heapq.heappush(self._timers, (at_s, next(self._order), action))

    def _contend(self, station: _Station, from_s: float) -> None:
        if station.is_contending or station.on_air is not None or not station.waiting:
            return
        station.is_contending = True
        slots = self._random.randrange(1 << self.contention_window(from_s))
        self._at(from_s + slots * self._slot_s, lambda at_s: self._try_to_send(station, at_s))

    def _try_to_send(self, station: _Station, at_s: float) -> list[AirEvent]:
        station.is_contending = False
        if not station.waiting:
            return []
        sensed = [
            frame.end_s
            for frame in self._on_air
            if at_s - frame.start_s >= self._sensing_s and self._hears(station.number, frame.sender)
        ]
        if sensed:
            self._contend(station, max(sensed))
        else:
            self._start(station, at_s)
        return []

    def _start(self, station: _Station, at_s: float) -> None:
        waiting = heapq.heappop(station.waiting)
        airtime_ms = frame_airtime_ms(waiting.frame_bytes, waiting.preset)
        frame = _OnAir(station.number, waiting, at_s, at_s + airtime_ms / 1000)
        for other in self._on_air:
            self._spoil(frame, other)
        self._on_air.append(frame)
        station.on_air = frame
        self._busy_s = self._busy_share(at_s) * UTILISATION_WINDOW_S + airtime_ms / 1000
        self._busy_as_of_s = at_s
        self.counters.frames_sent += 1
        self.counters.airtime_ms += airtime_ms
        station.counters.frames_sent += 1
        station.counters.airtime_ms += airtime_ms
        for number, other_station in self._stations.items():
            if number == station.number or self._hears(number, station.number):
                other_station.channel_use.note(at_s, frame.end_s)
        self._at(frame.end_s, lambda end_s: self._finish(station, frame, end_s))

    def _spoil(self, one: _OnAir, other: _OnAir) -> None:
        """Mark where two overlapping frames cannot be received: at both senders, and where both are heard."""
        one.spoiled_at.add(other.sender)
        other.spoiled_at.add(one.sender)
        for number in self._stations:
            if self._hears(number, one.sender) and self._hears(number, other.sender):
                one.spoiled_at.add(number)
                other.spoiled_at.add(number)

    def _finish(self, station: _Station, frame: _OnAir, at_s: float) -> list[AirEvent]:
        self._on_air.remove(frame)
        station.on_air = None
        airtime_ms = (frame.end_s - frame.start_s) * 1000
        events: list[AirEvent] = [
            FrameSent(
                frame.sender, frame.waiting.to, frame.waiting.frame, frame.waiting.tag, at_s, airtime_ms
            )
        ]
        for receiver in self._stations:
            if receiver == frame.sender or not self._hears(receiver, frame.sender):
                continue
            if receiver in frame.spoiled_at:
                self.counters.frames_collided += 1
            elif self._random.random() < self.loss:
                self.counters.frames_lost += 1
            else:
                events += self._deliver(receiver, frame, at_s)
        self._contend(station, at_s)
        return events

    def _deliver(self, receiver: int, frame: _OnAir, at_s: float) -> list[AirEvent]:
        at_once: list[AirEvent] = []
        for copy, delay_s in enumerate(self._faults.delays_s(self._random)):
            delivery = Delivery(
                receiver, frame.sender, frame.waiting.to, frame.waiting.frame, at_s + delay_s, copy > 0
            )
            self.counters.frames_duplicated += copy > 0
            if delay_s > 0:
                self.counters.frames_reordered += 1
                self._at(delivery.at_s, _hand_over(delivery))
            else:
                at_once.append(delivery)
        return at_once

    def _busy_share(self, now: float) -> float:
        """Return the share of recent time in which the channel was in use, old use fading out."""
        faded = math.exp(-max(0.0, now - self._busy_as_of_s) / UTILISATION_WINDOW_S)
        return self._busy_s * faded / UTILISATION_WINDOW_S


def _hand_over(delivery: Delivery) -> Callable[[float], list[AirEvent]]:
    return lambda at_s: [delivery]


class SharedAir:
    """A `SimulatedAir` that several radios, and threads, use under one clock.

    Nothing runs by itself: each call of a radio first lets the air catch up with the clock. With a
    `ManualClock`, a radio that waits moves the clock from event to event, so a simulation takes no real time.
    """

    def __init__(self, air: SimulatedAir, clock: Clock) -> None:
        self.air = air
        self.clock = clock
        self._lock = threading.Lock()
        self._inboxes: dict[int, deque[HeardPayload]] = {}
        self._something_new: dict[int, threading.Event] = {}

    def radio(self, number: int) -> SimulatedRadio:
        """Put a new radio with this number on the air and return it."""
        with self._lock:
            self.air.add_station(number)
            self._inboxes[number] = deque()
            self._something_new[number] = threading.Event()
        return SimulatedRadio(self, number)

    def send(self, sender: int, payload: bytes, to: int) -> bool:
        """Queue a payload; return False when 16 wait already."""
        with self._lock:
            self._catch_up()
            if self.air.queued(sender) >= TRANSMIT_QUEUE_PLACES:
                return False
            self.air.transmit(sender, payload, to, self.clock.monotonic_s())
            for event in self._something_new.values():
                event.set()
            return True

    def queue_free(self, number: int) -> int:
        """Return the free places in a station's transmit queue."""
        with self._lock:
            self._catch_up()
            return TRANSMIT_QUEUE_PLACES - self.air.queued(number)

    def channel_utilisation(self, number: int) -> float:
        """Return the share of the last minute in which a station found the channel in use."""
        with self._lock:
            self._catch_up()
            return self.air.channel_utilisation(number, self.clock.monotonic_s())

    def receive(self, number: int, timeout_s: float) -> HeardPayload | None:
        """Return the next payload for a station, waiting at most `timeout_s` seconds of the clock."""
        deadline_s = self.clock.monotonic_s() + timeout_s
        while True:
            with self._lock:
                self._something_new[number].clear()
                self._catch_up()
                if self._inboxes[number]:
                    return self._inboxes[number].popleft()
                next_s = self.air.next_event_at()
            now = self.clock.monotonic_s()
            if now >= deadline_s:
                return None
            until_s = deadline_s if next_s is None else min(deadline_s, next_s)
            self.clock.wait(self._something_new[number], max(0.0, until_s - now))

    def _catch_up(self) -> None:
        for event in self.air.advance(self.clock.monotonic_s()):
            if isinstance(event, Delivery) and event.to in (event.receiver, BROADCAST):
                heard = HeardPayload(event.frame, event.sender, PLAUSIBLE_RSSI_DBM, PLAUSIBLE_SNR_DB, 0)
                self._inboxes[event.receiver].append(heard)
                self._something_new[event.receiver].set()


class SimulatedRadio:
    """A `Radio` on a `SharedAir`. Its timeouts count seconds of the air's clock."""

    def __init__(self, shared: SharedAir, number: int) -> None:
        self.number = number
        self._shared = shared
        self._is_closed = False

    def payload_limit(self) -> int:
        """Return the limit under the channel key."""
        return CHANNEL_PAYLOAD_LIMIT

    def airtime_ms(self, payload_bytes: int) -> float:
        """Return the time on air at the air's preset."""
        return payload_airtime_ms(payload_bytes, self._shared.air.preset)

    def send(self, payload: bytes, to: int) -> bool:
        """Queue a payload; False when too long, when the queue is full or after `close`."""
        if self._is_closed or len(payload) > CHANNEL_PAYLOAD_LIMIT:
            return False
        return self._shared.send(self.number, payload, to)

    def receive(self, timeout_s: float) -> HeardPayload | None:
        """Return the next payload heard, waiting at most `timeout_s` seconds of the air's clock."""
        return None if self._is_closed else self._shared.receive(self.number, timeout_s)

    def state(self) -> RadioState:
        """Return the state: connected until closed."""
        if self._is_closed:
            return RadioState(False, self.number, None, "closed")
        return RadioState(
            True,
            self.number,
            self._shared.queue_free(self.number),
            None,
            self._shared.channel_utilisation(self.number),
        )

    def close(self) -> None:
        """Stop sending and receiving; the station stays on the air, deaf and dumb."""
        self._is_closed = True
