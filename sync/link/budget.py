"""How much may be sent, and when: a token bucket of airtime, and politeness on a busy channel."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

POLITE_WINDOW_S = 60.0
"""Over so long a radio measures how busy the channel is."""


class AirtimeBudget:
    """Allows a share of the time on the air, with `burst_ms` saved up at most.

    The share is `duty_cycle`, or what the radio's region allows if that is less. A frame may be sent as long
    as anything is left and then puts the bucket into debt, so that one frame longer than the bucket is not
    stuck for ever.
    """

    def __init__(
        self,
        duty_cycle: float,
        burst_ms: float,
        now: float,
        region_share: Callable[[], float] = lambda: 1.0,
    ) -> None:
        if not 0 < duty_cycle <= 1:
            raise ValueError("a duty cycle lies above 0 and at most at 1")
        self.duty_cycle = duty_cycle
        self._region_share = region_share
        self._burst_ms = burst_ms
        self._left_ms = burst_ms
        self._at = now

    def share(self) -> float:
        """Return the share of the time that may be used now."""
        return min(self.duty_cycle, self._region_share())

    def _refill(self, now: float) -> None:
        if now > self._at:
            saved_ms = (now - self._at) * 1000 * self.share()
            # What may be saved up belongs to the larger share: a region of 1 % gets a tenth of it.
            most_ms = self._burst_ms * self.share() / self.duty_cycle
            self._left_ms = min(most_ms, self._left_ms + saved_ms)
            self._at = now

    def ready_at(self, now: float) -> float:
        """Return when the next frame may be sent: `now` or later."""
        self._refill(now)
        if self._left_ms > 0 or self.share() == 1:
            return now
        return now + (1 - self._left_ms) / (1000 * self.share())

    def spend(self, airtime_ms: float, now: float) -> None:
        """Take what a frame used."""
        self._refill(now)
        self._left_ms -= airtime_ms


class Politeness:
    """Spaces ordinary frames where others keep the channel busy; urgent ones do not ask.

    `utilisation` is the share of recent time in which the radio found the channel in use, its own frames
    counted, or None where it does not tell. What others used is that without our own. Up to `free_share` of
    others nothing is spaced; above, our frames take what is left below `cap`, and never less than
    `least_share`, so that nobody is silenced. 0.25 is the firmware's own limit for what can wait.
    """

    def __init__(
        self, utilisation: Callable[[], float | None], *, cap: float, free_share: float, least_share: float
    ) -> None:
        self._utilisation = utilisation
        self._cap = cap
        self._free_share = free_share
        self._least_share = least_share
        self._own: deque[tuple[float, float]] = deque()
        self._ready_at = float("-inf")

    def ready_at(self) -> float:
        """Return when the next ordinary frame may go."""
        return self._ready_at

    def spent(self, airtime_ms: float, now: float) -> None:
        """Take what a frame of ours uses from now on."""
        utilisation = self._utilisation()
        others = 0.0 if utilisation is None else max(0.0, utilisation - self._own_share(now))
        self._own.append((now, airtime_ms))
        self._ready_at = now
        if others > self._free_share:
            self._ready_at = now + airtime_ms / 1000 / max(self._least_share, self._cap - others)

    def _own_share(self, now: float) -> float:
        while self._own and self._own[0][0] <= now - POLITE_WINDOW_S:
            self._own.popleft()
        return sum(airtime_ms for _, airtime_ms in self._own) / 1000 / POLITE_WINDOW_S
