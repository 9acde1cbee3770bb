"""What every `Radio` must do, checked on the simulated one and on the Meshtastic one alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import pytest
from running_emulator import RunningEmulator

from firmware_bridge.meshtastic_radio import MeshtasticRadio
from sync.airtime import PRESETS
from sync.carriers.base import BROADCAST, Radio
from sync.carriers.simulated import SharedAir, SimulatedAir
from sync.clock import SystemClock

PATIENCE_S = 5.0
StartEmulator = Callable[..., RunningEmulator]


@dataclass
class Radios:
    a: Radio
    b: Radio

    @property
    def numbers(self) -> tuple[int, int]:
        numbers = self.a.state().own_number, self.b.state().own_number
        assert numbers[0] is not None
        assert numbers[1] is not None
        return numbers[0], numbers[1]


@pytest.fixture(params=["simulated", "meshtastic"])
def radios(request: pytest.FixtureRequest, start_emulator: StartEmulator) -> Iterator[Radios]:
    pair: Radios
    if request.param == "simulated":
        shared = SharedAir(SimulatedAir(PRESETS["LongFast"], random=Random(1)), SystemClock(speed=200.0))
        pair = Radios(shared.radio(1), shared.radio(2))
    else:
        emulator = start_emulator()
        pair = Radios(MeshtasticRadio(emulator.urls[0]), MeshtasticRadio(emulator.urls[1]))
        deadline = time.monotonic() + PATIENCE_S
        while not (pair.a.state().connected and pair.b.state().connected):
            assert time.monotonic() < deadline
            time.sleep(0.005)
    yield pair
    pair.a.close()
    pair.b.close()


def payload_at(radio: Radio) -> bytes | None:
    """Return the next payload, in patience that counts for an accelerated clock too."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        heard = radio.receive(0.5)
        if heard is not None:
            return heard.payload
    return None


@pytest.mark.parametrize("size", [0, 1, 100, 231])
def test_a_payload_arrives_whole_and_names_its_source(radios: Radios, size: int) -> None:
    payload = bytes(range(size))
    assert radios.a.send(payload, radios.numbers[1])
    heard = radios.b.receive(PATIENCE_S * 200)
    assert heard is not None
    assert (heard.payload, heard.source, heard.hops) == (payload, radios.numbers[0], 0)
    assert heard.rssi_dbm is not None
    assert heard.rssi_dbm < 0
    assert heard.snr_db is not None


def test_a_broadcast_reaches_the_other(radios: Radios) -> None:
    assert radios.a.send(b"all", BROADCAST)
    assert payload_at(radios.b) == b"all"


def test_limits_and_airtime_are_those_of_the_channel(radios: Radios) -> None:
    assert radios.a.payload_limit() == 231
    assert radios.a.airtime_ms(231) == pytest.approx(2156.5, abs=0.1)


def test_what_is_too_long_is_not_accepted(radios: Radios) -> None:
    assert not radios.a.send(bytes(232), radios.numbers[1])
    assert radios.a.send(b"after", radios.numbers[1])
    assert payload_at(radios.b) == b"after"


def test_receiving_waits_no_longer_than_asked(radios: Radios) -> None:
    started = time.monotonic()
    assert radios.b.receive(0.2) is None
    assert time.monotonic() - started < 1.0


def test_more_payloads_than_any_queue_holds_all_arrive_in_order(radios: Radios) -> None:
    arrived = []
    sent = refused = 0
    while sent < 60:
        if radios.a.send(bytes([sent]), radios.numbers[1]):
            sent += 1
        else:
            refused += 1
            if (heard := radios.b.receive(0.01)) is not None:
                arrived.append(heard.payload[0])
    while len(arrived) < 60 and (payload := payload_at(radios.b)) is not None:
        arrived.append(payload[0])
    assert arrived == list(range(60))
    assert refused, "a sender that is too fast must be told"


def test_the_queue_shows_in_the_state(radios: Radios) -> None:
    while radios.a.send(b"x" * 200, radios.numbers[1]):
        pass
    free = radios.a.state().queue_free
    assert free is None or free < 16


def test_a_closed_radio_is_harmless(radios: Radios) -> None:
    numbers = radios.numbers
    radios.a.close()
    radios.a.close()
    assert not radios.a.send(b"x", numbers[1])
    assert radios.a.receive(0.0) is None
    state = radios.a.state()
    assert not state.connected
    assert state.problem


def test_the_state_tells_how_busy_the_channel_is(radios: Radios) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not radios.b.state().channel_utilisation:
        radios.a.send(bytes(200), radios.numbers[1])
        radios.b.receive(0.02)
        assert time.monotonic() < deadline
    share = radios.b.state().channel_utilisation
    assert share is not None
    assert 0.0 < share <= 1.0
