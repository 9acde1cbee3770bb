"""Files that systemd, nftables and dnsmasq take; units that may do little."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from box.hub_plan import HubChoices, hub_steps
from box.node_plan import WAYS, BadChoice, NodeChoices, node_steps
from box.steps import File, Step

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
        ({"wifi_name": "x" * 33}, "1 to 32"),
        ({"wlan": "wlan0; reboot"}, "wlan0"),
        ({"channel": 14}, "1 to 13"),
        ({"way": "lain"}, "networkmanager, hostapd"),
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


def test_a_hub_is_told_of_its_database_and_only_when_there_is_one() -> None:
    plain = files(hub_steps(HubChoices("Hub Contoh")))["/etc/kentongan/hub.env"]
    large = files(hub_steps(HubChoices("Hub Contoh", local_database=True)))["/etc/kentongan/hub.env"]
    assert "DATABASE_URL" not in plain.text
    assert "DATABASE_URL=postgresql:///kentongan" in large.text
    with pytest.raises(BadChoice, match="time zone"):
        HubChoices("Hub Contoh", timezone="WITA")


def test_the_hub_names_whom_to_tell_of_a_weakness() -> None:
    told = HubChoices("Hub Contoh", security_contacts=("mailto:keamanan@kantor.example", "tel:+620000"))
    environment = files(hub_steps(told))["/etc/kentongan/hub.env"].text
    assert "--security-contact mailto:keamanan@kantor.example --security-contact tel:+620000" in environment
    for bad in ("kantor", "mailto:", "mailto:a b", "https://$HOME", "mailto:a\n--speed", "mailto:'a"):
        with pytest.raises(BadChoice):
            HubChoices("Hub Contoh", security_contacts=(bad,))


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
