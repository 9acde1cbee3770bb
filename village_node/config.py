"""The node's configuration: one frozen dataclass, read once by the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class NodeConfig:
    """All that may differ between two nodes beside their enrolment. Times in seconds."""

    folder: Path
    listen: tuple[str, int] = ("127.0.0.1", 8080)
    facilitator_listen: tuple[str, int] | None = None
    site_address: str = ""
    """How phones reach the public site, such as "http://10.42.0.1"; the captive portal leads them there."""
    radio_url: str | None = None
    hub_url: str | None = None
    ca_file: str | None = None
    gateway: bool = True
    wait_min_s: float = 300.0
    """Ordinary reports wait a random while between these two, so that the moment of sending does not tell
    who filed."""
    wait_max_s: float = 3600.0
    internet_every_s: float = 900.0
    duty_cycle: float = 0.10
    beacon_s: float = 6 * 3600.0
    dense_text: bool = True
    """Write reports in the dense text model where that keeps nobody waiting; False: always in the quick one,
    for slow boards."""
    speed: float = 1.0
    hub_settings: bool = True
    """Run what the hub set (`village_node.box_settings`); a command that opens the box for a moment does
    not."""
