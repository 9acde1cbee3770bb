"""`kentongan demo`: one village, one hub and an emulated radio link on this machine.

It starts the same `radio emulate`, `hub serve` and `node serve` as in the field, as separate processes joined
by TCP, and looks at them only from outside: through the pages, the socket and the command line.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.resources
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import click

from sync.clock import SystemClock
from sync.command_line import note, print_json, refuse, stop_on_signals
from sync.handin import HandIn

VILLAGE = "52.02.08.2001"
START_TIMEOUT_S = 60.0
PROGRESS_EVERY_S = 2.0


class Stopped(Exception):
    """The person at the keyboard ended the demonstration."""


class DemoFailed(Exception):
    """A part did not start or did not do its work; the text says which."""


@dataclass
class _Part:
    """One process and the first line that it printed."""

    name: str
    process: subprocess.Popen[str]
    ready: dict[str, Any] = field(default_factory=dict)
    last_words: list[str] = field(default_factory=list)


def _kentongan(*arguments: str) -> list[str]:
    # -P: a folder of the demonstration named like a package of ours must not be imported.
    return [sys.executable, "-P", "-m", "kentongan", *arguments]


def _end_with_parent() -> None:
    """Let the kernel end this process when the demonstration is killed; Ctrl-C is the parent's to handle."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM, 0, 0, 0)
    os.setpgrp()


def run_once(*arguments: str, stdin: str | None = None) -> str:
    """Run one command of this program and return its output; raise DemoFailed with its one line."""
    done = subprocess.run(
        _kentongan(*arguments), input=stdin, capture_output=True, text=True, preexec_fn=_end_with_parent
    )
    if done.returncode != 0:
        raise DemoFailed(
            f"{' '.join(arguments[:2])}: {(done.stderr or done.stdout).strip().splitlines()[-1:]}"
        )
    return done.stdout


@dataclass(frozen=True)
class Addresses:
    """Where the sites of a demonstration are open."""

    village: str
    facilitator: str
    hub: str


