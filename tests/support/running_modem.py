"""An emulated modem served on a pseudo-terminal by a thread, for one test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from queue import Queue

from firmware_bridge.emulated_modem import EmulatedModem, EmulatedModemSettings
from firmware_bridge.emulated_modem_server import EmulatedModemServer
from firmware_bridge.emulated_sms_network import Submitted
from sync.clock import SystemClock

WAIT_S = 20.0
"""A bound for what should come at once; no test measures it."""


class RunningModem:
    """Serves until `stop`; `sent` gets each SMS that the network took."""

    def __init__(
        self, path: Path, settings: EmulatedModemSettings | None = None, *, tcp: bool = False
    ) -> None:
        clock = SystemClock()
        self.path = path
        self.sent: Queue[Submitted] = Queue()
        self.modem = EmulatedModem(settings or EmulatedModemSettings(), clock.monotonic_s(), self.sent.put)
        self.server = EmulatedModemServer(self.modem, clock)
        self.urls = self.server.open(path, ("127.0.0.1", 0) if tcp else None)
        self._thread = threading.Thread(target=self.server.run, daemon=True)
        self._thread.start()

    def do(self, action: Callable[[EmulatedModem], object]) -> None:
        """Run something in the server's thread, and wait until it was run."""
        done = threading.Event()

        def run(modem: EmulatedModem) -> None:
            action(modem)
            done.set()

        self.server.call(run)
        assert done.wait(WAIT_S)

    def stop(self) -> None:
        """End the thread and close all."""
        self.server.stop()
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()
