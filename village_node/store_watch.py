"""Watches a card that fails: tries again while nothing can be written, and ends the program when only a new
start can help.

Tries are cheap and rare, so that they wear no card: one commit a turn while the last one failed.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import peewee

from sync.clock import Clock
from sync.storage.private_files import write_private
from sync.storage.writer import StorageError
from village_node.folder import DATABASE_FILE
from village_node.log import NodeLog
from village_node.salvage import ask_for_salvage

_log = logging.getLogger(__name__)
TRY_EVERY_S = 15.0
TRIES_BESIDE_A_GOOD_CARD = 3
"""So often may a commit fail while the folder takes other files, before a new start is tried."""
PROBE_FILE = "card.try"


class StartAnew(Exception):
    """The card is another one, takes files and the database does not, or damaged the store: only a new start
    helps."""


def takes_files(folder: Path) -> bool:
    """Return whether the folder takes a small file and keeps it through a flush."""
    try:
        write_private(folder / PROBE_FILE, b"\0" * 4096)
        (folder / PROBE_FILE).unlink()
    except OSError:
        return False
    return True


class StoreWatch:
    """Looks every quarter of a minute, in a thread of its own."""

    def __init__(self, folder: Path, log: NodeLog, clock: Clock, end: Callable[[], None]) -> None:
        self._folder = folder
        self._log = log
        self._clock = clock
        self._end = end
        self._opened = self._identity()
        self._in_vain = 0
        self.must_start_anew = False
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Watch until `close`."""
        self._thread = threading.Thread(target=self._watch, name="store-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._closing.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._clock.wait(self._closing, TRY_EVERY_S):
            self.look()

    def look(self) -> None:
        """Try once where something is wrong; end the program where a new start helps."""
        now = self._identity()
        if now is not None and self._opened is not None and now != self._opened:
            self._start_anew("the card was put in or mounted anew")
            return
        if self._log.writer.damaged and not self._log.is_whole():
            self._look_at_damage()
            return
        self._log.writer.damaged = False
        if self._log.writer.trouble is None:
            self._in_vain = 0
            return
        try:
            self._log.set_number("card_tried", 1)
            _log.warning("the card takes reports again")
        except (StorageError, peewee.PeeweeException):
            # A full card stays full through a new start.
            if self._log.writer.trouble != "failing" or not takes_files(self._folder):
                return
            self._in_vain += 1
            if self._in_vain >= TRIES_BESIDE_A_GOOD_CARD:
                self._start_anew("the card takes files and the open database does not")

    def _look_at_damage(self) -> None:
        """A page that is none may be read well the next time; what stays so, the next start leaves out."""
        self._in_vain += 1
        if self._in_vain < TRIES_BESIDE_A_GOOD_CARD or not takes_files(self._folder):
            return
        try:
            if ask_for_salvage(self._folder):
                self._start_anew("a page of the store stays damaged and the card takes files")
        except OSError:
            return  # the card takes nothing now: at the next look

    def _start_anew(self, why: str) -> None:
        _log.error("%s: starting anew", why)
        self.must_start_anew = True
        self._end()

    def _identity(self) -> tuple[int, int] | None:
        try:
            found = (self._folder / DATABASE_FILE).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
