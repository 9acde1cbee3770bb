"""An installer that is run again, for a new version, keeps what it was told before."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from box.hub_plan import DATABASE_URL, HubChoices, hub_steps
from box.kept_options import HUB_FILE
from box.machine import Machine
from box.node_plan import NodeChoices, node_steps
from box.steps import File

from tests.box.conftest import ROOT

PASSWORD = "kuka-mipa-lana"


class Planned(Exception):
    """What would be installed."""


def plan(script: str, root: Path, monkeypatch: pytest.MonkeyPatch, *words: str) -> Any:
    """Return the choices that an installer makes out of its command line and what stands below `root`."""

    def stop(choices: Any) -> None:
        raise Planned(choices)

    monkeypatch.setattr(sys, "argv", [script, "--root", str(root), "--dry-run", *words])
    module = "box.hub_plan.hub_steps" if script == "install-hub" else "box.node_plan.node_steps"
    monkeypatch.setattr(module, stop)
    with pytest.raises(Planned) as caught:
        runpy.run_path(str(ROOT / "scripts" / script), run_name="__main__")
    return caught.value.args[0]


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)


def test_a_hub_keeps_its_radio_its_database_and_its_bots(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = plan("install-hub", tmp_path, monkeypatch)
    assert (first.listen, first.radio, first.timezone) == ("127.0.0.1:8081", "", "Asia/Makassar")
    away = "postgresql://kentongan@192.0.2.7/kentongan"
    options = "--listen 127.0.0.1:9000 --timezone Asia/Jakarta --behind-https --radio serial:/dev/ttyUSB0"
    write(tmp_path, "etc/kentongan/hub.env", f"HUB_OPTIONS={options}\nDATABASE_URL={away}\n")
    kept = plan("install-hub", tmp_path, monkeypatch)
    assert (kept.listen, kept.radio) == ("127.0.0.1:9000", "serial:/dev/ttyUSB0")
    assert (kept.timezone, kept.database_url) == ("Asia/Jakarta", away)
    again = plan("install-hub", tmp_path, monkeypatch, "--radio", "none", "--postgresql")
    assert (again.radio, again.local_database, again.database_url) == ("", False, away)

    write(tmp_path, "etc/kentongan/hub-bots.env", "OWN_SMS_OPTIONS=--modem serial:/dev/ttyUSB1\n")
    write(tmp_path, "var/lib/kentongan/own-node/enrolment.json", json.dumps({"village": "52"}))
    token = f"12345:{'t' * 35}"
    write(tmp_path, "var/lib/kentongan/own-bot-telegram/telegram.token", f"{token}\n")
    bots = plan("install-hub", tmp_path, monkeypatch)
    assert (bots.bots_area, bots.telegram_token, bots.modem) == ("52", token, "serial:/dev/ttyUSB1")


def test_a_database_that_was_written_down_stays_in_the_file_that_the_hub_reads() -> None:
    for choices, address in (
        (HubChoices(name="Contoh", database_url="postgresql://x@192.0.2.7/k"), "postgresql://x@192.0.2.7/k"),
        (HubChoices(name="Contoh", local_database=True, database_url="other"), DATABASE_URL),
    ):
        [written] = [one for one in hub_steps(choices) if isinstance(one, File) and one.path == HUB_FILE]
        assert f"DATABASE_URL={address}" in written.text.splitlines()


def test_a_box_keeps_its_hub_its_radio_and_its_wifi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "paper.json", "{}")
    words = ("--enrolment", str(tmp_path / "paper.json"))
    write(tmp_path, "etc/hostapd/hostapd.conf", f"ssid=Desa Contoh\nwpa_passphrase={PASSWORD}\n")
    options = "--listen 0.0.0.0:8080 --radio tcp://192.0.2.1:4403 --hub https://hub.example"
    write(tmp_path, "etc/kentongan/node.env", f"# Written.\nNODE_OPTIONS={options}\n")
    kept = plan("install-node", tmp_path, monkeypatch, *words)
    assert (kept.hub, kept.radio) == ("https://hub.example", "tcp://192.0.2.1:4403")
    assert (kept.wifi_name, kept.wifi_password) == ("Desa Contoh", PASSWORD)
    dropped = plan("install-node", tmp_path, monkeypatch, *words, "--hub", "none", "--radio", "none")
    assert (dropped.hub, dropped.radio) == ("", "")


def test_a_box_that_is_installed_again_keeps_all_that_it_was_told(
    machine_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bot for SMS went on without a modem, and its firewall looked at another Wi-Fi."""
    told = NodeChoices(
        "{}", "Desa Contoh", PASSWORD, wlan="wlan1", channel=11, way="hostapd", mdns_name="pringgarata",
        modem="serial:/dev/ttyUSB1", telegram_token=f"12345:{'t' * 35}", telegram_shared=True,
        clock_chip=True, data_partition="LABEL=kentongan-data", program_partition="/dev/mmcblk0p4",
        read_only_root=True,
    )  # fmt: skip
    for step in node_steps(told):
        if isinstance(step, File):
            write(machine_root, step.path.lstrip("/"), step.text)
    write(machine_root, "var/lib/kentongan/node/enrolment.json", "{}")
    write(machine_root, "var/lib/kentongan/bot-telegram/telegram.token", f"{told.telegram_token}\n")
    again = plan("install-node", machine_root, monkeypatch)
    names = "wlan channel way mdns_name modem telegram_token telegram_shared clock_chip program_partition"
    for name in (*names.split(), "read_only_root", "wifi_name", "wifi_password"):
        assert getattr(again, name) == getattr(told, name), name
    assert again.data_partition == "/dev/disk/by-label/kentongan-data"
    here = Machine(str(machine_root))
    steps = [step for step in node_steps(again) if isinstance(step, File) and step.path.endswith(".mount")]
    assert all(here.has_file(one.path, one.text, 0o644, "root") for one in steps)
