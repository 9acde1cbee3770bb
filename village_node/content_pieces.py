"""Pieces of updates on the card until one is whole: bounded, in any order, and still there after a cut."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

from sync.errors import MalformedWire
from sync.link.ranges import RangeSet
from sync.storage.private_files import write_private
from sync.wire.content_pieces import BLOCK_BYTES, TAG_OF_UPDATE_BYTES, ContentPiece, block_count

MAX_UPDATES = 2
"""Under way at once; the one of which nothing came for longest makes room."""


class PieceFolder:
    """Keeps each update as a file with holes and a small file that says which blocks are here.

    A block counts once its bytes are flushed, so a cut costs what came last, and the other way round never.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, piece: ContentPiece) -> bool:
        """Keep a piece; return whether any of it was new. Raises OSError when the card takes nothing."""
        size, blocks = self._read(piece.update)
        if size not in (0, piece.size):
            return False  # two updates of one name: whichever is whole first was meant
        before = len(blocks)
        if piece.block in blocks and piece.block + block_count(len(piece.data)) - 1 in blocks:
            return False
        if not size:
            self._make_room()
        self._write(piece)
        blocks.add_range(piece.block, piece.block + block_count(len(piece.data)))
        if len(blocks) == before:
            return False
        notes = {"size": piece.size, "blocks": blocks.to_bytes().hex()}
        write_private(self._notes(piece.update), json.dumps(notes))
        return True

    def _write(self, piece: ContentPiece) -> None:
        descriptor = os.open(self._data(piece.update), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.pwrite(descriptor, piece.data, piece.block * BLOCK_BYTES)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _make_room(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        kept = sorted(self._folder.glob("*.part"), key=lambda file: file.stat().st_mtime_ns)
        for file in kept[: max(0, len(kept) - MAX_UPDATES + 1)]:
            self.drop(bytes.fromhex(file.stem))

    def whole(self) -> Iterator[tuple[bytes, bytes | None]]:
        """Give name and bytes of each update of which all blocks are here; None for bytes that are not it."""
        for file in sorted(self._folder.glob("*.part")):
            update = bytes.fromhex(file.stem)
            size, blocks = self._read(update)
            if size and len(blocks) == block_count(size):
                data = file.read_bytes()
                fits = len(data) == size and update_name(data) == update
                yield update, data if fits else None

    def any_whole(self) -> bool:
        """Return whether an update waits to be used."""
        return any(True for _ in self.whole())

    def share_here(self) -> float | None:
        """Return which share of the update that has come furthest is here, or None without any."""
        shares = []
        for file in self._folder.glob("*.part"):
            size, blocks = self._read(bytes.fromhex(file.stem))
            if size:
                shares.append(len(blocks) / block_count(size))
        return max(shares, default=None)

    def drop(self, update: bytes) -> None:
        """Forget an update."""
        for file in (self._notes(update), self._data(update)):
            with contextlib.suppress(OSError):
                file.unlink()

    def _read(self, update: bytes) -> tuple[int, RangeSet]:
        try:
            notes = json.loads(self._notes(update).read_text("ascii"))
            return int(notes["size"]), RangeSet.from_bytes(bytes.fromhex(notes["blocks"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError, MalformedWire):
            return 0, RangeSet()

    def _data(self, update: bytes) -> Path:
        return self._folder / f"{update.hex()}.part"

    def _notes(self, update: bytes) -> Path:
        return self._folder / f"{update.hex()}.json"


def update_name(update: bytes) -> bytes:
    """Return the name under which pieces of an update travel."""
    return hashlib.sha256(update).digest()[:TAG_OF_UPDATE_BYTES]
