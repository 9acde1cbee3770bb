"""`kentongan radio`: list ports, set a radio up, ping another, emulate devices."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from firmware_bridge.emulate_command import emulate
from firmware_bridge.ping_command import ping
from firmware_bridge.serial_ports import list_serial_ports
from firmware_bridge.setup_command import setup


@click.group()
def radio() -> None:
    """Radios: ports, set-up, ping, and the device emulator."""


@radio.command()
def ports() -> None:
    """List the serial ports that a radio may be on, as JSON.

    The url follows the device where the system can tell it by its serial number. A radio is named by
    serial:PATH, serial:PATTERN (one port must fit) or serial:auto (the only port on USB); one that was
    unplugged is found again under another name.
    """
    found = [{"url": f"serial:{port.by_id or port.path}", **asdict(port)} for port in list_serial_ports()]
    click.echo(json.dumps({"ports": found}))


radio.add_command(setup)
radio.add_command(ping)
radio.add_command(emulate)
