"""Has a text spoken into a file by espeak-ng, packed by lame where it is: child processes, a text at a time.

What they may take is bounded before they begin; a box has a site to serve meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SPEAKING = ("espeak-ng", "-v", "id", "-s", "135", "-g", "4", "-b", "1", "--stdin", "--stdout")
"""The Indonesian voice at the pace of the pages' own clips; -b 1: the text is UTF-8."""
PACKING = ("lame", "--quiet", "-m", "m", "-b", "24", "--resample", "16", "-", "-")
"""MP3 as the pages' own clips, 3 kB a second: every phone since 2010 plays it."""
LARGEST_PACKED_BYTES = 2 * 1024 * 1024
"""Eleven minutes; a notice of a thousand digits takes eight."""
LARGEST_WAVE_BYTES = 3 * 1024 * 1024
"""68 seconds: a notice of some 500 letters. A longer one has no sound until lame is there."""


@dataclass(frozen=True)
class Limits:
    """What one child process may take."""

    cpu_s: int = 120
    memory_bytes: int = 160 * 1024 * 1024
    """Of addresses; they touch 8 MB."""
    patience_s: float = 300.0
    """Longer only what has hung: a board of 2013 needs half a minute for the longest notice."""


class SpeechFailed(Exception):
    """No file was written; trying the same text again is of no use while the programs are the same."""


class SpeechStopped(Exception):
    """The box closes; no file was written."""


def missing_packages() -> list[str]:
    """Return which packages of Debian the box lacks; without lame it speaks, but not long texts."""
    programs = {"espeak-ng": "espeak-ng", "lame": "lame", "prlimit": "util-linux"}
    return [package for program, package in programs.items() if shutil.which(program) is None]


def can_speak() -> bool:
    """Whether anything can be spoken here."""
    return not {"espeak-ng", "util-linux"} & set(missing_packages())


class Speech:
    """Starts the child processes. Threads may share it; they take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._turn = threading.Lock()
        self._lock = threading.Lock()
        self._children: list[subprocess.Popen[bytes]] = []
        self._stopped = False

    def write(self, words: str, to: Path) -> Path:
        """Speak into `to` with ".mp3" or ".wav" behind it, whole or not at all; return that path.

        Raises SpeechFailed, SpeechStopped, or OSError.
        """
        packed = shutil.which("lame") is not None
        part = to.with_suffix(".part")
        with self._turn:
            try:
                self._run(words, part, packed=packed)
                if not packed:
                    _tell_length(part)
                # A power cut must not leave an empty clip under a name that says that it is whole.
                with part.open("rb") as file:
                    os.fsync(file.fileno())
                done = to.with_suffix(".mp3" if packed else ".wav")
                part.replace(done)
            finally:
                part.unlink(missing_ok=True)
        return done

    def stop(self) -> None:
        """End what runs; nothing is begun any more."""
        with self._lock:
            self._stopped = True
            for child in self._children:
                child.kill()

    def _run(self, words: str, part: Path, *, packed: bool) -> None:
        try:
            # Its own files are not bounded: it writes none, but opens 64 MB of memory for a loudspeaker.
            speaker = self._start(SPEAKING, None, subprocess.PIPE, subprocess.PIPE)
            # `cat`: so that the same bound holds for what is not packed.
            with part.open("wb") as file:
                limit = LARGEST_PACKED_BYTES if packed else LARGEST_WAVE_BYTES
                self._start(PACKING if packed else ("cat",), limit, speaker.stdout, file)
            if speaker.stdin is not None and speaker.stdout is not None:
                speaker.stdout.close()  # so that one hears when the other is gone
                with contextlib.suppress(BrokenPipeError), speaker.stdin as text:
                    text.write(words.encode("utf-8"))
            ended = [child.wait(self._limits.patience_s) for child in self._children]
        except subprocess.TimeoutExpired:
            raise SpeechFailed("it took too long") from None
        finally:
            stopped = self._end()
        if stopped:
            raise SpeechStopped
        if any(ended) or part.stat().st_size == 0:
            raise SpeechFailed(f"the programs ended with {ended}")

    def _start(
        self, command: Sequence[str], largest_bytes: int | None, stdin: Any, stdout: Any
    ) -> subprocess.Popen[bytes]:
        limits = self._limits
        bounded = (
            *("nice", "-n", "5", "prlimit", f"--cpu={limits.cpu_s}", f"--as={limits.memory_bytes}"),
            *(() if largest_bytes is None else (f"--fsize={largest_bytes}",)),
            *("--core=0", "--", *command),
        )
        with self._lock:
            if self._stopped:
                raise SpeechStopped
            child = subprocess.Popen(
                bounded,
                stdin=stdin,
                stdout=stdout,
                stderr=subprocess.DEVNULL,
                # Nothing of the box's environment decides what they do.
                env={"PATH": os.environ.get("PATH", os.defpath)},
            )
            self._children.append(child)
        return child

    def _end(self) -> bool:
        """Leave no child behind; return whether somebody stopped them."""
        with self._lock:
            for child in self._children:
                child.kill()
                child.wait()
                for pipe in (child.stdin, child.stdout):
                    if pipe is not None:
                        with contextlib.suppress(BrokenPipeError):
                            pipe.close()
            self._children.clear()
            return self._stopped


def _tell_length(wave: Path) -> None:
    """Write the sizes into the head of a sound that came through a pipe; players would show hours."""
    size = wave.stat().st_size
    with wave.open("r+b") as file:
        for at, count in ((4, size - 8), (40, size - 44)):
            file.seek(at)
            file.write(count.to_bytes(4, "little"))
