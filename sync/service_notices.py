"""Tells systemd that a program is ready and works (sd_notify(3), and WatchdogSec= of systemd.service(5)).

Without a service manager nothing is said. No text of ours goes out but fixed words.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

BEATS_A_LIMIT = 3
"""So often within the limit a beat is due: two may be late."""


class ServiceNotices:
    """What one process says to its service manager; use it as a context manager around serving."""

    def __init__(self, environment: Mapping[str, str] | None = None, process: int | None = None) -> None:
        """Read NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID. `process` is this one's number."""
        given = os.environ if environment is None else environment
        address = given.get("NOTIFY_SOCKET", "")
        # "@" stands for the zero byte of an abstract address.
        self._address = "\0" + address[1:] if address.startswith("@") else address
        meant = given.get("WATCHDOG_PID", "")
        for_us = not meant or meant == str(os.getpid() if process is None else process)
        limit = given.get("WATCHDOG_USEC", "")
        self.watchdog_s = int(limit) / 1e6 if for_us and limit.isdigit() else 0.0
        """Within how many seconds a beat must come; 0 where nobody watches."""
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self, parts: Sequence[Callable[[], object]]) -> None:
        """Say that the program is ready, and from now on, as long as all `parts` return, that it works.

        A part is asked in a thread of the watch's own: one that hangs stops the beat, and the service manager
        starts the program anew. One that raises counts as working: a card that answers with errors is told by
        `doctor`, and a restart would not mend it.
        """
        self._say(b"READY=1")
        if self._address and self.watchdog_s:
            self._thread = threading.Thread(target=self._watch, args=[parts], name="watchdog", daemon=True)
            self._thread.start()

    def pause(self) -> None:
        """Say nothing more: what was served ends, and the program goes on with something else."""
        self._stopped.set()

    def end(self) -> None:
        """Say that the program stops."""
        self._stopped.set()
        self._say(b"STOPPING=1")

    def _watch(self, parts: Sequence[Callable[[], object]]) -> None:
        while not self._stopped.wait(self.watchdog_s / BEATS_A_LIMIT):
            for part in parts:
                with suppress(Exception):  # whatever fails: what still works must go on telling so
                    part()
            self._say(b"WATCHDOG=1")

    def _say(self, words: bytes) -> None:
        if not self._address:
            return
        # The service manager may be gone or slow: what is served goes on.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
            to.setblocking(False)
            to.sendto(words, self._address)
