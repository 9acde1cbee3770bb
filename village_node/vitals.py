"""What Linux tells of the machine: temperature, memory, load. None where it tells nothing."""

from __future__ import annotations

import os
from pathlib import Path

SYSFS = Path("/sys")
PROC = Path("/proc")
_TEMPERATURE = "class/thermal/thermal_zone0/temp"
"""Thousandths of a degree; on a Raspberry Pi zone 0 is the processor."""


def temperature_c(sysfs: Path = SYSFS) -> int | None:
    """Return the temperature of the processor in whole degrees."""
    try:
        return round(int((sysfs / _TEMPERATURE).read_text("ascii")) / 1000)
    except (OSError, ValueError):
        return None


def memory_free_mib(proc: Path = PROC) -> int | None:
    """Return how much memory programs can still get."""
    try:
        for line in (proc / "meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) // 1024
    except (OSError, ValueError, IndexError):
        pass
    return None


def load_percent() -> int | None:
    """Return how busy all cores were in the last quarter of an hour; above 100 something waits."""
    try:
        return round(100 * os.getloadavg()[2] / (os.cpu_count() or 1))
    except OSError:
        return None
