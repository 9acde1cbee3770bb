"""Sockets and serial lines for the emulator: one thread, one loop, no sleeping."""

from __future__ import annotations

import contextlib
import selectors
import socket
from pathlib import Path

from firmware_bridge.emulated_device import EmulatedDevice
from firmware_bridge.emulator import Emulator
from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.serving_loop import PseudoTerminal, ServingLoop, next_client, read_client
from firmware_bridge.stream_framing import FrameDecoder, encode_frame
from sync.clock import Clock

OUTGOING_BYTES = 4096
"""What may wait for a client that does not read; more stays in the device, whose queue is bounded."""

LONGEST_WAIT_S = 60.0
"""How often at least the loop looks whether a client has gone to sleep."""

IDLE_CLOSE_S = 900.0
"""A TCP client that writes nothing for so long is cut, as by the firmware. In real seconds whatever the
speed, because it judges the client's program, which runs at its own pace."""


class EmulatorServer:
    """Serves each device of an emulator on its own TCP port, and on a pseudo-terminal where asked.

    A second TCP client takes the device over from the first, as on real firmware. `open` binds, `run` serves
    until `stop` is called from any thread. `clock` gives the emulator's time; its speed is the air's speed.
    """

    def __init__(self, emulator: Emulator, clock: Clock, *, speed: float = 1.0) -> None:
        self.emulator = emulator
        self._clock = clock
        self._speed = speed
        self.loop = ServingLoop()
        self._ports = [_DevicePort(self, device) for device in emulator.devices]

    def open(self, host: str, port: int, pty_paths: tuple[Path, ...] = ()) -> None:
        """Listen: the first device at `port`, the others at the next ones; 0 takes any free ports.

        Raises OSError when an address is taken or a path for a pseudo-terminal exists already.
        """
        for index, device_port in enumerate(self._ports):
            device_port.listen(host, port + index if port else 0)
        for device_port, path in zip(self._ports, pty_paths, strict=False):
            device_port.open_pty(path)

    def describe(self) -> list[dict[str, object]]:
        """Return number and addresses of each device."""
        return [port.describe() for port in self._ports]

    def run(self) -> None:
        """Serve until stopped; then close everything."""
        try:
            self.emulator.advance(self.now())
            while not self.loop.is_stopped:
                self.loop.turn(self._wait_s())
                self.emulator.advance(self.now())
                for port in self._ports:
                    port.keep_up()
        finally:
            self.close()

    def stop(self) -> None:
        """Make `run` return soon. May be called from a signal handler and from any thread."""
        self.loop.stop()

    def now(self) -> float:
        """Return the emulator's time."""
        return self._clock.monotonic_s()

    def real_seconds_since(self, then_s: float) -> float:
        """Return how many real seconds ago an instant of the emulator's time was."""
        return (self.now() - then_s) / self._speed

    def _wait_s(self) -> float:
        """Return how long nothing will happen, in real seconds."""
        next_s = self.emulator.next_event_at()
        if next_s is None:
            return LONGEST_WAIT_S
        return min(LONGEST_WAIT_S, max(0.0, (next_s - self.now()) / self._speed))

    def close(self) -> None:
        """Close every port; `run` does so itself."""
        for port in self._ports:
            port.close()
        self.loop.close()


class _Line:
    """One stream to a client: what came in is decoded, what goes out waits until it can be written."""

    def __init__(self) -> None:
        self.decoder = FrameDecoder()
        self.outgoing = bytearray()


