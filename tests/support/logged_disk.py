"""A disk whose writes and flushes are logged in order, and the disks that a power cut could have left.

qemu's `blklogwrites` writes the log (the form of Linux's dm-log-writes). A crash state is all that was
written before a flush, and of what came after it any part: a write that no flush followed may be there, lack,
or be there in part. So does a drive with a cache that writes in an order of its own.
"""

from __future__ import annotations

import bisect
import contextlib
import os
import random
import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from lossy_disk import run, wait_until

PROGRAMS = ("qemu-storage-daemon", "mkfs.ext4", "losetup")
HOW_TO_INSTALL = "apt-get install qemu-system-common qemu-utils fuse3 e2fsprogs"
IMAGE_BYTES = 96 * 1024 * 1024
SECTOR_BYTES = 512
TORN_BYTES = 4096
"""A write is there or lacks in pieces of this size: a page of a card."""
_MAGIC = 0x6A736677736872
_SUPERBLOCK = struct.Struct("<QQQI")
_ENTRY = struct.Struct("<QQQQ")
_FLUSH, _FUA, _DISCARD = 1, 2, 4


@dataclass(frozen=True)
class Write:
    """One entry of the log: where on the disk, what (by its place in the log), and where it ends there."""

    at: int
    size: int
    data_at: int
    flushes: bool
    ends_at: int


def entries(log: Path) -> list[Write]:
    """Return the log's entries in their order; the last one only when it is whole."""
    found, size = [], log.stat().st_size
    with log.open("rb") as file:
        magic, _, _, sector_bytes = _SUPERBLOCK.unpack(file.read(_SUPERBLOCK.size))
        if magic != _MAGIC or sector_bytes != SECTOR_BYTES:
            raise ValueError("no log of blklogwrites with sectors of 512 bytes")
        place = SECTOR_BYTES
        while place + SECTOR_BYTES <= size:
            file.seek(place)
            sector, sectors, flags, _ = _ENTRY.unpack(file.read(_ENTRY.size))
            data_at = place + SECTOR_BYTES
            length = 0 if flags & _DISCARD else sectors * SECTOR_BYTES
            place = data_at + length
            if place > size:
                break
            found.append(Write(sector * SECTOR_BYTES, length, data_at, bool(flags & (_FLUSH | _FUA)), place))
    return found


class LoggedDisk:
    """A disk in a file, mounted at `mount`, whose writes go into `log`."""

    def __init__(self, folder: Path, mount: Path) -> None:
        self.image, self.log, self.mount = folder / "disk.img", folder / "disk.log", mount
        self.first = folder / "first.img"
        self._door = folder / "disk.raw"
        with self.image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        run(
            "mkfs.ext4", "-q", "-F", "-E", "nodiscard,lazy_itable_init=0,lazy_journal_init=0", str(self.image)
        )
        run("cp", "--sparse=always", str(self.image), str(self.first))
        self.log.touch()
        self._door.touch()
        self._daemon = subprocess.Popen(
            [
                "qemu-storage-daemon",
                "--blockdev", f"driver=file,node-name=image,filename={self.image}",
                "--blockdev", f"driver=file,node-name=log,filename={self.log}",
                "--blockdev", "driver=blklogwrites,node-name=logged,file=image,log=log"
                f",log-sector-size={SECTOR_BYTES}",
                "--export", f"type=fuse,id=door,node-name=logged,mountpoint={self._door},writable=on",
            ]
        )  # fmt: skip
        wait_until(lambda: self._door.stat().st_size == IMAGE_BYTES)
        self._loop = run("losetup", "--find", "--show", str(self._door)).strip()
        mount.mkdir(parents=True, exist_ok=True)
        run("mount", "-o", "noatime,commit=1", self._loop, str(mount))
        shutil.rmtree(mount / "lost+found")

    def written_so_far(self) -> int:
        """Return how long the log is: what is durable now was flushed before this place."""
        return self.log.stat().st_size

    def close(self) -> None:
        """Let the disk go as it is."""
        for words in (["umount", str(self.mount)], ["losetup", "--detach", self._loop]):
            subprocess.run(words, capture_output=True)
        self._daemon.terminate()
        self._daemon.wait()
        subprocess.run(["umount", "--lazy", str(self._door)], capture_output=True)


@contextlib.contextmanager
def logged(folder: Path, mount: Path) -> Iterator[LoggedDisk]:
    disk = LoggedDisk(folder, mount)
    try:
        yield disk
    finally:
        disk.close()


@dataclass(frozen=True)
class CrashState:
    """A disk that a cut could have left: where in the log the power went, and how much was dropped."""

    image: Path
    log_place: int
    unflushed: int
    dropped: int


def crash_states(
    disk: LoggedDisk, count: int, rng: random.Random, *, after: int, scratch: Path
) -> Iterator[CrashState]:
    """Give `count` crash states, in the order of their moments, each at a random entry of the log beyond the
    place `after`. A state's image is gone when the next is asked for."""
    log = entries(disk.log)
    first = bisect.bisect_right([entry.ends_at for entry in log], after)
    if first >= len(log):
        raise ValueError("nothing was written after that place")
    moments = sorted(rng.randrange(first, len(log)) for _ in range(count))
    durable, left = scratch / "durable.img", scratch / "left.img"
    run("cp", "--sparse=always", str(disk.first), str(durable))
    pending: list[Write] = []
    done = 0
    with disk.log.open("rb") as written, durable.open("r+b") as kept:
        for moment in moments:
            for entry in log[done : moment + 1]:
                if entry.flushes:
                    for before in pending:
                        _write(kept, written, before, 0, before.size)
                    pending = []
                if entry.size:
                    pending.append(entry)
            done = max(done, moment + 1)
            kept.flush()
            run("cp", "--sparse=auto", str(durable), str(left))
            dropped = _write_some(left, written, pending, rng)
            yield CrashState(left, log[moment].ends_at, len(pending), dropped)


def _write(image: BinaryIO, log: BinaryIO, entry: Write, start: int, stop: int) -> None:
    os.pwrite(image.fileno(), os.pread(log.fileno(), stop - start, entry.data_at + start), entry.at + start)


def _write_some(image: Path, log: BinaryIO, pending: list[Write], rng: random.Random) -> int:
    """Write a random part of what was not flushed; return how many pieces were left out."""
    lost_share = rng.choice((0.0, 0.1, 0.5, 0.9, 1.0))
    dropped = 0
    with image.open("r+b") as file:
        for entry in pending:
            for start in range(0, entry.size, TORN_BYTES):
                if rng.random() < lost_share:
                    dropped += 1
                    continue
                _write(file, log, entry, start, min(entry.size, start + TORN_BYTES))
    return dropped


@contextlib.contextmanager
def mounted(image: Path, mount: Path) -> Iterator[Path]:
    """Mount what a cut left; ext4 replays its journal."""
    mount.mkdir(parents=True, exist_ok=True)
    run("mount", "-o", "loop,noatime", str(image), str(mount))
    try:
        yield mount
    finally:
        run("umount", str(mount))
