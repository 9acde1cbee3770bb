"""The steps that make a village's box out of a Raspberry Pi OS Lite (64-bit) or a Debian 12 or 13."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from box.shared_steps import STATE, filled, program, quiet_disk, radio_rule, unit
from box.steps import (
    SECRET_FILE,
    Absent,
    Enabled,
    File,
    Folder,
    Line,
    Masked,
    Mounted,
    Once,
    Packages,
    ReleaseKey,
    Step,
    Unmasked,
)

WAYS = ("networkmanager", "hostapd")
PROGRAM = "/opt/kentongan"
KEYS = f"{STATE}/node/enrolment.json"
"""There once the box has keys of its own."""
UPDATER = f"{PROGRAM}/updater"
WRITTEN = "# Written by Kentongan's installer.\n"
SOURCE = Path(__file__).resolve().parents[2]
PARTITION = r"(LABEL|UUID|PARTUUID)=[\w-]{1,40}|/dev/\w+(/[\w-]+)*"
PROFILE = "/etc/NetworkManager/system-connections/kentongan.nmconnection"
LEAVES_WIFI = "/etc/NetworkManager/conf.d/kentongan.conf"
NETWORK = "/etc/systemd/network/20-kentongan.network"
HOSTAPD = "/etc/hostapd/hostapd.conf"
MDNS = "/etc/avahi/avahi-daemon.conf"
CLOCK_RULES = "/etc/udev/rules.d/72-kentongan-clock.rules"
READ_ONLY = "/etc/overlayroot.local.conf"
OWN_DNSMASQ = "/etc/dnsmasq.d/kentongan.conf"
CONFIG_TXT = "/boot/firmware/config.txt"
BUILD_WALL_S = 1_795_000_000
"""As in village_node/timekeeping.py: a clock chip that shows less was never set."""


class BadChoice(Exception):
    """A choice that the installation does not take; the text says what is allowed."""


@dataclass(frozen=True)
class NodeChoices:
    """What differs between two boxes. `repr` shows no password."""

    enrolment: str | bytes = field(repr=False)
    """The enrolment itself, not its name; empty with a backup."""
    wifi_name: str
    wifi_password: str = field(repr=False)
    source: str = ""
    wheels: str = ""
    version: str = ""
    wlan: str = "wlan0"
    channel: int = 6
    way: str = "networkmanager"
    wpa3: bool = False
    """Phones may join by WPA3 beside WPA2: hostapd alone, with a chip that knows SAE as an access point."""
    radio: str = "serial:auto"
    hub: str = ""
    clock_chip: bool = False
    telegram_token: str = field(default="", repr=False)
    telegram_shared: bool = False
    modem: str = ""
    data_partition: str = ""
    """The device or LABEL=, UUID= or PARTUUID= of an ext4 for /var/lib/kentongan; empty: none of its own."""
    program_partition: str = ""
    """The same of an ext4 for /opt/kentongan: what an update installs stays there when the root forgets."""
    read_only_root: bool = False
    mdns_name: str = "kentongan"
    backup: str = ""
    """The path of a backup out of which the box is made anew, in place of an enrolment."""

    def __post_init__(self) -> None:
        self._check_wifi()
        self._check_ways_out()
        if not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?", self.mdns_name):
            raise BadChoice("the name on the Wi-Fi is small letters, digits and hyphens, such as kentongan")
        self._check_partitions()

    def _check_partitions(self) -> None:
        for what, given in (("data", self.data_partition), ("program", self.program_partition)):
            if given and not re.fullmatch(PARTITION, given, re.ASCII):
                raise BadChoice(f"the {what} partition is LABEL=NAME, UUID=..., PARTUUID=... or /dev/NAME")
        if self.read_only_root and not self.data_partition:
            raise BadChoice(
                "a system that is not written needs --data-partition: reports must not lie in memory"
            )
        if self.program_partition and not self.data_partition:
            raise BadChoice("--program-partition goes with --data-partition: reports come first")
        if self.program_partition and self.program_partition == self.data_partition:
            raise BadChoice(
                "the program needs another partition than reports: no account of ours may change it"
            )

    def _check_ways_out(self) -> None:
        if self.radio and not re.fullmatch(r"serial:(auto|/dev/[\w/.-]+)|tcp://[\w.-]+:\d+", self.radio):
            raise BadChoice("the radio is serial:auto, serial:/dev/NAME, tcp://HOST:PORT, or none")
        if self.telegram_token and not re.fullmatch(r"\d+:[\w-]{30,}", self.telegram_token):
            raise BadChoice("a Telegram token is what @BotFather gave: digits, a colon, letters")
        if self.modem and not re.fullmatch(r"serial:(auto|/dev/[\w/.-]+)|tcp://[\w.-]+:\d+", self.modem):
            raise BadChoice("the modem is serial:auto, serial:/dev/NAME or tcp://HOST:PORT")
        if self.hub and not re.fullmatch(r"https://[\w.:\[\]/-]+", self.hub):
            raise BadChoice("the hub is an address such as https://hub.example.go.id")

    def _check_wifi(self) -> None:
        # NetworkManager reads "\\" and ";" in a setting, and it and hostapd cut blanks at its ends.
        if not re.fullmatch(r"(?! )[\x20-\x5b\x5d-\x7e]{8,63}(?<! )", self.wifi_password):
            raise BadChoice(
                "the Wi-Fi's password has 8 to 63 characters of a plain keyboard, none of them \\"
            )
        name = self.wifi_name
        printable = name.isprintable() and name == name.strip() and not set(name) & set("\\;")
        if not 1 <= len(name.encode()) <= 32 or not printable:
            raise BadChoice("the Wi-Fi's name has 1 to 32 letters, none of them \\ or ;")
        if not re.fullmatch(r"[a-z][a-z0-9]{1,14}", self.wlan):
            raise BadChoice("the Wi-Fi's interface is a name such as wlan0 (ip link lists them)")
        if self.channel not in range(1, 14):
            raise BadChoice("the Wi-Fi's channel is 1 to 13")
        if self.way not in WAYS:
            raise BadChoice(f"the hotspot is made by one of: {', '.join(WAYS)}")
        if self.wpa3 and self.way != "hostapd":
            # Seen with NetworkManager 1.42: it offers SAE without protected frames, and phones that demand
            # them, as WPA3 does, do not join at all.
            raise BadChoice("WPA3 is offered by hostapd alone: --hotspot hostapd")


def options(choices: NodeChoices) -> str:
    """Return what `node serve` is started with."""
    words = ["--listen 0.0.0.0:8080", "--facilitator-listen 0.0.0.0:8090", "--site-address http://10.42.0.1"]
    words += [f"--radio {choices.radio}"] if choices.radio else []
    words += [f"--hub {choices.hub}"] if choices.hub else []
    return " ".join(words)


def node_steps(choices: NodeChoices) -> list[Step]:
    """Return all steps, in their order."""
    environment = f"# Written by Kentongan's installer.\nNODE_OPTIONS={options(choices)}\n"
    environment += f"TELEGRAM_OPTIONS={'--shared' if choices.telegram_shared else ''}\n"
    environment += f"SMS_OPTIONS=--modem {choices.modem}\n" if choices.modem else ""
    node = f"{STATE}/node"
    steps: list[Step] = [
        Packages(["python3", "python3-venv", "nftables", "avahi-daemon", "espeak-ng", "lame"]),
        *_partitions(choices),
        *program(choices.source, choices.wheels, choices.version),
        *quiet_disk(),
        radio_rule(),
        File("/etc/udev/rules.d/71-kentongan-stick.rules", filled("stick.rules")),
        File("/etc/kentongan/node.env", environment, 0o640),
        *_firewall(choices),
        *(_networkmanager(choices) if choices.way == "networkmanager" else _hostapd(choices)),
        File(MDNS, filled("avahi-daemon.conf", _values(choices))),
        File("/etc/avahi/services/kentongan.service", filled("avahi.service")),
        Enabled("avahi-daemon.service"),
        *_clock(choices),
        _keys(choices, node),
        *(_updates(choices.source) if _stays(choices) else []),
        unit("kentongan-node.service"),
        Enabled("kentongan-node.service", ours=True),
        *_bots(choices),
    ]
    if choices.data_partition:
        steps += [
            Folder(f"{STATE}/journal"),
            unit("var-log-journal.mount"),
            Enabled("var-log-journal.mount", starts=False, ours=True),
        ]
    if choices.read_only_root:
        steps.append(Packages(["overlayroot"]))
        steps.append(File(READ_ONLY, filled("overlayroot.conf")))
    return steps


def _stays(choices: NodeChoices) -> bool:
    """Return whether what an update installs is there after the next start."""
    return bool(choices.program_partition) or not choices.read_only_root


def _partitions(choices: NodeChoices) -> list[Step]:
    """Return what puts keys and reports, and the program, on partitions of their own before anything is
    written there."""
    wanted = (
        ("data", STATE, choices.data_partition, "partition.conf"),
        ("program", PROGRAM, choices.program_partition, "program-partition.conf"),
    )
    steps: list[Step] = []
    for what, path, partition, waits in wanted:
        if not partition:
            continue
        kind, _, name = partition.rpartition("=")
        device = f"/dev/disk/by-{kind.lower()}/{name}" if kind else name
        file = mount_unit(path)
        mount = Path(file).name
        values = {f"{what}_device": device, f"{what}_device_escaped": escaped(device)}
        steps += [
            File(file, filled(f"systemd/{mount}", values)),
            Enabled(mount, starts=False, ours=True),
            Mounted(path, mount),
            File(f"/etc/systemd/system/kentongan-node.service.d/{waits}", filled(f"on-its-{waits}")),
        ]
    return steps


def escaped(path: str) -> str:
    """Return a path as systemd writes it in the name of a unit."""
    return "".join(
        "-" if one == "/" else one if one.isalnum() or one in "_:." else f"\\x{ord(one):02x}"
        for one in path.strip("/")
    )


def mount_unit(path: str) -> str:
    """Return the file of the unit that mounts a partition there."""
    return f"/etc/systemd/system/{escaped(path)}.mount"


def steps_to_take_back(wlan: str) -> list[Step]:
    """Return the steps of all that may have been chosen."""
    choices = NodeChoices(
        "",
        "Kentongan",
        "x" * 8,
        way="hostapd",
        wlan=wlan,
        telegram_token=f"0:{'x' * 30}",
        modem="serial:auto",
        clock_chip=True,
        data_partition="LABEL=any",
        program_partition="LABEL=other",
        read_only_root=True,
    )
    return [*node_steps(choices), *_networkmanager(choices)]


def _keys(choices: NodeChoices, node: str) -> Step:
    """Return what gives the box its keys: of before, out of a backup; or new ones, out of an enrolment."""
    words = [f"{PROGRAM}/venv/bin/kentongan", "node"]
    if choices.backup:
        words = [*words, "restore", node, "--from", "@lent@"]
        what = "keys and reports out of the backup; have its fingerprint compared by voice"
        return Once(words, KEYS, what, lent=choices.backup)
    words = [*words, "init", node, "--enrolment", "@secret@"]
    what = "the box's own keys; note down the code that it prints"
    return Once(words, KEYS, what, secret=choices.enrolment)


def _updates(source: str) -> list[Step]:
    """Return the updater: a copy of its own, which no release replaces; and what lets it run.

    Not where the program lies on a root that forgets: what is installed there would be gone after the next
    start.
    """
    steps: list[Step] = [ReleaseKey(KEYS, "/etc/kentongan/release.key")]
    begins = "import sys\n\nfrom updater.__main__ import main\n\nsys.exit(main())\n"
    steps.append(File(f"{UPDATER}/__main__.py", WRITTEN + begins))
    for module in sorted(Path(source or SOURCE, "updater").glob("*.py")):
        steps.append(File(f"{UPDATER}/updater/{module.name}", WRITTEN + module.read_text("utf-8")))
    steps += [
        Folder(f"{STATE}/updates", 0o700, "kentongan"),
        unit("kentongan-update.service"),
        unit("kentongan-update-trial.service"),
        unit("kentongan-update.path"),
        Enabled("kentongan-update.path", ours=True),
    ]
    return steps


def _bots(choices: NodeChoices) -> list[Step]:
    steps: list[Step] = []
    if choices.telegram_token:
        folder = f"{STATE}/bot-telegram"
        given = f"/opt/kentongan/venv/bin/kentongan bot token {folder} <{SECRET_FILE}"
        steps += [
            Once(
                ["sh", "-c", given],
                f"{folder}/telegram.token",
                "the token of the bot",
                secret=choices.telegram_token,
            ),
            unit("kentongan-bot-telegram.service"),
            Enabled("kentongan-bot-telegram.service", ours=True),
        ]
    if choices.modem:
        steps += [unit("kentongan-bot-sms.service"), Enabled("kentongan-bot-sms.service", ours=True)]
    return steps


def _firewall(choices: NodeChoices) -> list[Step]:
    return [
        File("/etc/nftables.conf", filled("node.nft", {"wlan": choices.wlan}), 0o755),
        Enabled("nftables.service"),
    ]


def _values(choices: NodeChoices) -> dict[str, str]:
    return {
        "wlan": choices.wlan,
        "wifi_name": choices.wifi_name,
        "wifi_password": choices.wifi_password,
        "channel": str(choices.channel),
        "wifi_security": (
            f"wpa_key_mgmt=WPA-PSK SAE\nieee80211w=1\nsae_require_mfp=1\nsae_password={choices.wifi_password}"
            if choices.wpa3
            else "wpa_key_mgmt=WPA-PSK"
        ),
        "mdns_name": choices.mdns_name,
    }


def _networkmanager(choices: NodeChoices) -> list[Step]:
    return [
        Packages(["network-manager", "dnsmasq-base"]),
        *(Absent(path) for path in (LEAVES_WIFI, NETWORK, HOSTAPD, OWN_DNSMASQ)),
        # Another DNS server takes the port that NetworkManager's needs: then there is no Wi-Fi at all.
        Masked("hostapd.service"),
        Masked("dnsmasq.service"),
        File("/etc/NetworkManager/dnsmasq-shared.d/kentongan.conf", filled("dnsmasq-captive.conf")),
        unit("var-lib-NetworkManager.mount"),
        Enabled("var-lib-NetworkManager.mount", starts=False, ours=True),
        File(PROFILE, filled("hotspot.nmconnection", _values(choices)), 0o600),
        Enabled("NetworkManager.service"),
    ]


def _hostapd(choices: NodeChoices) -> list[Step]:
    dns = filled("dnsmasq-own.conf", _values(choices)) + filled("dnsmasq-captive.conf")
    return [
        Packages(["hostapd", "dnsmasq"]),
        Absent(PROFILE),
        File(
            LEAVES_WIFI,
            filled("leave-wifi.conf", _values(choices)),
            read_by="NetworkManager.service",
        ),
        Masked("systemd-networkd-wait-online.service"),
        File(NETWORK, filled("hotspot.network", _values(choices))),
        File(HOSTAPD, filled("hostapd.conf", _values(choices)), 0o600),
        File(OWN_DNSMASQ, dns),
        Enabled("systemd-networkd.service"),
        Unmasked("hostapd.service"),
        Enabled("hostapd.service"),
        Unmasked("dnsmasq.service"),
        Enabled("dnsmasq.service"),
    ]


def _clock(choices: NodeChoices) -> list[Step]:
    values = {"build_s": str(BUILD_WALL_S)}
    steps: list[Step] = [
        File("/etc/tmpfiles.d/kentongan-clock.conf", filled("clock.tmpfiles")),
        File("/usr/local/sbin/kentongan-clock", filled("clock", values), 0o755),
    ]
    if choices.clock_chip:
        steps += [
            Packages(["util-linux-extra"]),
            Line(CONFIG_TXT, "dtoverlay=i2c-rtc,ds3231"),
            # The board's own guess at the time would be put over the chip's.
            Masked("fake-hwclock.service"),
            File(CLOCK_RULES, filled("clock.rules")),
            unit("kentongan-clock.service"),
            unit("kentongan-clock-save.service"),
            unit("kentongan-clock-save.timer"),
            Enabled("kentongan-clock-save.timer", ours=True),
        ]
    return steps
