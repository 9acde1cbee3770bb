"""Begins `kentongan` processes as copies of one that has imported everything: imports are most of what a
process costs that works for a second. Run as a program it is that one; imported it asks it.

A process that it begins is one of its own in all else: it has its own files, signals, death and exit code.
What a test says about imports, memory or the environment needs an interpreter that begins anew.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import random
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

PRELOADED = (
    "kentongan", "hub.cli", "hub.store_wiring", "hub.serving", "village_node.cli", "village_node.serving",
    "firmware_bridge.cli", "firmware_bridge.emulator_server", "firmware_bridge.meshtastic_radio",
)  # fmt: skip
_WORD_BYTES = 1 << 20

_asking = threading.Lock()
_server: socket.socket | None = None
_server_process: subprocess.Popen[bytes] | None = None


class Forked:
    """One process that the server began, with the parts of `subprocess.Popen` that journeys use."""

    def __init__(self, arguments: Sequence[str], *, stdin: int | IO[Any], stdout: int | IO[Any] | None,
                 stderr: int | IO[Any]) -> None:  # fmt: skip
        """`stdout` None: a pipe, which is `self.stdout`."""
        self.args = list(arguments)
        self.returncode: int | None = None
        self.stdout: IO[str] | None = None
        reading, writing = os.pipe() if stdout is None else (-1, -1)
        self._told, told = socket.socketpair()
        files = [stdin, writing if stdout is None else stdout, stderr]
        numbers = [file if isinstance(file, int) else file.fileno() for file in files if file is not None]
        asked = json.dumps(
            {"arguments": self.args, "environment": dict(os.environ), "folder": str(Path.cwd())}
        )
        with _asking:
            socket.send_fds(_running_server(), [asked.encode()], [*numbers, told.fileno()])
        told.close()
        if stdout is None:
            os.close(writing)
            self.stdout = os.fdopen(reading, encoding="utf-8")
        word = self._hear()
        assert word is not None, "the fork server ended"
        self.pid = word

    def _hear(self) -> int | None:
        line = b""
        while not line.endswith(b"\n"):
            part = self._told.recv(1)
            if not part:
                return None
            line += part
        return int(line)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return the exit code; raise subprocess.TimeoutExpired."""
        if self.returncode is None:
            with selectors.DefaultSelector() as waiter:
                waiter.register(self._told, selectors.EVENT_READ)
                if not waiter.select(timeout):
                    raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
            code = self._hear()
            self._told.close()
            self.returncode = -signal.SIGKILL if code is None else code
        return self.returncode

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal, where it still runs."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Send SIGKILL, where it still runs."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, None]:
        """Wait for its end, then return the rest of its output, which must fit into a pipe."""
        self.wait(timeout)
        if self.stdout is None or self.stdout.closed:
            return "", None
        with self.stdout:
            return self.stdout.read(), None


def run_forked(*arguments: str, stdin: str | None, timeout_s: float) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, as `subprocess.run` does with its output captured."""
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as errors,
    ):
        given.write((stdin or "").encode())
        given.seek(0)
        process = Forked(arguments, stdin=given, stdout=out, stderr=errors)
        try:
            code = process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        out.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(process.args, code, out.read().decode(), errors.read().decode())


def _running_server() -> socket.socket:
    global _server, _server_process
    if _server is None:
        _server, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        _server.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _WORD_BYTES)
        _server_process = subprocess.Popen(
            # -P: as the programs themselves are begun.
            [sys.executable, "-P", __file__, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        atexit.register(close_server)
    return _server


def close_server() -> None:
    """End the server, if there is one; what it began goes on."""
    global _server, _server_process
    if _server is not None and _server_process is not None:
        _server.close()
        _server_process.wait()
        _server = _server_process = None


# -- the server itself ----------------------------------------------------------------------------


def _serve(asked: socket.socket) -> int:
    """Begin a process for each message, until nobody can ask any more; return an exit code."""
    for name in PRELOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    while True:
        message, files, _flags, _address = socket.recv_fds(asked, _WORD_BYTES, 4)
        if not message:
            return 0
        keeper = os.fork()
        if not keeper:
            asked.close()
            return _keep(json.loads(message), files)
        for file in files:
            os.close(file)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _keep(wanted: dict[str, Any], files: list[int]) -> int:
    """Begin the process and say its number, then its exit code: only a parent learns it."""
    told = files[3]
    process = os.fork()
    if not process:
        os.close(told)
        return _become(wanted, files[:3])
    for number in range(3):
        os.close(files[number])
        os.close(number)
    with contextlib.suppress(BrokenPipeError):
        os.write(told, f"{process}\n".encode())
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _process, status = os.waitpid(process, 0)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        os.write(told, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _become(wanted: dict[str, Any], files: list[int]) -> int:
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(wanted["environment"])
    os.chdir(wanted["folder"])
    tempfile.tempdir = None
    random.seed()
    kentongan = importlib.import_module("kentongan")
    sys.argv = [str(kentongan.__file__), *wanted["arguments"]]
    gc.enable()
    return int(kentongan.main() or 0)


if __name__ == "__main__":
    sys.exit(_serve(socket.socket(fileno=int(sys.argv[1]))))
