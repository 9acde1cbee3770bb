"""Watches a card that fails: tries again while nothing can be written, and ends the program when only a new
start can help.

Tries are cheap and rare, so that they wear no card: one commit a turn while the last one failed.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import peewee

from sync.clock import Clock
from sync.storage.database import file_problem
from sync.storage.private_files import write_private
from sync.storage.writer import StorageError
from village_node.folder import DATABASE_FILE
from village_node.log import NodeLog
from village_node.salvage import ask_for_salvage

_log = logging.getLogger(__name__)
TRY_EVERY_S = 15.0
LOOK_AGAIN_S = 1.0
"""So long after a page was met that is none, and after each look at it, comes the next."""
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


class CardReading:
    """Reads the store from the card itself, which may read well what it read badly before."""

    def __init__(self, database: Path) -> None:
        self._files = [database, database.with_name(database.name + "-wal")]
        self._held: dict[tuple[int, int], int] = {}
        """One descriptor for each file that stood there: (device, number on it) -> descriptor."""

    def forget(self) -> None:
        """Let the kernel forget what it has read of the store: it would show the same bytes again."""
        for file in self._files:
            with suppress(OSError):
                found = file.stat()
                place = found.st_dev, found.st_ino
                if place not in self._held:
                    # Closing it would take this process's locks from under SQLite
                    # (sqlite.org/howtocorrupt, 2.2).
                    self._held[place] = os.open(file, os.O_RDONLY)
        for held in self._held.values():
            with suppress(OSError):
                os.posix_fadvise(held, 0, 0, os.POSIX_FADV_DONTNEED)

    def problem(self) -> str | None:
        """Return what SQLite finds wrong, or None."""
        self.forget()
        return file_problem(self._files[0])

    def close(self) -> None:
        """Let go of the files, when nothing of this process has the store open any more."""
        while self._held:
            os.close(self._held.popitem()[1])


def damage_stays(database: Path, clock: Clock, stop: threading.Event) -> bool:
    """Look at a store that did not open; return whether each look found it damaged. Nothing of this process
    must have it open."""
    card = CardReading(database)
    try:
        for left in reversed(range(TRIES_BESIDE_A_GOOD_CARD)):
            if card.problem() is None or (left and clock.wait(stop, LOOK_AGAIN_S)):
                return False
        return True
    finally:
        card.close()


class StoreWatch:
    """Looks every quarter of a minute, and at once when a page was met that is none, in its own thread."""

    def __init__(
        self,
        folder: Path,
        log: NodeLog,
        clock: Clock,
        end: Callable[[], None],
        *,
        may_salvage: Callable[[], bool] = lambda: True,
    ) -> None:
        self._folder = folder
        self._log = log
        self._clock = clock
        self._end = end
        self._may_salvage = may_salvage
        self._opened = self._identity()
        self._in_vain = 0
        self.must_start_anew = False
        self.card = CardReading(folder / DATABASE_FILE)
        """To be closed when the node is."""
        self._closing = threading.Event()
        self._woken = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Watch until `close`."""
        self._log.writer.on_damage = self._woken.set
        self._thread = threading.Thread(target=self._watch, name="store-watch", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._closing.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._closing.is_set():
            self._clock.wait(self._woken, TRY_EVERY_S)
            self._woken.clear()
            if self._log.writer.damaged:
                self.look_at_damage()
                # Who reads the page again and again shall not have the whole store read each time.
                self._clock.wait(self._closing, TRY_EVERY_S)
            elif not self._closing.is_set():
                self.look()

    def look_at_damage(self) -> None:
        """Look until the damage is gone, a new start is asked for, or three looks were in vain."""
        for _ in range(TRIES_BESIDE_A_GOOD_CARD):
            self.look()
            if self.must_start_anew or not self._log.writer.damaged:
                return
            if self._clock.wait(self._closing, LOOK_AGAIN_S):
                return

    def look(self) -> None:
        """Try once where something is wrong; end the program where a new start helps."""
        now = self._identity()
        if now is not None and self._opened is not None and now != self._opened:
            self._start_anew("the card was put in or mounted anew")
            return
        if self._log.writer.damaged and self.card.problem() is not None:
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
        if self._in_vain < TRIES_BESIDE_A_GOOD_CARD or not self._may_salvage():
            return
        if not takes_files(self._folder):
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
