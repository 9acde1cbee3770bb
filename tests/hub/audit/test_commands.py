"""`kentongan hub audit`: export, verify without a hub, prove; one line and exit 1 when it does not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from village import Region

from kentongan import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["hub", "audit", *map(str, arguments)])


def refused(result: Result, said: str) -> None:
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.fixture
def folder(region: Region) -> Path:
    log = region.hub.store.audit
    for number in range(4):
        log.note("sari", "read", f"report 0123456789abcdef.0.{number}")
    return region.hub_folder


def test_an_export_is_verified_where_there_is_no_hub(region: Region, folder: Path) -> None:
    file, head = region.path / "log.jsonl", region.path / "head.json"
    head.write_text(run("head", folder).stdout)
    written = run("export", folder, file)
    assert written.exit_code == 0, written.output
    assert file.stat().st_mode & 0o777 == 0o600
    public = json.loads(written.stdout)["public_key"]
    region.stop_hub()
    folder.rename(region.path / "gone")
    checked = run("verify", file, "--head", head, "--key", public)
    assert checked.exit_code == 0, checked.output
    found = json.loads(checked.stdout)
    assert (found["holds"], found["entries"], found["size"], found["heads"]) == (True, 5, 5, 2)
    assert "compare it with the hub's" in run("verify", file).stderr
    refused(run("verify", file, "--key", "00" * 32), "another key")
    assert run("verify", file, "--key", "zz").exit_code == 2

    lines = file.read_text().splitlines(keepends=True)
    damages = {
        "entry 2 was changed": lines[:3] + [lines[3].replace("sari", "budi")] + lines[4:],
        "entry 2 is missing": lines[:3] + lines[4:],
        "entry 2 is not where it belongs": [*lines[:3], lines[4], lines[3], *lines[5:]],
        "missing at the end": lines[:4] + lines[6:],
        "no signed head": lines[:6],
    }
    for said, damaged in damages.items():
        (region.path / "damaged").write_text("".join(damaged))
        refused(run("verify", region.path / "damaged"), said)
    refused(run("verify", region.path / "nowhere"), "cannot be read")


def test_an_export_is_never_written_over(region: Region, folder: Path) -> None:
    file = region.path / "log.jsonl"
    file.write_text("x")
    refused(run("export", folder, file), "never written over")
    refused(run("export", folder, region.path / "no" / "where"), "not written")


def test_some_days_can_be_exported(region: Region, folder: Path) -> None:
    region.clock.advance(2 * 86_400)
    region.hub.store.audit.note("budi", "answered", "report x")
    first, later = region.path / "first", region.path / "later"
    assert run("export", folder, first, "--to", "2027-01-15").exit_code == 0
    assert run("export", folder, later, "--from", "2027-01-16").exit_code == 0
    checked = [json.loads(run("verify", one).stdout)["entries"] for one in (first, later)]
    # What the commands note of themselves is of this machine's own day.
    assert checked[0] + checked[1] >= 5
    assert "budi" not in first.read_text()
    assert "sari" not in later.read_text()


def test_one_entry_is_proven_by_itself(region: Region, folder: Path) -> None:
    proof = region.path / "proof.json"
    proof.write_text(run("prove", folder, "2").stdout)
    found = json.loads(run("verify", proof).stdout)
    assert (found["entries"], found["size"]) == (1, 5)
    proof.write_text(proof.read_text().replace("sari", "budi"))
    refused(run("verify", proof), "does not stand like this")
    refused(run("prove", folder, "99"), "no entry of that number")
