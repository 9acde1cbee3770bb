"""What a village's box and a hub have in common."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from box.steps import Enabled, File, Folder, Masked, Program, Step, SystemUser

FILES = Path(__file__).parent / "files"
STATE = "/var/lib/kentongan"


def filled(name: str, values: Mapping[str, str] | None = None) -> str:
    """Return a file of `files/` with `@name@` replaced; raise KeyError where a value is missing."""
    text = (FILES / name).read_text("utf-8")
    for key, value in (values or {}).items():
        text = text.replace(f"@{key}@", value)
    if re.search(r"@(wlan|wifi\w*|channel|mdns_name|build_s|(data|program)_\w+)@", text):
        raise KeyError(name)
    return text


def unit(name: str) -> File:
    """Return the step that writes a unit of ours."""
    return File(f"/etc/systemd/system/{name}", filled(f"systemd/{name}"))


def program(source: str, wheels: str, version: str) -> list[Step]:
    """Return the account, the folders and the program."""
    return [
        SystemUser("kentongan", STATE),
        Folder(STATE, 0o700, "kentongan"),
        Folder("/etc/kentongan", 0o750),
        Folder("/opt/kentongan"),
        Program(source, wheels, version),
    ]


def quiet_disk() -> list[Step]:
    """Return what keeps memory and the names of phones off the disk: no swap, no core dumps, /tmp and the
    system's log in memory; our own log, which holds nothing about people, as a ring on the disk."""
    return [
        Masked("swap.target"),
        Masked("dphys-swapfile.service"),
        Masked("systemd-zram-setup@zram0.service"),
        File("/etc/systemd/coredump.conf.d/kentongan.conf", filled("coredump.conf")),
        File("/etc/sysctl.d/90-kentongan.conf", filled("sysctl.conf")),
        File("/etc/systemd/system.conf.d/kentongan.conf", filled("watchdog.conf")),
        File("/etc/systemd/journald.conf.d/kentongan.conf", filled("journald.conf")),
        File("/etc/systemd/journald@kentongan.conf", filled("journald-kentongan.conf")),
        unit("tmp.mount"),
        Enabled("tmp.mount", starts=False),
    ]


def radio_rule() -> File:
    """Return the rule that gives radios and modems on USB to our account."""
    return File("/etc/udev/rules.d/70-kentongan-radio.rules", filled("radio.rules"))
