"""What a radio refuses, loses or says wrongly, and what the bridge makes of it; without real time.

Each trouble and its test stand in a table in docs/architecture.md. Those of ports and lines are shown in
`test_meshtastic_radio.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from awkward_devices import frame, heard
from radio_bench import Bench, Plug

from firmware_bridge.emulator import EmulatorSettings
from firmware_bridge.meshtastic_protobufs import mesh_pb2, telemetry_pb2
from firmware_bridge.packet_results import Verdict
from firmware_bridge.radio_session import UTILISATION_STANDS_S, RadioSettings
from sync.airtime import payload_airtime_ms
from sync.carriers.base import BROADCAST

EU_868, CLIENT_NOTIFICATION = 3, "clientNotification"
WITH_ACK = RadioSettings(want_ack=True)


def pair(
    settings: EmulatorSettings | None = None, radio: RadioSettings | None = None
) -> tuple[Bench, Plug, Plug]:
    bench = Bench(settings)
    return bench, bench.plug(0, radio), bench.plug(1, radio)


def payloads(plug: Plug) -> list[bytes]:
    return [got.payload for got in plug.heard]


def routing(from_: int, request_id: int, error: int = 0) -> bytes:
    """Return an acknowledgement or NAK as the device hands it to its client."""
    data = mesh_pb2.Data(
        portnum=5, payload=mesh_pb2.Routing(error_reason=error).SerializeToString(), request_id=request_id
    )
    return frame(packet=mesh_pb2.MeshPacket(**{"from": from_}, decoded=data))


def fill_the_radio(plug: Plug, bench: Bench) -> None:
    """Let the device have 16 frames of its own to send, which it holds more urgent than ours."""
    for _ in range(16):
        bench.emulator.air.transmit(plug.number, bytes(40), 0x99, bench.now, frame_bytes=40, priority=127)


# Free places and queue status


def test_a_full_radio_gets_nothing_until_it_has_a_place() -> None:
    bench, a, b = pair()
    accepted = 0
    while a.send(bytes([accepted]) * 200, b.number):
        accepted += 1
        bench.run(0.0)
        assert accepted < 40
    bench.run(1.5)
    assert a.device.router.queue_free == 0
    written = len(a.packets)
    bench.run(0.5)
    assert (a.session.sending.free_places(bench.now), len(a.packets)) == (0, written)
    bench.run(120.0)
    assert payloads(b) == [bytes([number]) * 200 for number in range(accepted)]
    assert a.session.sending.dropped == 0


def test_lost_queue_status_stalls_nothing() -> None:
    bench, a, b = pair()
    a.lets_through = lambda message: not message.queueStatus.mesh_packet_id
    for number in range(30):
        bench.run_until(lambda number=number: a.send(bytes([number]), b.number), "room", 60.0)  # type: ignore[misc]
    bench.run(120.0)
    assert payloads(b) == [bytes([number]) for number in range(30)]


def test_what_a_full_radio_refuses_is_offered_again_under_a_new_id() -> None:
    bench, a, b = pair()
    a.send(b"so that the free places are known", b.number)
    bench.run(10.0)
    fill_the_radio(a, bench)
    for payload in (b"one", b"two"):
        assert a.send(payload, b.number)
    bench.run(0.0)
    assert payloads(b) == [b"so that the free places are known"]
    refused = [packet.id for packet in a.packets[1:]]
    assert [a.session.sending.verdict(packet_id) for packet_id in refused] == [Verdict.REFUSED] * len(refused)
    assert a.session.sending.free_places(bench.now) == 0
    assert not a.problem(), "a full queue passes by itself"
    bench.run(60.0)
    assert payloads(b)[1:] == [b"one", b"two"]
    assert len({packet.id for packet in a.packets}) == len(a.packets) > 3
    assert a.session.sending.dropped == 0


def test_a_radio_that_stays_full_is_asked_seldom_and_gets_no_payload_of_a_minute_ago() -> None:
    bench, a, _ = pair()

    def full(message: mesh_pb2.FromRadio) -> bool:
        packet_id = message.queueStatus.mesh_packet_id
        if packet_id:  # and it says that there is room
            a.inject(frame(queueStatus=mesh_pb2.QueueStatus(res=32, free=5, mesh_packet_id=packet_id)))
        return not packet_id

    a.lets_through = full
    assert a.send(b"old", 0x99)
    bench.run(50.0)
    assert (len(a.session.sending), a.session.sending.dropped) == (1, 0)
    bench.run(50.0)
    assert (len(a.session.sending), a.session.sending.dropped) == (0, 1)
    assert 5 < len(a.packets) < 70, "once a second, when it has said again that it has room"


def test_with_acknowledgements_the_radio_itself_repeats_what_found_no_place() -> None:
    bench, a, b = pair(radio=WITH_ACK)
    fill_the_radio(a, bench)
    assert a.send(b"once", b.number)
    bench.run(120.0)
    assert payloads(b) == [b"once"]
    assert len(a.packets) == 1, "offered again here as well, it would be sent twice"


# Refusals


def test_too_large_lowers_the_limit_and_is_told() -> None:
    bench, a, b = pair()
    # The bridge believes in the channel key, the device encrypts by public key: 219 bytes fit.
    a.session.configuration.channels[0].settings.name = "serial"
    a.session.configuration.channels[1].settings.name = "other"
    assert a.session.payload_limit() == 231
    assert a.send(bytes(231), b.number)
    bench.run(5.0)
    assert a.session.payload_limit() == 230
    assert "only 230 bytes" in a.problem()
    assert "radio setup" in a.problem()
    assert a.session.sending.dropped == 1
    while not payloads(b):
        assert a.send(bytes(a.session.payload_limit()), b.number)
        bench.run(5.0)
    assert [len(payload) for payload in payloads(b)] == [219]
    assert len(a.packets) == 231 - 219 + 1, "no payload was written twice"


def test_a_radio_without_duty_cycle_is_left_alone_until_it_may_send_again() -> None:
    bench, a, b = pair(EmulatorSettings(seed=1, preset="LongSlow"))
    a.device.settings.lora.region = EU_868

    def is_refused() -> bool:
        a.send(bytes(231), b.number)
        return bool(a.problem())

    bench.run_until(is_refused, "360 s of airtime used", 3600.0)
    assert "used up its duty cycle: it sends again in" in a.problem()
    state = a.session.sending
    assert state.is_silent(bench.now)
    assert state.free_places(bench.now) == 0, "so that the link keeps its frames"
    assert not a.send(b"now", b.number)
    assert len(state) == 0
    assert state.dropped > 0
    minutes = int(a.problem().rpartition(" in ")[2].split()[0])
    assert 5 < minutes <= 60, "as the radio's notice says"
    written, refused = len(a.packets), a.problem()
    bench.run(60.0 * (minutes - 1) - 1)
    assert a.problem() != refused, "the minutes count down"
    assert (len(a.packets), a.send(b"early", b.number)) == (written, False)

    # What the radio had taken before still used airtime, so it may refuse once more, and be left alone again.
    def has_arrived() -> bool:
        a.send(b"after the pause", b.number)
        return b"after the pause" in payloads(b)

    bench.run_until(has_arrived, "sending again", 3600.0)
    assert not a.problem()


@pytest.mark.parametrize("lost", ["queueStatus", CLIENT_NOTIFICATION, "packet"])
def test_the_duty_cycle_is_noticed_whatever_part_of_the_news_is_lost(lost: str) -> None:
    bench, a, b = pair(EmulatorSettings(seed=1, preset="LongSlow"))
    a.device.settings.lora.region = EU_868
    a.lets_through = lambda message: not message.HasField(lost)
    a.device.router.on_sent(1000 * 361.0, bench.now)
    assert a.send(b"x", b.number)
    bench.run(0.0)
    assert a.session.sending.is_silent(bench.now)
    assert a.session.sending.dropped == 1, "counted once"
    assert a.session.sending.is_silent(bench.now + 300) == (lost != CLIENT_NOTIFICATION)


def test_a_radio_that_is_off_is_asked_once_a_minute_and_says_what_to_do() -> None:
    bench, a, b = pair()
    a.device.settings.lora.tx_enabled = False  # behind the bridge's back
    assert a.send(b"first", b.number)
    bench.run(0.0)
    assert "does not transmit: run `kentongan radio setup`" in a.problem()
    assert not a.send(b"second", b.number)
    bench.run(61.0)
    assert a.send(b"third", b.number)
    bench.run(0.0)
    assert not a.send(b"fourth", b.number)
    a.device.settings.lora.tx_enabled = True
    bench.run(61.0)
    assert a.problem(), "nothing has been accepted yet"
    assert a.send(b"fifth", b.number)
    bench.run(10.0)
    assert not a.problem()
    assert payloads(b) == [b"fifth"]
    assert a.session.sending.dropped == 2


def test_a_missing_public_key_is_told_and_stops_nobody_else() -> None:
    bench, a, b = pair(radio=RadioSettings(channel_name=""))
    stranger = 0x12345678
    assert a.send(b"to a stranger", stranger)
    bench.run(0.0)
    assert "no public key of the other one: run `kentongan radio setup`" in a.problem()
    assert a.send(b"to a friend", b.number)
    bench.run(10.0)
    assert payloads(b) == [b"to a friend"]
    assert "no public key" in a.problem(), "the friend's key is not the stranger's"
    assert len(a.packets) == 2
    a.inject(frame(queueStatus=mesh_pb2.QueueStatus(free=16, mesh_packet_id=a.packets[0].id)))
    assert "no public key" in a.problem(), "a refusal stays one"


def test_a_lost_channel_and_unknown_errors_are_told_too() -> None:
    bench, a, b = pair()
    a.device.settings.channels[1].role = 0
    a.send(b"x", b.number)
    bench.run(0.0)
    assert "lost the channel" in a.problem()
    a.lets_through = lambda message: not message.HasField("queueStatus") and not message.HasField("packet")
    a.send(b"y", b.number)
    bench.run(0.0)
    a.inject(frame(queueStatus=mesh_pb2.QueueStatus(res=4, mesh_packet_id=a.packets[-1].id)))
    assert "refuses packets (NO_INTERFACE)" in a.problem()
    assert a.session.sending.dropped == 2


# Ids, acknowledgements, NAKs


def test_no_id_is_used_twice_since_the_radio_would_drop_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: Iterator[int] = iter([41, 41, 41, 42, 43])
    monkeypatch.setattr("firmware_bridge.sending_queue.secrets.randbelow", lambda _: next(drawn) - 1)
    bench, a, b = pair()
    for payload in (b"one", b"two", b"three"):
        a.send(payload, b.number)
    bench.run(20.0)
    assert [packet.id for packet in a.packets] == [41, 42, 43]
    assert payloads(b) == [b"one", b"two", b"three"]


def test_a_delivered_packet_that_the_radio_gave_up_is_not_sent_again() -> None:
    # b hears a, but a does not hear b: three transmissions, no acknowledgement, delivered once.
    deaf = EmulatorSettings(seed=1, hears=lambda receiver, sender: receiver == 1)
    bench, a, b = pair(deaf, WITH_ACK)
    assert a.send(b"arrives", b.number)
    bench.run(60.0)
    (packet,) = a.packets
    assert a.session.sending.verdict(packet.id) is Verdict.GIVEN_UP
    assert payloads(b) == [b"arrives"]
    assert not a.problem()
    assert a.session.sending.dropped == 0, "nobody may say that it was not sent"
    # The acknowledgement that b's radio sent at last reaches a after all.
    a.inject(routing(b.number, packet.id))
    assert a.session.sending.verdict(packet.id) is Verdict.DELIVERED
    a.inject(routing(a.number, packet.id, 5))
    assert a.session.sending.verdict(packet.id) is Verdict.DELIVERED, "a NAK cannot take it back"
    bench.run(60.0)
    assert len(a.packets) == 1


def test_a_nak_for_a_packet_that_asked_for_no_acknowledgement_is_no_refusal() -> None:
    bench, a, b = pair()
    a.lets_through = lambda message: not message.HasField("queueStatus")
    a.send(b"once", b.number)
    bench.run(5.0)
    a.inject(routing(a.number, a.packets[0].id, 5))
    a.inject(frame(queueStatus=mesh_pb2.QueueStatus(res=32, mesh_packet_id=a.packets[0].id)))
    bench.run(30.0)
    assert payloads(b) == [b"once"]
    assert (len(a.packets), a.session.sending.dropped) == (1, 0)


def test_a_relay_s_acknowledgement_is_not_taken_for_the_destination_s() -> None:
    chain = EmulatorSettings(devices=3, seed=3, hears=lambda receiver, sender: abs(receiver - sender) == 1)
    bench = Bench(chain)
    a, c = bench.plug(0, WITH_ACK), bench.plug(2, WITH_ACK)
    verdicts: list[Verdict | None] = []
    assert a.send(b"far", c.number)
    bench.run(0.0)

    def note() -> bool:
        verdict = a.session.sending.verdict(a.packets[0].id)
        if verdict not in verdicts:
            verdicts.append(verdict)
        return verdict is Verdict.DELIVERED

    bench.run_until(note, "the destination's own acknowledgement")
    assert verdicts == [Verdict.TAKEN, Verdict.RELAYED, Verdict.DELIVERED]
    assert payloads(c) == [b"far"]


def test_nobody_else_can_acknowledge_for_the_destination() -> None:
    bench, a, b = pair(EmulatorSettings(seed=1, loss=1.0), WITH_ACK)
    a.send(b"lost", b.number)
    bench.run(0.0)
    a.inject(routing(0x99, a.packets[0].id))
    assert a.session.sending.verdict(a.packets[0].id) is Verdict.TAKEN


# Bytes on the line


def test_noise_cut_and_oversized_frames_cost_nothing_but_themselves() -> None:
    bench, a, b = pair()
    good = heard(b.number, b"good")
    for noise in (
        b"INFO  | 12:00:00 42 [Router] text of the log \x94 and more\r\n",
        b"\x94\xc3\x02\x58" + bytes(600),
        b"\x94\xc3\xff\xff",
        heard(b.number, b"cut")[:-9],
        frame(log_record=mesh_pb2.LogRecord(message="as a frame"))[:7],
        b"\x94\x94\xc3\x00\x00",
    ):
        a.inject(noise + good)
        bench.run(0.0)
    bench.run(40.0)
    assert payloads(a).count(b"good") == 6
    assert a.connections == 1, "and the line stays up"
    assert a.send(b"still there", b.number)
    bench.run(10.0)
    assert payloads(b) == [b"still there"]


# Silence and restarts


def test_two_quiet_minutes_on_the_air_are_no_silence_of_the_radio() -> None:
    bench, a, b = pair()
    bench.run(120.0)
    assert (a.connections, a.failures, a.session.is_live) == (1, [], True)
    assert a.send(b"as if nothing had been", b.number)
    bench.run(10.0)
    assert payloads(b) == [b"as if nothing had been"]


def test_two_minutes_of_silence_are_noticed_and_the_radio_is_taken_back() -> None:
    bench, a, b = pair()
    a.is_mute = True
    bench.run(41.0)
    assert "does not answer: switch it off and on" in a.failures[0]
    assert not a.send(b"into nothing", b.number), "the link is told that nothing leaves"
    bench.run(79.0)
    assert a.connections >= 5, "it is tried again and again"
    a.is_mute = False
    bench.run_until(lambda: a.session.is_live, "taken back", 20.0)
    assert a.send(b"after", b.number)
    bench.run(10.0)
    assert payloads(b) == [b"after"]


def test_a_radio_that_accepts_and_never_answers_is_given_up_and_tried_again() -> None:
    bench, a, _ = pair()
    a.is_mute = True
    a.session.failure = "unplugged"
    bench.run(60.0)
    assert a.connections > 4
    assert set(a.failures[1:]) == {
        "the radio does not answer: switch it off and on, or stop another program that uses it"
    }


def test_a_reboot_in_the_middle_of_a_transfer_loses_what_waited_and_no_more() -> None:
    bench, a, b = pair()
    sent = 0
    while sent < 40:
        if a.send(bytes([sent]) * 100, b.number):
            sent += 1
        if sent == 15 and a.device.settings.reboot_count == 1 and a.device.is_up:
            a.device.reboot(bench.now, takes_s=30.0)
        bench.run(0.5)
    bench.run(120.0)
    arrived = [payload[0] for payload in payloads(b)]
    assert (a.device.settings.reboot_count, a.connections) == (2, 2)
    assert arrived == sorted(set(arrived)), "none twice, none out of order"
    # At most the 16 in the radio's queue and the 8 that waited for it are gone; the link asks for them again.
    assert len(arrived) >= 40 - 16 - 8
    assert arrived[-1] == 39


# How busy the channel is


def test_the_channel_utilisation_is_the_radio_s_own_measure() -> None:
    bench, a, b = pair()
    assert a.session.channel_utilisation(bench.now) is None, "it has not told yet"
    for _ in range(6):
        b.send(bytes(231), a.number)
    bench.run(59.0)
    assert a.session.channel_utilisation(bench.now) is None
    bench.run(2.0)
    airtime_s = 6 * payload_airtime_ms(231, bench.emulator.air.preset) / 1000
    for plug in (a, b):
        share = plug.session.channel_utilisation(bench.now)
        assert share == pytest.approx(airtime_s / 60, abs=1e-4), "what it hears and what it sends count alike"
    bench.run(60.0)
    assert a.session.channel_utilisation(bench.now) == 0.0
    again = bench.plug(0)
    bench.plugs.remove(a)
    assert again.session.channel_utilisation(bench.now) == 0.0, "out of the configuration download"


def test_a_measure_of_five_minutes_ago_no_longer_counts() -> None:
    bench, a, _ = pair()
    bench.run(61.0)
    assert a.session.channel_utilisation(bench.now) == 0.0
    assert a.session.channel_utilisation(bench.now + UTILISATION_STANDS_S + 1) is None


def telemetry(**metrics: float) -> bytes:
    measured = telemetry_pb2.DeviceMetrics(**metrics)
    return bytes(telemetry_pb2.Telemetry(device_metrics=measured).SerializeToString())


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (telemetry(channel_utilization=25.0), 0.25),
        (telemetry(channel_utilization=180.0), 1.0),
        (telemetry(channel_utilization=-3.0), None),
        (telemetry(channel_utilization=float("nan")), None),
        (telemetry(voltage=4.0), None),
        (telemetry_pb2.Telemetry(local_stats=telemetry_pb2.LocalStats()).SerializeToString(), None),
        (b"\xff\xff\xff", None),
    ],
)
def test_only_a_sound_measure_of_the_own_radio_counts(payload: bytes, expected: float | None) -> None:
    bench, a, b = pair()
    a.inject(heard(b.number, payload, port=67))
    assert a.session.channel_utilisation(bench.now) is None, "another node's air is not ours"
    a.inject(heard(a.number, payload, port=67))
    assert a.session.channel_utilisation(bench.now) == expected
    assert a.send(b"and all goes on", BROADCAST)
