"""How the box is, for pages, `status` and `doctor`; and what a person should do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sync.carriers.base import RadioState
from sync.sealing.derivation import spoken_fingerprint
from village_node.folder import Identity
from village_node.log import NodeLog
from village_node.power import power_state
from village_node.taking import MIN_FREE_BYTES
from village_node.timekeeping import TimeKeeper

DAY_S = 86_400


@dataclass(frozen=True)
class Running:
    """What only the serving process knows."""

    last_contact_age_s: int | None
    radio: RadioState | None
    internet_problem: str | None
    has_internet: bool
    jobs_running: bool
    texts: str
    """See `ReportEncoder.state`."""


def free_bytes(folder: Path) -> int:
    """Return the free space of the folder's disk in bytes."""
    return shutil.disk_usage(folder).free


class Health:
    """Gathers the status. Waiting reports show as none or some, with age in whole days (design D8)."""

    def __init__(
        self,
        *,
        folder: Path,
        identity: Identity,
        log: NodeLog,
        times: TimeKeeper,
        running: Callable[[], Running | None],
        link: Callable[[], dict[str, Any] | None],
        free_bytes: Callable[[], int],
        material: Callable[[], dict[str, Any]] = dict,
        power: Callable[[], str | None] = power_state,
    ) -> None:
        self._material = material
        self._power = power
        self._folder = folder
        self._identity = identity
        self._log = log
        self._times = times
        self._running = running
        self._link = link
        self._free_bytes = free_bytes

    def status(self) -> dict[str, Any]:
        """Return the status as JSON-ready fields."""
        running = self._running()
        since = self._log.waiting_since()
        age = None if since is None else self._times.age_s(since)
        free = self._free_bytes()
        enrolment = self._identity.enrolment
        return {
            "village": enrolment.village,
            "node": enrolment.node_number,
            "fingerprint": spoken_fingerprint(self._identity.static.public),
            "known_to_hub": bool(self._log.number("bound")),
            "running": running is not None,
            "reports_waiting": "none" if since is None else "some",
            "waiting_days": None if age is None else age // DAY_S,
            "last_contact_age_s": None if running is None else running.last_contact_age_s,
            "radio": None if running is None or running.radio is None else _radio(running.radio),
            "internet": None if running is None or not running.has_internet else _internet(running),
            "link": self._link(),
            "disk_free_bytes": free,
            "takes_reports": free >= MIN_FREE_BYTES,
            "texts": None if running is None else running.texts,
            "power": self._power(),
            "material": self._material() or None,
            "clock": "known" if self._times.trusted_wall_s() is not None else "unknown",
        }


def _radio(state: RadioState) -> dict[str, Any]:
    number = None if state.own_number is None else f"!{state.own_number:08x}"
    return {"connected": state.connected, "number": number, "problem": state.problem}


def _internet(running: Running) -> dict[str, Any]:
    return {"reached": running.internet_problem is None, "problem": running.internet_problem}
