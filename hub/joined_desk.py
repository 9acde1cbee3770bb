"""The nodes' exchange in a process beside the desk: bundles need nothing but the database, frames do."""

from __future__ import annotations

import threading
from collections.abc import Callable

from hub.link_desk import HubDesk, Imported


class AtTheDesk(Exception):
    """Only the desk, which has the conversations on the air in its memory, can answer this."""


class JoinedDesk:
    """Answers bundles in the generation in force, whoever drew it. Threads may share it.

    A bundle holds all that its answer depends on: keys, a claim, what the node has. What a desk remembers
    between frames (paths, timers, queues) belongs to the radio and to gateways.
    """

    def __init__(self, generation: Callable[[], int], make: Callable[[], HubDesk]) -> None:
        """`make` gives a desk in the generation in force."""
        self._generation = generation
        self._make = make
        self._lock = threading.Lock()
        self._made: tuple[int, HubDesk] | None = None

    def exchange(self, data: bytes, *, via: str) -> tuple[bytes, Imported]:
        """See `HubDesk.exchange`."""
        return self._desk().exchange(data, via=via)

    def gateway_exchange(self, data: bytes) -> bytes:
        """Raise AtTheDesk."""
        raise AtTheDesk

    def _desk(self) -> HubDesk:
        with self._lock:
            generation = self._generation()
            if self._made is None or self._made[0] != generation:  # the desk has started anew
                self._made = (generation, self._make())
            return self._made[1]
