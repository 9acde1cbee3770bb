"""What the radio's messages about a packet mean, and what they do not."""

from __future__ import annotations

import pytest

from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.packet_results import (
    DUTY_CYCLE_LIMIT,
    QUEUE_FULL,
    RADIO_OFF,
    PacketResult,
    Verdict,
    error_name,
    result_of_notice,
    result_of_routing,
    result_of_status,
)

OWN, HUB, RELAY = 1, 2, 3


def routing(source: int, error: int, *, port: int = 5, request_id: int = 9) -> mesh_pb2.MeshPacket:
    payload = mesh_pb2.Routing(error_reason=error).SerializeToString()
    data = mesh_pb2.Data(portnum=port, payload=payload, request_id=request_id)
    return mesh_pb2.MeshPacket(**{"from": source}, decoded=data)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (0, PacketResult(9, Verdict.TAKEN)),
        (5, PacketResult(9, Verdict.GIVEN_UP, 5)),
        (7, PacketResult(9, Verdict.REFUSED, 7)),
        (32, PacketResult(9, Verdict.REFUSED, QUEUE_FULL)),
        (34, PacketResult(9, Verdict.REFUSED, RADIO_OFF)),
        (39, PacketResult(9, Verdict.REFUSED, 39)),
    ],
)
def test_a_queue_status_tells_whether_a_packet_was_taken(result: int, expected: PacketResult) -> None:
    assert result_of_status(mesh_pb2.QueueStatus(res=result, free=3, mesh_packet_id=9)) == expected


def test_the_answer_to_a_heartbeat_is_about_no_packet() -> None:
    assert result_of_status(mesh_pb2.QueueStatus(free=0)) is None


@pytest.mark.parametrize(
    ("source", "error", "verdict"),
    [
        (HUB, 0, Verdict.DELIVERED),
        (OWN, 0, Verdict.RELAYED),
        (OWN, 5, Verdict.GIVEN_UP),
        (OWN, 9, Verdict.REFUSED),
        (OWN, 34, Verdict.REFUSED),
        (HUB, 35, Verdict.UNREADABLE),
        (RELAY, 0, None),
        (RELAY, 5, None),
    ],
)
def test_who_an_acknowledgement_is_from_decides_what_it_means(
    source: int, error: int, verdict: Verdict | None
) -> None:
    result = result_of_routing(routing(source, error), OWN, HUB)
    assert (result.verdict if result else None) is verdict


def test_a_packet_to_the_own_radio_is_delivered_by_its_own_word() -> None:
    result = result_of_routing(routing(OWN, 0), OWN, OWN)
    assert result is not None
    assert result.verdict is Verdict.DELIVERED


def test_other_packets_are_no_acknowledgement() -> None:
    assert result_of_routing(routing(HUB, 0, port=300), OWN, HUB) is None
    assert result_of_routing(routing(HUB, 0, request_id=0), OWN, HUB) is None
    broken = routing(HUB, 0)
    broken.decoded.payload = b"\xff\xff"
    assert result_of_routing(broken, OWN, HUB) is None


def test_the_minutes_are_read_out_of_the_notice() -> None:
    text = "Duty cycle limit exceeded. You can send again in 52 mins"
    notice = mesh_pb2.ClientNotification(reply_id=9, message=text)
    assert result_of_notice(notice) == PacketResult(9, Verdict.REFUSED, DUTY_CYCLE_LIMIT, 52)
    assert result_of_notice(mesh_pb2.ClientNotification(message="Low entropy key in 5 min")) is None


def test_every_error_has_a_name() -> None:
    names = [error_name(error) for error in (QUEUE_FULL, RADIO_OFF, 39, 99)]
    assert names == ["QUEUE_FULL", "RADIO_OFF", "PKI_SEND_FAIL_PUBLIC_KEY", "ERROR_99"]
