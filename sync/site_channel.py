"""A connection of a site whose loop rests while an answer is being made."""

from __future__ import annotations

from waitress.channel import HTTPChannel

SENT_AT_ONCE_BYTES = 1024
"""An answer of more is sent by the thread that made it; a lone header waits for its page."""


class SiteChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """Waitress's connection, but for when it asks to write.

    Waitress 3.0 asks for it while its answer is not whole, and while another thread is sending, and then does
    not write: its loop runs round and round for that time. With fifty phones at once that took half of the
    interpreter, and then still twenty turns of it a report.
    """

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
