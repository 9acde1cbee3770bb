"""A disk that loses what was not flushed when its power is cut, and what that does to a node.

nbdkit with a write-back cache, killed with SIGKILL, behind nbdfuse, a loop device and ext4, which replays its
journal at the next mount. A killed process alone shows nothing about power: the kernel still writes for it.
"""

from __future__ import annotations

import contextlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from processes import Scene, same_report, sample_lines

from sync.errors import CarrierError
from sync.handin import HandIn

PROGRAMS = ("nbdkit", "nbdfuse", "mkfs.ext4", "losetup")
HOW_TO_INSTALL = "apt-get install nbdkit libnbd-bin fuse3 e2fsprogs"
Tell = Callable[[str], None]
IMAGE_BYTES = 192 * 1024 * 1024
OLDER_LOOKED_AT = 20
"""Receipts of earlier cuts that are asked for after each cut; the hub has the last word on all."""
BACK_WITHIN_S = 10.0
REPORTS = len(sample_lines())
MORE_BEFORE_A_CUT = 3
ROWS_BEFORE_A_CUT = 20
CONTROL = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = NORMAL")
db.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text)")
while True:
    db.execute("INSERT INTO row (text) VALUES (?)", ("x" * 200,))
    print(db.execute("SELECT MAX(id) FROM row").fetchone()[0], flush=True)
