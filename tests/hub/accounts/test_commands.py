"""`kentongan hub user`: areas, list, lock, reset; tests/hub/test_cli.py holds the form of `add`."""

from __future__ import annotations

import json

from click.testing import CliRunner, Result
from village import Region

from hub.services import SignedIn
from kentongan import main

PASSWORD = "kentongan bertalu-talu"


def run(region: Region, command: str, *arguments: str) -> Result:
    assert region.hub  # it is made at first use
    everything = ["hub", "user", command, str(region.hub_folder), *arguments]
    return CliRunner().invoke(main, everything, input=PASSWORD + "\n")


def add(region: Region, name: str, *more: str) -> Result:
    return run(region, "add", name, "--role", "analyst", "--password-file", "-", *more)


def test_an_account_can_be_given_areas(region: Region) -> None:
    added = add(region, "sari", "--area", "53", "--area", "52.02")
    assert json.loads(added.stdout) == {"role": "analyst", "areas": ["52.02", "53"]}
    assert region.hub.store.accounts.account("sari") == SignedIn("sari", "analyst", ("52.02", "53"))
    assert json.loads(add(region, "sari").stdout) == {"role": "analyst"}
    assert region.hub.store.accounts.account("sari") == SignedIn("sari", "analyst")
    wrong = add(region, "sari", "--area", "99")
    assert wrong.exit_code == 1
    assert "Kemendagri code" in wrong.stderr


def test_accounts_are_listed_locked_and_reset(region: Region) -> None:
    add(region, "sari", "--area", "52")
    listed = [json.loads(line) for line in run(region, "list").stdout.splitlines()]
    assert listed == [
        {
            "name": "sari",
            "role": "analyst",
            "areas": ["52"],
            "locked": False,
            "second_factor": False,
            "sessions": 0,
        }
    ]
    assert json.loads(run(region, "lock", "sari").stdout) == {"locked": True}
    accounts = region.hub.store.accounts
    assert accounts.account("sari") is None
    run(region, "lock", "sari", "--unlock")
    code = json.loads(run(region, "reset", "sari").stdout)["one_time_password"]
    assert accounts.sign_in("sari", PASSWORD) is None
    assert accounts.sign_in("sari", code) is not None
    for command in ("lock", "reset"):
        unknown = run(region, command, "siapa")
        assert unknown.exit_code == 1
        assert "hub user list" in unknown.stderr
        assert "siapa" not in unknown.stderr
