"""Time on a box without a clock (design D6): what is known, how sure, and how old a thing is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from sync.clock import Clock

BUILD_WALL_S = 1_795_000_000
"""November 2026. A clock that shows less has not been set."""
MAX_HUB_TIME_SLACK_S = 300.0
"""A receipt that came within this time of its poll sets the time; a courier's, days old, does not."""
DRIFT = 100e-6
FURTHEST_AHEAD_S = 5 * 365 * 86_400
"""A clock that shows this much more than was ever seen has jumped: nothing lay so long in a drawer."""


@dataclass(frozen=True)
class Stamp:
    """An instant: the number of the start, seconds on that start's monotonic clock, and Unix seconds when
    the box had reason to believe its date."""

    boot: int
    mono_s: int
    wall_s: int | None


class TimeKeeper:
    """Gives stamps and ages. Threads may share it.

    `vouched`: whether anybody vouches for the system's date (`clock_source`); asked each time, since the
    internet may set it later.
    """

    def __init__(
        self,
        clock: Clock,
        boot: int,
        *,
        highest_seen_s: int = 0,
        vouched: Callable[[], bool] = lambda: True,
    ) -> None:
        self._clock = clock
        self._vouched = vouched
        self.boot = boot
        self._start = clock.monotonic_s()
        self._floor_s = max(BUILD_WALL_S, highest_seen_s)
        self._hub_offset_s: float | None = None
        self._hub_slack_s = MAX_HUB_TIME_SLACK_S
        self._hub_at = 0.0
        self._lock = threading.Lock()

    def monotonic_s(self) -> float:
        """Return the clock's monotonic seconds."""
        return self._clock.monotonic_s()

    def take_hub_time(self, unix_s: int, asked_at: float, heard_at: float) -> None:
        """Take the hub's time from a receipt that echoes a poll of this start."""
        slack = heard_at - asked_at
        if unix_s < BUILD_WALL_S or not 0 <= slack <= MAX_HUB_TIME_SLACK_S:
            return
        with self._lock:
            # What is known grows old: a Pi's crystal loses seconds a day.
            if slack <= self._hub_slack_s + (heard_at - self._hub_at) * DRIFT:
                self._hub_offset_s = unix_s - (asked_at + heard_at) / 2
                self._hub_slack_s = max(slack, 5.0)
                self._hub_at = heard_at

    @property
    def knows_hub_time(self) -> bool:
        """Whether the hub told the time in this start."""
        with self._lock:
            return self._hub_offset_s is not None

    def trusted_wall_s(self) -> int | None:
        """Return Unix seconds, or None: the hub's, or those of a clock that somebody vouches for and that is
        not plainly wrong."""
        with self._lock:
            if self._hub_offset_s is not None:
                return int(self._clock.monotonic_s() + self._hub_offset_s)
        wall = self._clock.wall_s()
        plausible = self._floor_s <= wall <= self._floor_s + FURTHEST_AHEAD_S
        return int(wall) if plausible and self._vouched() else None

    def stamp(self) -> Stamp:
        """Return the present instant."""
        return Stamp(self.boot, int(self._clock.monotonic_s() - self._start), self.trusted_wall_s())

    def stamp_at(self, monotonic_s: float) -> Stamp:
        """Return an instant of this start, given on the monotonic clock."""
        ago_s = self._clock.monotonic_s() - monotonic_s
        wall_s = self.trusted_wall_s()
        earlier = None if wall_s is None else int(wall_s - ago_s)
        return Stamp(self.boot, int(monotonic_s - self._start), earlier)

    def age_s(self, then: Stamp) -> int | None:
        """Return how long ago an instant was: exact within this start, by trusted dates otherwise."""
        now = self.stamp()
        if then.boot == now.boot:
            return max(0, now.mono_s - then.mono_s)
        return self.age_of_wall_s(then.wall_s)

    def age_of_wall_s(self, wall_s: int | None) -> int | None:
        """Return how long ago a date was, or None when either end is not known."""
        now = self.trusted_wall_s()
        if wall_s is None or now is None or now < wall_s:
            return None
        return now - wall_s
