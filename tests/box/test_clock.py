"""The date of a clock chip: taken when it is good, put aside when the chip stood still."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from box.node_plan import BUILD_WALL_S, NodeChoices, node_steps
from box.steps import File, Step

from village_node import timekeeping

GOOD_S = BUILD_WALL_S + 86_400


class Board:
    """The script of the plan between programs that only note how they were called."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.called = folder, folder / "called"
        script = next(step.text for step in steps() if step.path == "/usr/local/sbin/kentongan-clock")
        (folder / "clock").write_text(script)
        (folder / "programs").mkdir()
        (folder / "chip").touch()
        for name in ("hwclock", "date", "journalctl"):
            self.program(name, f'echo "{name} $*" >>"{self.called}"')

    def program(self, name: str, does: str) -> None:
        at = self.folder / "programs" / name
        at.write_text(f"#!/bin/sh\n{does}\n")
        at.chmod(0o755)

    def run(self, word: str) -> int:
        own = {"KENTONGAN_CHIP": self.folder / "chip", "KENTONGAN_RUN": self.folder}
        own |= {"KENTONGAN_CHIP_SHOWS": self.folder / "since_epoch"}
        path = f"{self.folder / 'programs'}:{os.environ['PATH']}"
        settings = {name: str(value) for name, value in own.items()}
        return subprocess.run(
            ["sh", self.folder / "clock", word], env={**settings, "PATH": path}, capture_output=True
        ).returncode

    def shows(self, epoch_s: int) -> None:
        (self.folder / "since_epoch").write_text(f"{epoch_s}\n")

    def said(self) -> str:
        return (self.folder / "kentongan-clock").read_text().strip()

    def calls(self, name: str) -> list[str]:
        lines = self.called.read_text().splitlines() if self.called.exists() else []
        return [line for line in lines if line.startswith(f"{name} ")]


def steps() -> list[File]:
    made: list[Step] = node_steps(NodeChoices("{}", "Desa Contoh", "kuka-mipa-lana", clock_chip=True))
    return [step for step in made if isinstance(step, File)]


@pytest.fixture
def board(tmp_path: Path) -> Board:
    return Board(tmp_path)


def test_the_system_takes_the_date_of_a_chip_that_ran_on(board: Board) -> None:
    board.shows(GOOD_S)
    assert board.run("load") == 0
    assert board.said() == "chip"
    assert board.calls("date") == [f"date -u -s @{GOOD_S}"]


@pytest.mark.parametrize("shown_s", [946_684_800, 0, BUILD_WALL_S - 1])
def test_a_flat_battery_sets_no_date(board: Board, shown_s: int) -> None:
    board.shows(shown_s)
    assert board.run("load") == 0
    assert board.said() == "chip-stopped"
    assert board.calls("date") == []


def test_a_chip_that_cannot_be_read_sets_no_date(board: Board) -> None:
    assert board.run("load") == 0
    assert board.said() == "chip-stopped"


def test_a_chip_that_stopped_and_looks_right_is_not_believed_at_the_next_start_either(board: Board) -> None:
    board.shows(GOOD_S)
    board.program("journalctl", 'echo "rtc-ds1307 1-0068: SET TIME!"')
    assert board.run("load") == 0
    assert board.said() == "chip-stopped"
    assert board.calls("date") == []
    assert "--set --date=2000-01-01" in board.calls("hwclock")[0]


def test_the_chip_takes_the_date_of_the_internet_and_no_other(board: Board) -> None:
    assert board.run("save") == 0
    assert board.calls("hwclock") == []
    (board.folder / "systemd/timesync").mkdir(parents=True)
    (board.folder / "systemd/timesync/synchronized").touch()
    assert board.run("save") == 0
    assert "--systohc" in board.calls("hwclock")[0]


def test_a_person_vouches_for_a_date_that_can_be(board: Board) -> None:
    board.program("date", f"echo {BUILD_WALL_S - 5}")
    assert board.run("by-hand") == 1
    assert not (board.folder / "kentongan-clock").exists()
    board.program("date", f"echo {GOOD_S}")
    assert board.run("by-hand") == 0
    assert board.said() == "person"
    assert "--systohc" in board.calls("hwclock")[0]


def test_installer_and_node_draw_the_line_at_the_same_second() -> None:
    assert BUILD_WALL_S == timekeeping.BUILD_WALL_S


def test_each_start_begins_with_nobody_vouching() -> None:
    without = node_steps(NodeChoices("{}", "Desa Contoh", "kuka-mipa-lana"))
    told = {step.path: step.text for step in without if isinstance(step, File)}
    assert "f /run/kentongan-clock 0644 root root - none" in told["/etc/tmpfiles.d/kentongan-clock.conf"]
    assert "/etc/udev/rules.d/72-kentongan-clock.rules" not in told
    assert "/etc/udev/rules.d/72-kentongan-clock.rules" in {step.path for step in steps()}
