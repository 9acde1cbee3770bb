"""What the servers of both emulators stand on: a loop that watches sockets, and a pseudo-terminal."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import tty
from collections.abc import Callable
from pathlib import Path

from firmware_bridge.wake import Wake

CHUNK_BYTES = 4096
Action = Callable[[int], None]
"""What is done when a source is ready; it gets the events of `selectors`."""


class ServingLoop:
    """Watches sources in one thread; any other, and a signal handler, may call `wake` and `stop`."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._wake = Wake()
        self._stop = threading.Event()
        self.watch(self._wake.fileno(), selectors.EVENT_READ, lambda _: self._wake.take())

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called."""
        return self._stop.is_set()

    def watch(self, source: socket.socket | int, events: int, action: Action) -> None:
        """Watch a socket or descriptor, or change what is watched for."""
        try:
            self._selector.modify(source, events, action)
        except KeyError:
            self._selector.register(source, events, action)

    def unwatch(self, source: socket.socket | int) -> None:
        """Stop watching."""
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(source)

    def turn(self, wait_s: float) -> None:
        """Do what is due, and wait for it that long."""
        for key, events in self._selector.select(wait_s):
            key.data(events)

    def wake(self) -> None:
        """End the wait of `turn`."""
        self._wake.call()

    def stop(self) -> None:
        """Have whoever runs the loop see soon that it is over."""
        self._stop.set()
        self.wake()

    def close(self) -> None:
        """Watch nothing more."""
        self._selector.close()
        self._wake.close()


class PseudoTerminal:
    """A serial line under a path. As on a wire, nobody notices that a client is gone.

    Raises OSError when the path exists already.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # The far end stays open here, so that a client that closes its own does not hang the line up.
        self.near, self._far = os.openpty()
        tty.setraw(self._far)
        os.set_blocking(self.near, False)
        path.symlink_to(os.ttyname(self._far))

    def read(self) -> bytes:
        """Return what came in; nothing where the line fails."""
        try:
            return os.read(self.near, CHUNK_BYTES)
        except OSError:
            return b""

    def write(self, data: bytearray) -> int:
        """Return how much of it the line took; nothing where it is full. Raises OSError."""
        try:
            return os.write(self.near, data)
        except BlockingIOError:
            return 0

    def close(self) -> None:
        """Hang up and remove the path."""
        self.path.unlink(missing_ok=True)
        os.close(self._far)
        os.close(self.near)


def next_client(listener: socket.socket) -> socket.socket | None:
    """Return the client that calls, ready to be watched; None where it is gone again."""
    try:
        client, _ = listener.accept()
    except OSError:
        return None
    client.setblocking(False)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client


def read_client(client: socket.socket) -> bytes | None:
    """Return what a client wrote, nothing once it is gone; None where there is nothing to read yet."""
    try:
        return client.recv(CHUNK_BYTES)
    except BlockingIOError:
        return None
    except OSError:
        return b""
