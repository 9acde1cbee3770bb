"""Files that systemd, nftables and dnsmasq take; units that may do little."""

from __future__ import annotations

import re
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from box.carrying_out import carry_out
from box.hub_plan import HubChoices, Kept, hub_steps
from box.machine import OWN, Machine
from box.node_plan import (
    HOSTAPD,
    LEAVES_WIFI,
    PROFILE,
    WAYS,
    BadChoice,
    NodeChoices,
    escaped,
    node_steps,
    steps_to_take_back,
)
from box.steps import Absent, Enabled, File, Masked, Once, Step, Unmasked

from hub import folder as hub_folder
from hub.disclosure import Disclosure
from tests.box.conftest import ROOT, needed

MOST_EXPOSED = 2.0
"""Of systemd-analyze security: 0 is a unit that may do nothing, 10 one that may do all."""
UNITS = sorted((ROOT / "scripts/box/files/systemd").glob("*.service"))


def choices(**other: Any) -> NodeChoices:
    given: dict[str, Any] = {"enrolment": "{}", "wifi_name": "Desa Contoh", "wifi_password": "kuka-mipa-lana"}
    return NodeChoices(**{**given, **other})


def files(steps: Sequence[Step]) -> dict[str, File]:
    return {step.path: step for step in steps if isinstance(step, File)}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_may_do_little(unit: Path) -> None:
    needed("systemd-analyze", package="systemd")
    ended = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(unit)],
        capture_output=True,
        text=True,
    )
    match = re.search(r"exposure level for \S+: ([\d.]+)", ended.stdout)
    assert match is not None, ended.stderr
    assert float(match[1]) <= MOST_EXPOSED


def test_systemd_takes_the_units(tmp_path: Path) -> None:
    needed("systemd-analyze", package="systemd")
    for unit in UNITS:  # what they start is not on this machine
        text = re.sub(r"^Exec(Start|Stop)=\S+", r"Exec\1=/bin/true", unit.read_text(), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text)
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
    )
    ours = [line for line in ended.stderr.splitlines() if "kentongan" in line and "User=" not in line]
    assert ours == []


@pytest.mark.parametrize("way", WAYS)
def test_dnsmasq_and_nftables_take_their_files(way: str, tmp_path: Path) -> None:
    needed("nft", "dnsmasq", package="nftables dnsmasq-base")
    written = files(node_steps(choices(way=way)))
    rules = tmp_path / "rules"
    rules.write_text(written["/etc/nftables.conf"].text)
    checked = subprocess.run(["nft", "--check", "--file", str(rules)], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr
    name = (
        "/etc/NetworkManager/dnsmasq-shared.d/kentongan.conf"
        if way == WAYS[0]
        else "/etc/dnsmasq.d/kentongan.conf"
    )
    conf = tmp_path / "dnsmasq.conf"
    conf.write_text(written[name].text)
    tested = subprocess.run(["dnsmasq", "--test", f"--conf-file={conf}"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr


@pytest.mark.parametrize("way", WAYS)
def test_secrets_are_for_the_owner_alone_and_stand_nowhere_else(way: str) -> None:
    token = f"12345:{'x' * 30}"
    whole = choices(way=way, hub="https://hub.example", telegram_token=token, modem="serial:auto")
    written = files(node_steps(whole))
    holding = {path: step.mode for path, step in written.items() if "kuka-mipa-lana" in step.text}
    assert len(holding) == 1
    assert set(holding.values()) == {0o600}
    assert "kuka" not in repr(whole)
    assert token not in repr(whole) + "".join(step.text for step in written.values())
    assert "SMS_OPTIONS=--modem serial:auto" in written["/etc/kentongan/node.env"].text
    assert "--hub https://hub.example" in written["/etc/kentongan/node.env"].text
    for step in written.values():
        assert not re.search(r"@\w+@", step.text.replace("journald@kentongan", "")), step.path


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"wifi_password": "pendek"}, "8 to 63"),
        ({"wifi_password": "kata\nsandi lain"}, "8 to 63"),
        ({"wifi_password": "garis\\miring"}, "none of them"),
        ({"wifi_password": " kuka-mipa"}, "8 to 63"),
        ({"wifi_name": "x" * 33}, "1 to 32"),
        ({"wifi_name": "68;69;"}, "none of them"),
        ({"mdns_name": "Desa Contoh"}, "such as kentongan"),
        ({"data_partition": "LABEL=a b"}, "UUID="),
        ({"read_only_root": True}, "must not lie in memory"),
        ({"program_partition": "LABEL=a"}, "goes with --data-partition"),
        ({"program_partition": "LABEL=a", "data_partition": "LABEL=a"}, "another partition than reports"),
        ({"program_partition": "sda 1", "data_partition": "LABEL=a"}, "the program partition is LABEL="),
        ({"wlan": "wlan0; reboot"}, "wlan0"),
        ({"channel": 14}, "1 to 13"),
        ({"way": "lain"}, "networkmanager, hostapd"),
        ({"wpa3": True}, "--hotspot hostapd"),
        ({"radio": "serial:/dev/tty USB0"}, "serial:auto"),
        ({"modem": "ttyUSB0"}, "serial:auto"),
        ({"telegram_token": "rahasia"}, "@BotFather"),
        ({"hub": "http://hub.example"}, "https://"),
        ({"hub": "https://hub.example $(reboot)"}, "https://"),
    ],
)
def test_a_bad_choice_says_what_is_allowed(other: dict[str, Any], words: str) -> None:
    with pytest.raises(BadChoice, match=re.escape(words)):
        choices(**other)


