"""How an emulated device puts packets on the air, repeats, acknowledges and relays them.

Follows `Router`, `ReliableRouter` and `NextHopRouter` of firmware 2.7.26 as seen from outside: 3
transmissions in all, MAX_RETRANSMIT from self when none was acknowledged, an implicit acknowledgement (from
self) when a relay is overheard, one from the destination when it arrived. Next-hop learning is not emulated:
every relay floods.
"""

from __future__ import annotations

import struct
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from firmware_bridge.emulated_cipher import OpenedPacket, PacketCipher
from firmware_bridge.emulated_client_port import QUEUE_LENGTH, EmulatedClientPort
from firmware_bridge.emulated_settings import EmulatedSettings
from firmware_bridge.frequency_slots import DUTY_CYCLE_BY_REGION
from firmware_bridge.mesh_frames import MeshFrame
from firmware_bridge.meshtastic_protobufs import config_pb2, mesh_pb2, portnums_pb2
from firmware_bridge.timers import Timers
from sync.airtime import frame_airtime_ms
from sync.carriers.base import BROADCAST
from sync.carriers.simulated import (
    PLAUSIBLE_RSSI_DBM,
    PLAUSIBLE_SNR_DB,
    CopyFaults,
    SimulatedAir,
    slot_s,
)

TRANSMISSIONS = 3
"""How often a packet is sent in all before the sender gives up."""

PROCESSING_S = 4.5
"""What the firmware allows a receiver for its own work, in the retransmission time."""

RELAY_WAIT_SLOTS = 16
HISTORY_PLACES = 512

RESULT_QUEUE_FULL = 32
RESULT_RADIO_OFF = 34

Error = mesh_pb2.Routing.Error
Priority = mesh_pb2.MeshPacket.Priority
PortNum = portnums_pb2.PortNum
LORA = mesh_pb2.MeshPacket.TransportMechanism.TRANSPORT_LORA


@dataclass
class _Unacknowledged:
    frame: MeshFrame
    priority: int
    channel: int
    transmissions_left: int
    due_s: float


