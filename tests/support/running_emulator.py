"""The emulator in a thread of the test's own, and a plain client of its stream protocol."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from pathlib import Path

from firmware_bridge.emulator import Emulator, EmulatorSettings
from firmware_bridge.emulator_server import EmulatorServer
from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.stream_framing import FrameDecoder, encode_frame
from sync.clock import SystemClock

PATIENCE_S = 10.0


class RunningEmulator:
    """Devices that listen on free ports of this machine until `stop`."""

    def __init__(
        self, settings: EmulatorSettings, *, speed: float = 200.0, pty_paths: tuple[Path, ...] = ()
    ) -> None:
        self.emulator = Emulator(settings)
        self.server = EmulatorServer(self.emulator, SystemClock(speed), speed=speed)
        self.server.open("127.0.0.1", 0, pty_paths)
        described = self.server.describe()
        self.urls = [str(device["url"]) for device in described]
        self.numbers = [device.number for device in self.emulator.devices]
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()

    def tcp_port(self, index: int) -> int:
        return int(self.urls[index].rpartition(":")[2])

    def stop(self) -> None:
        self.server.stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive()


class RawClient:
    """Speaks `ToRadio` and `FromRadio` over TCP, and nothing more."""

    def __init__(self, port: int) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self._decoder = FrameDecoder()
        self._frames: list[bytes] = []

    def write(self, to_radio: mesh_pb2.ToRadio) -> None:
        self.connection.sendall(encode_frame(to_radio.SerializeToString()))

    def send(self, to: int, payload: bytes, **fields: object) -> int:
        """Send a payload on port 300 of channel 1 unless told otherwise; return the packet's id."""
        port = fields.pop("portnum", 300)
        settings: dict[str, object] = {"id": 0x1000 + len(payload), "channel": 1, "hop_limit": 3, **fields}
        packet = mesh_pb2.MeshPacket(to=to, decoded=mesh_pb2.Data(portnum=port, payload=payload), **settings)
        self.write(mesh_pb2.ToRadio(packet=packet))
        return int(packet.id)

    def next(self) -> mesh_pb2.FromRadio | None:
        """Return the next message; None at the end of the connection."""
        while not self._frames:
            try:
                received = self.connection.recv(4096)
            except ConnectionResetError:
                return None
            if not received:
                return None
            self._frames += self._decoder.feed(received)
        message = mesh_pb2.FromRadio()
        message.ParseFromString(self._frames.pop(0))
        return message

    def wait_for_end(self) -> None:
        """Read what still comes, telemetry above all, until the connection ends."""
        while self.next() is not None:
            pass

    def next_where(self, wanted: Callable[[mesh_pb2.FromRadio], bool]) -> mesh_pb2.FromRadio:
        """Return the next message that fits, skipping the others."""
        while True:
            message = self.next()
            assert message is not None, "the connection ended"
            if wanted(message):
                return message

    def download(self, nonce: int = 7) -> list[mesh_pb2.FromRadio]:
        """Ask for the configuration and return all of it."""
        self.write(mesh_pb2.ToRadio(want_config_id=nonce))
        messages: list[mesh_pb2.FromRadio] = []
        while not messages or messages[-1].config_complete_id != nonce:
            message = self.next()
            assert message is not None
            messages.append(message)
        return messages

    def routing_error(self, request_id: int) -> tuple[int, int]:
        """Wait for the acknowledgement or NAK of a packet; return its error and who it is from."""
        message = self.next_where(lambda m: m.packet.decoded.request_id == request_id)
        routing = mesh_pb2.Routing()
        routing.ParseFromString(message.packet.decoded.payload)
        return int(routing.error_reason), int(getattr(message.packet, "from"))

    def queue_status(self, packet_id: int) -> mesh_pb2.QueueStatus:
        """Wait for the queue status of a packet; 0 for that of a heartbeat."""
        wanted = self.next_where(
            lambda m: m.HasField("queueStatus") and m.queueStatus.mesh_packet_id == packet_id
        )
        return wanted.queueStatus

    def close(self) -> None:
        self.connection.close()
