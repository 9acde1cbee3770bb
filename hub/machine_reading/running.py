"""Runs a model in a process of its own, one at a time on the whole machine."""

from __future__ import annotations

import fcntl
import importlib.util
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from hub.machine_reading.services import CORRECTION_MAX_CHARACTERS, NoModel, Piece, Reading, ReadingFailed
from hub.machine_reading.shelf import LIBRARIES, Model, Shelf

PATIENCE_S: Final = 900.0
MOST_ANSWER_BYTES: Final = 4 * 2**20
MOST_CHARACTERS: Final = CORRECTION_MAX_CHARACTERS
"""Of a reading: what an officer could correct."""
# -I: nothing of the environment decides what is imported. -B: it cannot write files anyway.
COMMAND: tuple[str, ...] = (sys.executable, "-I", "-B", "-m", "hub.machine_reading.worker")
_MODULES: Final = {"translate": ("ctranslate2", "sentencepiece"), "speech": ("pocketsphinx", "av")}


def missing_library(kind: str) -> str | None:
    """Return what must be installed before models of a kind run, None when it is."""
    extra = LIBRARIES[kind]
    if all(importlib.util.find_spec(module) is not None for module in _MODULES[extra]):
        return None
    return f"what runs it is not installed: pip install 'kentongan[{extra}]'"


class Runner:
    """Runs models of a shelf. Threads and processes may share the shelf: each waits for its turn."""

    def __init__(self, shelf: Shelf, patience_s: float = PATIENCE_S) -> None:
        self._shelf = shelf
        self._patience_s = patience_s

    def __call__(self, model: Model, given: bytes) -> Reading:
        """Return what a model makes of a text in UTF-8, or of a sound.

        Raises NoModel where it cannot run here, ReadingFailed when it ended without a text.
        """
        if (missing := missing_library(model.kind)) is not None:
            raise NoModel(missing)
        with self._turn():
            if self._shelf.problem(model) is not None:
                raise NoModel("its files are not those that were added")
            asked = {
                "path": str(self._shelf.path_of(model).resolve()),
                "kind": model.kind,
                "model": _told(model),
            }
            answer = self._ask(json.dumps(asked).encode() + b"\n" + given)
        try:
            told = json.loads(answer)
            pieces = tuple(Piece(str(one["text"]), bool(one["known"])) for one in told["pieces"])
            sure = min(1.0, max(0.0, float(told["confidence"])))
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ReadingFailed from None
        if sum(len(piece.text) for piece in pieces) > MOST_CHARACTERS:
            raise ReadingFailed
        return Reading(pieces, sure, model.from_language, model.to_language, model.name, model.dated)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        place = os.open(self._shelf.folder, os.O_RDONLY)
        try:
            fcntl.flock(place, fcntl.LOCK_EX)
            yield
        finally:
            os.close(place)

    def _ask(self, given: bytes) -> bytes:
        """Return what the child says. No more is read than an answer may have, whatever it says: a model
        could make it speak for ever."""
        try:
            child = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"},
                cwd=Path("/"),
            )
        except OSError:
            raise ReadingFailed from None
        assert child.stdout is not None  # noqa: S101  (a pipe was asked for)
        teller = threading.Thread(target=_tell, args=(child, given), daemon=True)
        too_long = threading.Timer(self._patience_s, child.kill)
        teller.start()
        too_long.start()
        try:
            answer = child.stdout.read(MOST_ANSWER_BYTES + 1)
            if len(answer) > MOST_ANSWER_BYTES:
                raise ReadingFailed
            code = child.wait()
        finally:
            child.kill()
            child.wait()
            too_long.cancel()
            teller.join()
            child.stdout.close()
        if code:
            raise ReadingFailed
        return answer


def _tell(child: subprocess.Popen[bytes], given: bytes) -> None:
    assert child.stdin is not None  # noqa: S101
    with suppress(OSError), child.stdin:  # it may end before it has heard all
        child.stdin.write(given)


def _told(model: Model) -> dict[str, Any]:
    return {
        "from": model.from_language,
        "to": model.to_language,
        "name": model.name,
        "dated": model.dated,
        "prompt": model.prompt,
    }
