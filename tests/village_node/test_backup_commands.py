"""`kentongan node backup` and `restore`, from one folder into another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from village import Region, reached

from kentongan import main


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def told(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    line: dict[str, Any] = json.loads(result.stdout)
    return line


def test_there_and_back_beside_a_running_server(region: Region, tmp_path: Path) -> None:
    taken = region.file()
    folder, new = region.node().config.folder, tmp_path / "new"
    written = told(run("node", "backup", folder, "--to", tmp_path))
    assert region.node().health.status()["backup"]["made"] is True
    region.stop_node()
    back = told(run("node", "restore", "--from", written["file"], new))
    assert back["fingerprint"] == written["fingerprint"]
    assert back["whole"] is True
    node = region.start(new)
    try:
        assert reached(node, taken.code) == ["saved"]
    finally:
        node.close()


def test_what_cannot_be_done_is_one_line_that_says_what_to_do(region: Region, tmp_path: Path) -> None:
    folder = region.create_node()
    broken = tmp_path / "kentongan-1-000001.backup"
    broken.write_bytes(b"nothing")
    for arguments, said in (
        (("backup", folder, "--to", folder), "stick"),
        (("backup", tmp_path / "none", "--to", tmp_path), "no node"),
        (("restore", tmp_path / "new", "--from", broken), "older"),
        (("restore", tmp_path / "new", "--from", tmp_path / "none"), "look at its name"),
        (("restore", folder, "--from", broken), "holds a node"),
    ):
        result = run("node", *arguments)
        assert result.exit_code == 1
        [line] = result.stderr.splitlines()
        assert said in line
