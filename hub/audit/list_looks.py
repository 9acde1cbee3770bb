"""Notes whose first words, names or evidence stood in a list that somebody looked at.

Each is noted once for an account in twelve hours: a list that refreshes itself would else fill the log with
the same look. What was noted is remembered in the process; after a restart it is noted again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

from hub.services import SignedIn
from sync.clock import Clock
from sync.storage.writer import GroupCommitWriter

AGAIN_S: Final = 12 * 3600.0
MOST_REMEMBERED: Final = 200_000
"""Looks, some 100 bytes each; what falls out is noted again."""


class ListLooks:
    """Remembers and notes. Threads may share it. `note` notes an access: `AuditLog.note`."""

    def __init__(
        self, writer: GroupCommitWriter, clock: Clock, note: Callable[[SignedIn, str, str], object]
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._note = note
        self._lock = threading.Lock()
        self._noted_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    def shown(self, who: SignedIn, abouts: Iterable[str]) -> None:
        """Note what is new in a list that `who` is shown; each of `abouts` is a kind and an id."""
        now = self._clock.monotonic_s()
        with self._lock:
            new = [about for about in dict.fromkeys(abouts) if self._is_new((who.name, about), now)]
        if not new:
            return
        self._writer.run(lambda: [self._note(who, "listed", about) for about in new])
        with self._lock:  # only now: a look whose note failed shows an error, and is tried again
            for about in new:
                self._noted_at[who.name, about] = now
                self._noted_at.move_to_end((who.name, about))
            while len(self._noted_at) > MOST_REMEMBERED:
                self._noted_at.popitem(last=False)

    def _is_new(self, look: tuple[str, str], now: float) -> bool:
        noted_at = self._noted_at.get(look)
        return noted_at is None or now - noted_at > AGAIN_S
