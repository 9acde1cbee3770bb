"""Which starts of a box followed an end that was none: a power cut, a pulled plug, a crash."""

from __future__ import annotations

import contextlib

from sync.storage.writer import StorageError
from village_node.log import NodeLog

_CLOSED, _UNCLEAN = "closed_boot", "unclean_starts"


class Starts:
    """Counts over the life of a card. `boot` is the number of this start."""

    def __init__(self, log: NodeLog, boot: int) -> None:
        """Count this start as unclean where the one before did not end by itself."""
        self._log = log
        self.boot = boot
        closed = log.number(_CLOSED, -1)
        if closed < 0:
            log.set_number(_CLOSED, boot - 1)  # a version before this one kept nothing: nothing is known
        elif closed != boot - 1:
            log.set_number(_UNCLEAN, log.number(_UNCLEAN) + 1)

    @property
    def unclean(self) -> int:
        """Return how many starts of this card followed such an end."""
        return self._log.number(_UNCLEAN)

    def close(self) -> None:
        """Keep that this start ends as it should; on a card that takes nothing it stays unclean."""
        with contextlib.suppress(StorageError):
            self._log.set_number(_CLOSED, self.boot)
