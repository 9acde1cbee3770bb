"""Files with keys in them: readable by their owner alone, written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def write_private(path: Path, content: str | bytes | Iterable[str]) -> None:
    """Write a file of mode 600, of a text, its parts or bytes, and flush it to the disk; raise OSError.

    Whatever making a part raises leaves the file as it was.
    """
    partial = path.with_name(path.name + ".part")
    partial.unlink(missing_ok=True)  # one left by a power cut could have another mode
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            parts = [content] if isinstance(content, str | bytes) else content
            file.writelines(part.encode() if isinstance(part, str) else part for part in parts)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except BaseException:  # whatever it is, it is told, and no half of a secret is left behind
        partial.unlink(missing_ok=True)
        raise
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