class _DevicePort:
    """Where one device is reached."""

    def __init__(self, server: EmulatorServer, device: EmulatedDevice) -> None:
        self._server = server
        self._device = device
        self._address = ("", 0)
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None
        self._line = _Line()
        self._wrote_s = 0.0
        self._pty: _Pty | None = None

    def describe(self) -> dict[str, object]:
        """Return number and addresses."""
        host, port = self._address
        described: dict[str, object] = {"number": self._device.number, "url": f"tcp://{host}:{port}"}
        if self._pty is not None:
            described["serial_url"] = f"serial:{self._pty.path}"
        return described

    def listen(self, host: str, port: int) -> None:
        """Bind and listen. Raises OSError when the address is taken."""
        self._listener = socket.create_server((host, port), reuse_port=False)
        self._listener.setblocking(False)
        self._address = (host, self._listener.getsockname()[1])
        self._server.loop.watch(self._listener, selectors.EVENT_READ, self._accept)

    def open_pty(self, path: Path) -> None:
        """Offer the device on a pseudo-terminal too."""
        self._pty = _Pty(self._server, self._device, path)

    def keep_up(self) -> None:
        """After the emulator has moved: follow a reboot, and write what the device has for its client."""
        if not self._device.is_up:
            self._go_down()
            return
        if self._listener is None:
            self._come_up()
        if self._client is not None and self._server.real_seconds_since(self._wrote_s) > IDLE_CLOSE_S:
            self._drop_client()
        if self._client is not None:
            self._write()
        elif self._pty is not None:
            self._pty.write()

    def close(self) -> None:
        """Close all."""
        self._drop_client()
        if self._listener is not None:
            self._server.loop.unwatch(self._listener)
            self._listener.close()
            self._listener = None
        if self._pty is not None:
            self._pty.close()

    def _go_down(self) -> None:
        if self._listener is not None:
            # Before the client, which may come back as soon as it is cut.
            self._server.loop.unwatch(self._listener)
            self._listener.close()
            self._listener = None
            self._drop_client()

    def _come_up(self) -> None:
        # An address still in use by somebody else is tried again at the next turn of the loop.
        with contextlib.suppress(OSError):
            self.listen(*self._address)
            if self._pty is not None:
                self._pty.boot()

    def _accept(self, events: int) -> None:
        client = None if self._listener is None else next_client(self._listener)
        if client is None:
            return
        self._drop_client()
        self._client = client
        self._wrote_s = self._server.now()
        self._line = _Line()
        self._server.loop.watch(client, selectors.EVENT_READ, self._serve)

    def _drop_client(self) -> None:
        if self._client is not None:
            self._server.loop.unwatch(self._client)
            self._client.close()
            self._client = None
            self._device.client.client_left()

    def _serve(self, events: int) -> None:
        if self._client is None:
            return
        if events & selectors.EVENT_READ:
            received = read_client(self._client)
            if received is None:
                return
            if not received or not self._take(received):
                self._drop_client()
                return
        self._write()

    def _take(self, received: bytes) -> bool:
        now = self._server.now()
        self._wrote_s = now
        self._server.emulator.advance(now)
        stays = True
        for message in self._line.decoder.feed(received):
            stays = self._device.take(message, now) and stays
        return stays

    def _write(self) -> None:
        if self._client is None:
            return
        outgoing = self._line.outgoing
        _fill(outgoing, self._device)
        if outgoing:
            try:
                del outgoing[: self._client.send(outgoing)]
            except BlockingIOError:
                pass
            except OSError:
                self._drop_client()
                return
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if outgoing else 0)
        self._server.loop.watch(self._client, events, self._serve)


class _Pty:
    """A device's serial console. A boot writes log text and a `rebooted` frame, whoever reads."""

    def __init__(self, server: EmulatorServer, device: EmulatedDevice, path: Path) -> None:
        self._server = server
        self._device = device
        self._terminal = PseudoTerminal(path)
        self._line = _Line()
        server.loop.watch(self._terminal.near, selectors.EVENT_READ, self._serve)
        self.boot()

    @property
    def path(self) -> Path:
        """Where the line is found."""
        return self._terminal.path

    def boot(self) -> None:
        """Say what a booting device says on its console."""
        self._line = _Line()
        rebooted = mesh_pb2.FromRadio(rebooted=True).SerializeToString()
        self._line.outgoing += b"INFO  | ??:??:?? 1 Emulated device is up\r\n" + encode_frame(rebooted)

    def write(self) -> None:
        """Write what waits, as far as the line takes it."""
        outgoing = self._line.outgoing
        _fill(outgoing, self._device)
        if outgoing:
            del outgoing[: self._terminal.write(outgoing)]
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if outgoing else 0)
        self._server.loop.watch(self._terminal.near, events, self._serve)

    def close(self) -> None:
        """Hang up and remove the path."""
        self._server.loop.unwatch(self._terminal.near)
        self._terminal.close()

    def _serve(self, events: int) -> None:
        if events & selectors.EVENT_READ:
            received = self._terminal.read()
            now = self._server.now()
            self._server.emulator.advance(now)
            if not self._device.is_up:
                return
            for message in self._line.decoder.feed(received):
                self._device.take(message, now)
        self.write()


def _fill(outgoing: bytearray, device: EmulatedDevice) -> None:
    while len(outgoing) < OUTGOING_BYTES:
        message = device.client.pull()
        if message is None:
            return
        outgoing += encode_frame(message)
