"""Where jitter and first numbers come from: an argument, so that a run can be repeated."""

from __future__ import annotations

from typing import Protocol


class Chance(Protocol):
    """The part of `random.Random` that the link uses."""

    def random(self) -> float:
        """Return a number from 0 up to, not including, 1."""
        ...

    def randrange(self, start: int, stop: int) -> int:
        """Return a whole number from `start` up to, not including, `stop`."""
        ...
