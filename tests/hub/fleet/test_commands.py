"""`kentongan hub fleet` prints who needs a person, and keeps who is told."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner
from village import Region

from hub import folder as hub_folder
from hub.cli import hub
from sync.wire.beacons import Beacon, BeaconFlag, ClockTrust


def test_the_list_and_the_receivers(region: Region) -> None:
    region.enrolment()
    store = region.hub.store
    told = Beacon(clock=ClockTrust.HUB, flags=BeaconFlag.DATABASE_DAMAGED)
    store.writer.run(lambda: store.fleet.boxes.hear(1, told, region.clock.wall_s()))
    folder = str(region.hub_folder)
    found = CliRunner().invoke(hub, ["fleet", "list", folder, "--json"])
    line = json.loads(found.output)
    assert (line["node"], line["needs_person"], line["flags"]) == (1, True, ["database_damaged"])
    assert line["troubles"][0] == "damaged"
    assert line["next"].startswith("Kirim teknisi")
    plain = CliRunner().invoke(hub, ["fleet", "list", folder]).output
    assert plain.startswith("! 1\t")
    assert CliRunner().invoke(hub, ["fleet", "tell", folder, "kantor"]).exit_code == 1
    address = "teknisi@kantor.example"
    assert CliRunner().invoke(hub, ["fleet", "tell", folder, address]).exit_code == 0
    listed = json.loads(CliRunner().invoke(hub, ["fleet", "receivers", folder]).output)
    assert listed == {"address": address, "language": "id"}
    assert CliRunner().invoke(hub, ["fleet", "untell", folder, address]).exit_code == 0
    assert CliRunner().invoke(hub, ["fleet", "untell", folder, address]).exit_code == 1


def test_settings_are_rolled_out_shown_stopped_and_undone(region: Region) -> None:
    region.node()
    region.settle()
    folder = str(region.hub_folder)

    def run(*words: str) -> tuple[int, list[dict[str, object]]]:
        found = CliRunner().invoke(hub, ["fleet", "settings", *words], catch_exceptions=False)
        return found.exit_code, [json.loads(line) for line in found.stdout.splitlines() if line[:1] == "{"]

    for bad in (
        ["--airtime-permille", "101"],
        ["--wait", "5", "20"],
        ["--hub-url", "http://hub.example"],
        ["--poll-minutes", "1440", "--probation-hours", "24"],
    ):
        assert run("begin", folder, *bad, "--reason", "Contoh")[0] == 1
    assert run("begin", folder, "--reason", "Contoh")[0] == 2
    assert run("begin", folder, "--own", "--area", "99", "--reason", "Contoh")[0] == 1
    sparing = ("--airtime-permille", "20", "--no-gateway", "--wait", "10", "60", "--reason", "Hemat")
    code, [begun] = run("begin", folder, *sparing)
    assert (code, begun["rollout"], begun["steps"]) == (0, 1, {"sent": 1})
    assert run("begin", folder, *sparing)[0] == 1
    assert [line["condition"] for line in run("list", folder)[1]] == ["running"]
    _, (_, box) = run("show", folder, "1")
    assert (box["node"], box["step"]) == (1, "sent")
    assert run("show", folder, "2")[0] == 1
    assert run("stop", folder, "1", "--reason", "Salah")[1][0]["condition"] == "stopped"
    assert run("undo", folder, "1", "--reason", "Salah")[1] == [{"undone": 1}]
    assert run("undo", folder, "1", "--reason", "Salah")[0] == 1
    said = [kept.entry.what for kept in region.hub.store.audit.entries()]
    assert [what for what in said if what.startswith("rollout")] == [
        "rollout begun",
        "rollout stopped",
        "rollout undone",
    ]


def test_a_hub_is_given_the_release_key_once_and_keeps_the_rest_of_its_file(tmp_path: Path) -> None:
    hub_folder.create(tmp_path / "hub", name="Hub Contoh", database_url=None, release_public=None)
    file = tmp_path / "hub/hub.json"
    kept = json.loads(file.read_text())

    def give(key: str) -> int:
        return CliRunner().invoke(hub, ["release", "keys", str(file.parent), "--first", key]).exit_code

    assert give("ab") == 2
    assert give("ab" * 32) == give("AB" * 32) == 0
    assert json.loads(file.read_text()) == kept | {"release_public": "ab" * 32, "release_keys": ""}
    assert give("cd" * 32) == 1, "boxes go by the first"
    assert hub_folder.load(file.parent).release_public == bytes.fromhex("ab" * 32)
