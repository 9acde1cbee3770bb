"""The only module that reads a clock or sleeps; everything else takes `now`."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Two times: `monotonic_s` never jumps, `wall_s` is what the machine believes the date is."""

    def monotonic_s(self) -> float:
        """Return seconds since some fixed instant; never goes back."""
        ...

    def wall_s(self) -> float:
        """Return Unix seconds; may jump and may be wrong."""
        ...

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait at most `timeout_s` seconds of this clock for `event`; return whether it is set."""
        ...

    def real_s(self, seconds: float) -> float:
        """Return how many real seconds this many seconds of the clock take."""
        ...


class SystemClock:
    """The machine's clocks, `speed` times as fast (1 in the field, more in a demonstration)."""

    def __init__(self, speed: float = 1.0) -> None:
        if not speed > 0:
            raise ValueError("speed must be above 0")
        self.speed = speed
        self._monotonic_start = time.monotonic()
        self._wall_start = time.time()

    def monotonic_s(self) -> float:
        """Return monotonic seconds, run `speed` times as fast."""
        return time.monotonic() * self.speed

    def wall_s(self) -> float:
        """Return Unix seconds; with a speed above 1 they run ahead from the start of the process."""
        if self.speed == 1.0:
            return time.time()
        return self._wall_start + (time.monotonic() - self._monotonic_start) * self.speed

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Wait for `event`, at most `timeout_s` seconds of this clock."""
        return event.wait(self.real_s(timeout_s))

    def real_s(self, seconds: float) -> float:
        """Return real seconds, never below 0."""
        return max(0.0, seconds) / self.speed


class ManualClock:
    """A clock that moves only when told to; for tests and simulations."""

    def __init__(self, monotonic_s: float = 0.0, wall_s: float = 1_780_000_000.0) -> None:
        self._monotonic_s = monotonic_s
        self._wall_s = wall_s

    def monotonic_s(self) -> float:
        """Return the time that was set."""
        return self._monotonic_s

    def wall_s(self) -> float:
        """Return the wall time that was set."""
        return self._wall_s

    def advance(self, seconds: float) -> None:
        """Move both times forward."""
        self._monotonic_s += seconds
        self._wall_s += seconds

    def jump_wall(self, seconds: float) -> None:
        """Move the wall time alone, as NTP or a person does."""
        self._wall_s += seconds

    def wait(self, event: threading.Event, timeout_s: float) -> bool:
        """Advance by the timeout and return whether the event is set."""
        if not event.is_set():
            self.advance(timeout_s)
        return event.is_set()

    def real_s(self, seconds: float) -> float:
        """Return 0: nothing takes real time on this clock."""
        return 0.0
