"""How the box is, for pages, `status` and `doctor`; and what a person should do."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import peewee

from sync.carriers.base import RadioState
from sync.sealing.derivation import spoken_fingerprint
from sync.storage.writer import StorageError, Trouble
from village_node.folder import Identity
from village_node.log import NodeLog
from village_node.log_rows import MADE_ANEW
from village_node.power import power_state
from village_node.software import software_version
from village_node.stick_backups import backup_status
from village_node.taking import MIN_FREE_BYTES
from village_node.timekeeping import TimeKeeper

DAY_S = 86_400


@dataclass(frozen=True)
class Running:
    """What only the serving process knows."""

    last_contact_age_s: int | None
    radio: RadioState | None
    internet_problem: str | None
    hub_refuses: bool
    has_internet: bool
    jobs_running: bool
    texts: str
    """See `ReportEncoder.state`."""


def free_bytes(folder: Path) -> int:
    """Return the free space of the folder's disk in bytes."""
    return shutil.disk_usage(folder).free


StoreState = Trouble | Literal["well", "made_anew"]
"""How the card takes what is written; "damaged" also where it still takes it, "made_anew" where it damaged
the store once (`village_node.salvage`) and takes what is written now."""


def is_read_only(folder: Path) -> bool:
    """Return whether the system has made the folder's disk read-only, as it does after an error of a card."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


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
        settings: Callable[[], dict[str, Any]] = dict,
        power: Callable[[], str | None] = power_state,
        is_shut_out: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings = settings
        self._is_shut_out = is_shut_out
        self._material = material
        self._power = power
        self._folder = folder
        self._identity = identity
        self._log = log
        self._times = times
        self._running = running
        self._link = link
        self._free_bytes = free_bytes
        self.stick_problem: Callable[[], str | None] = lambda: None
        """Why the last backup by itself was not written."""
        self.update: Callable[[], dict[str, Any] | None] = lambda: None
        """What became of the last release of the program; None where releases are not taken."""

    def status(self) -> dict[str, Any]:
        """Return the status as JSON-ready fields."""
        running = self._running()
        free = self._room()
        trouble = self._trouble(free)
        stored: dict[str, Any] = {
            "known_to_hub": None,
            "reports_waiting": "unknown",
            "waiting_days": None,
            "link": None,
            "backup": None,
            "settings": None,
        }
        damaged, made_anew = self._log.writer.damaged, False
        try:
            damaged |= bool(self._log.number("store_damaged"))
            made_anew = bool(self._log.number(MADE_ANEW))
            stored = self._stored()
        except (StorageError, peewee.PeeweeException):
            # What cannot be read is not made up, and the rest is told.
            damaged |= self._log.writer.damaged
            trouble = trouble or "failing"
        enrolment = self._identity.enrolment
        return {
            "village": enrolment.village,
            "node": enrolment.node_number,
            "fingerprint": spoken_fingerprint(self._identity.static.public),
            "running": running is not None,
            "software": ".".join(map(str, software_version())),
            "update": self.update(),
            "last_contact_age_s": None if running is None else running.last_contact_age_s,
            "radio": None if running is None or running.radio is None else _radio(running.radio),
            "internet": None if running is None or not running.has_internet else _internet(running),
            "disk_free_bytes": max(0, free),
            "takes_reports": trouble is None and not self._is_shut_out(),
            "shut_out": self._is_shut_out(),
            "store": "damaged" if damaged else trouble or ("made_anew" if made_anew else "well"),
            "texts": None if running is None else running.texts,
            "power": self._power(),
            "material": self._material() or None,
            "clock": "known" if self._times.trusted_wall_s() is not None else "unknown",
            **stored,
        }

    def takes_reports(self) -> bool:
        """Return whether a report could be saved now, as far as anybody knows before trying."""
        return self._trouble(self._room()) is None and not self._is_shut_out()

    def _trouble(self, free: int) -> Trouble | None:
        if is_read_only(self._folder):
            return "read_only"
        if free < 0:
            return "failing"
        if free < MIN_FREE_BYTES:
            return "full"
        return "damaged" if self._log.writer.damaged else self._log.writer.trouble

    def _room(self) -> int:
        try:
            return self._free_bytes()
        except OSError:  # the card does not answer: the trouble shows with the first write
            return -1

    def _stored(self) -> dict[str, Any]:
        since = self._log.waiting_since()
        age = None if since is None else self._times.age_s(since)
        return {
            "known_to_hub": bool(self._log.number("bound")),
            "reports_waiting": "none" if since is None else "some",
            "waiting_days": None if age is None else age // DAY_S,
            "link": self._link(),
            "backup": backup_status(self._log, self._times, self.stick_problem()),
            "settings": self._settings() or None,
        }


def _radio(state: RadioState) -> dict[str, Any]:
    number = None if state.own_number is None else f"!{state.own_number:08x}"
    return {"connected": state.connected, "number": number, "problem": state.problem}


def _internet(running: Running) -> dict[str, Any]:
    problem = running.internet_problem
    return {"reached": problem is None, "problem": problem, "refused": running.hub_refuses}