def test_hostapd_takes_its_file(tmp_path: Path) -> None:
    """It reads all of it with a driver that has no radio; `WPA-PSK SAE` needs a hostapd that knows WPA3."""
    needed("hostapd", package="hostapd")
    named = choices(way="hostapd", wpa3=True, wifi_name="Desa Café", wifi_password="kuka mipa #lana")
    text = files(node_steps(named))["/etc/hostapd/hostapd.conf"].text
    for line in (
        "wpa_key_mgmt=WPA-PSK SAE",
        "ieee80211w=1",
        "ap_isolate=1",
        "wpa_passphrase=kuka mipa #lana",
    ):
        assert f"\n{line}\n" in text
    assert hostapd_says(tmp_path, text) == "lo: AP-ENABLED"
    assert "unknown configuration item" in hostapd_says(tmp_path, text.replace("\nssid=", "\nsid="))


def test_a_chip_without_wpa3_is_asked_for_wpa2_alone() -> None:
    """Seen in scripts/wifi-rig: what is offered in part keeps phones away that demand the whole."""
    for way, path in (("hostapd", HOSTAPD), ("networkmanager", PROFILE)):
        text = files(node_steps(choices(way=way)))[path].text
        assert "SAE" not in text
        assert "ieee80211w" not in text
    assert "\npmf=1\n" in text, "without protected frames NetworkManager offers no SAE"


@pytest.mark.parametrize(("before", "after"), [WAYS, WAYS[::-1]])
def test_the_other_way_leaves_nothing_that_holds_the_wifi(
    before: str, after: str, machine_root: Path
) -> None:
    machine, silent = Machine(str(machine_root)), list[str]().append
    kinds = (File, Absent, Masked, Unmasked)

    def hotspot(way: str) -> list[Step]:
        mine = [step for step in node_steps(choices(way=way)) if isinstance(step, kinds)]
        return [
            step
            for step in mine
            if not isinstance(step, File) or step.path in (PROFILE, HOSTAPD, LEAVES_WIFI)
        ]

    carry_out(hotspot(before), machine, silent)
    carry_out(hotspot(after), machine, silent)
    holds = {path for path in (PROFILE, HOSTAPD, LEAVES_WIFI) if (machine_root / path[1:]).exists()}
    assert holds == ({PROFILE} if after == "networkmanager" else {HOSTAPD, LEAVES_WIFI})
    for unit in ("hostapd.service", "dnsmasq.service"):
        assert Masked(unit).done(machine) == (after == "networkmanager")