"""


class LossyDisk:
    """A disk in a file, mounted at `mount`; `cut` takes the power away, `mount_again` gives it back."""

    def __init__(self, folder: Path, mount: Path) -> None:
        self.image, self.door, self.mount = folder / "disk.img", folder / "disk.raw", mount
        self._socket = folder / "disk.sock"
        self._servers: list[subprocess.Popen[bytes]] = []
        self._loop = ""
        with self.image.open("wb") as file:
            file.truncate(IMAGE_BYTES)
        self.door.touch()
        mount.mkdir(parents=True, exist_ok=True)
        run("mkfs.ext4", "-q", "-F", str(self.image))
        self.mount_again()
        shutil.rmtree(mount / "lost+found")

    def mount_again(self) -> None:
        """Attach the disk as it was left."""
        self._socket.unlink(missing_ok=True)
        served = ["nbdkit", "--foreground", "--unix", str(self._socket), "--filter=cache"]
        self._servers = [subprocess.Popen([*served, "file", str(self.image), "cache=writeback"])]
        wait_until(self._socket.exists)
        self._servers.append(subprocess.Popen(["nbdfuse", str(self.door), "--unix", str(self._socket)]))
        wait_until(lambda: self.door.stat().st_size == IMAGE_BYTES)
        self._loop = run("losetup", "--find", "--show", str(self.door)).strip()
        run("mount", "-o", "noatime", self._loop, str(self.mount))

    def cut(self) -> None:
        """Lose what was not flushed; nothing that is mounted answers any more."""
        for server in self._servers:
            server.send_signal(signal.SIGKILL)
            server.wait()

    def detach(self) -> None:
        """Clear away what the cut left."""
        run("umount", "--lazy", str(self.mount))
        run("losetup", "--detach", self._loop)
        subprocess.run(["umount", "--lazy", str(self.door)], capture_output=True)

    def close(self) -> None:
        """Let the disk go."""
        with contextlib.suppress(subprocess.CalledProcessError, OSError):
            self.cut()
            self.detach()


def run(*words: str) -> str:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def wait_until(
    so: Callable[[], bool],
    patience_s: float = 20.0,
    otherwise: str = "the disk did not come up: are nbdkit, nbdfuse and FUSE there?",
) -> None:
    deadline = time.monotonic() + patience_s
    while not so():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(0.02)


def filed(village: Scene, promised: dict[str, dict[str, Any]], stop: threading.Event) -> None:
    """File until `stop`; what got no receipt is filed again."""
    lines, number = sample_lines(), len(promised)
    while not stop.is_set():
        with (
            contextlib.suppress(CarrierError, ValueError, OSError),
            HandIn(village.node_folder, timeout_s=10) as socket,
        ):
            while not stop.is_set():
                line = lines[number % len(lines)]
                reply = socket.submit(line["report"], line["id"])
                if "receipt" in reply:
                    promised[reply["id"]] = {**reply, "report": line["report"]}
                    number += 1
        stop.wait(0.05)


def has_grown(promised: Mapping[str, Any], before: int) -> bool:
    """Return whether a few more were promised, or all that there are."""
    return len(promised) >= min(before + MORE_BEFORE_A_CUT, REPORTS)


def whole(database: Path) -> str:
    """Return what SQLite says of a copy of the database, "ok" when it is whole."""
    with tempfile.TemporaryDirectory() as scratch:
        for suffix in ("", "-wal"):
            if database.with_name(database.name + suffix).exists():
                shutil.copy(database.with_name(database.name + suffix), scratch)
        with contextlib.closing(sqlite3.connect(Path(scratch) / database.name)) as copy:
            return str(copy.execute("PRAGMA integrity_check").fetchone()[0])


def known(village: Scene, codes: list[str]) -> list[str]:
    """Return which receipt codes the running node does not know."""
    with HandIn(village.node_folder) as socket:
        return [code for code in codes if "ladder" not in socket.receipt(code)]


@contextlib.contextmanager
def lossy(folder: Path, mount: Path) -> Iterator[LossyDisk]:
    disk = LossyDisk(folder, mount)
    try:
        yield disk
    finally:
        disk.close()


def cut_the_node(cuts: int, folder: Path, rng: random.Random, tell: Tell) -> dict[str, Any]:
    """Return what `cuts` cuts did to a node."""
    promised: dict[str, dict[str, Any]] = {}
    back_s: list[float] = []
    lost: list[str] = []
    broken = 0
    with lossy(folder, folder / "node") as disk:
        village = Scene(folder, speed=1.0)
        village.start_node()
        for cut in range(1, cuts + 1):
            before, stop = set(promised), threading.Event()
            filing = threading.Thread(target=filed, args=(village, promised, stop))
            filing.start()
            # A busy machine takes its time: a cut before the first receipts would show nothing.
            wait_until(partial(has_grown, promised, len(before)), 120.0, "no report got its receipt")
            time.sleep(rng.uniform(0.05, 1.0))
            disk.cut()
            stop.set()
            assert village.node is not None
            village.node.kill()
            filing.join()
            disk.detach()
            disk.mount_again()
            broken += whole(disk.mount / "node.sqlite3") != "ok"
            began = time.monotonic()
            village.start_node()
            back_s.append(time.monotonic() - began)
            shown = dict(promised)
            new = [reply["receipt"] for name, reply in shown.items() if name not in before]
            older = [
                shown[name]["receipt"]
                for name in rng.sample(sorted(before), min(OLDER_LOOKED_AT, len(before)))
            ]
            lost += known(village, new + older)
            tell(f"{cut}/{cuts}: {len(shown)} receipts, {len(lost)} lost, back in {back_s[-1]:.1f} s")
        assert village.node is not None
        village.node.stop()
        hub = village.start_hub()
        village.start_node("--hub", hub.ready["url"], "--internet-every", "0.05")
        received = village.wait_for(set(promised), patience_s=600)
        for program in village.programs:
            program.stop()
    by_id = {line["id"]: line["report"] for line in received}
    return {
        "cuts": cuts,
        "receipts": len(promised),
        "receipts_lost": len(lost),
        "at_hub": len(received),
        "twice_at_hub": len(received) - len(by_id),
        "changed_at_hub": sum(not same_report(one["report"], by_id[name]) for name, one in promised.items()),
        "databases_broken": broken,
        "slowest_back_s": round(max(back_s), 1),
    }


def cut_the_control(cuts: int, folder: Path, rng: random.Random) -> dict[str, Any]:
    """Return how many acknowledged rows a database loses that does not wait for the disk."""
    lost = rows = 0
    with lossy(folder, folder / "control") as disk:
        for _ in range(cuts):
            writer = subprocess.Popen(
                [sys.executable, "-c", CONTROL, str(disk.mount / "control.sqlite3")],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert writer.stdout is not None
            assert all(writer.stdout.readline() for _ in range(ROWS_BEFORE_A_CUT))
            time.sleep(rng.uniform(0.05, 1.0))
            disk.cut()
            writer.kill()
            told = int(([line for line in writer.stdout.read().splitlines() if line.isdigit()] or ["1"])[-1])
            writer.wait()
            writer.stdout.close()
            disk.detach()
            disk.mount_again()
            with (
                contextlib.closing(sqlite3.connect(disk.mount / "control.sqlite3")) as database,
                contextlib.suppress(sqlite3.OperationalError),
            ):
                kept = database.execute("SELECT COALESCE(MAX(id), 0) FROM row").fetchone()[0]
                lost += max(0, told - kept)
            rows += told
    return {"cuts": cuts, "rows_acknowledged": rows, "rows_lost": lost}
