"""One emulated device without sockets: what it measures and tells by itself."""

from __future__ import annotations

import pytest

from firmware_bridge.emulated_device import EmulatedDevice
from firmware_bridge.emulator import FIRST_NUMBER, Emulator, EmulatorSettings
from firmware_bridge.meshtastic_protobufs import mesh_pb2, telemetry_pb2

TELEMETRY_APP, BACKGROUND = 67, 10
FULL_PACKET_S, ACKNOWLEDGEMENT_S = 2.16, 0.45
START_S = 500.0


def client_of(emulator: Emulator, index: int) -> EmulatedDevice:
    device = emulator.devices[index]
    device.take(mesh_pb2.ToRadio(want_config_id=69420).SerializeToString(), START_S)
    pull_all(device)
    return device


def pull_all(device: EmulatedDevice) -> list[mesh_pb2.FromRadio]:
    messages = []
    while (encoded := device.client.pull()) is not None:
        messages.append(mesh_pb2.FromRadio())
        messages[-1].ParseFromString(encoded)
    return messages


def measures(messages: list[mesh_pb2.FromRadio]) -> list[telemetry_pb2.DeviceMetrics]:
    found = []
    for message in messages:
        if message.packet.decoded.portnum == TELEMETRY_APP:
            telemetry = telemetry_pb2.Telemetry()
            telemetry.ParseFromString(message.packet.decoded.payload)
            found.append(telemetry.device_metrics)
    return found


def test_a_device_tells_its_client_every_minute_what_it_measured_on_the_air() -> None:
    emulator = Emulator(EmulatorSettings(seed=1))
    emulator.advance(START_S)
    a, b = client_of(emulator, 0), client_of(emulator, 1)
    data = mesh_pb2.Data(portnum=300, payload=bytes(231))
    packet = mesh_pb2.MeshPacket(to=b.number, id=1, channel=1, hop_limit=3, want_ack=True, decoded=data)
    a.take(mesh_pb2.ToRadio(packet=packet).SerializeToString(), START_S)
    emulator.advance(START_S + 59)
    assert measures(pull_all(b)) == []
    emulator.advance(START_S + 61)
    messages = pull_all(b)
    (told,) = measures(messages)
    assert told.channel_utilization == pytest.approx(100 * (FULL_PACKET_S + ACKNOWLEDGEMENT_S) / 60, abs=0.05)
    assert told.air_util_tx == pytest.approx(100 * ACKNOWLEDGEMENT_S / 3600, abs=0.001), "its own ack alone"
    assert (told.battery_level, told.uptime_seconds) == (101, 60)
    assert (getattr(messages[-1].packet, "from"), messages[-1].packet.priority) == (b.number, BACKGROUND)
    assert emulator.totals()["frames_sent"] == 2, "telemetry for the client is not sent on the air"
    emulator.advance(START_S + 121)
    assert measures(pull_all(b))[0].channel_utilization == 0.0


def test_the_measure_stands_in_the_download_too() -> None:
    emulator = Emulator(EmulatorSettings(seed=1))
    emulator.advance(START_S)
    device = emulator.devices[0]

    def own_entry() -> mesh_pb2.NodeInfo:
        device.take(mesh_pb2.ToRadio(want_config_id=7).SerializeToString(), START_S)
        return next(m.node_info for m in pull_all(device) if m.node_info.num == FIRST_NUMBER)

    assert not own_entry().HasField("device_metrics")
    emulator.advance(START_S + 61)
    assert own_entry().device_metrics.channel_utilization == 0.0
    assert own_entry().device_metrics.uptime_seconds == 60


def test_no_telemetry_piles_up_while_packets_wait_for_a_client() -> None:
    emulator = Emulator(EmulatorSettings(seed=1))
    emulator.advance(START_S)
    emulator.advance(START_S + 3600)
    client_of(emulator, 0)
    emulator.advance(START_S + 7200)
    assert len(measures(pull_all(emulator.devices[0]))) == 1
