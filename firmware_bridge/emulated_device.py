"""One emulated device: takes what its client writes, and joins settings, client port and router."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from random import Random

from google.protobuf.message import DecodeError

from firmware_bridge.emulated_client_port import EmulatedClientPort
from firmware_bridge.emulated_router import EmulatedRouter
from firmware_bridge.emulated_settings import EmulatedSettings
from firmware_bridge.meshtastic_protobufs import (
    admin_pb2,
    mesh_pb2,
    portnums_pb2,
    telemetry_pb2,
)
from firmware_bridge.timers import Timers
from sync.carriers.base import BROADCAST

REMEMBERED_CLIENT_IDS = 20
TEXT_PAUSE_S = 2.0
"""A text sooner after the last one is swallowed; private ports have no such limit."""

REBOOT_TAKES_S = 2.0
"""From going down to listening again: a microcontroller's time, the native build is faster."""

TELEMETRY_EVERY_S = 60.0
"""How often a device tells its client what it measured (`DeviceTelemetryModule`)."""

MAINS_POWERED = 101
"""What the firmware gives as battery level when there is no battery."""

Error = mesh_pb2.Routing.Error
PortNum = portnums_pb2.PortNum


class EmulatedDevice:
    """A device between one client (bytes of `ToRadio` and `FromRadio`) and the air.

    `is_up` is false while it reboots; whoever serves it cuts its clients then, and lets them back after.
    """

    def __init__(
        self,
        settings: EmulatedSettings,
        router: EmulatedRouter,
        client: EmulatedClientPort,
        timers: Timers,
        *,
        other_nodes: Callable[[], list[mesh_pb2.NodeInfo]],
    ) -> None:
        self.settings = settings
        self.number = settings.number
        self.router = router
        self.client = client
        self.is_up = True
        self.tuning = settings.tuning
        self._timers = timers
        self._other_nodes = other_nodes
        self._recent_ids: deque[int] = deque(maxlen=REMEMBERED_CLIENT_IDS)
        self._last_text_s = float("-inf")
        self._up_since_s = 0.0
        # Of its own, so that the air's chances stay the same for the same seed.
        self._telemetry_ids = Random(settings.number)  # noqa: S311 - an emulator: no secret

    def start(self, now: float) -> None:
        """Begin to measure; called once, when the emulator's time begins."""
        self._up_since_s = now
        self._timers.at(now + TELEMETRY_EVERY_S, self._tell_telemetry)

    def take(self, message: bytes, now: float) -> bool:
        """Act on one `ToRadio` from the client; return False when the client says good-bye.

        What cannot be read is dropped without a word, as the firmware does.
        """
        to_radio = mesh_pb2.ToRadio()
        try:
            to_radio.ParseFromString(message)
        except DecodeError:
            return True
        variant = to_radio.WhichOneof("payload_variant")
        if variant == "packet":
            self._take_packet(to_radio.packet, now)
        elif variant == "want_config_id":
            self.client.start_download(self.settings.download(self._other_nodes(), to_radio.want_config_id))
        elif variant == "heartbeat":
            self.client.push_queue_status(0, self.router.queue_free, 0)
        return bool(variant != "disconnect")

    def reboot(self, now: float, takes_s: float = REBOOT_TAKES_S) -> None:
        """Go down at once: clients are cut, queues are lost; come back after `takes_s`."""
        if not self.is_up:
            return
        self.is_up = False
        self.router.restart()
        self.client.restart()
        self._recent_ids.clear()
        self._timers.at(now + takes_s, self._come_up)

    def _come_up(self, now: float) -> None:
        self.is_up = True
        self.settings.reboot_count += 1
        self.tuning = self.settings.tuning
        self._up_since_s = now

    def _tell_telemetry(self, now: float) -> None:
        """Measure the channel and tell the client; not sent on the air.

        As in the firmware, the packet is left out while others wait for the client. The firmware's rare
        telemetry for the mesh is not emulated: it would take airtime that a test has to account for.
        """
        self._timers.at(now + TELEMETRY_EVERY_S, self._tell_telemetry)
        if not self.is_up:
            return
        self.settings.metrics = telemetry_pb2.DeviceMetrics(
            battery_level=MAINS_POWERED,
            voltage=0.0,
            channel_utilization=100 * self.router.channel_utilisation(now),
            air_util_tx=100 * self.router.sending_share(now),
            uptime_seconds=int(now - self._up_since_s),
        )
        if not self.client.has_no_packets:
            return
        telemetry = telemetry_pb2.Telemetry(device_metrics=self.settings.metrics)
        self.client.push_packet(
            mesh_pb2.MeshPacket(
                **{"from": self.number},
                to=BROADCAST,
                id=self._telemetry_ids.randrange(1, 1 << 32),
                priority=mesh_pb2.MeshPacket.Priority.BACKGROUND,
                decoded=mesh_pb2.Data(portnum=PortNum.TELEMETRY_APP, payload=telemetry.SerializeToString()),
            )
        )

    def _take_packet(self, packet: mesh_pb2.MeshPacket, now: float) -> None:
        if not packet.HasField("decoded"):
            return
        packet.id = packet.id or self.router.new_packet_id()
        if packet.id in self._recent_ids:
            return
        self._recent_ids.append(packet.id)
        if packet.to == self.number:
            self._take_own(packet, now)
            result = int(Error.NONE)
        elif self._is_text_too_soon(packet, now):
            result = int(Error.NONE)
        else:
            result = self.router.send_for_client(packet, now)
        self.client.push_queue_status(result, self.router.queue_free, packet.id)

    def _is_text_too_soon(self, packet: mesh_pb2.MeshPacket, now: float) -> bool:
        if packet.decoded.portnum != PortNum.TEXT_MESSAGE_APP:
            return False
        is_too_soon = now - self._last_text_s < TEXT_PAUSE_S
        if not is_too_soon:
            self._last_text_s = now
        return is_too_soon

    def _take_own(self, packet: mesh_pb2.MeshPacket, now: float) -> None:
        """Act on a packet to the device itself: admin messages, and an acknowledgement at once."""
        if packet.decoded.portnum == PortNum.ADMIN_APP:
            self._take_admin(packet, now)
        if packet.want_ack:
            self.router.tell_client_routing(packet.id, Error.NONE, packet.channel)

    def _take_admin(self, packet: mesh_pb2.MeshPacket, now: float) -> None:
        admin = admin_pb2.AdminMessage()
        try:
            admin.ParseFromString(packet.decoded.payload)
        except DecodeError:
            return
        outcome = self.settings.apply_admin(admin)
        if outcome.response is not None:
            self.client.push_packet(
                mesh_pb2.MeshPacket(
                    **{"from": self.number},
                    to=self.number,
                    id=self.router.new_packet_id(),
                    decoded=mesh_pb2.Data(
                        portnum=PortNum.ADMIN_APP,
                        payload=outcome.response.SerializeToString(),
                        request_id=packet.id,
                    ),
                )
            )
        if outcome.reboot_in_s is not None:
            self._timers.at(now + outcome.reboot_in_s, self.reboot)
