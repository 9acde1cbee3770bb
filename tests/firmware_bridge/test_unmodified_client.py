"""The unmodified PyPI `meshtastic` client must take the emulated devices for real ones."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from meshtastic.tcp_interface import TCPInterface
from pubsub import pub
from running_emulator import RunningEmulator

from firmware_bridge.emulator import EmulatorSettings

StartEmulator = Callable[..., RunningEmulator]
Packets = queue.Queue[tuple[Any, dict[str, Any]]]

PATIENCE_S = 10.0
MAX_RETRANSMIT, TOO_LARGE = "MAX_RETRANSMIT", "TOO_LARGE"


@pytest.fixture
def packets() -> Iterator[Packets]:
    received: Packets = queue.Queue()

    def take(packet: dict[str, Any], interface: Any) -> None:
        received.put((interface, packet))

    pub.subscribe(take, "meshtastic.receive")
    yield received
    pub.unsubscribe(take, "meshtastic.receive")


@pytest.fixture
def connect() -> Iterator[Callable[[RunningEmulator, int], TCPInterface]]:
    clients: list[TCPInterface] = []

    def open_client(emulator: RunningEmulator, index: int) -> TCPInterface:
        clients.append(TCPInterface("127.0.0.1", portNumber=emulator.tcp_port(index), timeout=10))
        return clients[-1]

    yield open_client
    for client in clients:
        client.close()


def next_packet(packets: Packets, port: str) -> tuple[Any, dict[str, Any]]:
    """Return the next packet on a port; others stay, since two clients' threads publish in any order."""
    others = []
    try:
        while True:
            interface, packet = packets.get(timeout=PATIENCE_S)
            if str(packet["decoded"]["portnum"]) == port:
                return interface, packet
            others.append((interface, packet))
    finally:
        for other in others:
            packets.put(other)


def test_it_connects_and_reads_the_configuration(
    start_emulator: StartEmulator, connect: Callable[[RunningEmulator, int], TCPInterface]
) -> None:
    emulator = start_emulator()
    client = connect(emulator, 0)
    assert client.myInfo.my_node_num == emulator.numbers[0]
    assert {node["num"] for node in client.nodes.values()} == set(emulator.numbers)
    assert client.localNode.getChannelByName("serial").index == 1
    assert client.localNode.localConfig.lora.modem_preset == 0
    assert client.metadata.hasPKC


@pytest.mark.parametrize(("channel", "size"), [(1, 231), (0, 219)])
def test_it_sends_receives_and_sees_the_acknowledgement(
    start_emulator: StartEmulator,
    connect: Callable[[RunningEmulator, int], TCPInterface],
    packets: Packets,
    channel: int,
    size: int,
) -> None:
    emulator = start_emulator()
    a, b = connect(emulator, 0), connect(emulator, 1)
    payload = bytes(range(size))
    sent = a.sendData(payload, emulator.numbers[1], portNum=300, wantAck=True, channelIndex=channel)
    interface, packet = next_packet(packets, "300")
    assert interface is b
    assert packet["decoded"]["payload"] == payload
    assert packet["from"] == emulator.numbers[0]
    interface, ack = next_packet(packets, "ROUTING_APP")
    assert interface is a
    assert ack["decoded"]["requestId"] == sent.id
    assert ack["decoded"]["routing"]["errorReason"] == "NONE"
    assert ack["from"] == emulator.numbers[1]


def test_it_is_told_that_a_payload_is_too_large(
    start_emulator: StartEmulator, connect: Callable[[RunningEmulator, int], TCPInterface], packets: Packets
) -> None:
    emulator = start_emulator()
    client = connect(emulator, 0)
    # The client itself lets 233 bytes pass, which never fit on a private port.
    client.sendData(bytes(233), emulator.numbers[1], portNum=300, wantAck=True, channelIndex=1)
    _, nak = next_packet(packets, "ROUTING_APP")
    assert nak["decoded"]["routing"]["errorReason"] == TOO_LARGE
    assert nak["from"] == emulator.numbers[0]


def test_it_is_told_that_nobody_answered(
    start_emulator: StartEmulator, connect: Callable[[RunningEmulator, int], TCPInterface], packets: Packets
) -> None:
    emulator = start_emulator(EmulatorSettings(seed=1, loss=1.0))
    client = connect(emulator, 0)
    client.sendData(b"x", emulator.numbers[1], portNum=300, wantAck=True, channelIndex=1)
    _, nak = next_packet(packets, "ROUTING_APP")
    assert nak["decoded"]["routing"]["errorReason"] == MAX_RETRANSMIT
    assert nak["from"] == emulator.numbers[0]
    assert emulator.emulator.totals()["frames_sent"] == 3


def test_packets_arrive_once_each_in_order(
    start_emulator: StartEmulator, connect: Callable[[RunningEmulator, int], TCPInterface], packets: Packets
) -> None:
    emulator = start_emulator()
    a, _b = connect(emulator, 0), connect(emulator, 1)
    # No more than the device's queue holds: this client trusts late reports and overruns it when in a burst.
    for number in range(16):
        a.sendData(bytes([number]) * 200, emulator.numbers[1], portNum=300, channelIndex=1)
    assert [next_packet(packets, "300")[1]["decoded"]["payload"][0] for _ in range(16)] == list(range(16))


def test_it_sets_the_owner_and_finds_it_after_the_reboot(
    start_emulator: StartEmulator, connect: Callable[[RunningEmulator, int], TCPInterface]
) -> None:
    emulator = start_emulator(speed=10)
    first = TCPInterface("127.0.0.1", portNumber=emulator.tcp_port(0), timeout=10)
    first.localNode.setOwner(long_name="Desa Sukamaju", short_name="DSKM")
    # Closed before the device restarts: the client's own way back leaks a socket, which fails a test here.
    first.close()
    device = emulator.emulator.devices[0]
    while device.settings.reboot_count < 2:
        time.sleep(0.01)
    assert connect(emulator, 0).getLongName() == "Desa Sukamaju"


# A process of its own: the client takes a serial line byte by byte, and a worker's other threads slow it.
_OVER_SERIAL = """
import json, queue, sys
from meshtastic.protobuf import mesh_pb2
from meshtastic.serial_interface import SerialInterface
from pubsub import pub

def take(packet, interface):
    if packet["decoded"]["portnum"] == "ROUTING_APP":
        heard.put(packet)

heard = queue.Queue()
pub.subscribe(take, "meshtastic.receive")
client = SerialInterface(sys.argv[1], timeout=10)
sent = client.sendData(b"over serial", int(sys.argv[2]), portNum=300, wantAck=True, channelIndex=1)
ack = heard.get(timeout=30)["decoded"]
reason = mesh_pb2.Routing.FromString(ack["payload"]).error_reason
print(json.dumps([client.myInfo.my_node_num, ack["requestId"] == sent.id, reason]))
client.close()
"""


def test_it_talks_over_a_serial_port_too(start_emulator: StartEmulator, tmp_path: Path) -> None:
    path = tmp_path / "ttyRADIO"
    emulator = start_emulator(pty_paths=(path,))
    command = [sys.executable, "-c", _OVER_SERIAL, str(path), str(emulator.numbers[1])]
    client = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert client.returncode == 0, client.stderr
    assert json.loads(client.stdout) == [emulator.numbers[0], True, 0]
