"""Figures that may be some minutes old: they are of weeks, and cost a large hub half a second each time."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

from sync.clock import Clock

KEPT_S: Final = 600.0
_MOST: Final = 64
"""Results in memory at most: they hold counts alone, a few kB each."""

T = TypeVar("T")


class Kept(Generic[T]):
    """Results by what was asked, each with when it was worked out. Threads may share it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: dict[Hashable, tuple[float, T]] = {}

    def recent(self, asked: Hashable, work: Callable[[float], T], *, anew: bool = False) -> T:
        """Return what was worked out for the same in the last `KEPT_S`; otherwise, or `anew`, work it out:
        `work` is given the time, Unix seconds.

        `asked` names all that decides the result, the areas of who asks among it.
        """
        now = self._clock.wall_s()
        with self._lock:
            kept = self._found.get(asked)
        if kept is not None and not anew and 0 <= now - kept[0] < KEPT_S:
            return kept[1]
        found = work(now)
        with self._lock:
            if len(self._found) >= _MOST:
                self._found.clear()
            self._found[asked] = now, found
        return found
