"""A radio unplugged, rebooted, cut off or silent is noticed and taken back, and nothing else suffers."""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from awkward_devices import CuttableLine, ScriptedDevice, frame, heard, small_configuration
from running_emulator import RawClient, RunningEmulator

from firmware_bridge.emulator import EmulatorSettings
from firmware_bridge.meshtastic_protobufs import mesh_pb2
from firmware_bridge.meshtastic_radio import MeshtasticRadio
from firmware_bridge.radio_session import RadioSettings
from firmware_bridge.serial_ports import SerialSearch
from firmware_bridge.supervisor import BackOff
from sync.carriers.base import BROADCAST

StartEmulator = Callable[..., RunningEmulator]
OpenRadio = Callable[..., MeshtasticRadio]
PATIENCE_S = 10.0
QUICK = BackOff(first_s=0.01, longest_s=0.05)


@pytest.fixture
def open_radio() -> Iterator[OpenRadio]:
    radios: list[MeshtasticRadio] = []

    def start(url: str, settings: RadioSettings | None = None) -> MeshtasticRadio:
        radios.append(MeshtasticRadio(url, settings, back_off=QUICK))
        return radios[-1]

    yield start
    for radio in radios:
        radio.close()


@pytest.fixture
def scripted() -> Iterator[Callable[..., ScriptedDevice]]:
    devices: list[ScriptedDevice] = []

    def start(answer: Callable[[mesh_pb2.ToRadio], bytes]) -> ScriptedDevice:
        devices.append(ScriptedDevice(answer))
        return devices[-1]

    yield start
    for device in devices:
        device.close()


def wait_until(is_so: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.005)


def wait_connected(*radios: MeshtasticRadio) -> None:
    wait_until(lambda: all(radio.state().connected for radio in radios), "connected")


def configured(to_radio: mesh_pb2.ToRadio, **options: object) -> bytes:
    """Answer like a small, healthy device."""
    if to_radio.want_config_id:
        return small_configuration(77, to_radio.want_config_id, **options)  # type: ignore[arg-type]
    if to_radio.HasField("heartbeat"):
        return frame(queueStatus=mesh_pb2.QueueStatus(free=16, maxlen=16))
    if to_radio.HasField("packet"):
        status = mesh_pb2.QueueStatus(free=16, maxlen=16, mesh_packet_id=to_radio.packet.id)
        return frame(queueStatus=status)
    return b""


def assert_carries(a: MeshtasticRadio, b: MeshtasticRadio, payload: bytes) -> None:
    number = b.state().own_number
    assert number is not None
    wait_until(lambda: a.send(payload, number), "accepted")
    got = b.receive(PATIENCE_S)
    assert got is not None
    assert got.payload == payload


# Taken back


def test_a_radio_that_reboots_is_taken_back(start_emulator: StartEmulator, open_radio: OpenRadio) -> None:
    emulator = start_emulator()
    a, b = open_radio(emulator.urls[0]), open_radio(emulator.urls[1])
    wait_connected(a, b)
    assert_carries(a, b, b"before")
    device = emulator.emulator.devices[0]
    emulator.emulator.timers.at(emulator.server.now(), lambda now: device.reboot(now, takes_s=60.0))
    a.send(b"wakes the emulator", emulator.numbers[1])
    wait_until(lambda: not a.state().connected, "noticed")
    assert not a.send(b"while away", emulator.numbers[1])
    wait_connected(a)
    assert device.settings.reboot_count == 2
    while b.receive(0.05) is not None:
        pass
    assert_carries(a, b, b"after")


@pytest.mark.parametrize("cut_after", [1, 3, 5, 40, 300])
def test_a_link_cut_while_the_configuration_comes_is_taken_back(
    start_emulator: StartEmulator, open_radio: OpenRadio, cut_after: int
) -> None:
    emulator = start_emulator()
    line = CuttableLine(emulator.tcp_port(0))
    line.cut_after(cut_after)
    a, b = open_radio(f"tcp://127.0.0.1:{line.port}"), open_radio(emulator.urls[1])
    try:
        wait_connected(a, b)
        assert line.connections >= 2
        assert_carries(a, b, b"after the cut")
        assert_carries(b, a, b"and back")
    finally:
        a.close()
        line.close()


