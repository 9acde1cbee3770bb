"""Devices that misbehave: a line that is cut in mid-frame, and one that is scripted byte by byte."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

from firmware_bridge.meshtastic_protobufs import channel_pb2, config_pb2, mesh_pb2
from firmware_bridge.stream_framing import FrameDecoder, encode_frame


class CuttableLine:
    """A TCP line to a device, which can be cut after so many more bytes from the device."""

    def __init__(self, device_port: int) -> None:
        self._device_port = device_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        self._bytes_left: int | None = None
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, from_device_bytes: int) -> None:
        self._bytes_left = from_device_bytes

    def close(self) -> None:
        # shutdown() wakes the thread in accept(), which close() alone does not.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._hang_up()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                device = socket.create_connection(("127.0.0.1", self._device_port))
            except OSError:
                return
            self.connections += 1
            self._ends = [client, device]
            for source, sink in ((client, device), (device, client)):
                threading.Thread(
                    target=self._pass_on, args=(source, sink, source is device), daemon=True
                ).start()

    def _pass_on(self, source: socket.socket, sink: socket.socket, is_from_device: bool) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(256):
                left = self._bytes_left if is_from_device else None
                if left is not None and len(piece) >= left:
                    sink.sendall(piece[:left])
                    self._bytes_left = None
                    break
                if left is not None:
                    self._bytes_left = left - len(piece)
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _hang_up(self) -> None:
        for end in self._ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


class ScriptedDevice:
    """Accepts one client after another, and answers each `ToRadio` with the bytes that `answer` returns."""

    def __init__(self, answer: Callable[[mesh_pb2.ToRadio], bytes], port: int = 0) -> None:
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", port))
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0
        self.packets: list[mesh_pb2.MeshPacket] = []
        self.goodbyes = 0
        self._client: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def write(self, raw: bytes) -> None:
        assert self._client is not None
        self._client.sendall(raw)

    def hang_up(self) -> None:
        """Cut the client off; the next one is served."""
        assert self._client is not None
        self._client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        for end in (self._listener, self._client):
            if end is not None:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
        self._thread.join(5.0)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                self._client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            decoder = FrameDecoder()
            with self._client, contextlib.suppress(OSError):
                while piece := self._client.recv(4096):
                    for frame in decoder.feed(piece):
                        to_radio = mesh_pb2.ToRadio()
                        to_radio.ParseFromString(frame)
                        if to_radio.HasField("packet"):
                            self.packets.append(to_radio.packet)
                        self.goodbyes += to_radio.disconnect
                        self._client.sendall(self._answer(to_radio))


def frame(**fields: object) -> bytes:
    """Return one `FromRadio` as it stands on the stream."""
    return encode_frame(mesh_pb2.FromRadio(**fields).SerializeToString())


def small_configuration(
    number: int, nonce: int, *, channel_name: str = "serial", region: int = 18, preset: int = 0
) -> bytes:
    """Return the shortest download that makes a usable radio, its channel at index 2."""
    primary = channel_pb2.Channel(index=0, role=channel_pb2.Channel.Role.PRIMARY)
    named = channel_pb2.Channel(index=2, role=channel_pb2.Channel.Role.SECONDARY)
    named.settings.name = channel_name
    lora = config_pb2.Config.LoRaConfig(region=region, modem_preset=preset, use_preset=True, tx_enabled=True)
    return b"".join(
        (
            frame(my_info=mesh_pb2.MyNodeInfo(my_node_num=number)),
            frame(channel=primary),
            frame(channel=named),
            frame(config=config_pb2.Config(lora=lora)),
            frame(config_complete_id=nonce),
        )
    )


def heard(number: int, payload: bytes, *, port: int = 300, **fields: object) -> bytes:
    """Return a packet from the air as the device hands it to its client."""
    return frame(
        packet=mesh_pb2.MeshPacket(
            **{"from": number}, decoded=mesh_pb2.Data(portnum=port, payload=payload), **fields
        )
    )
