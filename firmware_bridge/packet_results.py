"""What a radio says of a packet that it was given, told in one place for the bridge and for `radio ping`.

Three messages speak of a packet, and each may be lost or come late: `QueueStatus` (was it taken into the
transmit queue), an acknowledgement or NAK on ROUTING_APP, and a notification when the duty cycle is used up.
Traps, all seen on real firmware 2.7.26:

- An acknowledgement **from the own node** means that somebody was overheard passing the packet on. Only one
  from the destination says that its radio has the packet; nothing says that the program behind it does.
- MAX_RETRANSMIT means that no acknowledgement was heard. Many such packets have arrived all the same, and the
  acknowledgement may still follow. It also comes for packets that never asked for one.
- Most queue statuses of a burst are lost, so silence about a packet says nothing.
- 32 and 34 are other things in a queue status (queue full, radio off) than in a NAK.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from google.protobuf.message import DecodeError

from firmware_bridge.meshtastic_protobufs import mesh_pb2, portnums_pb2

Error = mesh_pb2.Routing.Error

MAX_RETRANSMIT = int(Error.MAX_RETRANSMIT)
NO_CHANNEL = int(Error.NO_CHANNEL)
TOO_LARGE = int(Error.TOO_LARGE)
DUTY_CYCLE_LIMIT = int(Error.DUTY_CYCLE_LIMIT)
NO_PUBLIC_KEY = int(Error.PKI_SEND_FAIL_PUBLIC_KEY)

QUEUE_FULL = 1032
RADIO_OFF = 1034
"""Results 32 and 34 of a queue status, moved away from the NAK errors of the same numbers."""

_STATUS_RESULTS = {32: QUEUE_FULL, 34: RADIO_OFF}
_MINUTES = re.compile(r"[Dd]uty cycle limit exceeded\D*(\d{1,3}) min")


class Verdict(Enum):
    """What became of a packet, as far as one message tells."""

    TAKEN = "taken into the radio's queue"
    RELAYED = "overheard when somebody passed it on"
    DELIVERED = "acknowledged by the destination's radio"
    GIVEN_UP = "not acknowledged; it may have arrived all the same"
    UNREADABLE = "heard by the destination's radio, which could not open it"
    REFUSED = "never sent"


@dataclass(frozen=True)
class PacketResult:
    """One message about one packet. `error` is 0 but for REFUSED, GIVEN_UP and UNREADABLE."""

    packet_id: int
    verdict: Verdict
    error: int = 0
    minutes: int | None = None
    """How long the radio says that it must be silent, with DUTY_CYCLE_LIMIT."""


def result_of_status(status: mesh_pb2.QueueStatus) -> PacketResult | None:
    """Read a queue status; None when it is about no packet, as an answer to a heartbeat is."""
    if not status.mesh_packet_id:
        return None
    if not status.res:
        return PacketResult(status.mesh_packet_id, Verdict.TAKEN)
    error = _STATUS_RESULTS.get(status.res, status.res)
    verdict = Verdict.GIVEN_UP if error == MAX_RETRANSMIT else Verdict.REFUSED
    return PacketResult(status.mesh_packet_id, verdict, error)


def result_of_routing(packet: mesh_pb2.MeshPacket, own_number: int, to: int) -> PacketResult | None:
    """Read an acknowledgement or NAK of a packet that went from `own_number` to `to`; None for anything else.

    An acknowledgement that comes from a third node is none: nobody can speak for the destination.
    """
    data = packet.decoded
    if data.portnum != portnums_pb2.PortNum.ROUTING_APP or not data.request_id:
        return None
    routing = mesh_pb2.Routing()
    try:
        routing.ParseFromString(data.payload)
    except DecodeError:
        return None
    source, error = int(getattr(packet, "from")), int(routing.error_reason)
    if source == own_number:
        return PacketResult(data.request_id, _verdict_of_own_radio(error, is_own=to == own_number), error)
    if source != to:
        return None
    return PacketResult(data.request_id, Verdict.UNREADABLE if error else Verdict.DELIVERED, error)


def _verdict_of_own_radio(error: int, *, is_own: bool) -> Verdict:
    if error == MAX_RETRANSMIT:
        return Verdict.GIVEN_UP
    if error:
        return Verdict.REFUSED
    return Verdict.DELIVERED if is_own else Verdict.RELAYED


def result_of_notice(notice: mesh_pb2.ClientNotification) -> PacketResult | None:
    """Read a notification that the duty cycle is used up; None for any other."""
    found = _MINUTES.search(notice.message)
    if found is None:
        return None
    return PacketResult(notice.reply_id, Verdict.REFUSED, DUTY_CYCLE_LIMIT, int(found[1]))


def error_name(error: int) -> str:
    """Return the name of an error for people who look it up."""
    names = {QUEUE_FULL: "QUEUE_FULL", RADIO_OFF: "RADIO_OFF"}
    if error in names:
        return names[error]
    try:
        return str(Error.Name(error))
    except ValueError:
        return f"ERROR_{error}"
