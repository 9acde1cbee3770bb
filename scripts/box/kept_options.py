"""What an installation was told before: run again, for a new version, it keeps what nobody says anew."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field

from box.machine import OWN, Failed, Machine
from box.node_plan import CLOCK_RULES, HOSTAPD, MDNS, PROFILE, PROGRAM, READ_ONLY, mount_unit
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


@dataclass(frozen=True)
class KeptBox:
    """What a box was told beside its hub and its radio; empty where it was not."""

    wlan: str = ""
    channel: int = 0
    mdns_name: str = ""
    modem: str = ""
    telegram_token: str = field(default="", repr=False)
    telegram_shared: bool = False
    clock_chip: bool = False
    data_partition: str = ""
    program_partition: str = ""
    read_only_root: bool = False


def box_of(machine: Machine) -> KeptBox:
    """Return what a box was told before. Raises `Failed` as `options_in` does."""
    channel = _own_value(machine, PROFILE, "channel") or _own_value(machine, HOSTAPD, "channel")
    has_bot = bool(_lines(machine, "/etc/systemd/system/kentongan-bot-telegram.service"))
    token = "".join(_lines(machine, f"{STATE}/bot-telegram/telegram.token")).strip()
    return KeptBox(
        wlan=_own_value(machine, PROFILE, "interface-name") or _own_value(machine, HOSTAPD, "interface"),
        channel=int(channel) if channel.isdecimal() else 0,
        mdns_name=_own_value(machine, MDNS, "host-name"),
        modem=options_in(machine, NODE_FILE, "SMS_OPTIONS").get("--modem", ""),
        telegram_token=token if has_bot else "",
        telegram_shared="--shared" in options_in(machine, NODE_FILE, "TELEGRAM_OPTIONS"),
        clock_chip=bool(_lines(machine, CLOCK_RULES)),
        data_partition=_own_value(machine, mount_unit(STATE), "What"),
        program_partition=_own_value(machine, mount_unit(PROGRAM), "What"),
        read_only_root=bool(_own_value(machine, READ_ONLY, "overlayroot")),
    )


def _own_value(machine: Machine, path: str, key: str) -> str:
    lines = _lines(machine, path)
    found = [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]
    return found[0] if found and any(OWN in line for line in lines) else ""


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
