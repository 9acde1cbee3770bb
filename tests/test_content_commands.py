"""`kentongan content`: check, key, pack, verify and the list of agencies, on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from content.files import shipped_files
from kentongan import main

DAY = "2026-11-25"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["content", *map(str, words)])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped material that a test may change."""
    for path, data in shipped_files().items():
        target = tmp_path / "material" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return tmp_path / "material"


def test_check_counts_what_is_there_and_fails_where_something_is_wrong(folder: Path) -> None:
    shown = run("check", "--today", DAY)
    assert shown.exit_code == 0, shown.output
    assert json.loads(shown.stdout)["lessons"] == 9
    new_year = run("check", "--today", "2027-01-01")
    assert new_year.exit_code == 0, "time alone must not stop a build"
    assert json.loads(new_year.stdout)["warnings"] == new_year.stderr.count("warning: ") > 10
    (folder / "icons/boat.svg").write_text("<svg/>")
    broken = run("check", "--folder", folder, "--today", DAY)
    assert broken.exit_code == 1
    assert json.loads(broken.stdout) == {"problems": 1, "warnings": 0}
    assert "icons/boat.svg: must be one svg" in broken.stderr


def test_a_pack_is_made_verified_updated_and_refused_under_another_key(folder: Path, tmp_path: Path) -> None:
    key, other = tmp_path / "release.pem", tmp_path / "other.pem"
    public = json.loads(run("key", key).stdout)["release_public"]
    stranger = json.loads(run("key", other).stdout)["release_public"]
    assert key.stat().st_mode & 0o777 == 0o600
    assert run("key", key).exit_code == 1, "a key is never overwritten"

    first, second = tmp_path / "1.pack", tmp_path / "2.pack"
    made = run("pack", "--key", key, "--version", "1", "--made-at", DAY, "--out", first)
    assert made.exit_code == 0, made.output
    seen = run("verify", first, "--release-key", public)
    assert json.loads(seen.stdout)["version"] == 1
    assert run("verify", first, "--release-key", stranger).exit_code == 1
    assert run("verify", first, "--release-key", public, "--newer-than", "1").exit_code == 1
    assert run("verify", first, "--release-key", "00").exit_code == 2

    lesson = folder / "languages/id/lessons/biaya.toml"
    lesson.write_text(lesson.read_text("utf-8").replace("minutes = 35", "minutes = 30"), "utf-8")
    options = ("--folder", folder, "--key", key, "--version", "2", "--made-at", DAY, "--out", second)
    update = run("pack", *options, "--for-holders-of", first)
    assert update.exit_code == 0, update.output
    assert second.stat().st_size < first.stat().st_size / 2
    assert run("verify", second, "--release-key", public).exit_code == 1, "it lacks what the first holds"
    whole = run("verify", second, "--release-key", public, "--held", first, "--newer-than", "1")
    assert json.loads(whole.stdout)["version"] == 2


def test_material_with_problems_is_not_signed(folder: Path, tmp_path: Path) -> None:
    run("key", tmp_path / "k.pem")
    (folder / "languages/id/facts.toml").write_text("= broken")
    out = tmp_path / "x.pack"
    made = run(
        "pack",
        "--folder",
        folder,
        "--key",
        tmp_path / "k.pem",
        "--version",
        "1",
        "--made-at",
        DAY,
        "--out",
        out,
    )
    assert made.exit_code == 1
    assert "correct them first" in made.stderr
    assert not out.exists()


def test_a_file_that_is_no_key_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "k.pem").write_text("not a key")
    made = run(
        "pack", "--key", tmp_path / "k.pem", "--version", "1", "--made-at", DAY, "--out", tmp_path / "x"
    )
    assert made.exit_code == 1
    assert made.stderr.strip().count("\n") == 0


def test_a_list_of_agencies_is_imported_and_a_wrong_one_changes_nothing(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "list.csv"
    options = ("--as-of", "2026-11-01", "--source", "Daftar rekaan", "--sample", "--folder", folder)
    table.write_text("Nama P3MI;No SIP3MI;Status\nPT Rekaan Satu;R-1;Aktif\n", "utf-8")
    assert json.loads(run("agencies", table, *options).stdout) == {
        "firms": 1,
        "as_of": "2026-11-01",
        "sample": True,
    }
    assert run("check", "--folder", folder, "--today", DAY).exit_code == 0
    before = (folder / "agencies/p3mi.csv").read_bytes()
    table.write_text("Nama P3MI;No SIP3MI;Status\nPT Rekaan Satu;R-1;Hebat\n", "utf-8")
    refused = run("agencies", table, *options)
    assert refused.exit_code == 1
    assert "line 2: the status must be one of" in refused.stderr
    assert (folder / "agencies/p3mi.csv").read_bytes() == before
