"""Reads a file of which the card does not give some blocks any more: what it gives, none for the others."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

BLOCK_BYTES = 4096
CHUNK_BYTES = 256 * BLOCK_BYTES
NONE = b"\xff"
"""What stands for each byte that was not given: no page of SQLite, and no frame of its log, looks so."""


def pieces(path: Path) -> Iterator[tuple[bytes, bool]]:
    """Yield the file piece by piece in its order, each with whether the card gave it. Raises OSError other
    than EIO."""
    opened = os.open(path, os.O_RDONLY)
    try:
        size, at = os.fstat(opened).st_size, 0
        while at < size:
            content = _read(opened, min(CHUNK_BYTES, size - at), at)
            if content is not None:
                if not content:
                    return
                yield content, True
                at += len(content)
                continue
            for start in range(at, min(at + CHUNK_BYTES, size), BLOCK_BYTES):
                length = min(BLOCK_BYTES, size - start)
                block = _read(opened, length, start)
                yield (NONE * length, False) if block is None else (block, True)
                at = start + length
    finally:
        os.close(opened)


def _read(opened: int, length: int, at: int) -> bytes | None:
    try:
        return os.pread(opened, length, at)
    except OSError as error:
        if error.errno != errno.EIO:
            raise
        return None


def read_past(path: Path) -> tuple[bytes, int | None]:
    """Return the whole file, and where the first block begins that the card did not give; None: it gave all.
    Raises OSError."""
    parts, first, at = [], None, 0
    for content, given in pieces(path):
        if not given and first is None:
            first = at
        parts.append(content)
        at += len(content)
    return b"".join(parts), first


def gives_all(path: Path) -> bool:
    """Return whether the card gives every block of the file. Raises OSError other than EIO."""
    return all(given for _, given in pieces(path))


def copy_past(source: Path, target: Path) -> None:
    """Copy a file, for its owner alone, with nothing where the card gave nothing. Raises OSError."""
    opened = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(opened, "wb") as file:
        for content, _ in pieces(source):
            file.write(content)
