"""Clips of the notices in force: made after a notice came, kept by a digest of their words, gone when it is.

A notice is public or for the facilitator; no clip holds anything of a report. Nobody waits for a clip: a page
has a player when the clip is there.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from sync.wire.numbers import BulletinLevel, NoticeKind, OpportunityKind
from village_node.notices import VillageNotice
from village_node.speech import SPEAKING, Speech, SpeechFailed, SpeechStopped, can_speak
from village_node.spoken_text import MONTHS, said_in_indonesian, sentences
from village_node.taking import MIN_FREE_BYTES

_log = logging.getLogger(__name__)
SOUNDS_FOLDER = "notice-sounds"
"""Of the node's folder."""
MAX_CLIPS = 40
"""Of the newest notices in force: 3.4 MB when each has 200 letters."""
LEAST_FREE_BYTES = 4 * MIN_FREE_BYTES
"""Below this no clip is made: the room is for reports."""
KINDS = (".mp3", ".wav")
LEVELS: Mapping[NoticeKind, Mapping[int, str]] = {
    NoticeKind.BULLETIN: {
        BulletinLevel.INFORMATION: "Informasi",
        BulletinLevel.WARNING: "Waspada",
        BulletinLevel.DANGER: "Bahaya",
    },
    NoticeKind.OPPORTUNITY: {
        OpportunityKind.TRAINING: "Pelatihan",
        OpportunityKind.JOB: "Lowongan kerja",
        OpportunityKind.SCHOLARSHIP: "Beasiswa",
        OpportunityKind.COOPERATIVE: "Koperasi",
    },
}
"""As the pages have them, in Indonesian: a notice is in Indonesian and so is its voice."""


def words_of(notice: VillageNotice) -> str:
    """Return what is said of a notice: all that stands on the page of it, in its order."""
    return _words(notice.kind, notice.level, notice.text, notice.until)


@lru_cache(maxsize=MAX_CLIPS)
def _words(kind: NoticeKind, level: int, text: str, until: date) -> str:
    end = f"Berlaku sampai {until.day} {MONTHS[until.month - 1]} {until.year}"
    lines = (said_in_indonesian(line) for line in text.splitlines())
    return sentences((LEVELS[kind].get(level, ""), *lines, end))


def name_of(words: str) -> str:
    """Return the name under which a clip of these words is kept; another voice has other names."""
    return hashlib.sha256(f"{SPEAKING} {words}".encode()).hexdigest()[:32]


class NoticeSounds:
    """Keeps the clips of one box. `notices` gives all of them, the newest first; `changed` is set when they
    change. Threads may ask for files while one makes them."""

    def __init__(
        self,
        folder: Path,
        notices: Callable[[], Sequence[VillageNotice]],
        changed: threading.Event,
        free_bytes: Callable[[], int],
        speech: Speech | None = None,
    ) -> None:
        self._folder = folder
        self._notices = notices
        self._changed = changed
        self._free_bytes = free_bytes
        self._speech = speech or Speech()
        self._failed: set[str] = set()
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    def file_of(self, notice: VillageNotice) -> Path | None:
        """Return the clip of a notice in force, or None where there is none (yet)."""
        return self._file(name_of(words_of(notice))) if notice.counts else None

    def _file(self, name: str) -> Path | None:
        files = (self._folder / f"{name}{kind}" for kind in KINDS)
        return next((file for file in files if file.is_file()), None)

    def settle(self) -> None:
        """Make the clips that lack, the newest notice first, and delete those that are of no use."""
        said = [words_of(notice) for notice in self._notices() if notice.counts][:MAX_CLIPS]
        wanted = {name_of(words): words for words in said}
        if wanted:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        for file in self._folder.glob("*"):
            # Parts of a clip are what a power cut left.
            if file.stem not in wanted or file.suffix not in KINDS:
                file.unlink(missing_ok=True)
        for name, words in wanted.items():
            if self._file(name) is None and name not in self._failed and self._may_speak():
                try:
                    self._speech.write(words, self._folder / name)
                except SpeechFailed as error:
                    self._failed.add(name)
                    _log.warning("a notice has no sound: %s", error)

    def _may_speak(self) -> bool:
        return not self._closing.is_set() and can_speak() and self._free_bytes() >= LEAST_FREE_BYTES

    def settle_soon(self) -> None:
        """Have the thread look again: a day went by, or programs came."""
        self._changed.set()

    def start(self) -> None:
        """Settle now and after each change, from a thread."""
        self._thread = threading.Thread(target=self._run, name="notice-sounds", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop at once, also in the middle of a clip."""
        self._closing.set()
        self._speech.stop()
        self._changed.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._changed.clear()
            try:
                with contextlib.suppress(SpeechStopped):
                    self.settle()
            except Exception as error:
                # A full card, or a fault of ours: the notice itself stands on the page.
                _log.error("fault with the sound of notices: %s", type(error).__name__)
            if not self._closing.is_set():
                self._changed.wait()
