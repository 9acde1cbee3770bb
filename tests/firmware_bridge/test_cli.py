"""`kentongan radio ...` as a person and the demonstration use it: JSON out, messages aside, honest exits."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from running_emulator import RawClient, RunningEmulator

from firmware_bridge.cli import radio
from firmware_bridge.emulator import EmulatorSettings
from kentongan import main
from sync.airtime import PRESETS
from sync.sealing.enrolment import Enrolment
from sync.sealing.radio_plan import RadioPlan

StartEmulator = Callable[..., RunningEmulator]
PATIENCE_S = 20.0


def run(*arguments: object) -> Result:
    return CliRunner().invoke(radio, [str(argument) for argument in arguments])


def json_lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def refusal(result: Result, exit_code: int = 1) -> str:
    assert result.exit_code == exit_code, result.output
    assert result.stdout == ""
    return result.stderr


# emulate


@pytest.fixture
def emulate() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from firmware_bridge.cli import radio; radio()", "emulate"]
        process = subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_emulate_tells_where_and_in_the_end_how_much(
    emulate: Callable[..., subprocess.Popen[str]], tmp_path: Path, ending: signal.Signals
) -> None:
    log = tmp_path / "frames.jsonl"
    process = emulate("--listen", "127.0.0.1:0", "--speed", "200", "--seed", "1", "--frame-log", str(log))
    assert process.stdout is not None
    devices = json.loads(process.stdout.readline())["devices"]
    assert len(devices) == 2
    a, b = (RawClient(int(device["url"].rpartition(":")[2])) for device in devices)
    a.download()
    b.download()
    a.send(devices[1]["number"], b"on the air", want_ack=True, id=7)
    a.routing_error(7)
    process.send_signal(ending)
    out, err = process.communicate(timeout=PATIENCE_S)
    a.close()
    b.close()
    assert (process.returncode, err) == (0, "")
    totals = json.loads(out)
    assert totals["frames_sent"] == 2
    assert totals["airtime_ms"] > 600
    assert (totals["frames_lost"], totals["frames_duplicated"]) == (0, 0)
    frames = [json.loads(line) for line in log.read_text().splitlines()]
    assert [(frame["from"], frame["to"]) for frame in frames] == [
        (devices[0]["number"], devices[1]["number"]),
        (devices[1]["number"], devices[0]["number"]),
    ]
    assert bytes.fromhex(frames[0]["payload"]) == b"on the air"
    assert b"on the air" not in bytes.fromhex(frames[0]["frame"]), "the air itself is encrypted"
    assert frames[0]["time_s"] < frames[1]["time_s"]


def test_emulate_gives_following_devices_the_next_ports(
    emulate: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    path = tmp_path / "tty"
    process = emulate("--listen", f"127.0.0.1:{port}", "--devices", "3", "--pty", str(path))
    assert process.stdout is not None
    devices = json.loads(process.stdout.readline())["devices"]
    assert [device["url"] for device in devices] == [f"tcp://127.0.0.1:{port + n}" for n in range(3)]
    assert devices[0]["serial_url"] == f"serial:{path}"
    process.terminate()
    process.communicate(timeout=PATIENCE_S)
    assert not path.is_symlink()


def test_emulate_on_a_taken_port_says_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        message = refusal(run("emulate", "--listen", f"127.0.0.1:{taken.getsockname()[1]}"))
    assert "choose others with --listen" in message
    assert len(message.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("--listen", "nonsense"),
        ("--listen", "127.0.0.1:65535"),
        ("--listen", "127.0.0.1:70000"),
        ("--loss", "1.5"),
        ("--devices", "0"),
        ("--preset", "Fastest"),
        ("--speed", "0"),
    ],
)
def test_emulate_refuses_wrong_use(arguments: tuple[str, str]) -> None:
    assert refusal(run("emulate", *arguments), exit_code=2)


# ports


def test_ports_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    from serial.tools import list_ports
    from serial.tools.list_ports_common import ListPortInfo

    usb, uart = ListPortInfo("/dev/ttyACM0"), ListPortInfo("/dev/ttyS4")
    usb.vid, usb.pid, usb.serial_number, usb.description = 0x239A, 0x8029, "ABC", "RAK4631"
    monkeypatch.setattr(list_ports, "comports", lambda: [uart, usb])
    assert json_lines(run("ports")) == [
        {
            "ports": [
                {
                    "url": "serial:/dev/ttyACM0",
                    "path": "/dev/ttyACM0",
                    "description": "RAK4631",
                    "usb_id": "239a:8029",
                    "serial_number": "ABC",
                    "by_id": None,
                }
            ]
        }
    ]


# setup


def test_setup_writes_restarts_and_reads_back(start_emulator: StartEmulator, tmp_path: Path) -> None:
    emulator = start_emulator()
    key = tmp_path / "channel.key"
    done = json_lines(
        run(
            "setup", *emulator.urls, "--preset", "MediumFast", "--region", "KR", "--role", "ROUTER_LATE",
            "--channel-key-file", key, "--make-key", "--owner", "Desa Sukamaju", "--hop-limit", 4,
        )
    )  # fmt: skip
    assert [line["number"] for line in done] == emulator.numbers
    for line, device in zip(done, emulator.emulator.devices, strict=True):
        assert device.settings.reboot_count == 2
        assert device.tuning.preset == PRESETS["MediumFast"]
        assert line["mhz"] == 921.875
        assert line["settings"]["slot"] == 8
        assert line["settings"]["rebroadcast"] == "ALL"
        assert (line["settings"]["role"], line["settings"]["owner"]) == ("ROUTER_LATE", "Desa Sukamaju")
    assert done[0]["settings"]["channel_key"] == done[1]["settings"]["channel_key"]
    assert key.stat().st_mode & 0o077 == 0
    assert key.read_text().strip() not in json.dumps(done), "the key itself is never printed"


def test_radios_that_were_set_up_hear_each_other(start_emulator: StartEmulator, tmp_path: Path) -> None:
    emulator = start_emulator()
    common = ("--preset", "ShortFast", "--channel-key-file", tmp_path / "key")
    json_lines(run("setup", emulator.urls[0], *common, "--make-key"))
    missed = run("ping", emulator.urls[0], emulator.numbers[1], "--count", 1, "--timeout", 2)
    assert missed.exit_code == 1, "they are tuned apart"
    json_lines(run("setup", emulator.urls[1], *common))
    pinged = json_lines(run("ping", emulator.urls[0], f"!{emulator.numbers[1]:08x}", "--count", 2))
    assert (pinged[0]["acknowledged"], pinged[0]["loss"]) == (2, 0.0)


def test_setup_leaves_a_radio_alone_that_has_everything(start_emulator: StartEmulator) -> None:
    emulator = start_emulator()
    done = json_lines(run("setup", emulator.urls[0]))[0]
    assert done["changed"] == []
    assert done["band"]["mhz"] == "920-923"
    assert "Permen Kominfo 2/2023" in done["band"]["source"]
    assert emulator.emulator.devices[0].settings.reboot_count == 1


def test_a_radio_gets_what_an_enrolment_says(start_emulator: StartEmulator, tmp_path: Path) -> None:
    plan = RadioPlan("SG_923", "LongFast", 16, 0, "serial", bytes(range(32)), 5)
    enrolment = Enrolment(7, "52.02.08.2001", "", "Hub", b"h" * 32, b"p" * 32, b"s" * 32, radio=plan)
    file = tmp_path / "enrolment.json"
    file.write_text(enrolment.to_text())
    url = start_emulator().urls[0]
    done = json_lines(run("setup", url, "--settings", file))[0]
    assert (done["settings"]["slot"], done["settings"]["hop_limit"]) == (16, 5)
    assert done["settings"]["channel_key"] == plan.key_fingerprint
    assert "--slot" in refusal(run("setup", url, "--settings", file, "--slot", 4), exit_code=2)
    assert "no settings of a radio" in refusal_without_a_plan(url, tmp_path)
    box = tmp_path / "box"
    assert CliRunner().invoke(main, ["node", "init", str(box), "--enrolment", str(file)]).exit_code == 0
    again = CliRunner().invoke(main, ["node", "setup-radio", str(box), "--radio", url])
    assert json_lines(again)[0]["changed"] == [], "it has them"


def refusal_without_a_plan(url: str, folder: Path) -> str:
    plain = Enrolment(7, "52.02.08.2001", "", "Hub", b"h" * 32, b"p" * 32, b"s" * 32)
    (folder / "plain.json").write_text(plain.to_text())
    return run("setup", url, "--settings", folder / "plain.json").stderr


def test_setup_of_a_factory_fresh_radio(start_emulator: StartEmulator, tmp_path: Path) -> None:
    emulator = start_emulator()
    settings = emulator.emulator.devices[0].settings
    settings.lora.region = 0
    settings.channels[1].Clear()
    settings.channels[1].index = 1
    assert "give --channel-key-file" in run("setup", emulator.urls[0]).stderr
    done = json_lines(run("setup", emulator.urls[0], "--channel-key-file", tmp_path / "k", "--make-key"))
    assert {"region", "channel", "channel_key"} <= set(done[0]["changed"])
    assert settings.can_transmit


def test_setup_over_a_serial_port(start_emulator: StartEmulator, tmp_path: Path) -> None:
    emulator = start_emulator(pty_paths=(tmp_path / "tty",))
    done = json_lines(run("setup", f"serial:{tmp_path / 'tty'}", "--hop-limit", 5))
    assert done[0]["changed"] == ["hop_limit"]
    assert emulator.emulator.devices[0].settings.reboot_count == 2


def test_setup_fails_when_the_radio_does_not_keep_what_it_was_told(
    start_emulator: StartEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator = start_emulator()
    settings = emulator.emulator.devices[0].settings
    monkeypatch.setattr(settings, "_change", lambda *_: True)
    assert "has not taken hop_limit" in run("setup", emulator.urls[0], "--hop-limit", 6).stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--slot", 4), "slots 13 to 24"),
        (("--slot", 99), "slots 13 to 24"),
        (("--frequency", 919.9), "leaves the band 920-923"),
        (("--frequency", 920.1), "leaves the band 920-923"),
        (("--region", "US"), "--frequency"),
        (("--channel-key-file", "/nonexistent/key"), "cannot read the channel key"),
    ],
)
def test_setup_refuses_what_may_not_be(
    start_emulator: StartEmulator, arguments: tuple[object, ...], words: str
) -> None:
    emulator = start_emulator()
    assert words in refusal(run("setup", emulator.urls[0], *arguments))
    assert emulator.emulator.devices[0].settings.reboot_count == 1


def test_another_band_can_be_allowed(start_emulator: StartEmulator) -> None:
    emulator = start_emulator()
    done = json_lines(run("setup", emulator.urls[0], "--frequency", 868.3, "--band", "868-868.6"))
    assert (done[0]["settings"]["slot"], done[0]["settings"]["override_mhz"]) == (0, 868.3)
    assert done[0]["band"] == {"mhz": "868-868.6", "source": "given with --band"}


def test_the_band_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KENTONGAN_RADIO_BAND", "902-928")
    assert "nothing listens" in refusal(run("setup", "tcp://127.0.0.1:1", "--frequency", 915)), "not refused"
    monkeypatch.setenv("KENTONGAN_RADIO_BAND", "921-922")
    message = refusal(run("setup", "tcp://127.0.0.1:1", "--frequency", 922.5))
    assert "leaves the band 921-922 MHz" in message


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nonsense",),
        ("tcp://127.0.0.1:1", "--slot", 20, "--frequency", 921),
        ("tcp://127.0.0.1:1", "--make-key"),
        ("tcp://127.0.0.1:1", "--region", "UNSET"),
        ("tcp://127.0.0.1:1", "--region", "ATLANTIS"),
        ("tcp://127.0.0.1:1", "--band", "wide"),
        ("tcp://127.0.0.1:1", "--channel-name", "longer than it may be"),
    ],
)
def test_setup_refuses_wrong_use(arguments: tuple[object, ...]) -> None:
    assert refusal(run("setup", *arguments), exit_code=2)


def test_an_existing_key_is_not_overwritten(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text("AAAA")
    message = refusal(run("setup", "tcp://127.0.0.1:1", "--channel-key-file", key, "--make-key"))
    assert "exists" in message
    assert key.read_text() == "AAAA"
    assert "not 16 or 32" in refusal(run("setup", "tcp://127.0.0.1:1", "--channel-key-file", key))


def test_an_absent_radio_is_named() -> None:
    assert "nothing listens" in run("setup", "tcp://127.0.0.1:1").stderr
    assert "plug the radio in" in run("setup", "serial:/dev/nothing-here").stderr


# ping


def test_ping_counts_what_is_lost(start_emulator: StartEmulator) -> None:
    emulator = start_emulator(EmulatorSettings(seed=2, loss=0.6))
    result = run("ping", emulator.urls[0], emulator.numbers[1], "--count", 8, "--timeout", 2)
    pinged = json.loads(result.stdout)
    assert pinged["sent"] == 8
    assert 0 < pinged["acknowledged"] < 8
    assert pinged["loss"] == pytest.approx(1 - pinged["acknowledged"] / 8)
    assert pinged["round_trip_ms"]["min"] <= pinged["round_trip_ms"]["max"]
    assert pinged["errors"] == ["MAX_RETRANSMIT"]


def test_a_relay_is_not_taken_for_the_destination(start_emulator: StartEmulator) -> None:
    emulator = start_emulator()
    result = run("ping", emulator.urls[0], 0x99, "--count", 1, "--timeout", 0.5)
    assert result.exit_code == 1
    pinged = json.loads(result.stdout)
    assert (pinged["acknowledged"], pinged["relayed"]) == (0, 1)


def test_ping_shows_the_path_over_a_relay_as_figures_and_as_a_picture(start_emulator: StartEmulator) -> None:
    emulator = start_emulator(
        EmulatorSettings(devices=3, seed=3, hears=lambda receiver, sender: abs(receiver - sender) == 1)
    )
    result = run("ping", emulator.urls[0], emulator.numbers[2], "--count", 2)
    pinged = json_lines(result)[0]
    assert (pinged["acknowledged"], pinged["hops"]) == (2, {"there": "1+", "back": 1})
    assert pinged["signal"] == {"rssi_dbm": -60, "snr_db": 6.0}
    assert [ping["error"] for ping in pinged["pings"]] == [None, None]
    shown = result.stderr.splitlines()
    assert "ping 1: " in shown[0]
    assert any("####" in line and "-60 dBm  6 dB" in line for line in shown)
    assert any("> !4b4e0003  over one relay or more" in line for line in shown)
    assert any(line.startswith("!4b4e0001 <") and "over one relay, last relay" in line for line in shown)


@pytest.mark.parametrize("number", ["zero", "0", "!", "!ffffffff", "0xffffffff"])
def test_ping_refuses_a_bad_number(number: str) -> None:
    assert refusal(run("ping", "tcp://127.0.0.1:1", number), exit_code=2)
