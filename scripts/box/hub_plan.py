"""The steps that make a hub out of a Debian 12 or 13."""

from __future__ import annotations

import re
from dataclasses import dataclass

from box.node_plan import BadChoice
from box.shared_steps import STATE, program, quiet_disk, radio_rule, unit
from box.steps import Database, Enabled, File, Once, Packages, Step

DATABASE_URL = "postgresql:///kentongan?host=/var/run/postgresql"


@dataclass(frozen=True)
class HubChoices:
    """What differs between two hubs. `database`: a URL of PostgreSQL, empty for a file of the hub's own."""

    name: str
    source: str = ""
    wheels: str = ""
    version: str = ""
    listen: str = "127.0.0.1:8081"
    radio: str = ""
    timezone: str = "Asia/Makassar"
    behind_https: bool = True
    local_database: bool = False
    security_contacts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w.:\[\]-]+:\d{1,5}", self.listen):
            raise BadChoice("the hub listens on HOST:PORT, such as 127.0.0.1:8081")
        if self.radio and not re.fullmatch(r"serial:(auto|/dev/[\w/.-]+)|tcp://[\w.-]+:\d+", self.radio):
            raise BadChoice("the radio is serial:auto, serial:/dev/NAME or tcp://HOST:PORT")
        # A unit cuts its list of options at blanks, and reads "$" and quotation marks in it.
        if not all(
            re.fullmatch(r"(mailto:|https://|tel:)[\w@.~:/?=&+-]+", one, re.ASCII)
            for one in self.security_contacts
        ):
            raise BadChoice("a contact is mailto:NAME@HOST, https://... or tel:+62...")
        if not re.fullmatch(r"[A-Za-z_]+/[A-Za-z_/+-]+", self.timezone):
            raise BadChoice("the time zone is a name such as Asia/Makassar")


def hub_steps(choices: HubChoices) -> list[Step]:
    """Return all steps, in their order."""
    words = [f"--listen {choices.listen}", f"--timezone {choices.timezone}"]
    words += ["--behind-https"] if choices.behind_https else []
    words += [f"--radio {choices.radio}"] if choices.radio else []
    words += [f"--security-contact {one}" for one in choices.security_contacts]
    environment = f"# Written by Kentongan's installer.\nHUB_OPTIONS={' '.join(words)}\n"
    hub = f"{STATE}/hub"
    init = ["/opt/kentongan/venv/bin/kentongan", "hub", "init", hub, "--name", choices.name]
    steps: list[Step] = [
        Packages(["python3", "python3-venv", *(["postgresql"] if choices.local_database else [])]),
        *program(choices.source, choices.wheels, choices.version),
        *quiet_disk(),
        radio_rule(),
    ]
    if choices.local_database:
        # Over the Unix socket, as the account of the same name: there is no password to keep.
        environment += f"DATABASE_URL={DATABASE_URL}\n"
        steps.append(Database("kentongan"))
        init += ["--database", DATABASE_URL]
    steps += [
        File("/etc/kentongan/hub.env", environment, 0o640),
        Once(init, f"{hub}/hub.json", "the hub's keys"),
        unit("kentongan-hub.service"),
        Enabled("kentongan-hub.service", ours=True),
    ]
    return steps
