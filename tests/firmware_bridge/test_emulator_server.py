"""The emulated devices over TCP, against what real firmware was seen to do."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from running_emulator import RawClient, RunningEmulator

from firmware_bridge.emulated_settings import CONFIG_ORDER, MODULE_ORDER
from firmware_bridge.emulator import Emulator, EmulatorSettings
from firmware_bridge.emulator_server import EmulatorServer
from firmware_bridge.meshtastic_protobufs import admin_pb2, mesh_pb2, portnums_pb2
from firmware_bridge.stream_framing import encode_frame
from sync.carriers.base import BROADCAST
from sync.carriers.simulated import CopyFaults
from sync.clock import SystemClock

StartEmulator = Callable[..., RunningEmulator]
Connect = Callable[[int], RawClient]

NONE, MAX_RETRANSMIT, NO_CHANNEL, TOO_LARGE, DUTY_CYCLE = 0, 5, 6, 7, 9
RADIO_OFF, NO_PUBLIC_KEY = 34, 39


def pair(emulator: RunningEmulator, connect: Connect) -> tuple[RawClient, RawClient]:
    clients = connect(emulator.tcp_port(0)), connect(emulator.tcp_port(1))
    for client in clients:
        client.download()
    return clients


def is_payload(message: mesh_pb2.FromRadio) -> bool:
    return bool(message.packet.decoded.portnum == 300)


def admin(client: RawClient, number: int, packet_id: int, message: admin_pb2.AdminMessage) -> None:
    client.send(number, message.SerializeToString(), id=packet_id, channel=0, portnum=6, want_ack=True)


def test_nothing_is_said_before_the_configuration_is_asked_for(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    client = raw_client(start_emulator().tcp_port(0))
    beat = mesh_pb2.ToRadio()
    beat.heartbeat.SetInParent()
    client.write(beat)
    client.connection.settimeout(0.2)
    with pytest.raises(TimeoutError):
        client.next()


def test_the_download_comes_in_the_firmwares_order(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    client = raw_client(start_emulator(EmulatorSettings(devices=3, seed=1)).tcp_port(0))
    kinds = [message.WhichOneof("payload_variant") for message in client.download(nonce=99)]
    assert kinds[:4] == ["my_info", "deviceuiConfig", "node_info", "metadata"]
    assert kinds[4:12] == ["channel"] * 8
    assert kinds[12 : 12 + len(CONFIG_ORDER)] == ["config"] * 10
    rest = kinds[12 + len(CONFIG_ORDER) :]
    assert rest == ["moduleConfig"] * (len(MODULE_ORDER) + 3) + ["node_info"] * 2 + [
        "fileInfo",
        "config_complete_id",
    ]


def test_sections_come_in_order_and_none_is_left_out(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    messages = raw_client(start_emulator().tcp_port(0)).download()
    sections = [m.config.WhichOneof("payload_variant") for m in messages if m.HasField("config")]
    modules = [m.moduleConfig.WhichOneof("payload_variant") for m in messages if m.HasField("moduleConfig")]
    assert tuple(sections) == CONFIG_ORDER
    assert tuple(modules) == (*MODULE_ORDER, None, None, None)


@pytest.mark.parametrize(("nonce", "nodes", "others"), [(69420, 1, True), (69421, 2, False)])
def test_two_nonces_ask_for_a_part(
    start_emulator: StartEmulator, raw_client: Connect, nonce: int, nodes: int, others: bool
) -> None:
    messages = raw_client(start_emulator().tcp_port(0)).download(nonce)
    kinds = [message.WhichOneof("payload_variant") for message in messages]
    assert kinds.count("node_info") == nodes
    assert ("config" in kinds) == others


@pytest.mark.parametrize("size", [0, 1, 200, 231])
def test_a_direct_packet_on_serial_arrives_and_is_acknowledged(
    start_emulator: StartEmulator, raw_client: Connect, size: int
) -> None:
    emulator = start_emulator()
    a, b = pair(emulator, raw_client)
    payload = os.urandom(size)
    packet_id = a.send(emulator.numbers[1], payload, want_ack=True)
    status = a.queue_status(packet_id)
    assert (status.res, status.maxlen) == (NONE, 16)
    packet = b.next_where(is_payload).packet
    assert packet.decoded.payload == payload
    assert getattr(packet, "from") == emulator.numbers[0]
    assert (packet.channel, packet.pki_encrypted, packet.rx_rssi) == (1, False, -60)
    assert (packet.hop_start, packet.hop_limit, packet.transport_mechanism) == (3, 3, 1)
    assert a.routing_error(packet_id) == (NONE, emulator.numbers[1])


@pytest.mark.parametrize("size", [20, 219])
def test_a_direct_packet_on_another_channel_goes_by_public_key(
    start_emulator: StartEmulator, raw_client: Connect, size: int
) -> None:
    emulator = start_emulator()
    a, b = pair(emulator, raw_client)
    a.send(emulator.numbers[1], bytes(size), channel=0, want_ack=True, id=77)
    packet = b.next_where(is_payload).packet
    assert packet.pki_encrypted
    assert len(packet.public_key) == 32
    assert a.routing_error(77) == (NONE, emulator.numbers[1])


@pytest.mark.parametrize(
    ("size", "fields", "error"),
    [
        (232, {"channel": 1}, TOO_LARGE),
        (220, {"channel": 0}, TOO_LARGE),
        (1, {"channel": 5}, NO_CHANNEL),
        (1, {"channel": 0, "to": 0x12345678}, NO_PUBLIC_KEY),
    ],
)
def test_what_cannot_be_sent_is_refused_by_the_radio_itself(
    start_emulator: StartEmulator, raw_client: Connect, size: int, fields: dict[str, int], error: int
) -> None:
    emulator = start_emulator()
    a, _ = pair(emulator, raw_client)
    packet_id = a.send(fields.pop("to", emulator.numbers[1]), bytes(size), **fields)
    assert a.queue_status(packet_id).res == error
    assert a.routing_error(packet_id) == (error, emulator.numbers[0])
    assert emulator.emulator.totals()["frames_sent"] == 0


def test_three_transmissions_then_a_nak_from_self(start_emulator: StartEmulator, raw_client: Connect) -> None:
    emulator = start_emulator(EmulatorSettings(seed=1, loss=1.0))
    a, _ = pair(emulator, raw_client)
    started_s = emulator.server.now()
    packet_id = a.send(emulator.numbers[1], bytes(20), want_ack=True)
    assert a.routing_error(packet_id) == (MAX_RETRANSMIT, emulator.numbers[0])
    assert emulator.emulator.totals()["frames_sent"] == 3
    # Real firmware took 26 s behind a backlog; without one, three intervals of some 7 s.
    assert 18 < emulator.server.now() - started_s < 30


def test_without_want_ack_a_lost_packet_is_sent_once(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator(EmulatorSettings(seed=1, loss=1.0))
    a, _ = pair(emulator, raw_client)
    a.send(emulator.numbers[1], bytes(20), want_ack=False, id=5)
    a.send(emulator.numbers[1], bytes(20), want_ack=True, id=6)
    a.routing_error(6)
    assert emulator.emulator.totals()["frames_sent"] == 4


def test_a_broadcast_is_acknowledged_by_the_own_node_when_relayed(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator()
    a, b = pair(emulator, raw_client)
    packet_id = a.send(BROADCAST, b"to all", want_ack=True)
    packet = b.next_where(is_payload).packet
    assert not packet.want_ack, "the bit is cleared on the air"
    assert a.routing_error(packet_id) == (NONE, emulator.numbers[0])


def test_a_chain_relays_and_acknowledges_end_to_end(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator(
        EmulatorSettings(devices=3, seed=3, hears=lambda receiver, sender: abs(receiver - sender) == 1)
    )
    a, c = raw_client(emulator.tcp_port(0)), raw_client(emulator.tcp_port(2))
    a.download()
    c.download()
    packet_id = a.send(emulator.numbers[2], b"far", want_ack=True)
    packet = c.next_where(is_payload).packet
    assert packet.hop_start - packet.hop_limit == 1
    # First the relay is overheard (from self), later the destination's own acknowledgement comes.
    assert a.routing_error(packet_id) == (NONE, emulator.numbers[0])
    assert a.routing_error(packet_id) == (NONE, emulator.numbers[2])


def test_a_repeated_packet_id_is_ignored_without_a_word(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator()
    a, b = pair(emulator, raw_client)
    for payload in (b"one", b"again", b"two"):
        a.send(emulator.numbers[1], payload, id=1 if payload != b"two" else 2)
    statuses = [a.next_where(lambda m: m.HasField("queueStatus")).queueStatus for _ in range(2)]
    assert [(status.mesh_packet_id, status.res) for status in statuses] == [(1, NONE), (2, NONE)]
    assert [b.next_where(is_payload).packet.decoded.payload for _ in range(2)] == [b"one", b"two"]


def test_a_burst_overruns_the_queue_and_loses_queue_status(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator(speed=20)
    a, b = pair(emulator, raw_client)
    burst = b"".join(
        encode_frame(
            mesh_pb2.ToRadio(
                packet=mesh_pb2.MeshPacket(
                    to=emulator.numbers[1],
                    id=number,
                    channel=1,
                    decoded=mesh_pb2.Data(portnum=300, payload=bytes([number])),
                )
            ).SerializeToString()
        )
        for number in range(1, 31)
    )
    a.connection.sendall(burst)
    statuses: list[mesh_pb2.QueueStatus] = []
    while not statuses or statuses[-1].mesh_packet_id != 0:
        statuses.append(a.next_where(lambda m: m.HasField("queueStatus")).queueStatus)
    assert statuses[0].res == 32
    assert (statuses[-1].res, statuses[-1].free) == (0, 1), "a place has become free"
    assert len(statuses) < 30
    assert [b.next_where(is_payload).packet.decoded.payload[0] for _ in range(16)] == list(range(1, 17))


def test_heartbeats_are_answered(start_emulator: StartEmulator, raw_client: Connect) -> None:
    a, _ = pair(start_emulator(), raw_client)
    beat = mesh_pb2.ToRadio()
    beat.heartbeat.SetInParent()
    a.write(beat)
    assert a.queue_status(0).free == 16


def test_a_second_client_takes_over(start_emulator: StartEmulator, raw_client: Connect) -> None:
    emulator = start_emulator()
    first = raw_client(emulator.tcp_port(0))
    first.download()
    second = raw_client(emulator.tcp_port(0))
    assert len(second.download()) > 40
    first.wait_for_end()


def test_disconnect_closes(start_emulator: StartEmulator, raw_client: Connect) -> None:
    a, _ = pair(start_emulator(), raw_client)
    a.write(mesh_pb2.ToRadio(disconnect=True))
    a.wait_for_end()


def test_a_client_that_falls_asleep_is_cut(
    start_emulator: StartEmulator, raw_client: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firmware_bridge.emulator_server.IDLE_CLOSE_S", 0.3)
    monkeypatch.setattr("firmware_bridge.emulator_server.LONGEST_WAIT_S", 0.02)
    client = raw_client(start_emulator().tcp_port(0))
    started = time.monotonic()
    client.download()
    client.wait_for_end()
    assert 0.25 < time.monotonic() - started < 5


def test_packets_wait_for_the_next_client(start_emulator: StartEmulator, raw_client: Connect) -> None:
    emulator = start_emulator()
    a = raw_client(emulator.tcp_port(0))
    a.download()
    for number in range(3):
        packet_id = a.send(emulator.numbers[1], bytes([number]), id=number + 1, want_ack=True)
        a.routing_error(packet_id)
    b = raw_client(emulator.tcp_port(1))
    messages = b.download()
    assert not any(is_payload(message) for message in messages), "live packets only after the download"
    assert [b.next_where(is_payload).packet.decoded.payload[0] for _ in range(3)] == [0, 1, 2]


def test_text_is_rate_limited_and_private_ports_are_not(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator(speed=10)  # the pause of 2 s takes 0.2 s, however busy this machine is
    a, b = pair(emulator, raw_client)
    for packet_id in (1, 2):
        a.send(emulator.numbers[1], b"text", id=packet_id, portnum=1)
        assert a.queue_status(packet_id).res == NONE
    a.send(emulator.numbers[1], b"end", id=3)
    texts = 0
    while (packet := b.next_where(lambda m: m.HasField("packet")).packet).decoded.portnum != 300:
        texts += packet.decoded.portnum == portnums_pb2.PortNum.TEXT_MESSAGE_APP
    assert texts == 1


def test_clients_get_copies_twice_and_late_but_acknowledgements_stay_exact(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator(EmulatorSettings(seed=1, faults=CopyFaults(duplicate=1.0, reorder=0.5)))
    a, b = pair(emulator, raw_client)
    for number in range(12):
        packet_id = a.send(emulator.numbers[1], bytes([number]), id=number + 1, want_ack=True)
        assert a.routing_error(packet_id) == (NONE, emulator.numbers[1])
    order = [b.next_where(is_payload).packet.decoded.payload[0] for _ in range(24)]
    assert sorted(order) == sorted(list(range(12)) * 2)
    assert order != sorted(order)
    totals = emulator.emulator.totals()
    assert totals["frames_duplicated"] == 12
    assert totals["frames_sent"] == 24, "the air itself carried each packet and each acknowledgement once"


def test_no_region_no_sound(start_emulator: StartEmulator, raw_client: Connect) -> None:
    emulator = start_emulator()
    a, _ = pair(emulator, raw_client)
    emulator.emulator.devices[0].settings.lora.region = 0
    packet_id = a.send(emulator.numbers[1], b"x")
    assert a.queue_status(packet_id).res == RADIO_OFF
    assert emulator.emulator.totals()["frames_sent"] == 0


def test_the_duty_cycle_of_a_region_is_kept(start_emulator: StartEmulator, raw_client: Connect) -> None:
    emulator = start_emulator(EmulatorSettings(seed=1, preset="LongSlow"), speed=20_000)
    a, _ = pair(emulator, raw_client)
    emulator.emulator.devices[0].settings.lora.region = 3
    for number in range(1, 40):
        a.send(emulator.numbers[1], bytes(231), id=number)
        if a.queue_status(number).res == DUTY_CYCLE:
            break
        time.sleep(0.001)  # 20 seconds of the air: longer than the packet takes
    else:
        pytest.fail("360 s of airtime in an hour must be the end")
    assert number > 20
    seen = [
        a.next_where(lambda m: m.HasField("clientNotification") or m.packet.decoded.request_id != 0)
        for _ in "12"
    ]
    assert seen[0].clientNotification.reply_id == number
    assert seen[1].packet.decoded.request_id == number


def test_malformed_and_oversize_frames_change_nothing(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator()
    a, b = pair(emulator, raw_client)
    a.connection.sendall(encode_frame(b"\xff" * 30) + b"\x94\xc3\x02\x58" + b"noise")
    a.send(emulator.numbers[1], b"after")
    assert b.next_where(is_payload).packet.decoded.payload == b"after"


def test_a_reboot_cuts_the_client_and_loses_the_queue(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator()
    a, _ = pair(emulator, raw_client)
    admin(a, emulator.numbers[0], 9, admin_pb2.AdminMessage(reboot_seconds=2))
    assert a.routing_error(9) == (NONE, emulator.numbers[0])
    a.wait_for_end()
    while True:
        try:
            again = raw_client(emulator.tcp_port(0))
            break
        except ConnectionRefusedError:  # it is still down
            time.sleep(0.002)
    messages = again.download()
    assert messages[0].my_info.my_node_num == emulator.numbers[0]
    assert messages[0].my_info.reboot_count == 2


def test_admin_reads_and_writes_settings(start_emulator: StartEmulator, raw_client: Connect) -> None:
    emulator = start_emulator()
    a, _ = pair(emulator, raw_client)
    number = emulator.numbers[0]
    set_owner = admin_pb2.AdminMessage()
    set_owner.set_owner.long_name = "Desa Sukamaju"
    admin(a, number, 1, set_owner)
    admin(a, number, 2, admin_pb2.AdminMessage(get_owner_request=True))
    reply = a.next_where(lambda m: m.packet.decoded.portnum == 6).packet.decoded
    answer = admin_pb2.AdminMessage()
    answer.ParseFromString(reply.payload)
    assert (answer.get_owner_response.long_name, reply.request_id) == ("Desa Sukamaju", 2)


def test_devices_tuned_apart_do_not_hear_each_other(
    start_emulator: StartEmulator, raw_client: Connect
) -> None:
    emulator = start_emulator()
    a, b = pair(emulator, raw_client)
    emulator.emulator.devices[0].tuning = emulator.emulator.devices[1].tuning
    lora = emulator.emulator.devices[1].settings.lora
    lora.channel_num += 1
    emulator.emulator.devices[1].tuning = emulator.emulator.devices[1].settings.tuning
    packet_id = a.send(emulator.numbers[1], b"x", want_ack=True)
    assert a.routing_error(packet_id)[0] == MAX_RETRANSMIT
    b.connection.settimeout(0.05)
    with pytest.raises(TimeoutError):
        b.next_where(is_payload)


def test_a_taken_address_is_an_error(start_emulator: StartEmulator) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        server = EmulatorServer(Emulator(EmulatorSettings(seed=1)), SystemClock())
        with pytest.raises(OSError, match=r"[Aa]ddress"):
            server.open("127.0.0.1", taken.getsockname()[1])
        server.close()


def test_the_pty_path_must_be_free(tmp_path: Path) -> None:
    (tmp_path / "radio").touch()
    server = EmulatorServer(Emulator(EmulatorSettings(seed=1)), SystemClock())
    with pytest.raises(FileExistsError):
        server.open("127.0.0.1", 0, (tmp_path / "radio",))
    server.close()
    assert (tmp_path / "radio").exists()
