"""A disk of which single blocks cannot be read any more, while all others can be read and written.

qemu's `blkdebug` answers EIO to reads of chosen sectors, once it is put under the disk that stands; a loop
device and ext4 stand above. Writes go well, and heal nothing: the worst of cards.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lossy_disk import run, wait_until

PROGRAMS = ("qemu-storage-daemon", "mkfs.ext4", "losetup", "filefrag")
HOW_TO_INSTALL = "apt-get install qemu-system-common fuse3 e2fsprogs"
IMAGE_BYTES = 96 * 1024 * 1024
BLOCK_BYTES, SECTOR_BYTES = 4096, 512
_EXTENT = re.compile(r"^\s*\d+:\s+(\d+)\.\.\s*(\d+):\s+(\d+)\.\.", re.MULTILINE)


class UnreadableDisk:
    """A disk in a file, mounted at `mount`."""

    def __init__(self, folder: Path, mount: Path) -> None:
        self._image, self._door, self._mount = folder / "disk.img", folder / "disk.raw", mount
        with self._image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        run("mkfs.ext4", "-q", "-F", "-b", str(BLOCK_BYTES), str(self._image))
        self._door.touch()
        self._bad: list[int] = []
        self._layers = 0
        control = folder / "qmp.sock"
        self._daemon = subprocess.Popen(
            [
                "qemu-storage-daemon",
                "--blockdev", f"driver=file,node-name=image,filename={self._image}",
                "--blockdev", "driver=raw,node-name=door,file=image",
                "--export", f"type=fuse,id=door,node-name=door,mountpoint={self._door},writable=on",
                "--chardev", f"socket,id=qmp,path={control},server=on,wait=off",
                "--monitor", "chardev=qmp",
            ]
        )  # fmt: skip
        wait_until(lambda: self._door.stat().st_size == IMAGE_BYTES)
        self._control = socket.socket(socket.AF_UNIX)
        self._control.connect(str(control))
        self._answers = self._control.makefile("r")
        self._answers.readline()  # its greeting
        self._ask("qmp_capabilities")
        self._loop = run("losetup", "--find", "--show", str(self._door)).strip()
        mount.mkdir(parents=True, exist_ok=True)
        for place in (f"/sys/block/{Path(self._loop).name}/queue", _info(self._door)):
            # Read ahead, four blocks fail with each one: which ones would hang on the kernel.
            (Path(place) / "read_ahead_kb").write_text("0")
        run("mount", "-o", "noatime,errors=remount-ro", self._loop, str(mount))
        shutil.rmtree(mount / "lost+found")

    def _ask(self, word: str, **about: Any) -> None:
        self._control.sendall(json.dumps({"execute": word, "arguments": about}).encode() + b"\n")
        while "event" in (answer := json.loads(self._answers.readline())):
            pass
        if "error" in answer:
            raise OSError(answer["error"]["desc"])

    def spoil(self, file: Path, block: int) -> None:
        """Let a block of a file, counted from 0, be one that cannot be read any more."""
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
        run("sync", "-f", str(self._mount))
        first = self._place_of(file, block) * BLOCK_BYTES // SECTOR_BYTES
        self._bad += range(first, first + BLOCK_BYTES // SECTOR_BYTES)
        self._put_under()
        for read in (file, self._door, Path(self._loop)):
            forget(read)

    def heal(self) -> None:
        """Let every block be read again."""
        self._bad = []
        self._put_under()

    def _put_under(self) -> None:
        self._layers += 1
        layer = f"layer{self._layers}"
        rules = [{"event": "none", "iotype": "read", "errno": 5, "sector": sector} for sector in self._bad]
        about: dict[str, Any] = {"inject-error": rules} if rules else {}
        self._ask("blockdev-add", driver="blkdebug", image="image", **{"node-name": layer, **about})
        door = {"driver": "raw", "node-name": "door", "file": layer}
        self._ask("blockdev-reopen", options=[door])

    def _place_of(self, file: Path, block: int) -> int:
        told = run("filefrag", "-v", f"-b{BLOCK_BYTES}", str(file))
        for first, last, place in (map(int, found) for found in _EXTENT.findall(told)):
            if first <= block <= last:
                return place + block - first
        raise ValueError(f"the file has no block {block}: {told}")

    def close(self) -> None:
        """Let the disk go."""
        for words in (["umount", "--lazy", str(self._mount)], ["losetup", "--detach", self._loop]):
            subprocess.run(words, capture_output=True)
        self._answers.close()
        self._control.close()
        self._daemon.terminate()
        self._daemon.wait()
        subprocess.run(["umount", "--lazy", str(self._door)], capture_output=True)


def _info(file: Path) -> str:
    device = file.stat().st_dev
    return f"/sys/class/bdi/{os.major(device)}:{os.minor(device)}"


def forget(file: Path) -> None:
    """Let the kernel forget what it has read of a file."""
    opened = os.open(file, os.O_RDONLY)
    try:
        os.posix_fadvise(opened, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(opened)


@contextlib.contextmanager
def unreadable(folder: Path, mount: Path) -> Iterator[UnreadableDisk]:
    disk = UnreadableDisk(folder, mount)
    try:
        yield disk
    finally:
        disk.close()


def give_no_block(monkeypatch: pytest.MonkeyPatch, file: Path, *blocks: int) -> None:
    """Let this process's reading of blocks, counted from 0, be refused. SQLite reads them still."""
    read, there = os.pread, file.stat().st_ino

    def pread(opened: int, length: int, at: int) -> bytes:
        hit = any(at <= block * BLOCK_BYTES < at + length for block in blocks)
        if hit and os.fstat(opened).st_ino == there:
            raise OSError(errno.EIO, "Input/output error")
        return read(opened, length, at)

    monkeypatch.setattr(os, "pread", pread)
