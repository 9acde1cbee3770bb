"""The real programs as separate processes, for journeys: start, kill, start again, look from outside."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from fork_server import Forked, run_forked

from kentongan import main
from sync.handin import HandIn

SAMPLE = Path(__file__).parent.parent / "data" / "reports-train.jsonl"
VILLAGE = "52.02.08.2001"
PATIENCE_S = 120.0
_NOTHING = os.open(os.devnull, os.O_RDONLY)


def command(*arguments: str) -> list[str]:
    # -P: the folders of a journey are named like our packages and must not be imported.
    return [sys.executable, "-P", "-m", "kentongan", *arguments]


def run(*arguments: str, stdin: str | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    done = run_forked(*arguments, stdin=stdin, timeout_s=PATIENCE_S)
    if check and done.returncode != 0:
        raise AssertionError(f"{arguments[:2]} ended with {done.returncode}: {done.stderr}")
    return done


def run_here(*arguments: str) -> str:
    """Run a command inside of this process and return its output: a process of its own takes two seconds of a
    processor to begin. For what sets a journey up, and for what a journey asks again and again."""
    done = CliRunner().invoke(main, arguments)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, f"{arguments[:2]} ended with {done.exit_code}: {done.stderr}"
    return done.stdout


def sample_lines(count: int | None = None) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    return lines[:count]


def same_report(left: dict[str, Any], right: dict[str, Any]) -> bool:
    def plain(report: dict[str, Any]) -> dict[str, Any]:
        return {k: sorted(v) if k == "indicators" else v for k, v in report.items()}

    return plain(left) == plain(right)


class Program:
    """One process; its standard error goes to a file of its own, outside of the node's folder."""

    def __init__(
        self,
        log: Path,
        *arguments: str,
        env: dict[str, str] | None = None,
        inside: Sequence[str] = (),
        anew: bool = False,
    ) -> None:
        """`inside`: a command that starts it elsewhere, such as in a network namespace.

        `anew`: with an interpreter that begins anew, for what is said about memory. So with `env`, `inside`.
        """
        self.log = log
        self.process: subprocess.Popen[str] | Forked
        with log.open("a") as errors:
            if env or inside or anew:
                self.process = subprocess.Popen(
                    [*inside, *command(*arguments)],
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    env={**os.environ, **(env or {})},
                )
            else:
                self.process = Forked(arguments, stdin=_NOTHING, stdout=None, stderr=errors)
        self.ready: dict[str, Any] = self._first_line()

    def _first_line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as waiter:
            waiter.register(self.process.stdout, selectors.EVENT_READ)
            if not waiter.select(PATIENCE_S):
                self.kill()
                raise AssertionError(f"no first line: {self.log.read_text()}")
        line = self.process.stdout.readline()
        if not line:
            self.process.wait()
            raise AssertionError(f"ended at once: {self.log.read_text()[-600:]}")
        ready: dict[str, Any] = json.loads(line)
        return ready

    def kill(self) -> None:
        """Pull the plug on the process."""
        self.process.send_signal(signal.SIGKILL)
        self._close()

    def stop(self) -> str:
        """Ask it to end; return what it printed last."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            out, _ = self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, _ = self.process.communicate()
        return out

    def _close(self) -> None:
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


class Scene:
    """A hub and a node in `folder`, and the air between them."""

    def __init__(
        self, folder: Path, *, speed: float = 50.0, hub_init: Sequence[str] = (), anew: bool = False
    ) -> None:
        """`anew`: each process with an interpreter of its own, where its memory is looked at."""
        self.folder = folder
        self._anew = anew
        self.speed = speed
        self.hub_folder, self.node_folder = folder / "hub", folder / "node"
        self.frame_log = folder / "frames.jsonl"
        self.programs: list[Program] = []
        self.node: Program | None = None
        self.hub: Program | None = None
        self._ports: dict[str, str] = {}
        run_here("hub", "init", str(self.hub_folder), *hub_init)
        self.enrol("enrolment.json", VILLAGE)
        run_here("node", "init", str(self.node_folder), "--enrolment", str(folder / "enrolment.json"))

    def enrol(self, name: str, village: str) -> Path:
        out = self.folder / name
        run_here(
            "hub",
            "enrol",
            str(self.hub_folder),
            "--village",
            village,
            "--village-name",
            "Pringgarata",
            "--out",
            str(out),
        )
        return out

    def _start(self, name: str, *arguments: str, env: dict[str, str] | None = None) -> Program:
        program = Program(self.folder / f"{name}.log", *arguments, env=env, anew=self._anew)
        self.programs.append(program)
        return program

    def start_air(self, *extra: str, devices: int = 2) -> list[str]:
        emulator = self._start(
            "air",
            "radio",
            "emulate",
            "--devices",
            str(devices),
            "--listen",
            "127.0.0.1:0",
            "--speed",
            str(self.speed),
            "--frame-log",
            str(self.frame_log),
            *extra,
        )
        return [device["url"] for device in emulator.ready["devices"]]

    def start_hub(self, *extra: str) -> Program:
        listen = self._ports.get("hub", "127.0.0.1:0")
        self.hub = self._start(
            "hub",
            "hub",
            "serve",
            str(self.hub_folder),
            "--listen",
            listen,
            "--duty-cycle",
            "1",
            "--speed",
            str(self.speed),
            *extra,
        )
        self._ports["hub"] = self.hub.ready["url"].removeprefix("http://")
        return self.hub

    def start_node(self, *extra: str, env: dict[str, str] | None = None) -> Program:
        listen = self._ports.get("node", "127.0.0.1:0")
        self.node = self._start(
            "node",
            "node",
            "serve",
            str(self.node_folder),
            "--listen",
            listen,
            "--wait",
            "0",
            "0",
            "--duty-cycle",
            "1",
            "--speed",
            str(self.speed),
            *extra,
            env=env,
        )
        self._ports["node"] = self.node.ready["url"].removeprefix("http://")
        return self.node

    def file(self, lines: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Hand in reports through the node's socket; return {envelope id: reply with the report}."""
        filed = {}
        with HandIn(self.node_folder) as socket:
            for line in lines:
                reply = socket.submit(line["report"], line.get("id"))
                assert "error" not in reply, reply
                filed[reply["id"]] = {**reply, "report": line["report"]}
        return filed

    def hub_lines(self) -> list[dict[str, Any]]:
        out = run_here("hub", "reports", str(self.hub_folder), "--jsonl")
        return [json.loads(line) for line in out.splitlines()]

    def wait_for(self, ids: set[str], patience_s: float = PATIENCE_S) -> list[dict[str, Any]]:
        """Wait until the hub has these envelopes."""
        deadline = time.monotonic() + patience_s
        while True:
            lines = self.hub_lines()
            missing = ids - {line["id"] for line in lines}
            if not missing:
                return lines
            assert time.monotonic() < deadline, f"{len(missing)} of {len(ids)} did not arrive"
            time.sleep(0.3)

    def receipt(self, code: str) -> dict[str, Any]:
        """Return what a code opens, asked of the running node: a command takes a second to begin."""
        with HandIn(self.node_folder) as socket:
            return socket.receipt(code)

    def ladder(self, code: str) -> dict[str, bool]:
        reply = self.receipt(code)
        return {step["step"]: step["reached"] for step in reply["ladder"]}

    def wait_for_step(self, code: str, step: str, patience_s: float = PATIENCE_S) -> dict[str, Any]:
        """Wait until a receipt's ladder has reached a step; return the whole receipt."""
        deadline = time.monotonic() + patience_s
        while True:
            reply = self.receipt(code)
            if any(s["step"] == step and s["reached"] for s in reply["ladder"]):
                return reply
            assert time.monotonic() < deadline, f"{step} not reached"
            time.sleep(0.3)

    def wait_for_answer(self, code: str, patience_s: float = PATIENCE_S) -> dict[str, Any]:
        """Wait until the holder of a code finds an answer; return the whole receipt."""
        deadline = time.monotonic() + patience_s
        while True:
            reply = self.receipt(code)
            if reply["answers"]:
                return reply
            assert time.monotonic() < deadline, "no answer came"
            time.sleep(0.3)

    def close(self) -> None:
        for program in reversed(self.programs):
            program.stop()


