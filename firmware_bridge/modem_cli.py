"""`kentongan modem`: look at a GSM modem, send one SMS, emulate a modem."""

from __future__ import annotations

import json
import signal
import sys
import threading
from pathlib import Path

import click

from firmware_bridge.emulated_modem import VENDORS, EmulatedModem, EmulatedModemSettings
from firmware_bridge.emulated_modem_server import EmulatedModemServer
from firmware_bridge.emulated_network_lines import LineRefused, obey, sent_line
from firmware_bridge.modem_greeting import ModemSettings
from firmware_bridge.radio_port import RadioUrl
from firmware_bridge.sms_modem import SmsModem
from firmware_bridge.sms_outbox import Sent
from sync.clock import SystemClock
from sync.command_line import listen_option, note, print_json, refuse

SETTLED_S = 45.0
"""So long a modem may take to find its network after it was switched on."""


def modem_url(_context: click.Context, _parameter: click.Parameter, text: str) -> str:
    """Check a modem's URL. Raises click.BadParameter saying what is expected."""
    try:
        RadioUrl.parse(text)
    except ValueError as error:
        raise click.BadParameter(
            "write serial:PATH, serial:PATTERN, serial:auto or tcp://HOST:PORT"
        ) from error
    return text


pin_option = click.option(
    "--pin-file",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A file with the card's PIN. It is tried once; a wrong one is not repeated.",
)


def settings_with(pin_file: Path | None) -> ModemSettings:
    """Return settings with the PIN of a file. Raises click.BadParameter where it holds none."""
    if pin_file is None:
        return ModemSettings()
    pin = pin_file.read_text("ascii", "replace").strip()
    if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
        raise click.BadParameter("the file must hold a PIN of 4 to 8 digits", param_hint="--pin-file")
    return ModemSettings(pin=pin)


@click.group()
def modem() -> None:
    """GSM modems for SMS: look at one, send one message, emulate one."""


@modem.command()
@click.argument("url", callback=modem_url, metavar="URL")
@pin_option
@click.option(
    "--wait", "wait_s", default=SETTLED_S, show_default=True, help="Seconds to wait for the network."
)
def doctor(url: str, pin_file: Path | None, wait_s: float) -> None:
    """Say how the modem at URL is: card, network, signal, store; what is wrong, and what to do.

    URL is serial:/dev/ttyUSB0, a pattern such as serial:/dev/serial/by-id/*HUAWEI*if00*, or serial:auto.
    Prints JSON without any number; what people wrote is neither shown nor deleted. Exits 1 when something is
    wrong. Stop the program that uses the modem first.
    """
    found = SmsModem(url, settings_with(pin_file))
    try:
        found.wait_until(lambda health: health.is_ready and not health.problems(), wait_s)
        health = found.health()
    finally:
        found.close()
    print_json(health.as_json())
    for problem in health.problems():
        note(f"kentongan: {problem}")
    if health.problems():
        sys.exit(1)


@modem.command()
@click.argument("url", callback=modem_url, metavar="URL")
@click.argument("text")
@pin_option
def send(url: str, text: str, pin_file: Path | None) -> None:
    """Send one SMS with TEXT through the modem at URL, to try it out.

    The number is read from standard input, so that it stands in no list of commands.
    """
    number = click.prompt("Number", err=True).strip().replace(" ", "").replace("-", "")
    found = SmsModem(url, settings_with(pin_file))
    try:
        found.wait_until(lambda health: health.is_ready and health.is_registered, SETTLED_S)
        verdict = found.send(number, text)
    finally:
        found.close()
    if not isinstance(verdict, Sent):
        refuse(verdict.reason)
    print_json({"sent": True, "parts": verdict.parts})


@modem.command()
@click.option(
    "--pty",
    "pty_path",
    type=click.Path(path_type=Path),
    help="Path of the serial port to make.",
    required=True,
)
@listen_option("--listen", None, "Serve on TCP too.")
@click.option("--vendor", default="plain", type=click.Choice(list(VENDORS)), help="Whose ways it has.")
@click.option("--store-size", default=20, show_default=True, type=click.IntRange(1, 255), help="SIM slots.")
@click.option("--pin", default=None, help="The PIN that the emulated card wants.")
@click.option("--credit", default=None, type=click.IntRange(0), help="How many SMS may be sent.")
def emulate(
    pty_path: Path,
    listen: tuple[str, int] | None,
    vendor: str,
    store_size: int,
    pin: str | None,
    credit: int | None,
) -> None:
    """Emulate a GSM modem with card and network until told to stop (SIGTERM or Ctrl-C).

    Prints a JSON line once it is there, and one for each SMS that is sent. Each line of JSON on standard
    input is the network or a person: {"from": "+6281200001234", "text": "Halo"}, {"set": {"signal": 0}},
    {"unplug": true}, {"plug_in": true}, {"restart": true}.
    """
    clock = SystemClock()
    settings = EmulatedModemSettings(store_size=store_size, pin=pin, vendor=vendor, credit=credit)
    emulated = EmulatedModem(settings, clock.monotonic_s(), lambda sent: print_json(sent_line(sent)))
    server = EmulatedModemServer(emulated, clock)
    try:
        described = server.open(pty_path, listen)
    except OSError as error:
        server.close()
        raise click.ClickException(f"cannot open the modem's ports: {error.strerror}") from error
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    print_json({"modem": described})
    # A daemon: reading standard input cannot be interrupted.
    threading.Thread(target=_read_lines, args=(server, clock), daemon=True).start()
    server.run()


def _read_lines(server: EmulatedModemServer, clock: SystemClock) -> None:
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            obey(server, json.loads(line), int(clock.wall_s()))
        except (ValueError, LineRefused) as error:
            note(
                f"kentongan: {error if isinstance(error, LineRefused) else 'a line must be one JSON object'}"
            )