def test_a_link_cut_in_the_middle_of_a_payload_is_taken_back(
    start_emulator: StartEmulator, open_radio: OpenRadio
) -> None:
    emulator = start_emulator()
    line = CuttableLine(emulator.tcp_port(0))
    a, b = open_radio(f"tcp://127.0.0.1:{line.port}"), open_radio(emulator.urls[1])
    try:
        wait_connected(a, b)
        for cut_after in (2, 20, 120):
            line.cut_after(cut_after)
            before = line.connections
            b.send(b"x" * 200, emulator.numbers[0])
            wait_until(lambda before=before: line.connections > before, "connected again")  # type: ignore[misc]
            wait_connected(a)
            assert a.receive(0.05) is None, "half a payload is none"
            assert_carries(b, a, b"whole")
    finally:
        a.close()
        line.close()


def test_a_second_client_that_leaves_gives_the_radio_back(
    start_emulator: StartEmulator, open_radio: OpenRadio, raw_client: Callable[[int], RawClient]
) -> None:
    emulator = start_emulator()
    a, b = open_radio(emulator.urls[0]), open_radio(emulator.urls[1])
    wait_connected(a, b)
    second = raw_client(emulator.tcp_port(0))
    wait_until(lambda: second.next() is None, "the second is put out in turn")
    wait_connected(a)
    assert_carries(a, b, b"mine again")


def test_a_second_client_is_named_and_not_thrown_out_all_the_time(
    start_emulator: StartEmulator, raw_client: Callable[[int], RawClient]
) -> None:
    emulator = start_emulator()
    radio = MeshtasticRadio(emulator.urls[0], back_off=BackOff(first_s=0.5), random=Random(1))
    try:
        wait_connected(radio)
        raw_client(emulator.tcp_port(0))
        wait_until(lambda: "another program has taken it over" in (radio.state().problem or ""), "told")
        assert not radio.send(b"x", emulator.numbers[1])
        wait_connected(radio)
    finally:
        radio.close()
    pauses = [BackOff().pause_s(failures, Random(1)) for failures in range(8)]
    assert pauses == sorted(pauses)
    assert pauses[-1] > 10


