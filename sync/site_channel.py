"""A connection of a site: its loop rests while an answer is made, and a crowd of idle ones makes room."""

from __future__ import annotations

from collections import Counter
from typing import Any

from waitress.channel import HTTPChannel

from sync.site_parser import SiteParser

SENT_AT_ONCE_BYTES = 1024
"""An answer of more is sent by the thread that made it; a lone header waits for its page."""
MOST_CONNECTIONS = 200
"""Of one site at once; beyond it nobody is let in."""
CROWDED_FROM = 150
"""From here on each new connection ends an idle one, so that the last door is never shut."""


class SiteChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """Waitress's connection, but for when it asks to write.

    Waitress 3.0 asks for it while its answer is not whole, and while another thread is sending, and then does
    not write: its loop runs round and round for that time. With fifty phones at once that took half of the
    interpreter, and then still twenty turns of it a report.
    """

    parser_class = SiteParser

    def __init__(self, server: Any, sock: Any, addr: Any, adj: Any, map: Any = None) -> None:
        super().__init__(server, sock, addr, adj, map=map)
        make_room(self, list(server.active_channels.values()))

    def writable(self) -> bool:
        """Return whether `handle_write` has something to do."""
        if self.will_close or self.close_when_flushed:
            return True
        waiting: int = self.total_outbufs_len
        if waiting == 0 or (self.requests and waiting < self.adj.send_bytes):
            return False
        # Whoever sends just now wakes the loop at the end of its answer; and it looks once a second.
        if not self.outbuf_lock.acquire(blocking=False):
            return False
        self.outbuf_lock.release()
        return True


def make_room(newcomer: HTTPChannel, channels: list[HTTPChannel]) -> None:
    """End one connection that waits for nothing of ours, where there is a crowd of them.

    Waitress lets nobody in any more at its limit, for as long as somebody sends a letter now and then on each
    connection that he holds. The address with the most connections loses one: first one on which nothing has
    begun, then the oldest. What is being answered is never ended.
    """
    open_ones = [one for one in channels if not one.will_close]
    if len(open_ones) <= CROWDED_FROM:
        return
    held = Counter(one.addr[0] for one in open_ones)
    idle = [one for one in open_ones if one is not newcomer and not one.requests]
    if idle:
        chosen = max(idle, key=lambda one: (held[one.addr[0]], one.request is None, -one.creation_time))
        # The loop closes it: this number may be another's in the same round.
        chosen.will_close = True
