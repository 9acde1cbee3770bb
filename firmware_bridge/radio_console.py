"""A short, blocking talk with one radio, for commands that a person waits for: set-up and ping.

A running node uses `MeshtasticRadio` instead, which never blocks. The radio serves one program at a time, so
a command here takes the radio away from a node for as long as it lasts; the node takes it back afterwards.
"""

from __future__ import annotations

import secrets
import selectors
from collections import deque
from collections.abc import Callable
from types import TracebackType

from firmware_bridge.meshtastic_protobufs import admin_pb2, mesh_pb2, portnums_pb2
from firmware_bridge.radio_configuration import NO_NODES_NONCE, RadioConfiguration
from firmware_bridge.radio_port import Port, PortProblem, RadioUrl, open_port
from firmware_bridge.radio_session import is_from_radio
from firmware_bridge.stream_framing import FLUSH_BYTES, WAKE_BYTES, FrameDecoder, encode_frame
from sync.clock import Clock, SystemClock

ANSWER_WITHIN_S = 10.0
DOWNLOAD_WITHIN_S = 60.0


class RadioConsole:
    """One connection, opened and configured; use it in a `with` statement.

    Raises PortProblem, from every method, when the radio cannot be reached, leaves or does not answer.
    """

    def __init__(self, url: RadioUrl, clock: Clock | None = None) -> None:
        self._url = url
        self._clock = clock or SystemClock()
        self._decoder = FrameDecoder(is_from_radio)
        self._messages: deque[mesh_pb2.FromRadio] = deque()
        self._port: Port = open_port(url)
        try:
            self.configuration = self._download()
        except PortProblem:
            self._port.close()
            raise

    @property
    def own_number(self) -> int:
        """Return the radio's number."""
        return self.configuration.own_number or 0

    def __enter__(self) -> RadioConsole:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Say good-bye and close."""
        try:
            self._write(encode_frame(mesh_pb2.ToRadio(disconnect=True).SerializeToString()))
        except PortProblem:
            pass  # it is gone already
        finally:
            self._port.close()

    def send(
        self, payload: bytes, to: int, *, port_number: int, channel: int, hop_limit: int, want_ack: bool
    ) -> int:
        """Send one packet; return its id."""
        packet = mesh_pb2.MeshPacket(
            to=to,
            id=secrets.randbelow(0xFFFFFFFF) + 1,
            channel=channel,
            hop_limit=hop_limit,
            want_ack=want_ack,
            decoded=mesh_pb2.Data(portnum=port_number, payload=payload, want_response=to == self.own_number),
        )
        self._write(encode_frame(mesh_pb2.ToRadio(packet=packet).SerializeToString()))
        return int(packet.id)

    def wait_for(
        self, wanted: Callable[[mesh_pb2.FromRadio], bool], within_s: float
    ) -> mesh_pb2.FromRadio | None:
        """Return the next message that fits, or None when there was none in time; others are dropped."""
        deadline_s = self._clock.monotonic_s() + within_s
        while True:
            while self._messages:
                message = self._messages.popleft()
                if wanted(message):
                    return message
            left_s = deadline_s - self._clock.monotonic_s()
            if left_s <= 0:
                return None
            self._read(left_s)

    def administer(self, admin: admin_pb2.AdminMessage) -> None:
        """Carry out an admin message on this radio itself and wait until it has been taken."""
        packet_id = self.send(
            admin.SerializeToString(),
            self.own_number,
            port_number=portnums_pb2.PortNum.ADMIN_APP,
            channel=0,
            hop_limit=0,
            want_ack=True,
        )
        answer = self.wait_for(lambda m: m.packet.decoded.request_id == packet_id, ANSWER_WITHIN_S)
        if answer is None:
            raise PortProblem(f"{self._url} does not answer admin messages: restart the radio and try again")

    def wait_for_restart(self, within_s: float) -> bool:
        """Wait until the radio restarts: the line is cut, or a serial console says so. False if not."""
        try:
            return self.wait_for(lambda message: bool(message.rebooted), within_s) is not None
        except PortProblem:
            return True

    def _download(self) -> RadioConfiguration:
        ask = encode_frame(mesh_pb2.ToRadio(want_config_id=NO_NODES_NONCE).SerializeToString())
        for lead in (WAKE_BYTES, FLUSH_BYTES):
            self._write(lead + ask)
            configuration = RadioConfiguration()

            def absorb(message: mesh_pb2.FromRadio, to: RadioConfiguration = configuration) -> bool:
                to.absorb(message)
                return bool(message.config_complete_id == NO_NODES_NONCE)

            within_s = DOWNLOAD_WITHIN_S if self.wait_for_anything(ANSWER_WITHIN_S / 2) else 0.0
            if within_s and self.wait_for(absorb, within_s) is not None and configuration.is_usable:
                return configuration
        raise PortProblem(
            f"{self._url} does not answer: switch the radio off and on, or stop another program that uses it"
        )

    def wait_for_anything(self, within_s: float) -> bool:
        """Wait until the radio says anything, and leave it to be read."""
        deadline_s = self._clock.monotonic_s() + within_s
        while not self._messages and (left_s := deadline_s - self._clock.monotonic_s()) > 0:
            self._read(left_s)
        return bool(self._messages)

    def _read(self, wait_s: float) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._port.fileno(), selectors.EVENT_READ)
            if not selector.select(wait_s):
                return
        for frame in self._decoder.feed(self._port.read()):
            message = mesh_pb2.FromRadio()
            message.ParseFromString(frame)
            self._messages.append(message)

    def _write(self, data: bytes) -> None:
        deadline_s = self._clock.monotonic_s() + ANSWER_WITHIN_S
        while data:
            data = data[self._port.write(data) :]
            left_s = deadline_s - self._clock.monotonic_s()
            if data and left_s <= 0:
                raise PortProblem(f"{self._url} takes no more bytes: switch the radio off and on")
            if data:
                with selectors.DefaultSelector() as selector:
                    selector.register(self._port.fileno(), selectors.EVENT_WRITE)
                    selector.select(left_s)
