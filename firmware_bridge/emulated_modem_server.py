"""A pseudo-terminal and a TCP port for the emulated modem: one thread, one loop, no sleeping."""

from __future__ import annotations

import selectors
import socket
from collections import deque
from collections.abc import Callable
from pathlib import Path

from firmware_bridge.emulated_modem import EmulatedModem
from firmware_bridge.serving_loop import PseudoTerminal, ServingLoop, next_client, read_client
from sync.clock import Clock

LONGEST_WAIT_S = 60.0
OUTGOING_BYTES = 65_536
"""What may wait for a client that does not read; the rest is lost, as on a serial line."""


class EmulatedModemServer:
    """Serves one modem. `call` runs something in its thread, from any other."""

    def __init__(self, modem: EmulatedModem, clock: Clock) -> None:
        self.modem = modem
        self._clock = clock
        self._loop = ServingLoop()
        self._calls: deque[Callable[[EmulatedModem], None]] = deque()
        self._pty_path: Path | None = None
        self._pty: PseudoTerminal | None = None
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None
        self._outgoing = bytearray()

    def open(self, pty_path: Path | None = None, tcp: tuple[str, int] | None = None) -> dict[str, str]:
        """Open a pseudo-terminal at `pty_path`, and a TCP port; return both as URLs.

        Raises OSError when the path exists already or the address is taken.
        """
        found = {}
        if pty_path is not None:
            self._pty_path = pty_path
            self._open_pty(pty_path)
            found["serial_url"] = f"serial:{pty_path}"
        if tcp is not None:
            self._listener = socket.create_server(tcp)
            self._listener.setblocking(False)
            self._loop.watch(self._listener, selectors.EVENT_READ, self._accept)
            found["url"] = f"tcp://{tcp[0]}:{self._listener.getsockname()[1]}"
        return found

    def call(self, action: Callable[[EmulatedModem], None]) -> None:
        """Have `action(modem)` run soon, in the server's thread."""
        self._calls.append(action)
        self._loop.wake()

    def unplug(self) -> None:
        """Pull the modem out: its ports hang up and are gone, and it loses power."""
        self.call(lambda modem: self._unplug())

    def plug_in(self) -> None:
        """Put it back: at the same path, freshly started."""
        self.call(lambda modem: self._plug_in())

    def run(self) -> None:
        """Serve until stopped; then close everything."""
        try:
            while not self._loop.is_stopped:
                self._turn()
        finally:
            self.close()

    def stop(self) -> None:
        """Make `run` return soon. May be called from a signal handler and from any thread."""
        self._loop.stop()

    def close(self) -> None:
        """Hang up; `run` does so itself."""
        self._close_pty()
        self._drop_client()
        if self._listener is not None:
            self._listener.close()
        self._loop.close()

    def _turn(self) -> None:
        wait_s = self._clock.real_s(self.modem.next_event_at() - self._clock.monotonic_s())
        self._loop.turn(min(LONGEST_WAIT_S, wait_s))
        self.modem.advance(self._clock.monotonic_s())
        while self._calls:
            self._calls.popleft()(self.modem)
        self._write()

    def _unplug(self) -> None:
        self._close_pty()
        self._drop_client()
        if self._listener is not None:
            self._loop.unwatch(self._listener)
        self._outgoing.clear()
        self.modem.restart(self._clock.monotonic_s())

    def _plug_in(self) -> None:
        self.modem.restart(self._clock.monotonic_s())
        if self._pty_path is not None and self._pty is None:
            self._open_pty(self._pty_path)
        if self._listener is not None:
            self._loop.watch(self._listener, selectors.EVENT_READ, self._accept)

    def _open_pty(self, path: Path) -> None:
        self._pty = PseudoTerminal(path)
        self._loop.watch(self._pty.near, selectors.EVENT_READ, self._read_pty)

    def _close_pty(self) -> None:
        if self._pty is not None:
            self._loop.unwatch(self._pty.near)
            self._pty.close()
            self._pty = None

    def _read_pty(self, events: int) -> None:
        if self._pty is not None and (received := self._pty.read()):
            self.modem.take_bytes(received, self._clock.monotonic_s())

    def _accept(self, events: int) -> None:
        client = None if self._listener is None else next_client(self._listener)
        if client is not None:
            self._drop_client()
            self._client = client
            self._loop.watch(client, selectors.EVENT_READ, self._read_client)

    def _read_client(self, events: int) -> None:
        if self._client is None:
            return
        received = read_client(self._client)
        if received:
            self.modem.take_bytes(received, self._clock.monotonic_s())
        elif received is not None:
            self._drop_client()

    def _drop_client(self) -> None:
        if self._client is not None:
            self._loop.unwatch(self._client)
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
            elif self._pty is not None:
                written = self._pty.write(self._outgoing)
        except BlockingIOError:
            pass  # read again before it is written: the next turn tries
        except OSError:
            self._drop_client()
        del self._outgoing[:written]
