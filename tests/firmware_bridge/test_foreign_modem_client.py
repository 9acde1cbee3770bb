"""gammu, a program of others, as a client of the emulated modem: not only our own client holds it to AT."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from running_modem import WAIT_S, RunningModem

VILLAGER = "+6281200001234"
UNIX_S = 1_780_000_000
LONG = "Anak saya dibawa ke pelabuhan tadi malam. " * 9


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningModem]:
    running = RunningModem(tmp_path / "modem")
    yield running
    running.stop()


@pytest.fixture
def gammu(tmp_path: Path) -> Path:
    program = shutil.which("gammu")
    if program is None:
        message = "install gammu for this test: sudo apt-get install gammu"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    configuration = tmp_path / "gammurc"
    configuration.write_text(f"[gammu]\ndevice = {tmp_path / 'modem'}\nconnection = at115200\n", "ascii")
    return configuration


def run(configuration: Path, *arguments: str, typed: str = "") -> str:
    finished = subprocess.run(
        ["gammu", "-c", str(configuration), *arguments],
        input=typed,
        capture_output=True,
        text=True,
        timeout=WAIT_S,
        env={"LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"], "HOME": str(configuration.parent)},
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.mark.slow
def test_it_reads_what_the_network_delivered_and_deletes_it(running: RunningModem, gammu: Path) -> None:
    running.do(lambda modem: modem.deliver(VILLAGER, LONG, UNIX_S))
    running.do(lambda modem: modem.deliver("OPERATOR", "Pulsa 5€ ñ", UNIX_S))
    running.do(lambda modem: modem.deliver(VILLAGER, "日本 😀", UNIX_S))
    said = run(gammu, "geteachsms").replace("\n", "")
    assert LONG.strip() in said
    assert "Pulsa 5€ ñ" in said
    assert "日本 😀" in said
    assert '"OPERATOR"' in said
    assert VILLAGER in said
    run(gammu, "deletesms", "3", "1", "5")
    left: list[int] = []
    running.do(lambda modem: left.extend(modem.device_store.slots))
    assert left == []


@pytest.mark.slow
def test_what_it_sends_the_network_takes(running: RunningModem, gammu: Path) -> None:
    text = LONG.strip()
    run(gammu, "sendsms", "TEXT", VILLAGER, "-len", "500", "-text", text)
    parts: list[str] = []
    while sum(len(part) for part in parts) < len(text):
        sent = running.sent.get(timeout=WAIT_S)
        assert sent.to == VILLAGER
        parts.append(sent.text)
    assert "".join(parts) == text
