"""Ends the wait of a selector from another thread, or from a signal handler."""

from __future__ import annotations

import contextlib
import socket


class Wake:
    """A line to itself: one who waits watches `fileno` for reading, and calls `take` when it is ready."""

    def __init__(self) -> None:
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)

    def fileno(self) -> int:
        """Return the descriptor that can be read once somebody called."""
        return self._reader.fileno()

    def call(self) -> None:
        """End the wait; returns at once, also when all is closed."""
        # A line that is full has calls in it that nobody took yet.
        with contextlib.suppress(OSError):
            self._writer.send(b"x")

    def take(self) -> None:
        """Take the calls that came."""
        with contextlib.suppress(BlockingIOError):
            self._reader.recv(4096)

    def close(self) -> None:
        """Hear nothing more."""
        self._reader.close()
        self._writer.close()
