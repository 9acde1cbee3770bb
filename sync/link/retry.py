"""How long to wait for the other side: measured round trips (RFC 6298) and exponential back-off."""

from __future__ import annotations

from sync.link.chance import Chance

FIRST_TIMEOUT_S = 8.0
"""Before anything was measured: a receipt over one hop at LongFast takes 1 to 4 s, over three up to 10."""
MIN_TIMEOUT_S = 2.0
MAX_TIMEOUT_S = 900.0
"""A hub that is silent is asked four times an hour at most."""
MAX_EVEN_S = 45.0
"""Before they double: three hops at LongFast and a queue of ten frames take less."""
URGENT_EVEN_S = 15.0
"""While something urgent is on its way: three hops at LongFast take 10 s."""
MAX_SILENT = 16
EVEN_WAITS = 8
"""So many waits are of one length before they double. Where half of all frames are lost, three of four
questions go unanswered: doubling at once made such a run six times as long."""


class RetryTimer:
    """Timeout after the last silence-free round trip; doubles, with jitter, while the other is silent."""

    def __init__(self, rng: Chance, first_timeout_s: float = FIRST_TIMEOUT_S) -> None:
        self._rng = rng
        self._first_timeout_s = first_timeout_s
        self._smoothed_s: float | None = None
        self._variation_s = 0.0
        self.silent = 0
        """How many waits in a row ended without an answer."""

    def measured(self, round_trip_s: float) -> None:
        """Take one measured round trip (poll numbers differ, so each is known to be its own)."""
        if self._smoothed_s is None:
            self._smoothed_s = round_trip_s
            self._variation_s = round_trip_s / 2
        else:
            # Down it follows faster than RFC 6298 does: a morning on which everybody spoke at once must
            # not make an urgent report wait for minutes at noon.
            faster = 4 if round_trip_s < self._smoothed_s else 1
            self._variation_s += 0.25 * (abs(self._smoothed_s - round_trip_s) - self._variation_s)
            self._smoothed_s += 0.125 * faster * (round_trip_s - self._smoothed_s)
            self._variation_s = min(self._variation_s, self._smoothed_s)
        self.silent = 0

    def heard(self) -> None:
        """Take it that the other side is there."""
        self.silent = 0

    def timed_out(self) -> None:
        """Take it that a wait ended in silence."""
        self.silent = min(self.silent + 1, MAX_SILENT)

    def timeout_s(self, *, urgent: bool = False) -> float:
        """Return how long to wait now, between 1 and 1.25 times the doubled timeout."""
        most_s = URGENT_EVEN_S if urgent else MAX_EVEN_S
        if self._smoothed_s is None:
            base = self._first_timeout_s
        else:
            base = min(most_s, max(MIN_TIMEOUT_S, self._smoothed_s + 4 * self._variation_s))
        waited = min(MAX_TIMEOUT_S, base * 2.0 ** max(0, self.silent + 1 - EVEN_WAITS))
        return waited * (1 + 0.25 * self._rng.random())