def test_a_radio_that_accepts_and_never_answers_is_given_up_and_tried_again(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    is_dumb = threading.Event()
    device = scripted(lambda to_radio: configured(to_radio) if is_dumb.is_set() else b"")
    radio = open_radio(f"tcp://127.0.0.1:{device.port}", RadioSettings(answer_within_s=0.1))
    wait_until(lambda: device.connections >= 2, "a second attempt")
    state = radio.state()
    assert not state.connected
    assert state.problem
    assert not radio.send(b"x", 5)
    is_dumb.set()
    wait_connected(radio)


def test_a_radio_that_falls_silent_is_noticed(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    is_frozen = threading.Event()
    device = scripted(lambda to_radio: b"" if is_frozen.is_set() else configured(to_radio))
    settings = RadioSettings(answer_within_s=0.15, heartbeat_every_s=0.05)
    radio = open_radio(f"tcp://127.0.0.1:{device.port}", settings)
    wait_connected(radio)
    time.sleep(0.4)
    assert device.connections == 1, "answered heartbeats keep the connection"
    is_frozen.set()
    wait_until(lambda: not radio.state().connected, "noticed")
    is_frozen.clear()
    wait_connected(radio)
    assert device.connections >= 2


def test_a_serial_radio_that_restarts_under_us_is_asked_again(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    questions = []

    def answer(to_radio: mesh_pb2.ToRadio) -> bytes:
        if to_radio.want_config_id:
            questions.append(to_radio.want_config_id)
        return configured(to_radio)

    device = scripted(answer)
    radio = open_radio(f"tcp://127.0.0.1:{device.port}")
    wait_connected(radio)
    device.write(b"INFO | boot\n" + frame(rebooted=True))
    wait_until(lambda: len(questions) == 2, "asked again")
    wait_until(lambda: radio.send(b"x", 5) and device.packets, "sends again")
    assert device.connections == 1


def test_a_refused_port_says_what_to_do_and_is_tried_for_ever(
    start_emulator: StartEmulator, open_radio: OpenRadio
) -> None:
    first = start_emulator()
    port = first.tcp_port(0)
    first.stop()
    radio = open_radio(f"tcp://127.0.0.1:{port}")
    wait_until(lambda: "nothing listens" in (radio.state().problem or ""), "a problem text")
    assert "switch the radio on" in str(radio.state().problem)
    assert "\n" not in str(radio.state().problem)
    late = ScriptedDevice(configured, port)
    try:
        wait_connected(radio)
    finally:
        late.close()


# Serial


def test_a_serial_port_carries_both_ways(
    start_emulator: StartEmulator, open_radio: OpenRadio, tmp_path: Path
) -> None:
    path = tmp_path / "ttyRADIO"
    emulator = start_emulator(pty_paths=(path,))
    a, b = open_radio(f"serial:{path}"), open_radio(emulator.urls[1])
    wait_connected(a, b)
    assert_carries(a, b, bytes(range(231)))
    assert_carries(b, a, bytes(range(231)))


def test_a_serial_port_cut_in_mid_frame_is_flushed(
    start_emulator: StartEmulator, open_radio: OpenRadio, tmp_path: Path
) -> None:
    path = tmp_path / "ttyRADIO"
    emulator = start_emulator(pty_paths=(path,))
    # The last client died in the middle of a frame: the device still waits for 400 bytes of it.
    with path.open("wb", buffering=0) as port:
        port.write(b"\x94\xc3\x01\xf4" + b"x" * 100)
    started = time.monotonic()
    radio = open_radio(f"serial:{path}", RadioSettings(answer_within_s=3.0))
    wait_connected(radio)
    assert radio.state().own_number == emulator.numbers[0]
    assert time.monotonic() - started < 2.9, "the second question is heard; no second connection is needed"


def test_a_serial_port_that_is_unplugged_and_plugged_in_again(
    start_emulator: StartEmulator, open_radio: OpenRadio, tmp_path: Path
) -> None:
    path = tmp_path / "ttyRADIO"
    first = start_emulator(pty_paths=(path,))
    radio = open_radio(f"serial:{path}")
    wait_connected(radio)
    first.stop()
    wait_until(lambda: "no serial port" in (radio.state().problem or ""), "noticed")
    assert "plug the radio in" in str(radio.state().problem)
    start_emulator(pty_paths=(path,))
    wait_connected(radio)


@pytest.mark.parametrize("wanted", ["ttyUSB0", "by-id/*RAK*"])
def test_a_serial_radio_that_comes_back_under_another_name_is_taken_back(
    start_emulator: StartEmulator, tmp_path: Path, wanted: str
) -> None:
    (tmp_path / "by-id").mkdir()
    link = tmp_path / "by-id" / "usb-RAK4631_0001-if00"
    link.symlink_to(tmp_path / "ttyUSB0")
    first = start_emulator(pty_paths=(tmp_path / "ttyUSB0",))
    search = SerialSearch(tmp_path / "by-id")
    radio = MeshtasticRadio(f"serial:{tmp_path / wanted}", back_off=QUICK, search=search)
    try:
        wait_connected(radio)
        first.stop()
        link.unlink()
        wait_until(lambda: "plug the radio in" in (radio.state().problem or ""), "noticed")
        assert not radio.send(b"nobody there", first.numbers[1])
        again = start_emulator(pty_paths=(tmp_path / "ttyUSB1",))
        link.symlink_to(tmp_path / "ttyUSB1")
        wait_connected(radio)
        with_b = MeshtasticRadio(again.urls[1], back_off=QUICK)
        try:
            wait_connected(with_b)
            assert_carries(radio, with_b, b"under another name")
        finally:
            with_b.close()
    finally:
        radio.close()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "plug the radio in"),
        (lambda path: path.write_bytes(b""), "is no serial port"),
    ],
)
def test_a_bad_serial_path_says_what_to_do(
    open_radio: OpenRadio, tmp_path: Path, make: Callable[[Path], object], words: str
) -> None:
    make(tmp_path / "port")
    radio = open_radio(f"serial:{tmp_path / 'port'}")
    wait_until(lambda: words in (radio.state().problem or ""), words)


def test_two_programs_cannot_share_a_serial_port(
    start_emulator: StartEmulator, open_radio: OpenRadio, tmp_path: Path
) -> None:
    path = tmp_path / "ttyRADIO"
    start_emulator(pty_paths=(path,))
    wait_connected(open_radio(f"serial:{path}"))
    second = open_radio(f"serial:{path}")
    wait_until(lambda: "used by another program" in (second.state().problem or ""), "told")


