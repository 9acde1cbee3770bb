"""The hub's configuration: one frozen dataclass, read once by the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hub.forwarding.choosing import What
from hub.passphrase import ask_passphrase


@dataclass(frozen=True)
class HubConfig:
    """All that may differ between two hubs beside their keys."""

    folder: Path
    database_url: str | None = field(
        default_factory=lambda: os.environ.get("DATABASE_URL") or None, repr=False
    )
    """Where its data is, from the environment. It wins over what `hub init --database` wrote."""
    listen: tuple[str, int] = ("127.0.0.1", 8081)
    radio_url: str | None = None
    secure_cookies: bool = False
    timezone: str = "Asia/Makassar"
    security_contacts: tuple[str, ...] = ()
    """Addresses (mailto:, https:, tel:) for whoever finds a weakness; they go before those in hub.json."""
    duty_cycle: float = 0.10
    speed: float = 1.0
    forward_to: Path | None = None
    """The folder of the node that the hub above enrolled for this one; None: nothing is passed on."""
    forward: What = "verified"
    forward_contact: bool = False
    watch_budget: float = 5.0
    """How many findings of a clean week the weekly watch may raise by chance, in the whole hub."""
    random_share: float = 0.05
    """Which share of the reports of the lowest band is drawn for verification."""
    metrics: tuple[str, int] | None = None
    """Where Prometheus asks, on this machine only; None: nowhere."""
    joins: bool = False
    """Whether it is a further web process beside the desk."""
    passphrase: Callable[[], str] = field(default=ask_passphrase, repr=False)
    """Gives the passphrase of hub.key, where it has one."""
