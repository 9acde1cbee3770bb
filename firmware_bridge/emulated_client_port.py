"""What an emulated device has for its client: the configuration download, then queued messages in order.

Follows `PhoneAPI` and `MeshService` of the firmware: nothing before `want_config_id`; a new one starts again;
of what waits, queue status goes first, then notifications, then packets; the queue for queue status has two
places and forgets the oldest, so that a burst of packets loses most of theirs.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from firmware_bridge.meshtastic_protobufs import mesh_pb2, portnums_pb2

PACKET_PLACES = 100
"""Packets kept while no client reads: 100 on the native build, 32 or 8 on microcontrollers."""

QUEUE_STATUS_PLACES = 2
QUEUE_LENGTH = 16


class EmulatedClientPort:
    """The device's side of one client connection. `pull` gives the next message to write, if any."""

    def __init__(self) -> None:
        self.last_free = QUEUE_LENGTH
        self.packets_dropped = 0
        self._download: Iterator[mesh_pb2.FromRadio] | None = None
        self._is_live = False
        self._queue_status: deque[mesh_pb2.FromRadio] = deque(maxlen=QUEUE_STATUS_PLACES)
        self._notifications: deque[mesh_pb2.FromRadio] = deque(maxlen=QUEUE_STATUS_PLACES)
        self._packets: deque[mesh_pb2.FromRadio] = deque()

    @property
    def has_no_packets(self) -> bool:
        """Tell whether no packet waits for a client."""
        return not self._packets

    def start_download(self, messages: Iterator[mesh_pb2.FromRadio]) -> None:
        """Begin the configuration download; live messages wait until it is complete."""
        self._download = messages
        self._is_live = False

    def client_left(self) -> None:
        """Forget the client; packets for the next one stay."""
        self._download = None
        self._is_live = False
        self._queue_status.clear()

    def restart(self) -> None:
        """Forget everything, as a reboot does."""
        self.client_left()
        self._notifications.clear()
        self._packets.clear()
        self.last_free = QUEUE_LENGTH

    def push_queue_status(self, result: int, free: int, packet_id: int) -> None:
        """Report what became of a packet from the client; `packet_id` 0 answers a heartbeat."""
        self.last_free = free
        status = mesh_pb2.QueueStatus(res=result, free=free, maxlen=QUEUE_LENGTH, mesh_packet_id=packet_id)
        self._queue_status.append(mesh_pb2.FromRadio(queueStatus=status))

    def push_notification(self, text: str, reply_id: int) -> None:
        """Queue a warning for the person at the client."""
        note = mesh_pb2.ClientNotification(
            reply_id=reply_id, level=mesh_pb2.LogRecord.Level.WARNING, message=text
        )
        self._notifications.append(mesh_pb2.FromRadio(clientNotification=note))

    def push_packet(self, packet: mesh_pb2.MeshPacket) -> None:
        """Queue a packet. On a full queue a text pushes the oldest out, anything else is dropped."""
        if len(self._packets) >= PACKET_PLACES:
            self.packets_dropped += 1
            if packet.decoded.portnum != portnums_pb2.PortNum.TEXT_MESSAGE_APP:
                return
            self._packets.popleft()
        self._packets.append(mesh_pb2.FromRadio(packet=packet))

    def pull(self) -> bytes | None:
        """Return the next message for the client, encoded, or None when nothing is due."""
        if self._download is not None:
            message = next(self._download, None)
            if message is not None:
                return bytes(message.SerializeToString())
            self._download = None
            self._is_live = True
        if not self._is_live:
            return None
        for queue in (self._queue_status, self._notifications, self._packets):
            if queue:
                return bytes(queue.popleft().SerializeToString())
        return None