def test_permission_is_explained(monkeypatch: pytest.MonkeyPatch, open_radio: OpenRadio) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("firmware_bridge.radio_port._keep_dtr_on_close", refuse)
    radio = open_radio("serial:/dev/ttyUSB0")
    wait_until(lambda: "group dialout" in (radio.state().problem or ""), "told")


@pytest.mark.parametrize("url", ["", "serial:", "tcp://", "udp://host:1", "/dev/ttyUSB0", "tcp://h:99999"])
def test_a_bad_url_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="write tcp://HOST:PORT or serial:PATH"):
        MeshtasticRadio(url)


# What is understood


def test_log_text_between_frames_is_no_obstacle_and_is_not_logged(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    device = scripted(lambda to_radio: b"DEBUG | log text\r\n" + configured(to_radio) + b"more \x94 text\n")
    radio = open_radio(f"tcp://127.0.0.1:{device.port}")
    wait_connected(radio)
    signal: dict[str, Any] = {"rx_rssi": -90, "rx_snr": 5.0, "hop_start": 3, "hop_limit": 3}
    device.write(b"INFO | secret words\n" + heard(9, b"first", **signal)[:-30])
    device.write(heard(9, b"second") + b"INFO | secret words\n" + heard(9, b"third"))
    assert [got.payload for got in (radio.receive(5), radio.receive(5)) if got] == [b"second", b"third"]
    assert "secret" not in caplog.text


def test_payloads_never_reach_the_log(
    start_emulator: StartEmulator, open_radio: OpenRadio, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    emulator = start_emulator()
    a, b = open_radio(emulator.urls[0]), open_radio(emulator.urls[1])
    wait_connected(a, b)
    assert_carries(a, b, b"a sealed secret")
    a.close()
    assert "radio" in caplog.text
    assert "secret" not in caplog.text
    assert b"a sealed secret".hex() not in caplog.text


def test_only_our_port_is_delivered_and_signal_and_hops_come_along(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    device = scripted(configured)
    radio = open_radio(f"tcp://127.0.0.1:{device.port}")
    wait_connected(radio)
    device.write(heard(9, b"text", port=1) + heard(9, b"telemetry", port=67) + heard(77, b"own echo"))
    device.write(frame(packet=mesh_pb2.MeshPacket(**{"from": 9}, encrypted=b"cannot be read")))
    device.write(heard(9, b"far", rx_rssi=-120, rx_snr=-7.5, hop_start=3, hop_limit=1))
    device.write(heard(9, b"old firmware", hop_limit=3))
    first, second = radio.receive(5), radio.receive(5)
    assert first is not None
    assert (first.payload, first.source, first.hops) == (b"far", 9, 2)
    assert (first.rssi_dbm, first.snr_db) == (-120.0, -7.5)
    assert second is not None
    assert (second.payload, second.hops, second.rssi_dbm) == (b"old firmware", None, None)
    assert radio.receive(0.05) is None


def test_packets_go_out_as_configured_each_with_an_id_of_its_own(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    device = scripted(configured)
    settings = RadioSettings(port_number=301, hop_limit=5, want_ack=False)
    radio = open_radio(f"tcp://127.0.0.1:{device.port}", settings)
    wait_connected(radio)
    for _ in range(4):
        assert radio.send(b"same", 9)
    wait_until(lambda: len(device.packets) == 4, "written")
    assert len({packet.id for packet in device.packets}) == 4
    packet = device.packets[0]
    assert (packet.to, packet.channel, packet.hop_limit, packet.want_ack) == (9, 2, 5, False)
    assert (packet.decoded.portnum, packet.decoded.payload) == (301, b"same")


def test_without_the_channel_the_primary_is_used_and_said(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    device = scripted(lambda to_radio: configured(to_radio, channel_name="other"))
    radio = open_radio(f"tcp://127.0.0.1:{device.port}")
    wait_connected(radio)
    assert "no channel named 'serial'" in str(radio.state().problem)
    assert radio.payload_limit() == 219, "the limit of packets encrypted by public key"
    assert not radio.send(bytes(220), 9)
    assert radio.send(bytes(219), 9)
    wait_until(lambda: device.packets, "written")
    assert device.packets[0].channel == 0


def test_without_a_region_nothing_is_accepted_and_it_is_said(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    device = scripted(lambda to_radio: configured(to_radio, region=0))
    radio = open_radio(f"tcp://127.0.0.1:{device.port}")
    wait_connected(radio)
    assert "no region" in str(radio.state().problem)
    assert not radio.send(b"x", 9)


def test_the_preset_is_read_from_the_radio(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    device = scripted(lambda to_radio: configured(to_radio, preset=6))
    radio = open_radio(f"tcp://127.0.0.1:{device.port}")
    wait_connected(radio)
    assert radio.airtime_ms(231) == pytest.approx(204, abs=1), "ShortFast"


# Pacing


def test_a_full_radio_is_not_pushed(scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio) -> None:
    free = 0

    def answer(to_radio: mesh_pb2.ToRadio) -> bytes:
        if to_radio.HasField("packet"):
            status = mesh_pb2.QueueStatus(free=free, maxlen=16, mesh_packet_id=to_radio.packet.id)
            return frame(queueStatus=status)
        if to_radio.HasField("heartbeat"):
            return frame(queueStatus=mesh_pb2.QueueStatus(free=free, maxlen=16))
        return configured(to_radio)

    device = scripted(answer)
    settings = RadioSettings(waiting_places=3, queue_question_every_s=0.02)
    radio = open_radio(f"tcp://127.0.0.1:{device.port}", settings)
    wait_connected(radio)
    assert radio.send(b"first", 9)
    wait_until(lambda: radio.state().queue_free == 0, "the report")
    assert [radio.send(b"more", 9) for _ in range(5)] == [True, True, True, False, False]
    time.sleep(0.2)
    assert len(device.packets) == 1
    free = 2
    # Nobody tells us that places have become free: the radio is asked.
    wait_until(lambda: len(device.packets) == 4, "the rest")


def test_a_radio_that_never_reports_its_queue_still_gets_packets(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firmware_bridge.queue_pacing.REPORT_LOST_S", 0.1)

    def answer(to_radio: mesh_pb2.ToRadio) -> bytes:
        if to_radio.HasField("heartbeat"):
            return frame(log_record=mesh_pb2.LogRecord(message="alive"))
        return b"" if to_radio.HasField("packet") else configured(to_radio)

    device = scripted(answer)
    radio = open_radio(f"tcp://127.0.0.1:{device.port}", RadioSettings(queue_question_every_s=0.02))
    wait_connected(radio)
    for number in range(8):
        wait_until(lambda number=number: radio.send(bytes([number]), 9), "accepted")  # type: ignore[misc]
    wait_until(lambda: len(device.packets) == 8, "written in the end")


def test_lost_packets_and_lost_reports_do_not_stall_a_long_transfer(
    start_emulator: StartEmulator, open_radio: OpenRadio
) -> None:
    emulator = start_emulator(EmulatorSettings(seed=4, loss=0.2))
    a, b = open_radio(emulator.urls[0]), open_radio(emulator.urls[1])
    wait_connected(a, b)
    for number in range(100):
        wait_until(lambda number=number: a.send(bytes([number]) * 50, BROADCAST), "room")  # type: ignore[misc]
    got = 0
    while b.receive(0.5) is not None:
        got += 1
    assert 60 < got < 97


def test_payloads_that_were_not_sent_are_counted_over_all_connections(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    def refuse(to_radio: mesh_pb2.ToRadio) -> bytes:
        if to_radio.HasField("packet"):
            return frame(queueStatus=mesh_pb2.QueueStatus(res=7, free=9, mesh_packet_id=to_radio.packet.id))
        return configured(to_radio)

    device = scripted(refuse)
    radio = open_radio(f"tcp://127.0.0.1:{device.port}")
    wait_connected(radio)
    assert radio.state().payloads_dropped == 0
    assert radio.send(bytes(200), 9)
    wait_until(lambda: radio.state().payloads_dropped == 1, "counted")
    assert radio.payload_limit() == 199
    device.hang_up()
    wait_until(lambda: device.connections == 2, "connected again")
    wait_connected(radio)
    assert radio.state().payloads_dropped == 1
    radio.close()
    assert radio.state().payloads_dropped == 1


def test_closing_writes_what_was_accepted_and_says_goodbye(
    scripted: Callable[..., ScriptedDevice], open_radio: OpenRadio
) -> None:
    device = scripted(configured)
    radio = open_radio(f"tcp://127.0.0.1:{device.port}")
    wait_connected(radio)
    assert radio.send(b"last words", 9)
    radio.close()
    wait_until(lambda: device.packets and device.goodbyes, "the packet and the good-bye")
    assert not any(thread.name.startswith("radio ") for thread in threading.enumerate())
