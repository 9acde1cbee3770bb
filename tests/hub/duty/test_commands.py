"""`kentongan hub duty`: a server and a program are set, tried, and shown by the doctor."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result
from duty_people import SARI, account
from village import Region

from hub.cli import hub
from hub.doctor import examine
from hub.duty.models import DutyWay
from hub.duty.ways import load_ways, ring_text


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(hub, ["duty", *map(str, arguments)], input=stdin)


def test_a_program_is_set_tried_and_taken_away(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.create_hub()
    send = tmp_path / "send"
    send.write_text(f"#!/bin/sh\n(echo $1; cat) > {tmp_path}/out\n")
    send.chmod(0o755)
    folder = region.hub_folder
    assert json.loads(run("hook", folder, send).stdout) == {"hook": True}
    assert json.loads(run("try", folder, "--phone", "081200003141").stdout) == {"sent": ["hook"]}
    assert (tmp_path / "out").read_text() == f"081200003141\n{ring_text(0)}"
    assert json.loads(run("hook", folder).stdout) == {"hook": False}
    refused = run("try", folder, "--phone", "081200003141")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "not configured" in refused.stderr


def test_a_mail_server_is_set_with_a_password_from_a_file(tmp_path: Path) -> None:
    region = Region(tmp_path)
    region.create_hub()
    options = ("--server", "mail.kantor.example", "--sender", "hub@kantor.example", "--user", "hub")
    assert "go together" in run("mail", region.hub_folder, *options).stderr
    made = run("mail", region.hub_folder, *options, "--password-file", "-", stdin="rahasia\n")
    assert json.loads(made.stdout) == {"mail": True}
    ways = load_ways(region.hub_folder)
    assert (ways.password, ways.mail and ways.mail.security) == ("rahasia", "starttls")
    assert "whole path" in run("hook", region.hub_folder, "send").stderr
    assert "hub init" in run("mail", tmp_path).stderr


def test_the_doctor_shows_a_server_that_fails(region: Region) -> None:
    account(region, SARI.name, SARI.role)
    keep = ("--server", "127.0.0.1", "--security", "none", "--sender", "hub@kantor.example")
    assert run("mail", region.hub_folder, *keep).exit_code == 0
    store = region.hub.store

    def found() -> list[tuple[bool, str | None]]:
        return [(f["ok"], f["problem"]) for f in examine(region.hub_folder) if "mail" in f["check"]]

    assert found() == [(True, None)]
    row = {"way": "mail", "used_at": 1.0, "failing_since": 1.0, "problem": "away"}
    store.writer.run(lambda: DutyWay.insert(row).execute(store.database))
    assert found() == [(False, "away")]
