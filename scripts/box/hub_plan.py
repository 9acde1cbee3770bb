"""The steps that make a hub out of a Debian 12 or 13."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from box.machine import Machine
from box.node_plan import BadChoice
from box.shared_steps import STATE, program, quiet_disk, radio_rule, unit
from box.steps import SECRET_FILE, Database, Enabled, File, Once, Packages, Step

PROGRAM = "/opt/kentongan/venv/bin/kentongan"
OWN_NODE_LISTENS = "127.0.0.1:8083"
DATABASE_URL = "postgresql:///kentongan?host=/var/run/postgresql"


@dataclass(frozen=True)
class HubChoices:
    """What differs between two hubs. `bots_area`: the area code under which reports of the hub's own
    bots come, needed with a token of Telegram or a modem. `repr` shows no token."""

    name: str
    source: str = ""
    wheels: str = ""
    version: str = ""
    listen: str = "127.0.0.1:8081"
    radio: str = ""
    timezone: str = "Asia/Makassar"
    behind_https: bool = True
    local_database: bool = False
    database_url: str = field(default="", repr=False)
    """Another database, which was written down before; with `local_database` it is not needed."""
    release_key: str = ""
    """The public half, 64 hexadecimal digits; without it boxes take no release and no material."""
    security_contacts: tuple[str, ...] = ()
    bots_area: str = ""
    telegram_token: str = field(default="", repr=False)
    modem: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[\w.:\[\]-]+:\d{1,5}", self.listen):
            raise BadChoice("the hub listens on HOST:PORT, such as 127.0.0.1:8081")
        if self.radio and not re.fullmatch(r"serial:(auto|/dev/[\w/.-]+)|tcp://[\w.-]+:\d+", self.radio):
            raise BadChoice("the radio is serial:auto, serial:/dev/NAME or tcp://HOST:PORT")
        if self.release_key and not re.fullmatch(r"[0-9a-f]{64}", self.release_key):
            raise BadChoice("the release key is the 64 digits and letters that kentongan content key printed")
        if not all(
            re.fullmatch(r"(mailto:|https://|tel:)[\w@.~:/?=&+-]+", one, re.ASCII)
            for one in self.security_contacts
        ):
            raise BadChoice("a contact is mailto:NAME@HOST, https://... or tel:+62...")
        if not re.fullmatch(r"[A-Za-z_]+/[A-Za-z_/+-]+", self.timezone):
            raise BadChoice("the time zone is a name such as Asia/Makassar")
        if self.telegram_token and not re.fullmatch(r"\d+:[\w-]{30,}", self.telegram_token):
            raise BadChoice("a Telegram token is what @BotFather gave: digits, a colon, letters")
        if self.modem and not re.fullmatch(r"serial:(auto|/dev/[\w/.-]+)|tcp://[\w.-]+:\d+", self.modem):
            raise BadChoice("the modem is serial:auto, serial:/dev/NAME or tcp://HOST:PORT")
        has_bots = bool(self.telegram_token or self.modem)
        if has_bots != bool(re.fullmatch(r"\d{2}(\.\d{2}){0,2}", self.bots_area)):
            raise BadChoice("the hub's own bots need the code of its area, such as 52, and it needs a bot")


@dataclass(frozen=True)
class Kept:
    """The hub keeps something in its hub.json, under `name`, by a command of its own (`words`)."""

    hub: str
    says: str
    name: str
    value: str | list[str]
    words: Sequence[str]

    def done(self, machine: Machine) -> bool:
        try:
            settings = json.loads(machine.at(f"{self.hub}/hub.json").read_text("utf-8"))
        except (OSError, ValueError):  # not there yet, or a look without rights
            return False
        return bool(settings.get(self.name) == self.value)

    def do(self, machine: Machine) -> None:
        machine.run(["runuser", "-u", "kentongan", "--", PROGRAM, "hub", *self.words])

    def undo(self, machine: Machine) -> None:
        """It stays with the hub's keys."""


def _kept(choices: HubChoices, hub: str) -> list[Step]:
    steps: list[Step] = []
    if key := choices.release_key:
        words = ["release", "keys", hub, "--first", key]
        steps.append(Kept(hub, "the release key that boxes go by", "release_public", key, words))
    if contacts := list(choices.security_contacts):
        words = ["security-contact", hub, *contacts]
        steps.append(Kept(hub, "whom to tell of a weakness", "security_contacts", contacts, words))
    return steps


def hub_steps(choices: HubChoices) -> list[Step]:
    """Return all steps, in their order."""
    words = [f"--listen {choices.listen}", f"--timezone {choices.timezone}"]
    words += ["--behind-https"] if choices.behind_https else []
    words += [f"--radio {choices.radio}"] if choices.radio else []
    environment = f"# Written by Kentongan's installer.\nHUB_OPTIONS={' '.join(words)}\n"
    hub = f"{STATE}/hub"
    init = [PROGRAM, "hub", "init", hub, "--name", choices.name]
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
    elif choices.database_url:
        environment += f"DATABASE_URL={choices.database_url}\n"
    steps += [
        File("/etc/kentongan/hub.env", environment, 0o640),
        Once(init, f"{hub}/hub.json", "the hub's keys"),
        *_kept(choices, hub),
        unit("kentongan-hub.service"),
        Enabled("kentongan-hub.service", ours=True),
        *_bots(choices, hub),
    ]
    return steps


def _bots(choices: HubChoices, hub: str) -> list[Step]:
    """Return the hub's own bots, with the node that takes what they are told. They run as the hub's account:
    only that may ask the hub who is told of bulletins."""
    if not choices.bots_area:
        return []
    node, paper, bot = f"{STATE}/own-node", f"{STATE}/own-node.json", f"{STATE}/own-bot-telegram"
    environment = "# Written by Kentongan's installer.\n"
    environment += f"OWN_NODE_OPTIONS=--listen {OWN_NODE_LISTENS} --hub http://{choices.listen}\n"
    environment += f"OWN_SMS_OPTIONS=--modem {choices.modem}\n" if choices.modem else ""
    made = (
        f"{PROGRAM} hub enrol {hub} --village {choices.bots_area} --out {paper}"
        f" && {PROGRAM} node init {node} --enrolment {paper} && rm {paper}"
    )
    steps: list[Step] = [
        File("/etc/kentongan/hub-bots.env", environment, 0o640),
        Once(["sh", "-c", made], f"{node}/enrolment.json", "the keys of the hub's own node"),
        unit("kentongan-hub-node.service"),
        Enabled("kentongan-hub-node.service", ours=True),
    ]
    if choices.telegram_token:
        given = f"{PROGRAM} bot token {bot} <{SECRET_FILE}"
        steps += [
            Once(["sh", "-c", given], f"{bot}/telegram.token", "the bot's token", choices.telegram_token),
            unit("kentongan-hub-bot-telegram.service"),
            Enabled("kentongan-hub-bot-telegram.service", ours=True),
        ]
    if choices.modem:
        steps += [unit("kentongan-hub-bot-sms.service"), Enabled("kentongan-hub-bot-sms.service", ours=True)]
    return steps