@contextlib.contextmanager
def scene(
    folder: Path, *, speed: float = 50.0, hub_init: Sequence[str] = (), anew: bool = False
) -> Iterator[Scene]:
    made = Scene(folder, speed=speed, hub_init=hub_init, anew=anew)
    try:
        yield made
    finally:
        made.close()


class CuttingProxy:
    """A TCP proxy on loopback that can cut a connection in the middle of what passes, or lose answers."""

    def __init__(self, target: tuple[str, int]) -> None:
        import socket

        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[Any] = []
        self._cut_after: int | None = None
        self.lose_answers = False
        self.passed = 0
        self.cuts = 0
        self._lock = threading.Lock()
        self._closed = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_after(self, count: int) -> None:
        """Cut the connection after this many more bytes from the target, wherever a frame then stands."""
        with self._lock:
            self._cut_after = self.passed + count

    def _accept(self) -> None:
        import socket

        while not self._closed:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._target)
            except OSError:
                continue
            self._open += [client, server]
            threading.Thread(target=self._pass, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(server, client, True), daemon=True).start()

    def _pass(self, source: Any, sink: Any, from_target: bool) -> None:
        import socket

        with contextlib.suppress(OSError):
            while data := source.recv(4096):
                if from_target and self.lose_answers:
                    break
                if from_target:
                    with self._lock:
                        cut = self._cut_after is not None and self.passed + len(data) >= self._cut_after
                        if cut and self._cut_after is not None:
                            data = data[: max(0, self._cut_after - self.passed)]
                            self._cut_after = None
                            self.cuts += 1
                        self.passed += len(data)
                    sink.sendall(data)
                    if cut:
                        break
                else:
                    sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            with contextlib.suppress(OSError):
                end.close()

    def close(self) -> None:
        self._closed = True
        self._listener.close()
        for end in self._open:
            with contextlib.suppress(OSError):
                end.close()
