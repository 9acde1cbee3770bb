"""The hub's configuration: one frozen dataclass, read once by the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class HubConfig:
    """All that may differ between two hubs beside their keys."""

    folder: Path
    listen: tuple[str, int] = ("127.0.0.1", 8081)
    radio_url: str | None = None
    secure_cookies: bool = False
    timezone: str = "Asia/Makassar"
    duty_cycle: float = 0.10
    speed: float = 1.0
