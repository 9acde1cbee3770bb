"""What an installation was told before: run again, for a new version, it keeps what nobody says anew."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field

from box.machine import Failed, Machine
from box.shared_steps import STATE

HUB_FILE = "/etc/kentongan/hub.env"
HUB_BOTS_FILE = "/etc/kentongan/hub-bots.env"
NODE_FILE = "/etc/kentongan/node.env"
_DATABASE = "DATABASE_URL="


@dataclass(frozen=True)
class KeptBots:
    """The hub's own bots as they stand; empty where there are none."""

    area: str = ""
    telegram_token: str = field(default="", repr=False)
    modem: str = ""


def options_in(machine: Machine, path: str, variable: str) -> dict[str, str]:
    """Return the options in a variable of an environment file: name -> value, empty for one without. Raises
    `Failed` where somebody left a quote open in it."""
    found: dict[str, str] = {}
    for line in _lines(machine, path):
        if line.startswith(f"{variable}="):
            name = ""
            try:
                words = shlex.split(line.partition("=")[2])
            except ValueError as error:
                raise Failed(f"{path}: {variable} cannot be read ({error}): mend that line") from error
            for word in words:
                if word.startswith("--"):
                    found[name := word] = ""
                elif name:
                    found[name] = word
    return found


def database_of(machine: Machine) -> str:
    """Return the address of the hub's database, where one was written down."""
    lines = [line for line in _lines(machine, HUB_FILE) if line.startswith(_DATABASE)]
    return lines[-1].removeprefix(_DATABASE) if lines else ""


def bots_of(machine: Machine) -> KeptBots:
    """Return the hub's own bots that were installed before."""
    try:
        enrolment = json.loads(machine.at(f"{STATE}/own-node/enrolment.json").read_text("utf-8"))
        area = str(enrolment["village"])
    except (OSError, ValueError, KeyError, TypeError):
        return KeptBots()
    modem = options_in(machine, HUB_BOTS_FILE, "OWN_SMS_OPTIONS").get("--modem", "")
    token = "".join(_lines(machine, f"{STATE}/own-bot-telegram/telegram.token")).strip()
    return KeptBots(area, token, modem) if modem or token else KeptBots()


def _lines(machine: Machine, path: str) -> list[str]:
    try:
        return machine.lines(path)
    except OSError:  # a look without rights
        return []
