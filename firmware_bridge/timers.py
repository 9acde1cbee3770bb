"""Things to do later, in order of time; `now` comes from outside."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable


class Timers:
    """A heap of actions. Each gets the time it was due, not the time it was run."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Callable[[float], None]]] = []
        self._order = itertools.count()

    def at(self, at_s: float, action: Callable[[float], None]) -> None:
        """Do something at `at_s`; what is due at the same time runs in the order it was asked for."""
        heapq.heappush(self._heap, (at_s, next(self._order), action))

    def next_at(self) -> float | None:
        """Return when the next action is due."""
        return self._heap[0][0] if self._heap else None

    def run_next(self) -> None:
        """Run the action that is due first."""
        at_s, _, action = heapq.heappop(self._heap)
        action(at_s)
