"""What systemd does with the units of a box, for tests: starts the node after `begin`, takes what lies in the
inbox, watches a trial, starts anew what ended. The clock of the watch stands until a test moves it."""

from __future__ import annotations

import contextlib
import platform
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from releases import PUBLIC

from updater.__main__ import main
from updater.installing import take
from updater.release_file import ReleaseRefused
from updater.slots import Slots, State
from updater.trial import Silent, Times, ask, watch

PATIENCE_S = 120.0


class Launcher:
    """Runs `kentongan node serve` of whichever version the link leads to."""

    def __init__(self, slots: Slots, node: Path, site: str, arguments: Sequence[str], log: Path) -> None:
        self.slots = slots
        self.inbox = node.parent / "updates" / "next.release"
        self.inbox.parent.mkdir(exist_ok=True)
        self.now_s = 0.0
        self.starts = 0
        self.answers: list[str] = []
        self._node = node
        self._site = site
        self._arguments = ["node", "serve", str(node), *arguments]
        self._log = log
        self._closing = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._watching: threading.Thread | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._closing.is_set():
            if self._process is None or self._process.poll() is not None:
                self._start()
            if self.inbox.exists():
                self.now_s, self.answers = 0.0, []
                with contextlib.suppress(ReleaseRefused):
                    take(self.inbox, self.slots, [PUBLIC], machine=platform.machine())
                    self.restart()
            self._closing.wait(0.05)

    def _start(self) -> None:
        main(["begin", "--program", str(self.slots.program)])
        self.starts += 1
        if self.slots.state().trial and (self._watching is None or not self._watching.is_alive()):
            self._watching = threading.Thread(target=self._watch, daemon=True)
            self._watching.start()
        with self._log.open("ab") as log:
            program = self.slots.program / "venv/bin/kentongan"
            self._process = subprocess.Popen([program, *self._arguments], stdout=log, stderr=log)

    def _watch(self) -> None:
        watch(
            self.slots,
            self._ask,
            self.restart,
            Times(),
            monotonic_s=lambda: self.now_s,
            wait=lambda _: time.sleep(0.4),
        )

    def _ask(self, version: str) -> None:
        try:
            ask(self._site, self._node, version)
        except Silent as silent:
            self.answers.append(silent.why)
            raise
        self.answers.append("good")

    def restart(self) -> None:
        if self._process is not None:
            self._process.kill()

    def wait_for(self, so: Callable[[], bool], what: str, *, every_s: float = 0.1) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not so():
            assert time.monotonic() < deadline, f"{what}: {self.slots.state()} {self.answers[-3:]}"
            time.sleep(every_s)

    def wait_for_answer(self, answer: str) -> None:
        """Wait until the version on trial was asked and answered so."""
        self.wait_for(lambda: bool(self.slots.state().trial) and answer in self.answers[1:], answer)

    def wait_for_state(self, state: State) -> None:
        self.wait_for(lambda: self.slots.state() == state, str(state))

    def wait_for_why(self, why: str) -> None:
        self.wait_for(lambda: self.slots.state().why == why, why)

    def close(self) -> None:
        self._closing.set()
        self._thread.join()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
