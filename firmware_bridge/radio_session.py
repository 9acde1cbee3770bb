"""One connection to a Meshtastic radio, from first byte to last, without the I/O.

The owner moves bytes: what arrives goes to `take_bytes`, what is in `outgoing` goes to the port, and at
`next_timer_at` it calls `handle_timers`. `failure` says, once set, why the port should be closed and opened
again. Nothing here blocks, and no payload is ever logged.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from google.protobuf.message import DecodeError

from firmware_bridge.meshtastic_protobufs import mesh_pb2, portnums_pb2
from firmware_bridge.modem_presets import is_public_key_encrypted, payload_limit
from firmware_bridge.radio_configuration import (
    NO_NODES_NONCE,
    RadioConfiguration,
    utilisation_in_telemetry,
)
from firmware_bridge.sending_queue import SendingQueue
from firmware_bridge.stream_framing import FLUSH_BYTES, WAKE_BYTES, FrameDecoder, encode_frame
from firmware_bridge.wanted_settings import unlike
from sync.carriers.base import HeardPayload
from sync.sealing.radio_plan import RadioPlan

log = logging.getLogger(__name__)

PortNum = portnums_pb2.PortNum

OUTGOING_BYTES = 2048
"""What may wait to be written; more payloads stay countable in the waiting queue."""

UTILISATION_STANDS_S = 300.0
"""How long a radio's word on the channel counts; it comes about every minute, when nothing else waits."""


@dataclass(frozen=True)
class RadioSettings:
    """How the bridge uses a radio. Times are real seconds: they judge this machine's ports, not the air."""

    port_number: int = 300
    """Meshtastic port of our payloads; 256 is used by other firmware modules."""
    channel_name: str = "serial"
    """On a channel of this name, direct packets keep the channel key: 231 bytes instead of 219."""
    hop_limit: int = 3
    want_ack: bool = False
    """The radio's acknowledgement says nothing of delivery to the program behind it."""
    waiting_places: int = 8
    """Payloads kept here while the radio's own queue is full; `send` refuses more."""
    answer_within_s: float = 10.0
    """Silence after a question, in which a living radio would have answered."""
    download_within_s: float = 60.0
    """A whole configuration download, over a slow serial line."""
    heartbeat_every_s: float = 30.0
    """A radio closes a connection that says nothing for 15 minutes; a dead one is noticed sooner."""
    queue_question_every_s: float = 1.0
    """How often a radio with a full queue is asked for free places: its own reports are easily lost."""
    plan: RadioPlan | None = None
    """What the radio shall have; where it has something else, `problem` says so."""