class EmulatedRouter:
    """The radio half of one device. It writes to `client` and asks `public_key_of` for its peers' keys."""

    def __init__(
        self,
        settings: EmulatedSettings,
        air: SimulatedAir,
        timers: Timers,
        client: EmulatedClientPort,
        *,
        public_key_of: Callable[[int], bytes | None],
        faults: CopyFaults,
        random: Random,
    ) -> None:
        self._settings = settings
        self._number = settings.number
        self._air = air
        self._timers = timers
        self._client = client
        self._cipher = PacketCipher(settings, public_key_of, random)
        self._faults = faults
        self._random = random
        self.copies_duplicated = 0
        self.copies_reordered = 0
        self._next_tag = 1
        self._unacknowledged: dict[tuple[int, int], _Unacknowledged] = {}
        self._relaying: dict[tuple[int, int], int] = {}
        self._history: OrderedDict[tuple[int, int], None] = OrderedDict()
        self._sent_airtime: deque[tuple[float, float]] = deque()
        air.add_station(self._number)

    def read_payload(self, frame: MeshFrame) -> bytes | None:
        """Return the payload of a frame that this device sent or can open, for the frame log."""
        return self._cipher.read_payload(frame)

    @property
    def queue_free(self) -> int:
        """Return the free places in the transmit queue."""
        return max(0, QUEUE_LENGTH - self._air.queued(self._number))

    def channel_utilisation(self, now: float) -> float:
        """Return the share of the last minute, 0 to 1, in which this device sent or heard something."""
        return self._air.channel_utilisation(self._number, now)

    def sending_share(self, now: float) -> float:
        """Return the share of the last hour, 0 to 1, in which this device was sending."""
        return self._airtime_in_last_hour_s(now) / 3600

    def new_packet_id(self) -> int:
        """Return a random packet id that is not 0."""
        return self._random.randrange(1, 1 << 32)

    def restart(self) -> None:
        """Lose what waits, as a reboot does."""
        self._air.silence(self._number)
        self._unacknowledged.clear()
        self._relaying.clear()
        self._history.clear()

    # Sending

    def send_for_client(self, packet: mesh_pb2.MeshPacket, now: float) -> int:
        """Send a packet of the client's; return the result for its queue status, after any NAK."""
        if not self._settings.can_transmit:
            return RESULT_RADIO_OFF
        if wait_s := self._duty_cycle_wait_s(now):
            text = f"Duty cycle limit exceeded. You can send again in {int(wait_s // 60) + 1} mins"
            self._client.push_notification(text, packet.id)
            return self._refuse(packet, Error.DUTY_CYCLE_LIMIT)
        frame, error = self._cipher.encrypt(packet)
        if frame is None:
            return self._refuse(packet, error)
        self._remember((self._number, packet.id))
        priority = packet.priority or _default_priority(packet)
        if packet.want_ack:
            self._expect_acknowledgement(frame, priority, packet.channel, now)
        if frame.to == BROADCAST:
            frame = replace(frame, want_ack=False)
        return Error.NONE if self._queue(frame, priority, now) else RESULT_QUEUE_FULL

    def tell_client_routing(self, request_id: int, error: int, channel: int = 0) -> None:
        """Give the client an acknowledgement or NAK from the device itself."""
        packet = mesh_pb2.MeshPacket(
            **{"from": self._number},
            to=self._number,
            id=self.new_packet_id(),
            channel=channel,
            priority=Priority.ACK,
            decoded=_routing_data(request_id, error),
        )
        self._client.push_packet(packet)

    def _refuse(self, packet: mesh_pb2.MeshPacket, error: int) -> int:
        self.tell_client_routing(packet.id, error, packet.channel)
        return error

    def _queue(self, frame: MeshFrame, priority: int, now: float, delay_s: float = 0.0) -> int:
        """Hand a frame to the air; return its tag, or 0 when the queue is full of nothing less urgent."""
        if self.queue_free == 0 and not self._air.drop_lowest(self._number, priority):
            return 0
        tag = self._next_tag
        self._next_tag += 1
        encoded = frame.encode()
        self._air.transmit(
            self._number,
            encoded,
            frame.to,
            now,
            frame_bytes=len(encoded),
            priority=priority,
            tag=tag,
            delay_s=delay_s,
            preset=self._settings.tuning.preset,
        )
        return tag

    def _expect_acknowledgement(self, frame: MeshFrame, priority: int, channel: int, now: float) -> None:
        due_s = now + self._retransmission_s(frame, now)
        pending = _Unacknowledged(frame, priority, channel, TRANSMISSIONS - 1, due_s)
        self._unacknowledged[frame.to, frame.packet_id] = pending
        self._timers.at(due_s, lambda at_s: self._retransmit(pending, at_s))

    def _retransmission_s(self, frame: MeshFrame, now: float) -> float:
        preset = self._settings.tuning.preset
        airtime_s = frame_airtime_ms(len(frame.encode()), preset) / 1000
        slots = (1 << self._air.contention_window(now)) + 2 * 8 + (1 << 5)
        return 2 * airtime_s + slots * slot_s(preset) + PROCESSING_S

    def _retransmit(self, pending: _Unacknowledged, at_s: float) -> None:
        frame = pending.frame
        if self._unacknowledged.get((frame.to, frame.packet_id)) is not pending:
            return
        if pending.due_s > at_s:
            self._timers.at(pending.due_s, lambda later_s: self._retransmit(pending, later_s))
            return
        if pending.transmissions_left == 0:
            del self._unacknowledged[frame.to, frame.packet_id]
            self.tell_client_routing(frame.packet_id, Error.MAX_RETRANSMIT, pending.channel)
            return
        pending.transmissions_left -= 1
        on_air = replace(frame, want_ack=False) if frame.to == BROADCAST else frame
        self._queue(on_air, pending.priority, at_s)
        pending.due_s = at_s + self._retransmission_s(frame, at_s)
        self._timers.at(pending.due_s, lambda later_s: self._retransmit(pending, later_s))

    def _duty_cycle_wait_s(self, now: float) -> float:
        region = config_pb2.Config.LoRaConfig.RegionCode.Name(self._settings.lora.region)
        share = DUTY_CYCLE_BY_REGION.get(region)
        if share is None or self._settings.lora.override_duty_cycle:
            return 0.0
        if self._airtime_in_last_hour_s(now) <= share * 3600:
            return 0.0
        return self._sent_airtime[0][0] + 3600 - now

    def _airtime_in_last_hour_s(self, now: float) -> float:
        while self._sent_airtime and self._sent_airtime[0][0] <= now - 3600:
            self._sent_airtime.popleft()
        return sum(airtime_ms for _, airtime_ms in self._sent_airtime) / 1000

    # What the air reports

    def on_sent(self, airtime_ms: float, now: float) -> None:
        """Take note that a frame of ours has left."""
        self._sent_airtime.append((now, airtime_ms))
        self._hold_back_retransmissions(airtime_ms)
        if self._client.last_free == 0 and self.queue_free > 0:
            self._client.push_queue_status(0, self.queue_free, 0)

    def on_heard(self, encoded: bytes, now: float) -> None:
        """Take in a frame from the air, whoever it is for."""
        self._hold_back_retransmissions(frame_airtime_ms(len(encoded), self._settings.tuning.preset))
        try:
            frame = MeshFrame.decode(encoded)
        except struct.error:
            return
        key = (frame.source, frame.packet_id)
        if frame.source == self._number:
            self._overhear_own(frame)
        elif key in self._history:
            self._hear_again(frame, now)
        else:
            self._remember(key)
            opened = self._cipher.decrypt(frame)
            if frame.to in (self._number, BROADCAST):
                self._take(frame, opened, now)
            if frame.to != self._number:
                self._overhear(frame, opened, now)

    def _hold_back_retransmissions(self, airtime_ms: float) -> None:
        for pending in self._unacknowledged.values():
            pending.due_s += airtime_ms / 1000

    def _remember(self, key: tuple[int, int]) -> None:
        self._history[key] = None
        if len(self._history) > HISTORY_PLACES:
            self._history.popitem(last=False)

    def _overhear_own(self, frame: MeshFrame) -> None:
        """A relay passed our packet on: an implicit acknowledgement, silent about the destination."""
        pending = self._unacknowledged.pop((frame.to, frame.packet_id), None)
        if pending is not None:
            self.tell_client_routing(frame.packet_id, Error.NONE, pending.channel)

    def _hear_again(self, frame: MeshFrame, now: float) -> None:
        tag = self._relaying.pop((frame.source, frame.packet_id), None)
        if tag is not None:
            self._air.cancel(self._number, tag)
        if frame.to == self._number and frame.want_ack:
            opened = self._cipher.decrypt(frame)
            if opened is not None:
                self._answer_routing(frame, Error.NONE, opened, now, hops=0)

    def _take(self, frame: MeshFrame, opened: OpenedPacket | None, now: float) -> None:
        """Hand a packet for us to the client and acknowledge it."""
        if opened is None:
            if frame.to == self._number and frame.want_ack:
                error = Error.NO_CHANNEL if frame.channel_hash else Error.PKI_UNKNOWN_PUBKEY
                self._answer_routing(frame, error, None, now, hops=frame.hop_start)
            return
        is_routing = opened.data.portnum == PortNum.ROUTING_APP
        if is_routing and opened.data.request_id:
            self._unacknowledged.pop((frame.source, opened.data.request_id), None)
        packet = self._for_client(frame, opened)
        if is_routing:
            self._client.push_packet(packet)
        else:
            self._hand_over(packet, now)
        if frame.to == self._number and frame.want_ack:
            hops_used = max(0, frame.hop_start - frame.hop_limit)
            self._answer_routing(frame, Error.NONE, opened, now, hops=min(7, hops_used + 2))

    def _hand_over(self, packet: mesh_pb2.MeshPacket, now: float) -> None:
        """Give the client the packet, doubled or late as the faults ask."""
        for copy, delay_s in enumerate(self._faults.delays_s(self._random)):
            self.copies_duplicated += copy > 0
            if delay_s > 0:
                self.copies_reordered += 1
                self._timers.at(now + delay_s, lambda at_s: self._client.push_packet(packet))
            else:
                self._client.push_packet(packet)

    def _for_client(self, frame: MeshFrame, opened: OpenedPacket) -> mesh_pb2.MeshPacket:
        return mesh_pb2.MeshPacket(
            **{"from": frame.source},
            to=frame.to,
            id=frame.packet_id,
            channel=opened.channel,
            decoded=opened.data,
            rx_rssi=int(PLAUSIBLE_RSSI_DBM),
            rx_snr=PLAUSIBLE_SNR_DB,
            want_ack=frame.want_ack,
            hop_limit=frame.hop_limit,
            hop_start=frame.hop_start,
            relay_node=frame.relay_node,
            transport_mechanism=LORA,
            pki_encrypted=opened.peer_key is not None,
            public_key=opened.peer_key or b"",
        )

    def _answer_routing(
        self, frame: MeshFrame, error: int, opened: OpenedPacket | None, now: float, *, hops: int
    ) -> None:
        answer = mesh_pb2.MeshPacket(
            to=frame.source,
            id=self.new_packet_id(),
            channel=opened.channel if opened else 0,
            hop_limit=hops,
            decoded=_routing_data(frame.packet_id, error),
        )
        encrypted, _ = self._cipher.encrypt(answer)
        if encrypted is not None and self._settings.can_transmit:
            self._remember((self._number, answer.id))
            self._queue(encrypted, Priority.ACK, now)

    def _overhear(self, frame: MeshFrame, opened: OpenedPacket | None, now: float) -> None:
        """Relay a packet that is not for us alone, unless hops, role or settings forbid it."""
        if opened is not None and opened.data.portnum == PortNum.ROUTING_APP:
            # The destination has acknowledged: nobody needs our relay of the packet any more.
            tag = self._relaying.pop((frame.to, opened.data.request_id), None)
            if tag is not None:
                self._air.cancel(self._number, tag)
        device = self._settings.device
        is_mute = device.role == config_pb2.Config.DeviceConfig.Role.CLIENT_MUTE
        is_off = device.rebroadcast_mode == config_pb2.Config.DeviceConfig.RebroadcastMode.NONE
        if frame.hop_limit == 0 or is_mute or is_off or not self._settings.can_transmit:
            return
        delay_s = RELAY_WAIT_SLOTS * slot_s(self._settings.tuning.preset)
        tag = self._queue(frame.relayed_by(self._number), Priority.DEFAULT, now, delay_s)
        self._relaying[frame.source, frame.packet_id] = tag
        if len(self._relaying) > HISTORY_PLACES:
            del self._relaying[next(iter(self._relaying))]


def _default_priority(packet: mesh_pb2.MeshPacket) -> int:
    if packet.decoded.portnum in (PortNum.TEXT_MESSAGE_APP, PortNum.ADMIN_APP):
        return int(Priority.HIGH)
    if packet.decoded.request_id:
        return int(Priority.RESPONSE)
    return int(Priority.RELIABLE if packet.want_ack else Priority.DEFAULT)


def _routing_data(request_id: int, error: int) -> mesh_pb2.Data:
    payload = mesh_pb2.Routing(error_reason=error).SerializeToString()
    return mesh_pb2.Data(portnum=PortNum.ROUTING_APP, payload=payload, request_id=request_id)
