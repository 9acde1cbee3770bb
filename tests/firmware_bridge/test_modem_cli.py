"""`kentongan modem` as people call it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from firmware_bridge.modem_cli import modem

VILLAGER = "+6281200001234"


class Emulator:
    """`kentongan modem emulate` as a process."""

    def __init__(self, path: Path) -> None:
        command = [sys.executable, "-m", "kentongan", "modem", "emulate", "--pty", str(path)]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.url = str(self.next()["modem"]["serial_url"])

    def next(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def say(self, line: object) -> None:
        stream: IO[str] | None = self.process.stdin
        assert stream is not None
        stream.write(json.dumps(line) + "\n")
        stream.flush()

    def complaint(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.readline()


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[Emulator]:
    running = Emulator(tmp_path / "modem")
    yield running
    running.process.terminate()
    assert running.process.wait(20) == 0
    assert not (tmp_path / "modem").exists()
    for stream in (running.process.stdin, running.process.stdout, running.process.stderr):
        assert stream is not None
        stream.close()


@pytest.mark.slow
def test_a_modem_is_looked_at_and_used(emulator: Emulator) -> None:
    looked = CliRunner().invoke(modem, ["doctor", emulator.url])
    assert looked.exit_code == 0, looked.output
    assert json.loads(looked.stdout)["network"] == "registered"
    sent = CliRunner().invoke(modem, ["send", emulator.url, "Percobaan"], input="+62 812-0000-1234\n")
    assert sent.exit_code == 0, sent.output
    assert json.loads(sent.stdout) == {"sent": True, "parts": 1}
    assert emulator.next()["sent"] == {
        "to": VILLAGER,
        "text": "Percobaan",
        "part": None,
        "alphabet": "GSM7",
    }


@pytest.mark.slow
def test_what_is_wrong_is_said_and_no_message_is_shown(emulator: Emulator) -> None:
    emulator.say({"from": VILLAGER, "text": "Anak saya hilang"})
    emulator.say({"set": {"network": 2}})
    emulator.say({"set": {"colour": 2}})
    assert "write {" in emulator.complaint()
    looked = CliRunner().invoke(modem, ["doctor", emulator.url, "--wait", "2"])
    assert looked.exit_code == 1
    assert "no mobile network" in looked.stderr
    assert "hilang" not in looked.output
    assert "0000" not in looked.output


def test_urls_and_pins_of_another_form_are_refused(tmp_path: Path) -> None:
    refused = CliRunner().invoke(modem, ["doctor", "modem"])
    assert refused.exit_code == 2
    assert "serial:PATH" in refused.stderr
    pin = tmp_path / "pin"
    pin.write_text("geheim", "ascii")
    refused = CliRunner().invoke(modem, ["doctor", "serial:auto", "--pin-file", str(pin)])
    assert "4 to 8 digits" in refused.stderr
    assert "geheim" not in refused.stderr
