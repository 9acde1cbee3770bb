"""The share of recent time in which a station found the channel in use, by what it sent and heard."""

from __future__ import annotations

from collections import deque

UTILISATION_WINDOW_S = 60.0
"""How far back a station looks when it judges how busy the channel is; the firmware's six periods of 10 s."""


class ChannelUse:
    """Stretches of time in which the channel was in use, merged where they overlap. Times in seconds."""

    def __init__(self, window_s: float = UTILISATION_WINDOW_S) -> None:
        self._window_s = window_s
        self._stretches: deque[tuple[float, float]] = deque()

    def note(self, start_s: float, end_s: float) -> None:
        """Count a frame on the air. Starts must not go back; the end may lie in the future."""
        if self._stretches and start_s < self._stretches[-1][1]:
            last_start_s, last_end_s = self._stretches.pop()
            start_s, end_s = last_start_s, max(last_end_s, end_s)
        self._stretches.append((start_s, end_s))
        self._forget(start_s)

    def share(self, now: float) -> float:
        """Return the share of the window up to `now`, 0 to 1; time before the first frame counts as quiet."""
        self._forget(now)
        since_s = now - self._window_s
        busy_s = sum(max(0.0, min(end_s, now) - max(start_s, since_s)) for start_s, end_s in self._stretches)
        return min(1.0, busy_s / self._window_s)

    def _forget(self, now: float) -> None:
        while self._stretches and self._stretches[0][1] <= now - self._window_s:
            self._stretches.popleft()
