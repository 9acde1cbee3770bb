from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from village import VILLAGE, Region

from kentongan import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def said(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def hub(region: Region) -> Path:
    assert region.hub
    region.stop_hub()
    return region.hub_folder


def test_a_box_is_made_out_of_the_picture_and_vouched_for_and_shut_out(region: Region, hub: Path) -> None:
    out, qr, sheet = (region.path / name for name in ("one.json", "one.png", "one.pdf"))
    enrolled = run(
        "hub", "enrol", hub, "--village", VILLAGE, "--out", out, "--qr", qr, "--sheet", sheet, "--days", 3
    )
    number = said(enrolled)["node"]
    assert "burn the paper" in enrolled.stderr
    assert sheet.read_bytes().startswith(b"%PDF")
    assert {stat.S_IMODE(file.stat().st_mode) for file in (out, qr, sheet)} == {0o600}
    box, bundle = region.path / "box", region.path / "up.courier"
    fingerprint = said(run("node", "init", box, "--enrolment", qr))["fingerprint"]
    assert (box / "enrolment.json").read_text() == out.read_text()
    compared = ("hub", "compared", hub, "--node", number, "--fingerprint")
    assert run(*compared, fingerprint).exit_code == 1
    said(run("node", "courier-export", box, bundle))
    said(run("hub", "courier-import", hub, bundle))
    assert "has 20 digits" in run(*compared, "1234").stderr
    assert "another box used the enrolment" in run(*compared, "1" * 20).stderr
    assert said(run(*compared, fingerprint, "--by", "Sari"))["compared"] is True
    assert said(run("hub", "revoke", hub, "--node", number, "--by", "Sari"))["revoked"] is True
    assert run("hub", "courier-import", hub, bundle).exit_code == 1
    [line] = [said(run("hub", "nodes", hub))]
    assert (line["compared_by"], line["retired"]) == ("Sari", True)
    assert line["revoked_at"] is not None


def test_no_file_is_written_over(region: Region, hub: Path) -> None:
    there = region.path / "one.png"
    there.write_text("keep me")
    out = region.path / "one.json"
    assert run("hub", "enrol", hub, "--village", VILLAGE, "--out", out, "--qr", there).exit_code == 1
    assert there.read_text() == "keep me"
    assert not out.exists()


def test_an_enrolment_that_cannot_be_written_leaves_the_box_before_it_in_use(
    region: Region, hub: Path
) -> None:
    first = said(run("hub", "enrol", hub, "--village", VILLAGE, "--out", region.path / "one.json"))["node"]
    nowhere, qr = region.path / "nowhere" / "two.json", region.path / "two.png"
    again = ("hub", "enrol", hub, "--village", VILLAGE, "--replace", "--qr", qr, "--out")
    failed = run(*again, nowhere)
    assert "two.json" in failed.stderr
    [line] = [said(run("hub", "nodes", hub))]
    assert (line["node"], line["retired"], qr.exists()) == (first, False, False)


def test_a_new_box_has_the_name_that_the_village_had(region: Region, hub: Path) -> None:
    made = ("hub", "enrol", hub, "--village", VILLAGE, "--out")
    first = said(run(*made, region.path / "one.json", "--village-name", "Desa Contoh"))["node"]
    said(run(*made, region.path / "two.json", "--replace"))
    said(run("hub", "revoke", hub, "--node", first + 1))
    said(run(*made, region.path / "three.json"))
    said(run(*made, region.path / "four.json", "--replace", "--village-name", "Desa Lain"))
    names = [json.loads(line)["village_name"] for line in run("hub", "nodes", hub).stdout.splitlines()]
    assert names == ["Desa Contoh"] * 3 + ["Desa Lain"]


def test_a_relay_that_was_shut_out_is_enrolled_anew(region: Region, hub: Path) -> None:
    made = ("hub", "enrol", hub, "--village", VILLAGE, "--out")
    said(run(*made, region.path / "box.json"))
    relay = said(run(*made, region.path / "relay.json", "--relay"))["node"]
    said(run("hub", "revoke", hub, "--node", relay))
    assert said(run(*made, region.path / "again.json", "--relay"))["node"] != relay


def test_texts_that_fill_more_than_one_page_are_refused(region: Region, hub: Path) -> None:
    long = ("--hub-url", "https://hub.example/" + "x" * 900)
    refused = run("hub", "enrol", hub, "--village", VILLAGE, "--out", region.path / "one.json", *long)
    assert "240" in refused.stderr
    assert run("hub", "nodes", hub).stdout == ""
