"""One village, one hub and an emulated radio link on this machine, as `kentongan demo` runs them.

It starts the same `radio emulate`, `hub serve` and `node serve` as in the field, as separate processes joined
by TCP, and looks at them only from outside: through pages, the socket and commands.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from sync.clock import SystemClock
from sync.command_line import note
from sync.handin import HandIn

SECOND_PERSON = "penyelia"
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


def run_once(*arguments: str) -> str:
    """Run one command of this program here and return its output; raise DemoFailed with its one line.

    A process of its own would take longer to begin than most commands take.
    """
    from kentongan import main

    out, errors = io.StringIO(), io.StringIO()
    code: object = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            main(list(arguments), prog_name="kentongan")
    except SystemExit as end:
        code = end.code
    if code:
        said = errors.getvalue() or out.getvalue()
        raise DemoFailed(f"{' '.join(arguments[:2])}: {said.strip().splitlines()[-1:]}")
    return out.getvalue()


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
        run_once("hub", "init", str(self.hub_folder), "--second-factor", "nobody")
        self._add_officer("petugas")
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

    def _add_officer(self, name: str) -> None:
        password = str(self.folder / "password")
        add = ("hub", "user", "add", str(self.hub_folder), name)
        run_once(*add, "--role", "supervisor", "--password-file", password)

    def add_second_person(self) -> None:
        """Make the account of the second person, with the first one's password: a warning needs two."""
        self._add_officer(SECOND_PERSON)

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