class Demonstration:
    """The parts of one demonstration, in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        *,
        via: str,
        loss: float,
        seed: int,
        speed: float,
        radio_extra: list[str],
        stop: threading.Event,
    ) -> None:
        self.folder = folder
        self._told_to_stop = stop
        self.via = via
        self.loss = loss
        self.seed = seed
        self.speed = speed
        self.radio_extra = radio_extra
        self.hub_folder = folder / "hub"
        self.node_folder = folder / "node"
        self.password = secrets.token_urlsafe(12)
        self.facilitator_code = ""
        self._parts: list[_Part] = []
        self._clock = SystemClock()

    # -- processes --------------------------------------------------------------------------------

    def _start(self, name: str, *arguments: str) -> _Part:
        log = (self.folder / f"{name}.log").open("a")
        process = subprocess.Popen(
            _kentongan(*arguments), stdout=subprocess.PIPE, stderr=log, text=True, preexec_fn=_end_with_parent
        )
        log.close()
        part = _Part(name, process)
        self._parts.append(part)
        part.ready = self._first_line(part)
        return part

    def _first_line(self, part: _Part) -> dict[str, Any]:
        lines: list[str] = []
        stdout: IO[str] | None = part.process.stdout
        if stdout is None:
            raise DemoFailed(f"{part.name} has no output")
        reader = threading.Thread(target=lambda: lines.append(stdout.readline()), daemon=True)
        reader.start()
        reader.join(START_TIMEOUT_S)
        if self._told_to_stop.is_set():
            raise Stopped
        if not lines or not lines[0].strip():
            said = (self.folder / f"{part.name}.log").read_text().strip().splitlines()[-1:]
            raise DemoFailed(f"{part.name} did not start: {said[0] if said else 'it said nothing'}")
        ready: dict[str, Any] = json.loads(lines[0])
        return ready

    def start(self, *, listen_node: str, listen_hub: str, listen_facilitator: str) -> Addresses:
        """Set up and start everything; return where it listens."""
        speed = ["--speed", str(self.speed)]
        node_options, hub_options = ["--wait", "0", "0", "--duty-cycle", "1"], ["--duty-cycle", "1"]
        if self.via == "radio":
            emulator = self._start(
                "radio",
                "radio",
                "emulate",
                "--listen",
                "127.0.0.1:0",
                "--loss",
                str(self.loss),
                "--seed",
                str(self.seed),
                *speed,
                *self.radio_extra,
            )
            urls = [device["url"] for device in emulator.ready["devices"]]
            node_options += ["--radio", urls[0]]
            hub_options += ["--radio", urls[1]]
        self._set_up()
        hub = self._start(
            "hub", "hub", "serve", str(self.hub_folder), "--listen", listen_hub, *hub_options, *speed
        )
        if self.via == "http":
            node_options += ["--hub", hub.ready["url"], "--internet-every", str(1 / 30 * self.speed)]
        node_options += ["--listen", listen_node, "--facilitator-listen", listen_facilitator]
        node = self._start("node", "node", "serve", str(self.node_folder), *node_options, *speed)
        return Addresses(node.ready["url"], node.ready["facilitator_url"], hub.ready["url"])

    def _set_up(self) -> None:
        if self._told_to_stop.is_set():
            raise Stopped
        enrolment = self.folder / "enrolment.json"
        password = self.folder / "password"
        password.touch(0o600)
        password.write_text(self.password + "\n")
        run_once("hub", "init", str(self.hub_folder))
        run_once(
            "hub",
            "user",
            "add",
            str(self.hub_folder),
            "petugas",
            "--role",
            "supervisor",
            "--password-file",
            str(password),
        )
        run_once(
            "hub",
            "enrol",
            str(self.hub_folder),
            "--village",
            VILLAGE,
            "--village-name",
            "Pringgarata",
            "--out",
            str(enrolment),
        )
        made = run_once("node", "init", str(self.node_folder), "--enrolment", str(enrolment))
        self.facilitator_code = json.loads(made)["facilitator_code"]

    def stop(self) -> dict[str, Any]:
        """Stop every process; return what the emulated air counted."""
        counted: dict[str, Any] = {"frames_sent": 0, "airtime_ms": 0}
        for part in reversed(self._parts):
            part.process.send_signal(signal.SIGTERM)
            try:
                out, _ = part.process.communicate(timeout=20)
            except subprocess.TimeoutExpired:
                part.process.kill()
                out, _ = part.process.communicate()
            if part.name == "radio":
                with contextlib.suppress(ValueError, IndexError):
                    counted = json.loads(out.strip().splitlines()[-1])
        self._parts.clear()
        return counted

    def alive(self) -> None:
        """Raise DemoFailed when a part has ended by itself."""
        for part in self._parts:
            if part.process.poll() is not None:
                raise DemoFailed(f"{part.name} ended by itself: see {self.folder / part.name}.log")

    # -- filing and waiting -----------------------------------------------------------------------

    def file(self, lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Hand in reports over the node's socket; return {envelope id: report}."""
        filed = {}
        with HandIn(self.node_folder) as socket:
            for number, line in enumerate(lines, start=1):
                reply = socket.submit(line["report"], line.get("id"), patient=True)
                if "error" in reply:
                    raise DemoFailed(f"line {number}: {reply['error']}")
                filed[reply["id"]] = line["report"]
        return filed

    def wait_for(
        self, wanted: set[str], timeout_s: float, stop: threading.Event
    ) -> dict[str, dict[str, Any]]:
        """Wait until the hub has these envelopes, with a progress line; return its lines by id."""
        deadline = self._clock.monotonic_s() + timeout_s
        shown_at = 0.0
        while True:
            self.alive()
            if self.via == "courier":
                self._send_courier()
            lines = self.hub_lines()
            missing = wanted - set(lines)
            now = self._clock.monotonic_s()
            if now - shown_at > PROGRESS_EVERY_S or not missing:
                note(f"demo: {len(wanted) - len(missing)} of {len(wanted)} reports are at the hub")
                shown_at = now
            if not missing or now > deadline or stop.is_set():
                return lines
            stop.wait(0.5)

    def _send_courier(self) -> None:
        up, down = self.folder / "up.ktg", self.folder / "down.ktg"
        run_once("node", "courier-export", str(self.node_folder), str(up))
        run_once("hub", "courier-import", str(self.hub_folder), str(up))
        run_once("hub", "courier-export", str(self.hub_folder), str(down))
        run_once("node", "courier-import", str(self.node_folder), str(down))

    def hub_lines(self) -> dict[str, dict[str, Any]]:
        """Return what `hub reports --jsonl` prints, by envelope id."""
        out = run_once("hub", "reports", str(self.hub_folder), "--jsonl")
        return {line["id"]: line for line in map(json.loads, out.splitlines())}


def same_report(submitted: dict[str, Any], received: dict[str, Any]) -> bool:
    """Compare field for field; `indicators` is a set."""
    left, right = dict(submitted), dict(received)
    if "indicators" in left and "indicators" in right:
        left["indicators"], right["indicators"] = sorted(left["indicators"]), sorted(right["indicators"])
    return left == right


