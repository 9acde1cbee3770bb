"""What somebody gives an installer, and what it says of what it cannot use, before anything is done."""

from __future__ import annotations

import runpy
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from box.carrying_out import carry_out, take_back
from box.machine import Failed, Machine
from box.steps import Folder

from tests.box.conftest import ROOT

Said = Callable[..., tuple[int, str]]


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Said:
    """Return what the installer of a box says in a trial run with these words, and how it ends."""
    (tmp_path / "root").mkdir()

    def run(*words: str, root: str = str(tmp_path / "root")) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["install-node", "--root", root, "--dry-run", *words])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(ROOT / "scripts/install-node"), run_name="__main__")
        return int(str(ended.value.code)), capsys.readouterr().err

    return run


def test_a_file_that_is_of_no_use_is_refused_before_anything_is_done(said: Said, tmp_path: Path) -> None:
    empty, noise, good = tmp_path / "empty", tmp_path / "noise", tmp_path / "enrolment.json"
    empty.touch()
    noise.write_bytes(b"\xff\xfe" * 9)
    good.write_text("{}")
    with zipfile.ZipFile(tmp_path / "whole.backup", "w"):
        pass
    enrolment = ("--enrolment", str(good))
    for words, answer in (
        (("--enrolment", str(empty)), "an enrolment is a small file, or a photo"),
        (("--enrolment", str(tmp_path)), "cannot be read (Is a directory): give the file of an enrolment"),
        (("--enrolment", str(tmp_path / "none")), "give the file of an enrolment, which kentongan hub enrol"),
        (("--restore", str(tmp_path / "none")), "put the stick in"),
        (("--restore", str(noise)), "take an older one of the same stick"),
        ((*enrolment, "--telegram-token-file", str(empty)), "a Telegram token is one line"),
        ((*enrolment, "--wifi-password-file", str(noise)), "a Wi-Fi's password is one line"),
    ):
        code, words_of_it = said(*words)
        assert (code, answer in words_of_it) == (1, True), words_of_it
        assert "would do" not in words_of_it
    code, words_of_it = said(*enrolment, root=str(tmp_path / "none"))
    assert code == 1
    assert "mount the card" in words_of_it
    for words in (enrolment, ("--restore", str(tmp_path / "whole.backup"))):
        assert said(*words)[0] == 0


def test_a_box_that_has_its_keys_needs_no_enrolment_any_more(said: Said, tmp_path: Path) -> None:
    assert said()[0] == 2
    keys = tmp_path / "root/var/lib/kentongan/node/enrolment.json"
    keys.parent.mkdir(parents=True)
    keys.write_text("{}")
    assert said()[0] == 0
    (tmp_path / "other.json").write_text("{}")
    assert (
        "no enrolment and no backup takes their place" in said("--enrolment", str(tmp_path / "other.json"))[1]
    )


def test_a_trial_of_taking_back_takes_nothing_back(machine_root: Path, said: Said) -> None:
    steps, machine, told = [Folder("/opt/kentongan")], Machine(str(machine_root)), list[str]()
    carry_out(steps, machine, told.append)
    take_back(steps, machine, told.append, only_says=True)
    assert (machine_root / "opt/kentongan").is_dir()
    assert told[-2:-1] == ["  would take back, where it is there:  folder /opt/kentongan"]
    own = machine_root / "etc/nftables.conf"
    own.write_text("# Written by Kentongan's installer.\n")
    assert said("--uninstall", root=str(machine_root))[0] == 0
    assert own.exists()


def test_only_root_changes_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    for change in (carry_out, take_back):
        with pytest.raises(Failed, match="write sudo before the command"):
            change([], Machine(), list[str]().append)
