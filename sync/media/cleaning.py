"""Has a picture or a sound cleaned by a child process; one at a time, for a board has little memory."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import IO, Literal, Protocol

from sync.media.refusals import MediaRefused, Refusal
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType

MOST_CLEAN_BYTES = {"picture": 512 * 1024, "sound": 3 * 1024 * 1024}
"""Two pictures and a sound together are at most what a report may carry."""
PATIENCE_S = 60.0
"""For the child, and for those before it."""
Kind = Literal["picture", "sound"]


class Clean(Protocol):
    """Cleans one file."""

    def __call__(self, kind: Kind, file: IO[bytes]) -> Attachment:
        """Return the attachment of an open file with a descriptor; raise MediaRefused."""
        ...


class Cleaner:
    """Starts the child processes. Threads share it."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._turn = threading.Lock()
        self._patience_s = patience_s

    def __call__(self, kind: Kind, file: IO[bytes]) -> Attachment:
        """See `Clean`. The file is read from its beginning and left open."""
        if not self._turn.acquire(timeout=self._patience_s):
            raise MediaRefused(Refusal.BUSY)
        try:
            answer = self._ask(kind, file)
        finally:
            self._turn.release()
        if not answer or answer[0] == 0:
            raise MediaRefused(Refusal(answer[1:].decode("ascii")) if answer else Refusal.BROKEN)
        if len(answer) - 1 > MOST_CLEAN_BYTES[kind]:
            raise MediaRefused(Refusal.TOO_LARGE)
        return Attachment(MediaType(answer[0]), answer[1:])

    def _ask(self, kind: Kind, file: IO[bytes]) -> bytes:
        file.seek(0)
        try:
            child = subprocess.run(
                # -I: nothing of the environment or of the folder it was started in decides what is imported.
                [sys.executable, "-I", "-m", "sync.media.worker", kind],
                stdin=file.fileno(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._patience_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise MediaRefused(Refusal.BUSY) from None
        except OSError:
            raise MediaRefused(Refusal.BUSY) from None  # no memory for another process, for one
        return child.stdout if child.returncode == 0 else b""
