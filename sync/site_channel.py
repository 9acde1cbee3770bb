"""A connection of a site whose loop rests while an answer is being made."""

from __future__ import annotations

from waitress.channel import HTTPChannel

SENT_AT_ONCE_BYTES = 1024
"""An answer of more is sent by the thread that made it; a lone header waits for its page."""


class SiteChannel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """Waitress's connection, but for one thing.

    Waitress 3.0 asks to be told when it can write while its answer is not whole, and then does not write:
    its loop runs round and round for that time. With fifty phones at once that took half of the
    interpreter.
    """

    def writable(self) -> bool:
        """Return whether `handle_write` has something to do."""
        if self.will_close or self.close_when_flushed:
            return True
        waiting: int = self.total_outbufs_len
        return waiting > 0 and (not self.requests or waiting >= self.adj.send_bytes)
