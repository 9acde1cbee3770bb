"""How the SMS bot fares, in numbers alone, for `kentongan bot doctor`."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from firmware_bridge.modem_health import ModemHealth
from sync.storage.private_files import write_private

STATUS_FILE = "sms.status"


class Counts:
    """Counted since the start of the process."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self.waiting = 0
        """Messages on the card that the box could not take yet."""

    def add(self, name: str) -> None:
        """Count one."""
        self._counts[name] += 1

    def write(self, folder: Path, health: ModemHealth, wall_s: float, *, runs: bool = True) -> None:
        """Write the status into the bot's folder; a disk that takes nothing is no reason to stop."""
        status: dict[str, Any] = {
            "written_at": int(wall_s),
            "runs": runs,
            "waiting": self.waiting,
            "counts": dict(self._counts),
            "modem": health.as_json(),
        }
        try:
            write_private(folder / STATUS_FILE, json.dumps(status) + "\n")
        except OSError:
            return
