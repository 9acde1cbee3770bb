"""The modem through a real serial port (a pseudo-terminal) and TCP, with threads: all comes back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from running_modem import WAIT_S, RunningModem

from firmware_bridge.at_errors import Trouble
from firmware_bridge.emulated_modem import EmulatedModem, EmulatedModemSettings
from firmware_bridge.modem_greeting import ModemSettings
from firmware_bridge.modem_health import ModemHealth
from firmware_bridge.serial_ports import SerialSearch
from firmware_bridge.sms_inbox import ReceivedSms
from firmware_bridge.sms_modem import SmsModem
from firmware_bridge.sms_outbox import CLOSED, NotSent, Sent, Verdict
from firmware_bridge.supervisor import BackOff

VILLAGER = "+6281200001234"
UNIX_S = 1_780_000_000
QUICK = ModemSettings(round_s=0.2, settle_s=0.02, boot_s=0.05)
AT_ONCE = BackOff(first_s=0.02, longest_s=0.05)

Start = Callable[..., tuple[RunningModem, SmsModem]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    things: list[RunningModem | SmsModem] = []

    def begin(
        settings: EmulatedModemSettings | None = None, *, by: str = "serial_url"
    ) -> tuple[RunningModem, SmsModem]:
        emulated = settings or EmulatedModemSettings(
            prompt_s=0.0, sending_s=0.0, boot_s=0.02, redelivery_s=0.02
        )
        running = RunningModem(tmp_path / "modem", emulated, tcp=True)
        things.append(running)
        search = SerialSearch(by_id=tmp_path / "by-id", device="modem")
        client = SmsModem(running.urls[by], QUICK, back_off=AT_ONCE, random=Random(1), search=search)
        things.insert(0, client)
        return running, client

    yield begin
    for thing in things:
        if isinstance(thing, SmsModem):
            thing.close()
    for thing in things:
        if isinstance(thing, RunningModem):
            thing.stop()


def is_well(health: ModemHealth) -> bool:
    return health.is_ready and not health.problems()


def next_text(client: SmsModem) -> str:
    event = client.incoming(WAIT_S)
    assert isinstance(event, ReceivedSms)
    client.forget(event.message_id)
    return event.text


@pytest.mark.parametrize("by", ["serial_url", "url"])
def test_a_message_is_received_answered_and_deleted(start: Start, by: str) -> None:
    running, client = start(by=by)
    assert client.wait_until(is_well, WAIT_S)
    running.do(lambda modem: modem.deliver(VILLAGER, "Lapor: " + "anak dibawa " * 20, UNIX_S))
    assert next_text(client).startswith("Lapor: anak dibawa")
    assert client.send(VILLAGER, "Terima kasih") == Sent(1)
    sent = running.sent.get(timeout=WAIT_S)
    assert (sent.to, sent.text) == (VILLAGER, "Terima kasih")
    assert client.wait_until(lambda health: health.is_ready and health.store_used == 0, WAIT_S)


def test_a_modem_that_is_pulled_out_is_said_and_taken_back_with_what_came_meanwhile(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    running, client = start()
    assert client.wait_until(is_well, WAIT_S)
    running.server.unplug()
    assert client.wait_until(lambda health: health.port_problem is not None, WAIT_S)
    problem = client.health().problems()[0]
    assert "modem" in problem
    assert "radio" not in problem
    running.do(lambda modem: modem.deliver(VILLAGER, "sementara tercabut", UNIX_S))
    running.server.plug_in()
    assert next_text(client) == "sementara tercabut"
    assert client.send(VILLAGER, "Terima kasih") == Sent(1)
    assert "0000" not in caplog.text
    assert "tercabut" not in caplog.text


def test_a_send_without_a_modem_ends_with_a_word(tmp_path: Path) -> None:
    search = SerialSearch(by_id=tmp_path / "by-id", device="modem")
    client = SmsModem(f"serial:{tmp_path}/none", QUICK, back_off=AT_ONCE, search=search)
    try:
        verdict = client.send(VILLAGER, "Terima kasih", timeout_s=0.1)
        assert isinstance(verdict, NotSent)
        assert not verdict.may_have_been_sent
        assert "plug the modem in" in client.health().problems()[0]
    finally:
        client.close()


def test_a_send_while_the_modem_is_pulled_out_is_not_sent_twice(start: Start) -> None:
    running, client = start(EmulatedModemSettings(prompt_s=0.0, sending_s=300.0, boot_s=0.02))
    assert client.wait_until(is_well, WAIT_S)
    verdicts: list[Verdict] = []
    sender = threading.Thread(target=lambda: verdicts.append(client.send(VILLAGER, "Terima kasih")))
    sender.start()
    assert client.wait_until(lambda health: health.waiting_to_send == 1, WAIT_S)
    prompted = threading.Event()

    def look(modem: EmulatedModem) -> None:
        if 100 < modem.next_event_at() - modem._now < 301:  # the network is slow, and has the message
            prompted.set()

    while not prompted.is_set():
        running.do(look)
    running.server.unplug()
    sender.join(WAIT_S)
    (verdict,) = verdicts
    assert isinstance(verdict, NotSent)
    assert verdict.may_have_been_sent
    assert running.sent.empty()


def test_closing_decides_what_waits(start: Start) -> None:
    running, client = start(EmulatedModemSettings(network=2, boot_s=0.02))
    assert client.wait_until(lambda health: health.is_ready, WAIT_S)
    verdicts: list[Verdict] = []
    sender = threading.Thread(target=lambda: verdicts.append(client.send(VILLAGER, "Terima kasih")))
    sender.start()
    assert client.wait_until(lambda health: health.waiting_to_send == 1, WAIT_S)
    client.close()
    sender.join(WAIT_S)
    assert verdicts == [CLOSED]
    assert client.send(VILLAGER, "lagi") == CLOSED
    assert client.incoming(WAIT_S) is None


def test_the_state_of_card_and_network_is_followed(start: Start) -> None:
    running, client = start()
    assert client.wait_until(is_well, WAIT_S)
    running.do(lambda modem: setattr(modem.settings, "network", 2))
    assert client.wait_until(lambda health: health.problems() == [Trouble.NO_NETWORK.value], WAIT_S)
    running.do(lambda modem: setattr(modem.sim, "is_in", False))
    assert client.wait_until(lambda health: health.sim is Trouble.NO_SIM, WAIT_S)


def test_a_url_of_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="serial:PATH"):
        SmsModem("http://modem")
