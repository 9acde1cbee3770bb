"""Backups by themselves: a stick with a marker file that is put in gets one, and one a day while it stays.

How old the last one is stands in the settings of the box.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sync.clock import Clock
from village_node.backups import Backup, BackupRefused, write_backup
from village_node.log import NodeLog
from village_node.timekeeping import Stamp, TimeKeeper

_log = logging.getLogger(__name__)
MARKER = "kentongan-backup.txt"
"""An empty file of this name on a stick makes it one for backups."""
LOOK_EVERY_S = 60.0
AGAIN_S = 86_400.0
OLD_DAYS = 31
_DAY_S = 86_400


def put_in() -> list[Path]:
    """Return the folders of sticks as Debian mounts them."""
    return sorted((*Path("/media").glob("*"), *Path("/media").glob("*/*")))


def note_backup(log: NodeLog, stamp: Stamp) -> None:
    """Keep when the last backup was written."""

    def job() -> None:
        log.set_number("backup_boot", stamp.boot)
        log.set_number("backup_mono_s", stamp.mono_s)
        log.set_number("backup_wall_s", stamp.wall_s or 0)

    log.writer.run(job)


def backup_status(log: NodeLog, times: TimeKeeper, problem: str | None = None) -> dict[str, Any]:
    """Return {"made", "age_days" (None: never, or nobody knows), "problem" of the last try by itself}."""
    boot = log.number("backup_boot", -2)
    stamp = Stamp(boot, log.number("backup_mono_s"), log.number("backup_wall_s") or None)
    age_s = None if boot == -2 else times.age_s(stamp)
    return {
        "made": boot != -2,
        "age_days": None if age_s is None else age_s // _DAY_S,
        "problem": problem,
    }


class StickBackups:
    """Looks for sticks now and then, in a thread of its own."""

    def __init__(
        self,
        folder: Path,
        log: NodeLog,
        times: TimeKeeper,
        clock: Clock,
        places: Callable[[], Iterable[Path]] = put_in,
    ) -> None:
        self._folder = folder
        self._log = log
        self._times = times
        self._clock = clock
        self._places = places
        self._served: dict[Path, float] = {}
        """When each stick that is in got its last try, on the monotonic clock."""
        self.problem: str | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Look from a thread until `close`."""
        self._thread = threading.Thread(target=self._watch, name="backups", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop; a backup that is being written is waited for."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._closing.is_set():
            try:
                self.look()
            except Exception as error:
                # A stick that was pulled out, a card that fails: what is served goes on.
                _log.error("fault while looking for sticks: %s", type(error).__name__)
            self._clock.wait(self._closing, LOOK_EVERY_S)

    def look(self) -> list[Backup]:
        """Write a backup to each marked stick that was just put in, or had its last a day ago."""
        marked = {place for place in self._places() if (place / MARKER).is_file()}
        now = self._clock.monotonic_s()
        self._served = {place: at for place, at in self._served.items() if place in marked}
        made = []
        for place in sorted(marked):
            if place in self._served and now - self._served[place] < AGAIN_S:
                continue
            self._served[place] = now
            try:
                made.append(write_backup(self._folder, place, now_s=self._times.trusted_wall_s()))
            except BackupRefused as refused:
                self.problem = str(refused)
                _log.error("no backup was written to a stick")
                continue
            self.problem = None
            note_backup(self._log, self._times.stamp())
        return made
