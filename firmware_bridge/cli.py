"""`kentongan radio`: list ports, set a radio up, ping another, emulate devices."""

from __future__ import annotations

import click

from firmware_bridge.emulate_command import emulate


@click.group()
def radio() -> None:
    """Radios: ports, set-up, ping, and the device emulator."""


radio.add_command(emulate)