class RadioSession:
    """See the module. `heard` fills with payloads on our port; all `now` are monotonic seconds."""

    def __init__(self, settings: RadioSettings, now: float) -> None:
        self.configuration = RadioConfiguration()
        self.outgoing = bytearray(WAKE_BYTES)
        self.heard: deque[HeardPayload] = deque()
        self.failure: str | None = None
        self.is_live = False
        self._unlike: Sequence[str] = ()
        """Settings that differ from the plan, as the radio told them last."""
        self._settings = settings
        self._decoder = FrameDecoder(is_from_radio)
        self.sending = SendingQueue(settings.waiting_places, radio_repeats=settings.want_ack)
        self._utilisation: tuple[float, float] | None = None
        self._started_s = now
        self._asked_s: float | None = None
        self._heartbeat_s = now
        self._has_asked_twice = False
        self._ask_for_configuration(now)

    # What the radio said

    def take_bytes(self, received: bytes, now: float) -> None:
        """Act on what has arrived."""
        for frame in self._decoder.feed(received):
            self._asked_s = None if self.is_live else now
            message = mesh_pb2.FromRadio()
            message.ParseFromString(frame)
            self._take(message, now)
        for _ in self._decoder.take_log_lines():
            # A radio's log may quote what it relays, so it goes no further than this count.
            log.debug("a line of log text from the radio")
        self._fill(now)

    def _take(self, message: mesh_pb2.FromRadio, now: float) -> None:
        variant = message.WhichOneof("payload_variant")
        if variant == "packet":
            self._take_packet(message.packet, now)
        elif variant == "queueStatus":
            self.sending.on_queue_status(message.queueStatus, now)
        elif variant == "clientNotification":
            self.sending.on_notice(message.clientNotification, now)
        elif variant == "config_complete_id":
            self._complete(now)
        elif variant == "rebooted":
            self._start_again(now)
        else:
            self.configuration.absorb(message)
            if variant == "node_info" and self.configuration.channel_utilisation is not None:
                self._utilisation = (self.configuration.channel_utilisation, now)

    def _take_packet(self, packet: mesh_pb2.MeshPacket, now: float) -> None:
        source = int(getattr(packet, "from"))
        own_number = self.configuration.own_number
        if packet.decoded.portnum == PortNum.ROUTING_APP and own_number is not None:
            self.sending.on_routing(packet, own_number, now)
        if packet.decoded.portnum == PortNum.TELEMETRY_APP and source == own_number:
            share = utilisation_in_telemetry(packet.decoded.payload)
            self._utilisation = (share, now) if share is not None else self._utilisation
        if packet.decoded.portnum != self._settings.port_number or source == own_number:
            return
        has_signal = bool(packet.rx_rssi)
        hops = packet.hop_start - packet.hop_limit
        self.heard.append(
            HeardPayload(
                payload=bytes(packet.decoded.payload),
                source=source,
                rssi_dbm=float(packet.rx_rssi) if has_signal else None,
                snr_db=float(packet.rx_snr) if has_signal else None,
                # Old firmware leaves hop_start at 0, which would make the difference negative.
                hops=hops if hops >= 0 else None,
            )
        )

    def _complete(self, now: float) -> None:
        if not self.configuration.is_usable:
            # A left-over from an earlier client, or parts were lost on the line.
            self._ask_for_configuration(now)
            return
        if not self.is_live:
            log.info("radio %08x is ready", self.configuration.own_number)
        self.is_live = True
        self._unlike = () if self._settings.plan is None else unlike(self.configuration, self._settings.plan)
        self._asked_s = None

    def _start_again(self, now: float) -> None:
        """The radio has restarted under us: its queue is empty and it says nothing until asked."""
        self.is_live = False
        self.configuration = RadioConfiguration()
        self.sending.lose_all()
        self._started_s = now
        self._ask_for_configuration(now)

    # What we say

    def offer(self, payload: bytes, to: int, now: float) -> bool:
        """Take a payload for sending; return False when there is no room, or no radio that sends."""
        if not self.is_live or self.failure is not None or self.configuration.transmit_problem():
            return False
        if len(payload) > self.payload_limit() or not self.sending.has_room(now):
            return False
        self.sending.offer(payload, to, now)
        self._fill(now)
        return True

    def payload_limit(self) -> int:
        """Return the largest payload in bytes on the channel in use, less where the radio refused as much."""
        _, name = self._channel()
        limit = payload_limit(self._settings.port_number, by_public_key=is_public_key_encrypted(name))
        largest = self.sending.largest_bytes
        return limit if largest is None else min(limit, largest)

    def channel_utilisation(self, now: float) -> float | None:
        """Return the share of a minute, 0 to 1, in which the radio last found the channel in use.

        None where it has not told for five minutes.
        """
        if self._utilisation is None or now - self._utilisation[1] > UTILISATION_STANDS_S:
            return None
        return self._utilisation[0]

    def problem(self, now: float) -> str | None:
        """Return what a person should do about this radio, in one line, or None."""
        if self.failure is not None:
            return self.failure
        if not self.is_live:
            return "waiting for the radio to tell its configuration"
        if transmit_problem := self.configuration.transmit_problem():
            return transmit_problem
        if self.configuration.channel_index(self._settings.channel_name) is None:
            return (
                f"the radio has no channel named {self._settings.channel_name!r}, so the primary channel is "
                "used: run `kentongan radio setup`"
            )
        if self._unlike:
            return (
                f"the radio differs from the enrolment in {', '.join(self._unlike)}, so it may hear nobody: "
                "stop the server, then run kentongan node setup-radio DIR"
            )
        return self.sending.problem(now)

    def say_goodbye(self) -> None:
        """Tell the radio that this client leaves; what waits is still written first."""
        self.outgoing += encode_frame(mesh_pb2.ToRadio(disconnect=True).SerializeToString())

    def _channel(self) -> tuple[int, str]:
        """Return index and name of the channel to use: the configured one, or else the primary."""
        wanted = self._settings.channel_name
        if not self.configuration.channels:
            return 0, wanted
        index = self.configuration.channel_index(wanted)
        if index is not None:
            return index, wanted
        primary = self.configuration.channels.get(0)
        return 0, str(primary.settings.name) if primary is not None else ""

    def _fill(self, now: float) -> None:
        """Move payloads from the waiting queue to the port, as fast as the radio has places."""
        if not self.is_live:
            return
        index, _ = self._channel()
        while len(self.outgoing) < OUTGOING_BYTES and (ready := self.sending.next_packet(now)) is not None:
            packet_id, outbound = ready
            packet = mesh_pb2.MeshPacket(
                to=outbound.to,
                id=packet_id,
                channel=index,
                hop_limit=self._settings.hop_limit,
                want_ack=self._settings.want_ack,
                decoded=mesh_pb2.Data(portnum=self._settings.port_number, payload=outbound.payload),
            )
            self.outgoing += encode_frame(mesh_pb2.ToRadio(packet=packet).SerializeToString())

    def _ask_for_configuration(self, now: float) -> None:
        self._asked_s = now
        self.outgoing += encode_frame(mesh_pb2.ToRadio(want_config_id=NO_NODES_NONCE).SerializeToString())

    def _beat(self, now: float) -> None:
        self._heartbeat_s = now
        self.sending.on_heartbeat()
        if self._asked_s is None:
            self._asked_s = now
        beat = mesh_pb2.ToRadio()
        beat.heartbeat.SetInParent()
        self.outgoing += encode_frame(beat.SerializeToString())

    # Time

    def next_timer_at(self) -> float:
        """Return when `handle_timers` must be called at the latest."""
        times = [self._heartbeat_s + self._heartbeat_pause_s()] if self.is_live else []
        if not self.is_live:
            times.append(self._started_s + self._settings.download_within_s)
        if self._asked_s is not None:
            times.append(self._asked_s + self._patience_s())
        return min(times)

    def handle_timers(self, now: float) -> None:
        """Do what is due: ask for signs of life, ask again, or give this connection up."""
        if self._asked_s is not None and now >= self._asked_s + self._patience_s():
            self._miss_answer(now)
        elif not self.is_live and now >= self._started_s + self._settings.download_within_s:
            self.failure = "the radio never finishes telling its configuration: switch it off and on"
        elif self.is_live and now >= self._heartbeat_s + self._heartbeat_pause_s():
            self._fill(now)
            self._beat(now)

    def _miss_answer(self, now: float) -> None:
        if self.is_live or self._has_asked_twice:
            self.failure = (
                "the radio does not answer: switch it off and on, or stop another program that uses it"
            )
            return
        # The last client may have been cut off in mid-frame, and a serial console waits for the rest of it.
        self._has_asked_twice = True
        self.outgoing += FLUSH_BYTES
        self._ask_for_configuration(now)

    def _patience_s(self) -> float:
        """Return how long an answer may take. While not live, half is for the first question."""
        return self._settings.answer_within_s / (1 if self.is_live else 2)

    def _heartbeat_pause_s(self) -> float:
        if len(self.sending):
            return min(self._settings.queue_question_every_s, self._settings.heartbeat_every_s)
        return self._settings.heartbeat_every_s


def is_from_radio(frame: bytes) -> bool:
    """Tell a message from the remains of a cut one."""
    message = mesh_pb2.FromRadio()
    try:
        message.ParseFromString(frame)
    except DecodeError:
        return False
    return message.WhichOneof("payload_variant") is not None
