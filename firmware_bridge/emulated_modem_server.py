"""A pseudo-terminal and a TCP port for the emulated modem: one thread, one loop, no sleeping."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import tty
from collections import deque
from collections.abc import Callable
from pathlib import Path

from firmware_bridge.emulated_modem import EmulatedModem
from sync.clock import Clock

LONGEST_WAIT_S = 60.0
OUTGOING_BYTES = 65_536
"""What may wait for a client that does not read; the rest is lost, as on a serial line."""


class EmulatedModemServer:
    """Serves one modem. `call` runs something in its thread, from any other."""

    def __init__(self, modem: EmulatedModem, clock: Clock) -> None:
        self.modem = modem
        self._clock = clock
        self._selector = selectors.DefaultSelector()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_writer.setblocking(False)
        self._stop = threading.Event()
        self._calls: deque[Callable[[EmulatedModem], None]] = deque()
        self._pty_path: Path | None = None
        self._near = self._far = -1
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None
        self._outgoing = bytearray()

    def open(self, pty_path: Path | None = None, tcp: tuple[str, int] | None = None) -> dict[str, str]:
        """Open a pseudo-terminal at `pty_path`, and a TCP port; return both as URLs.

        Raises OSError when the path exists already or the address is taken.
        """
        self._selector.register(self._wake_reader, selectors.EVENT_READ, self._drain_wake)
        found = {}
        if pty_path is not None:
            self._pty_path = pty_path
            self._open_pty()
            found["serial_url"] = f"serial:{pty_path}"
        if tcp is not None:
            self._listener = socket.create_server(tcp)
            self._listener.setblocking(False)
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
            found["url"] = f"tcp://{tcp[0]}:{self._listener.getsockname()[1]}"
        return found

    def call(self, action: Callable[[EmulatedModem], None]) -> None:
        """Have `action(modem)` run soon, in the server's thread."""
        self._calls.append(action)
        self._wake()

    def unplug(self) -> None:
        """Pull the modem out: its ports hang up and are gone, and it loses power."""
        self.call(lambda modem: self._unplug())

    def plug_in(self) -> None:
        """Put it back: at the same path, freshly started."""
        self.call(lambda modem: self._plug_in())

    def run(self) -> None:
        """Serve until stopped; then close everything."""
        try:
            while not self._stop.is_set():
                self._turn()
        finally:
            self.close()

    def stop(self) -> None:
        """Make `run` return soon. May be called from a signal handler and from any thread."""
        self._stop.set()
        self._wake()

    def close(self) -> None:
        """Hang up; `run` does so itself."""
        self._close_pty()
        self._drop_client()
        if self._listener is not None:
            self._listener.close()
        self._selector.close()
        self._wake_reader.close()
        self._wake_writer.close()

    def _turn(self) -> None:
        wait_s = self._clock.real_s(self.modem.next_event_at() - self._clock.monotonic_s())
        for key, _events in self._selector.select(min(LONGEST_WAIT_S, wait_s)):
            key.data()
        self.modem.advance(self._clock.monotonic_s())
        while self._calls:
            self._calls.popleft()(self.modem)
        self._write()

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_writer.send(b"x")

    def _drain_wake(self) -> None:
        self._wake_reader.recv(64)

    def _unplug(self) -> None:
        self._close_pty()
        self._drop_client()
        if self._listener is not None:
            self._selector.unregister(self._listener)
        self._outgoing.clear()
        self.modem.restart(self._clock.monotonic_s())

    def _plug_in(self) -> None:
        self.modem.restart(self._clock.monotonic_s())
        if self._pty_path is not None and self._near < 0:
            self._open_pty()
        if self._listener is not None and self._listener not in self._selector.get_map():
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def _open_pty(self) -> None:
        assert self._pty_path is not None  # noqa: S101  (the callers have looked)
        # The far end stays open here, so that a client that closes its own does not hang the line up.
        self._near, self._far = os.openpty()
        tty.setraw(self._far)
        os.set_blocking(self._near, False)
        self._pty_path.symlink_to(os.ttyname(self._far))
        self._selector.register(self._near, selectors.EVENT_READ, self._read_pty)

    def _close_pty(self) -> None:
        if self._near < 0:
            return
        with contextlib.suppress(KeyError, ValueError):
            self._selector.unregister(self._near)
        if self._pty_path is not None:
            self._pty_path.unlink(missing_ok=True)
        os.close(self._far)
        os.close(self._near)
        self._near = self._far = -1

    def _read_pty(self) -> None:
        try:
            received = os.read(self._near, 4096)
        except OSError:
            return
        self.modem.take_bytes(received, self._clock.monotonic_s())

    def _accept(self) -> None:
        if self._listener is None:
            return
        try:
            client, _ = self._listener.accept()
        except OSError:
            return  # the client is gone again
        self._drop_client()
        client.setblocking(False)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client
        self._selector.register(client, selectors.EVENT_READ, self._read_client)

    def _read_client(self) -> None:
        if self._client is None:
            return
        try:
            received = self._client.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            received = b""
        if received:
            self.modem.take_bytes(received, self._clock.monotonic_s())
        else:
            self._drop_client()

    def _drop_client(self) -> None:
        if self._client is not None:
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(self._client)
            self._client.close()
            self._client = None

    def _write(self) -> None:
        """Write what the modem says to whoever is there; a line without a reader keeps a little."""
        self._outgoing += self.modem.outgoing
        self.modem.outgoing.clear()
        del self._outgoing[:-OUTGOING_BYTES]
        if not self._outgoing:
            return
        written = 0
        try:
            if self._client is not None:
                written = self._client.send(self._outgoing)
            elif self._near >= 0:
                written = os.write(self._near, self._outgoing)
        except BlockingIOError:
            pass  # read again before it is written: the next turn tries
        except OSError:
            self._drop_client()
        del self._outgoing[:written]
