"""What pings tell of a path, and how it is drawn."""

from __future__ import annotations

import pytest

from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.path_measure import PathMeasure

OWN, HUB, RELAY = 0x4B4E0001, 0x4B4E0002, 0x4B4E0003
MAX_RETRANSMIT = 5


def routing(source: int, request_id: int, error: int = 0, **fields: object) -> mesh_pb2.FromRadio:
    data = mesh_pb2.Data(
        portnum=5, payload=mesh_pb2.Routing(error_reason=error).SerializeToString(), request_id=request_id
    )
    packet = mesh_pb2.MeshPacket(**{"from": source}, decoded=data, **fields)
    return mesh_pb2.FromRadio(packet=packet)


def measured(*messages: mesh_pb2.FromRadio, count: int = 1) -> PathMeasure:
    measure = PathMeasure(OWN, HUB)
    for number in range(1, count + 1):
        measure.begin(number, 10.0 * number)
    for message in messages:
        measure.take(message, 10.0 * count + 1.5)
    return measure


def test_an_answer_gives_round_trip_signal_and_hops() -> None:
    told = measured(routing(HUB, 1, rx_rssi=-97, rx_snr=-4.25, hop_start=2, hop_limit=2)).as_json()
    assert told["round_trip_ms"] == {"min": 1500.0, "median": 1500.0, "max": 1500.0}
    assert told["signal"] == {"rssi_dbm": -97, "snr_db": -4.25}
    assert (told["loss"], told["hops"]) == (0.0, {"there": 0, "back": 0})


def test_a_relay_or_a_third_radio_is_no_answer() -> None:
    measure = measured(routing(OWN, 1), routing(RELAY, 1))
    assert (measure.relayed, measure.answered) == (1, [])
    assert measure.pings[0].error is None, "the destination may still answer"


def test_an_answer_after_the_radio_gave_up_counts() -> None:
    measure = measured(routing(OWN, 1, MAX_RETRANSMIT), routing(HUB, 1), count=2)
    told = measure.as_json()
    assert (told["acknowledged"], told["late"], told["errors"]) == (1, 1, [])
    assert measure.pings[0].round_trip_ms == 11_500.0
    assert "late" in measure.picture()


def test_a_second_copy_of_an_answer_changes_nothing() -> None:
    measure = measured(routing(HUB, 1, rx_rssi=-97), routing(HUB, 1, rx_rssi=-20), routing(OWN, 1, 5))
    assert (measure.pings[0].rssi_dbm, measure.pings[0].error) == (-97, None)


def test_what_other_packets_say_is_left_alone() -> None:
    measure = measured(routing(HUB, 77), mesh_pb2.FromRadio(rebooted=True))
    assert measure.as_json()["acknowledged"] == 0


def test_old_firmware_leaves_the_hops_unknown() -> None:
    measure = measured(routing(HUB, 1, hop_limit=2))
    assert measure.as_json()["hops"] == {"there": None, "back": None}
    assert "-----?------> !4b4e0002  relays unknown" in measure.picture()


def test_the_picture_shows_bars_both_ways_and_what_was_lost() -> None:
    measure = PathMeasure(OWN, HUB)
    for number in (1, 2, 3):
        measure.begin(number, 0.0)
    measure.take(routing(HUB, 1, rx_rssi=-97, rx_snr=-4.5, hop_start=3, hop_limit=1), 0.8)
    measure.take(routing(HUB, 2, rx_rssi=-95, rx_snr=-3.5, hop_start=3, hop_limit=1), 1.6)
    measure.take(routing(OWN, 3, MAX_RETRANSMIT), 30.0)
    assert measure.picture().splitlines() == [
        "   1 ####################                        800 ms  -97 dBm  -4.5 dB",
        "   2 ########################################   1600 ms  -95 dBm  -3.5 dB",
        "   3 x                                        no answer (MAX_RETRANSMIT)",
        "",
        "!4b4e0001 ----o--.----> !4b4e0002  over one relay or more",
        "!4b4e0001 <----o--o---- !4b4e0002  over 2 relays, last relay, -96 dBm, SNR -4 dB",
        "1 of 3 lost; answered in 800 / 1200 / 1600 ms (min / median / max)",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_without_any_answer_there_is_no_path_to_draw(count: int) -> None:
    measure = measured(count=count)
    for ping in measure.pings:
        ping.error = "TIMEOUT"
    assert ">" not in measure.picture()
    assert measure.picture().endswith(f"{count} of {count} lost")
    assert measure.as_json()["loss"] == 1.0
