"""Keeps at a hub what came of an epoch whose key has not come yet, until it has."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sync.link.hearing import Arrival, KnownEpoch
from sync.link.hub_session import HubSession
from sync.wire.frame_codec import SharedFrame

MAX_PARKED: Final = 256
"""Envelopes and frames, in memory; their node repeats what is dropped."""


class Parked:
    """What frames brought, by the tag of their epoch. The oldest goes first when it is full."""

    def __init__(self) -> None:
        self._entries: deque[tuple[int, Arrival | SharedFrame]] = deque(maxlen=MAX_PARKED)

    def keep(self, tag: int, *found: Arrival | SharedFrame) -> None:
        """Keep envelopes that no known epoch opens, or a frame that none places."""
        self._entries.extend((tag, one) for one in found)

    def take_back(self, tag: int, candidates: Sequence[KnownEpoch]) -> list[Arrival]:
        """Return what was kept under this tag, as far as one of these epochs may be its own."""
        if not candidates:
            return []
        found: list[Arrival] = []
        left: list[tuple[int, Arrival | SharedFrame]] = []
        for entry in self._entries:
            one = entry[1]
            if entry[0] != tag:
                left.append(entry)
            elif isinstance(one, Arrival):
                found.append(replace(one, candidates=tuple(candidates)))
            elif (placed := HubSession.place(one, candidates)) is not None:
                found.extend(placed.arrivals)
            else:
                left.append(entry)
        self._entries = deque(left, maxlen=MAX_PARKED)
        return found