def hostapd_says(folder: Path, text: str) -> str:
    """Return whether it came up, or the first line that it does not take."""
    conf = folder / "hostapd.conf"
    for here, nowhere in (("driver=nl80211", "driver=none"), ("interface=wlan0", "interface=lo")):
        assert here in text
        text = text.replace(here, nowhere)
    conf.write_text(text.replace("logger_stdout=-1", "logger_stdout=0"))
    with subprocess.Popen(["hostapd", str(conf)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as run:
        assert run.stdout is not None
        for line in run.stdout:  # it ends by itself where it does not take the file
            if b"AP-ENABLED" in line or line.startswith(b"Line "):
                run.terminate()
                return line.decode().strip()
    return "nothing"


def test_a_system_that_is_not_written_keeps_its_reports_on_a_partition() -> None:
    steps = node_steps(choices(read_only_root=True, data_partition="LABEL=kentongan-data"))
    written = files(steps)
    mount = written["/etc/systemd/system/var-lib-kentongan.mount"].text
    assert "What=/dev/disk/by-label/kentongan-data\n" in mount
    assert "systemd-fsck@dev-disk-by\\x2dlabel-kentongan\\x2ddata.service" in mount
    guard = written["/etc/systemd/system/kentongan-node.service.d/partition.conf"].text
    assert "AssertPathIsMountPoint=/var/lib/kentongan" in guard
    assert 'overlayroot="tmpfs:recurse=0"' in written["/etc/overlayroot.local.conf"].text
    order = [step.says for step in steps]
    mounted = order.index("/var/lib/kentongan on a partition of its own")
    assert mounted < order.index("folder /var/lib/kentongan"), "nothing is written there before"
    assert mounted < order.index("the box's own keys; note down the code that it prints")
    plain = [step.says for step in node_steps(choices())]
    assert not [line for line in plain if "partition" in line or "overlayroot" in line]


def test_updates_stay_on_a_system_that_is_not_written() -> None:
    """They come only where the program has a partition that nobody but root writes."""
    forgetful = node_steps(choices(read_only_root=True, data_partition="LABEL=d"))
    assert not [path for path in files(forgetful) if "update" in path]
    steps = node_steps(choices(read_only_root=True, data_partition="LABEL=d", program_partition="LABEL=p"))
    written = files(steps)
    mount = written["/etc/systemd/system/opt-kentongan.mount"].text
    assert "What=/dev/disk/by-label/p\n" in mount
    assert "Where=/opt/kentongan\n" in mount
    assert not re.search("Options=.*noexec", mount), "the program runs from it"
    waits = written["/etc/systemd/system/kentongan-node.service.d/program-partition.conf"].text
    assert "RequiresMountsFor=/opt/kentongan\n" in waits
    assert "/etc/systemd/system/kentongan-update.path" in written
    order = [step.says for step in steps]
    mounted = order.index("/opt/kentongan on a partition of its own")
    assert mounted < order.index("folder /opt/kentongan"), "nothing is written there before"


@pytest.mark.parametrize("way", WAYS)
def test_each_file_says_whose_it_is(way: str) -> None:
    """An uninstall removes what says so, and no other file."""
    parts = {"data_partition": "/dev/mmcblk0p3", "program_partition": "/dev/mmcblk0p4"}
    every = choices(way=way, clock_chip=True, read_only_root=True, **parts)
    for step in files([*node_steps(every), *hub_steps(HubChoices("Hub Contoh"))]).values():
        assert OWN in step.text, step.path


@pytest.mark.parametrize("way", WAYS)
def test_whatever_was_chosen_is_taken_back(way: str) -> None:
    bots: dict[str, Any] = {"telegram_token": f"0:{'y' * 30}", "modem": "serial:auto", "clock_chip": True}
    plain = node_steps(choices(way=way, **bots))
    parts = {"data_partition": "LABEL=x", "program_partition": "LABEL=y"}
    forgets = node_steps(choices(way=way, **bots, read_only_root=True, **parts))
    undone = steps_to_take_back("wlan0")
    assert {*files(plain), *files(forgets)} <= {*files(undone)}
    switched = {step.unit for step in [*plain, *forgets] if isinstance(step, Enabled)}
    assert switched <= {step.unit for step in undone if isinstance(step, Enabled)}


def test_systemd_writes_a_path_as_we_do() -> None:
    needed("systemd-escape", package="systemd")
    for path in ("/dev/disk/by-label/kentongan-data", "/dev/mmcblk0p3", "/dev/disk/by-partuuid/a1_b.c-02"):
        told = subprocess.run(["systemd-escape", "--path", path], capture_output=True, text=True, check=True)
        assert escaped(path) == told.stdout.strip()


def test_the_sheet_for_setting_up_is_one_page_with_what_the_box_has() -> None:
    """Drawn here: it fetches nothing, and its pictures are shapes."""
    sheet = (ROOT / "docs/setup-sheet.svg").read_text("utf-8")
    page = ElementTree.fromstring(sheet)
    assert (page.get("width"), page.get("height")) == ("210mm", "297mm")
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)|<image|@import|url\(", sheet)
    targets = set(re.findall(r'href="#(\w+)"', sheet))
    assert targets <= set(re.findall(r'id="(\w+)"', sheet))
    for told in ("10.42.0.1", "10.42.0.1:8090", f"{choices().mdns_name}.local", "20 angka"):
        assert told in sheet
    assert '"docs/setup-sheet.svg"' in (ROOT / "scripts/make-bundle").read_text("utf-8")


def test_a_hub_is_told_of_its_database_and_only_when_there_is_one() -> None:
    plain = files(hub_steps(HubChoices("Hub Contoh")))["/etc/kentongan/hub.env"]
    large = files(hub_steps(HubChoices("Hub Contoh", local_database=True)))["/etc/kentongan/hub.env"]
    assert "DATABASE_URL" not in plain.text
    assert "DATABASE_URL=postgresql:///kentongan" in large.text
    with pytest.raises(BadChoice, match="time zone"):
        HubChoices("Hub Contoh", timezone="WITA")


def test_the_hub_names_whom_to_tell_of_a_weakness(tmp_path: Path) -> None:
    contacts = ("mailto:keamanan@kantor.example", "tel:+620000")
    steps = hub_steps(HubChoices("Hub Contoh", security_contacts=contacts))
    [told] = [step for step in steps if isinstance(step, Kept)]
    assert steps.index(told) > next(n for n, step in enumerate(steps) if isinstance(step, Once))
    assert not any(isinstance(step, Kept) for step in hub_steps(HubChoices("Hub Contoh")))
    folder, machine = tmp_path / "var/lib/kentongan/hub", Machine(str(tmp_path))
    assert not told.done(machine)
    hub_folder.create(folder, name="Hub Contoh", database_url=None, release_public=None)
    assert not told.done(machine)
    hub_folder.keep_disclosure(folder, Disclosure(contacts))
    assert told.done(machine)
    for bad in ("kantor", "mailto:", "mailto:a b", "https://$HOME", "mailto:a\n--speed", "mailto:'a"):
        with pytest.raises(BadChoice):
            HubChoices("Hub Contoh", security_contacts=(bad,))


def test_a_hub_that_was_made_without_a_release_key_gets_one(tmp_path: Path) -> None:
    key = "ab" * 32
    [kept] = [one for one in hub_steps(HubChoices("Hub Contoh", release_key=key)) if isinstance(one, Kept)]
    folder, machine = tmp_path / "var/lib/kentongan/hub", Machine(str(tmp_path))
    hub_folder.create(folder, name="Hub Contoh", database_url=None, release_public=None)
    assert (kept.done(machine), kept.words) == (
        False,
        ["release", "keys", "/var/lib/kentongan/hub", "--first", key],
    )
    assert hub_folder.keep_release_key(folder, bytes.fromhex(key))
    assert kept.done(machine)
    with pytest.raises(BadChoice, match="kentongan content key"):
        HubChoices("Hub Contoh", release_key="ab")


def test_a_hubs_own_bots_run_as_the_hub_and_the_token_stands_nowhere() -> None:
    token = f"12345:{'x' * 30}"
    whole = HubChoices("Hub Contoh", bots_area="52", telegram_token=token, modem="serial:auto")
    written = files(hub_steps(whole))
    units = [path for path in written if "/systemd/system/kentongan-hub" in path]
    assert len(units) == 4
    assert all("\nUser=kentongan\nGroup=kentongan\n" in written[path].text for path in units)
    assert sum("--hub /var/lib/kentongan/hub" in written[path].text for path in units) == 2
    assert "--hub http://127.0.0.1:8081" in written["/etc/kentongan/hub-bots.env"].text
    assert token not in repr(whole) + "".join(step.text for step in written.values())
    assert not [path for path in files(hub_steps(HubChoices("Hub Contoh"))) if "bot" in path]
    for wrong in (
        {"modem": "serial:auto"},
        {"bots_area": "52"},
        {"bots_area": "NTB", "modem": "serial:auto"},
    ):
        with pytest.raises(BadChoice, match="such as 52"):
            HubChoices("Hub Contoh", **wrong)  # type: ignore[arg-type]


def test_a_box_whose_card_died_is_made_out_of_its_backup_and_not_out_of_an_enrolment() -> None:
    backup = "/media/stick/kentongan-7-000001.backup"
    steps = node_steps(choices(enrolment="", backup=backup))
    [keys] = [step for step in steps if isinstance(step, Once) and step.makes.endswith("/enrolment.json")]
    assert list(keys.command[1:]) == ["node", "restore", "/var/lib/kentongan/node", "--from", "@lent@"]
    assert (keys.lent, keys.secret) == (backup, "")
