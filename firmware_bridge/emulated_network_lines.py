"""What people tell the running modem emulator, as JSON objects: messages, the network's state, unplugging."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from firmware_bridge.emulated_modem import EmulatedModem, EmulatedModemSettings
from firmware_bridge.emulated_modem_server import EmulatedModemServer
from firmware_bridge.emulated_sms_network import Submitted

EXPECTED = (
    'write {"from": NUMBER, "text": TEXT}, {"set": {NAME: VALUE}}, {"card": false}, {"unplug": true}, '
    '{"plug_in": true} or {"restart": true}'
)
SETTINGS = {field.name for field in fields(EmulatedModemSettings)}


class LineRefused(Exception):
    """A line that means nothing; says what does."""


def obey(server: EmulatedModemServer, line: Any, unix_s: int) -> None:
    """Do what one line says. Raises LineRefused."""
    if not isinstance(line, dict):
        raise LineRefused(EXPECTED)
    if isinstance(line.get("from"), str) and isinstance(line.get("text"), str):
        sender, text = line["from"], line["text"]
        server.call(lambda modem: _deliver(modem, sender, text, unix_s))
    elif isinstance(line.get("set"), dict) and line["set"].keys() <= SETTINGS:
        changes = dict(line["set"])
        server.call(lambda modem: _set(modem, changes))
    elif isinstance(line.get("card"), bool):
        is_in = line["card"]
        server.call(lambda modem: _set_card(modem, is_in))
    elif line.get("unplug") is True:
        server.unplug()
    elif line.get("plug_in") is True:
        server.plug_in()
    elif line.get("restart") is True:
        server.call(lambda modem: modem.restart_soon())
    else:
        raise LineRefused(EXPECTED)


def sent_line(sent: Submitted) -> dict[str, object]:
    """Return what is printed for an SMS that was sent."""
    part = None if sent.part is None else [sent.part.number, sent.part.total]
    return {"sent": {"to": sent.to, "text": sent.text, "part": part, "alphabet": sent.alphabet.name}}


def _deliver(modem: EmulatedModem, sender: str, text: str, unix_s: int) -> None:
    modem.deliver(sender, text, unix_s)


def _set(modem: EmulatedModem, changes: dict[str, Any]) -> None:
    for name, value in changes.items():
        setattr(modem.settings, name, value)
    modem.network_moved()


def _set_card(modem: EmulatedModem, is_in: bool) -> None:
    modem.sim.is_in = is_in
    modem.network_moved()
