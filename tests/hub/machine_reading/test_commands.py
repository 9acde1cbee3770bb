"""`kentongan hub models` and the lines of the doctor."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from village import Region, quick_folder

from hub.cli import hub
from hub.doctor import examine


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with quick_folder(tmp_path) as path:
        region = Region(path)
        region.create_hub()
        yield region.hub_folder


def run(*words: str, exit_code: int = 0) -> list[dict[str, object]]:
    result = CliRunner().invoke(hub, ["models", *words])
    assert result.exit_code == exit_code, result.output
    return [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]


def test_a_model_is_added_listed_checked_and_told_when_it_changed(folder: Path, tmp_path: Path) -> None:
    assert isinstance(hub, click.Group)
    off = {str(one["check"]): one for one in run("check", str(folder))}
    assert off["models for translation"]["problem"] is None, "a hub without models is whole"
    assert "no model for translation: switched off; to switch" in str(off["models for translation"]["do"])
    assert "kentongan hub models add" in str(off["models for speech"]["do"])
    source = tmp_path / "source"
    source.mkdir()
    (source / "model.bin").write_bytes(b"weights")
    told = ("--kind", "translation", "--from", "jv", "--to", "id", "--licence", "MIT", "--dated", "2026")
    [added] = run("add", str(folder), str(source), "--name", "kecil", *told)
    assert (added["model"], added["files"]) == ("kecil", 1)
    assert run("list", str(folder)) == [added]
    (folder / "models/kecil/model.bin").write_bytes(b"other")
    found = run("check", str(folder), exit_code=1)
    assert [one["check"] for one in found if not one["ok"]] == ["model kecil"]
    doctor = {one["check"]: one for one in examine(folder)}
    assert not doctor["model kecil"]["ok"]
    assert doctor["models for summary"]["ok"]
    result = CliRunner().invoke(hub, ["models", "add", str(folder), str(source), *told])
    assert result.exit_code == 1
    assert "--name" in result.output
