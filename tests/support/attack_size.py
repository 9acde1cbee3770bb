"""How much an attack of `tests/security` sends: little in the suite, much in `scripts/security-rig`."""

from __future__ import annotations

import os
import resource
from pathlib import Path

FACTOR = int(os.environ.get("KENTONGAN_ATTACK_FACTOR", "1"))
"""1 in the suite."""
CONNECTIONS = int(os.environ.get("KENTONGAN_ATTACK_CONNECTIONS", "0"))
"""So many connections at once at most; 0: what this machine has room for."""
OTHER_FILES = 256
"""Files that pytest, its programs' pipes and the attack itself hold open."""
CONNECTION_BYTES = 64 * 1024
"""What two ends of a connection with half a request in it may take of the kernel's memory."""
SHARE = 0.5
"""Of ports and memory: others work on this machine, and closed ports rest for a minute."""


def times(count: int) -> int:
    """Return how often something is tried: `count` in the suite."""
    return count * FACTOR


def crowd(count: int) -> int:
    """Return how many connections are held at once: `count` in the suite, else what the machine can hold."""
    return max(count, min(times(count), CONNECTIONS or most_connections()))


def most_connections() -> int:
    """Return for how many connections this process has file numbers, ports and memory."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - OTHER_FILES
    lowest, highest = map(int, Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split())
    free_kib = next(
        int(line.split()[1])
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemAvailable:")
    )
    memory = SHARE * free_kib * 1024 / CONNECTION_BYTES
    return max(0, int(min(files, SHARE * (highest - lowest), memory)))
