"""The time and the air of a soak: one clock that jumps from event to event, and the radios on each air."""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sync.airtime import PRESETS
from sync.carriers.radio import RadioUser
from sync.carriers.simulated import CopyFaults, SharedAir, SimulatedAir, SimulatedRadio
from sync.clock import ManualClock

HOUR_S, DAY_S = 3600.0, 86_400.0
LOSS = 0.1
FAULTS = CopyFaults(duplicate=0.02, reorder=0.02)
ASK_AGAIN_S = 0.25
"""What a pump waits when something is due and cannot go: `sync.carriers.radio.MAX_WAIT_S`."""


class World:
    """What is to happen, in order of time; nothing here takes real time but the work itself."""

    def __init__(self, wall_s: float) -> None:
        self.clock = ManualClock(monotonic_s=0.0, wall_s=wall_s)
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()

    @property
    def now(self) -> float:
        """Return the seconds since the soak began."""
        return self.clock.monotonic_s()

    def at(self, at_s: float, do: Callable[[], None]) -> None:
        """Do something then, or now if that is past."""
        heapq.heappush(self._events, (max(at_s, self.now), next(self._order), do))

    def after(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something in so many seconds."""
        self.at(self.now + seconds, do)

    def every(self, seconds: float, do: Callable[[], None]) -> None:
        """Do something again and again, first in so many seconds."""

        def turn() -> None:
            do()
            self.after(seconds, turn)

        self.after(seconds, turn)

    def run_until(self, until_s: float) -> None:
        """Let everything happen that is due until then."""
        while self._events and self._events[0][0] <= until_s:
            at_s, _, do = heapq.heappop(self._events)
            self.clock.advance(at_s - self.now)
            do()
        self.clock.advance(until_s - self.now)


class BoxClock:
    """The clocks of one start of a box: monotonic from 0, and a date that may be anything.

    The drift of its crystal is left out; `wrong_s` is by how much its date is off.
    """

    def __init__(self, world: World, wrong_s: float) -> None:
        self._world = world.clock
        self._begun_s = world.now
        self.wrong_s = wrong_s

    def monotonic_s(self) -> float:
        """Return seconds since this start."""
        return self._world.monotonic_s() - self._begun_s

    def wall_s(self) -> float:
        """Return what the box believes the date is."""
        return self._world.wall_s() + self.wrong_s

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Return whether the event is set: time passes between events of the world alone."""
        return event.is_set()

    def real_s(self, seconds: float) -> float:
        """Return 0."""
        return 0.0

    def at_s(self, monotonic_s: float) -> float:
        """Return when that is in the world."""
        return self._begun_s + monotonic_s


@dataclass
class Station:
    """A radio on an air, and who uses it; nobody while the box is off."""

    number: int
    radio: SimulatedRadio
    user: RadioUser | None = None
    time_of: Callable[[float], float] = field(default=lambda at_s: at_s)
    """The user's monotonic seconds as those of the world."""
    after_turn: Callable[[], None] = field(default=lambda: None)
    idle_s: float = ASK_AGAIN_S
    """How soon to look again where its user wants to be asked each second, though nothing is due."""
    look_at: float = 0.0
    busiest_ms: float = 0.0
    _before_ms: float = 0.0


class Air:
    """One channel with its stations. Each is turned as `sync.carriers.radio.RadioPump` does."""

    def __init__(self, world: World, random: Random) -> None:
        self._world = world
        self.air = SimulatedAir(PRESETS["LongFast"], random=random, loss=LOSS, faults=FAULTS)
        self._shared = SharedAir(self.air, world.clock)
        self.stations: list[Station] = []
        self._turn_at: float | None = None
        world.every(HOUR_S, self._note_hour)

    def station(self, number: int) -> Station:
        """Put a station on the air."""
        station = Station(number, self._shared.radio(number))
        self.stations.append(station)
        return station

    def begin(self, station: Station, user: RadioUser, time_of: Callable[[float], float]) -> None:
        """Let a program use a station from now on."""
        station.user, station.time_of = user, time_of
        self.wake(station)

    def end(self, station: Station) -> None:
        """Let nobody use it, as when its box lost power: what waits in it is lost."""
        station.user = None
        self.air.silence(station.number)
        # The radio was closed with its box; the next start opens it anew.
        station.radio = SimulatedRadio(self._shared, station.number)

    def wake(self, station: Station) -> None:
        """Something may be due there now."""
        station.look_at = self._world.now
        self._plan()

    def _plan(self) -> None:
        due = [station.look_at for station in self.stations if station.user is not None]
        if (next_s := self.air.next_event_at()) is not None:
            due.append(next_s)
        if not due:
            return
        at_s = max(min(due), self._world.now)
        if self._turn_at is None or at_s < self._turn_at:
            self._turn_at = at_s
            self._world.at(at_s, lambda: self._turn(at_s))

    def _turn(self, at_s: float) -> None:
        if self._turn_at != at_s:
            return  # an earlier one came between, and planned anew
        self._turn_at = None
        for station in self.stations:
            heard = self._hear(station)
            if station.user is not None and (heard or station.look_at <= self._world.now):
                self._pump(station, station.user)
            if heard:
                station.after_turn()
        self._plan()

    def _hear(self, station: Station) -> bool:
        heard_any = False
        while (heard := station.radio.receive(0.0)) is not None:
            if station.user is not None:
                station.user.hear_payload(heard)
                heard_any = True
        return heard_any

    def _pump(self, station: Station, user: RadioUser) -> None:
        now = self._world.now
        state = station.radio.state()
        if not state.connected or state.queue_free == 0:
            station.look_at = now + ASK_AGAIN_S
            return
        frames = user.due_frames()
        for frame in frames:
            station.radio.send(frame.payload, frame.to)
        wanted = station.time_of(user.next_timer_at())
        if frames:
            station.look_at = min(max(wanted, now + 0.001), now + 1.0)
        else:
            station.look_at = wanted if wanted > now + 1.0 else max(wanted, now + station.idle_s)

    def _note_hour(self) -> None:
        for station in self.stations:
            total = self.air.station_counters(station.number).airtime_ms
            station.busiest_ms = max(station.busiest_ms, total - station._before_ms)
            station._before_ms = total
