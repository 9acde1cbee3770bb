"""How many packets a radio's transmit queue can still take, worked out from what little it says.

The radio reports the free places after each packet, but its own report queue has two places, so in a burst
most reports are lost. Reports come in the order of what was written: one about a packet, or one that answers
a heartbeat, settles everything written before it.
"""

from __future__ import annotations

from collections import deque

BLIND_PLACES = 4
"""Packets risked before the radio has said anything of its queue; it has 16 places."""

REPORT_LOST_S = 10.0
"""With no report for so long, one more packet is risked."""

_HEARTBEAT = 0


class QueuePacing:
    """Counts places. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._free_then: int | None = None
        self._since: deque[int] = deque(maxlen=64)
        self._last_report_s: float | None = None

    @property
    def reported_free(self) -> int | None:
        """Return the places that should be free now, or None before the first report."""
        if self._free_then is None:
            return None
        return max(0, self._free_then - self._packets_since())

    def may_send(self, now: float) -> bool:
        """Tell whether one more packet may be written."""
        free = self._free_then if self._free_then is not None else BLIND_PLACES
        if free - self._packets_since() > 0:
            return True
        if self._last_report_s is None:
            self._last_report_s = now
        if now - self._last_report_s < REPORT_LOST_S:
            return False
        self._since.clear()
        self._free_then = 1
        self._last_report_s = now
        return True

    def on_packet(self, packet_id: int) -> None:
        """Note a packet that was written."""
        self._since.append(packet_id)

    def on_heartbeat(self) -> None:
        """Note a heartbeat that was written; the radio answers it with a report."""
        self._since.append(_HEARTBEAT)

    def on_report(self, free: int, packet_id: int, now: float) -> None:
        """Take in a report; `packet_id` 0 answers a heartbeat, or was sent because a place became free."""
        self._last_report_s = now
        self._free_then = free
        if packet_id in self._since:
            while self._since.popleft() != packet_id:
                pass

    def _packets_since(self) -> int:
        return sum(1 for packet_id in self._since if packet_id != _HEARTBEAT)