def _read_reports(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        text = importlib.resources.files("content").joinpath("samples/reports.jsonl").read_text("utf-8")
    else:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            refuse(f"{path} cannot be read: give a JSON-lines file of reports")
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            refuse(f"line {number} of the reports is not JSON")
        lines.append(value if isinstance(value, dict) and "report" in value else {"report": value})
    return lines


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    # In memory where the machine has a tmpfs: a demonstration should leave nothing behind.
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - mkdtemp makes it private
    with tempfile.TemporaryDirectory(prefix="kentongan-demo-", dir=base) as name:
        yield Path(name)


@click.command()
@click.option(
    "--once", is_flag=True, help="File --reports, wait until all are received, print a summary, end."
)
@click.option(
    "--reports",
    "reports_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON lines; default: a few that ship with the content.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where hub reports --jsonl goes."
)
@click.option(
    "--via",
    type=click.Choice(["radio", "http", "courier"]),
    default="radio",
    show_default=True,
    help="Which carrier brings the reports to the hub.",
)
@click.option(
    "--loss", default=0.0, show_default=True, type=click.FloatRange(0, 0.95), help="Chance of a lost frame."
)
@click.option("--duplicate", default=0.0, type=click.FloatRange(0, 1), help="Chance of a doubled frame.")
@click.option("--reorder", default=0.0, type=click.FloatRange(0, 1), help="Chance of a late frame.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same losses.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    help="Run the air and the clocks X times as fast; default 1, with --once 50.",
)
@click.option("--json", "as_json", is_flag=True, help="Accepted for clarity: the summary is always JSON.")
@click.option("--timeout", default=900.0, show_default=True, metavar="SECONDS", help="With --once.")
@click.option(
    "--node-listen",
    default="127.0.0.1:8080",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the village listens.",
)
@click.option(
    "--facilitator-listen",
    default="127.0.0.1:8090",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the facilitator's site listens.",
)
@click.option(
    "--hub-listen",
    default="127.0.0.1:8081",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the hub listens.",
)
def demo(
    once: bool,
    reports_file: Path | None,
    out: Path | None,
    via: str,
    loss: float,
    duplicate: float,
    reorder: float,
    seed: int,
    speed: float | None,
    as_json: bool,
    timeout: float,
    node_listen: str,
    facilitator_listen: str,
    hub_listen: str,
) -> None:
    """Run one village, one hub and an emulated radio link between them."""
    lines = _read_reports(reports_file)
    stop = stop_on_signals()
    with _folder() as folder:
        demonstration = Demonstration(
            folder,
            via=via,
            loss=loss,
            seed=seed,
            speed=speed or (50.0 if once else 1.0),
            radio_extra=["--duplicate", str(duplicate), "--reorder", str(reorder)],
            stop=stop,
        )
        try:
            if once:
                ok = _once(demonstration, lines, out, timeout, stop)
            else:
                note("demo: starting an emulated radio link, a hub and a village node (a few seconds) ...")
                at = demonstration.start(
                    listen_node=node_listen, listen_hub=hub_listen, listen_facilitator=facilitator_listen
                )
                _by_hand(demonstration, at, stop)
                ok = True
        except Stopped:
            note("demo: stopped")
            ok = not once
        except DemoFailed as error:
            refuse(str(error))
        finally:
            demonstration.stop()
    sys.exit(0 if ok else 1)


def _by_hand(demonstration: Demonstration, at: Addresses, stop: threading.Event) -> None:
    print_json(
        {
            "village": at.village,
            "facilitator": at.facilitator,
            "facilitator_code": demonstration.facilitator_code,
            "hub": at.hub,
            "user": "petugas",
            "password": demonstration.password,
        }
    )
    note(
        f"""
  The village      {at.village}
  The facilitator  {at.facilitator}      set a PIN with the code   {demonstration.facilitator_code}
  The hub          {at.hub}      sign in as   petugas   with password   {demonstration.password}

  Try:  1. Open the village in a browser, choose "Lapor", send a report; note its receipt code.
        2. Open the hub: the report has come by (emulated) radio. Open it, write an answer.
        3. Back in the village choose "Cek laporan saya", enter the code: the ladder and the answer.
        4. Open the facilitator's site, plan a session, open its quiz; answer it at the village under /kuis.
        5. Warn the village from the hub ("Pengumuman"); the facilitator says that it was read.

  Everything is in {demonstration.folder} and is removed at the end. Ctrl-C ends the demonstration."""
    )
    while not stop.wait(1.0):
        demonstration.alive()


def _once(
    demonstration: Demonstration,
    lines: list[dict[str, Any]],
    out: Path | None,
    timeout_s: float,
    stop: threading.Event,
) -> bool:
    clock = SystemClock()
    note("demo: starting the parts ...")
    demonstration.start(listen_node="127.0.0.1:0", listen_hub="127.0.0.1:0", listen_facilitator="127.0.0.1:0")
    began = clock.monotonic_s()
    filed = demonstration.file(lines)
    note(f"demo: {len(filed)} reports filed")
    received = demonstration.wait_for(set(filed), timeout_s, stop)
    seconds = clock.monotonic_s() - began
    if out is not None:
        text = run_once("hub", "reports", str(demonstration.hub_folder), "--jsonl")
        out.write_text(text, "utf-8")
    equal = sum(
        1
        for name, report in filed.items()
        if name in received and same_report(report, received[name]["report"])
    )
    counted = demonstration.stop()
    print_json(
        {
            "reports": len(filed),
            "received": len(received),
            "frames_sent": counted["frames_sent"],
            "airtime_ms": counted["airtime_ms"],
            "seconds": round(seconds, 2),
        }
    )
    if equal != len(filed) or len(received) != len(filed):
        note(f"demo: {len(filed) - equal} reports did not arrive equal")
        return False
    return True
