"""The airtime budget: a token bucket whose tokens are milliseconds on the air."""

from __future__ import annotations


class AirtimeBudget:
    """Allows `duty_cycle` of the time on the air, with `burst_ms` saved up at most.

    A frame may be sent as long as anything is left and then puts the bucket into debt, so that one frame
    longer than the bucket is not stuck for ever.
    """

    def __init__(self, duty_cycle: float, burst_ms: float, now: float) -> None:
        if not 0 < duty_cycle <= 1:
            raise ValueError("a duty cycle lies above 0 and at most at 1")
        self.duty_cycle = duty_cycle
        self._burst_ms = burst_ms
        self._left_ms = burst_ms
        self._at = now

    def _refill(self, now: float) -> None:
        if now > self._at:
            self._left_ms = min(self._burst_ms, self._left_ms + (now - self._at) * 1000 * self.duty_cycle)
            self._at = now

    def ready_at(self, now: float) -> float:
        """Return when the next frame may be sent: `now` or later."""
        self._refill(now)
        if self._left_ms > 0 or self.duty_cycle == 1:
            return now
        return now + (1 - self._left_ms) / (1000 * self.duty_cycle)

    def spend(self, airtime_ms: float, now: float) -> None:
        """Take what a frame used."""
        self._refill(now)
        self._left_ms -= airtime_ms
