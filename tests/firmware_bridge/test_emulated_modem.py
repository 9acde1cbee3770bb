"""The emulated modem refuses what real ones refuse, and says what they say."""

from __future__ import annotations

import pytest

from firmware_bridge.emulated_modem import EmulatedModem, EmulatedModemSettings
from firmware_bridge.sms_pdu import encode_submits

VILLAGER = "+6281200001234"
UNIX_S = 1_780_000_000


class Terminal:
    """Types at a modem and reads what it says."""

    def __init__(self, settings: EmulatedModemSettings | None = None) -> None:
        self.modem = EmulatedModem(settings or EmulatedModemSettings(), 0.0)
        self.now = 0.0
        self.type("ATE0\r")

    def type(self, text: str, wait_s: float = 5.0) -> str:
        self.modem.outgoing.clear()
        self.modem.take_bytes(text.encode("ascii"), self.now)
        return self.wait(wait_s)

    def wait(self, seconds: float) -> str:
        self.now += seconds
        while self.modem.next_event_at() <= self.now:
            self.modem.advance(self.modem.next_event_at())
        self.modem.advance(self.now)
        return self.modem.outgoing.decode("ascii")

    def last(self, text: str) -> str:
        return self.type(text).split("\r\n")[-2]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("AT\r", "OK"),
        ("at\r", "OK"),
        ("AT+CMGF=1\r", "+CMS ERROR: 303"),
        ("AT+CMGL=5\r", "+CMS ERROR: 302"),
        ("AT+CMGR=1\r", "+CMS ERROR: 321"),
        ("AT+CMGD=99\r", "+CMS ERROR: 321"),
        ('AT+CPMS="XX"\r', "+CMS ERROR: 302"),
        ("AT+CNMI=2,1,5\r", "+CMS ERROR: 303"),
        ("AT+CMGS=x\r", "+CMS ERROR: 304"),
        ("AT+NONSENSE\r", "ERROR"),
        ("AT+CPIN?\r", "OK"),
        ("AT+CMEE=9\r", "ERROR"),
    ],
)
def test_commands_and_their_refusals(typed: str, said: str) -> None:
    assert Terminal().last(typed) == said


def test_what_is_not_spoken_to_it_gets_no_answer() -> None:
    assert Terminal().type("hello\r\x1b\r") == ""


def test_echo_is_on_after_a_start() -> None:
    modem = EmulatedModem(EmulatedModemSettings(), 0.0)
    modem.take_bytes(b"AT\r", 0.0)
    assert modem.outgoing == b"AT\r\r\nOK\r\n"


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda pdu, length: (pdu, length + 1), 304),
        (lambda pdu, length: (pdu.lower(), length), 304),
        (lambda pdu, length: (pdu[:-2], length), 304),
        (lambda pdu, length: (pdu[:-1], length), 304),
        (lambda pdu, length: ("00" + "00" + pdu[4:], length), 304),
    ],
)
def test_messages_are_read_strictly(damage: object, code: int) -> None:
    assert callable(damage)
    ((pdu, length),) = encode_submits(VILLAGER, "Halo", 1)
    typed, announced = damage(pdu.hex().upper(), length)
    terminal = Terminal()
    assert terminal.type(f"AT+CMGS={announced}\r").endswith("\r\n> ")
    assert terminal.last(f"{typed}\x1a") == f"+CMS ERROR: {code}"
    assert terminal.modem.sent == []


def test_what_is_typed_before_the_prompt_is_lost() -> None:
    ((pdu, length),) = encode_submits(VILLAGER, "Halo", 1)
    terminal = Terminal()
    assert terminal.type(f"AT+CMGS={length}\r{pdu.hex().upper()}\x1a").endswith("\r\n> ")
    assert terminal.last("\x1b") == "OK"
    assert terminal.modem.sent == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (EmulatedModemSettings(network=2), "+CMS ERROR: 331"),
        (EmulatedModemSettings(signal=0), "+CMS ERROR: 331"),
        (EmulatedModemSettings(credit=0), "+CMS ERROR: 38"),
        (EmulatedModemSettings(centre=False), "+CMS ERROR: 330"),
        (EmulatedModemSettings(refusals=[42]), "+CMS ERROR: 42"),
    ],
)
def test_the_network_refuses_as_it_is(settings: EmulatedModemSettings, said: str) -> None:
    ((pdu, length),) = encode_submits(VILLAGER, "Halo", 1)
    terminal = Terminal(settings)
    terminal.type(f"AT+CMGS={length}\r")
    assert terminal.last(f"{pdu.hex().upper()}\x1a") == said


def test_a_full_store_holds_messages_in_the_network() -> None:
    terminal = Terminal(EmulatedModemSettings(store_size=1))
    terminal.type('AT+CPMS="SM","SM","SM"\r')
    terminal.type("AT+CNMI=2,1\r")
    terminal.modem.outgoing.clear()
    for text in ("satu", "dua"):
        terminal.modem.deliver(VILLAGER, text, UNIX_S)
    assert terminal.wait(100).count("+CMTI") == 1
    assert "+CMTI" in terminal.type("AT+CMGD=1\r")
    assert list(terminal.modem.held) == []


def test_three_wrong_pins_lock_the_card() -> None:
    terminal = Terminal(EmulatedModemSettings(pin="1234"))
    assert "SIM PIN" in terminal.type("AT+CPIN?\r")
    assert terminal.last("AT+CMGL=4\r") == "+CMS ERROR: 311"
    for _ in range(3):
        terminal.type('AT+CPIN="0000"\r')
    assert "SIM PUK" in terminal.type("AT+CPIN?\r")
    assert terminal.last('AT+CPIN="1234"\r') == "ERROR"


def test_a_start_forgets_what_was_set_and_keeps_the_card() -> None:
    terminal = Terminal(EmulatedModemSettings(vendor="simcom"))
    terminal.type('AT+CPMS="SM","SM","SM"\r')
    terminal.modem.deliver(VILLAGER, "Halo", UNIX_S)
    terminal.type("AT+CFUN=1,1\r")
    assert "RDY" in terminal.wait(5) or terminal.modem.is_up
    assert '"ME"' in terminal.type("AT+CPMS?\r")
    terminal.type('AT+CPMS="SM"\r')
    assert "+CMGL: 1,0" in terminal.type("AT+CMGL=4\r")
