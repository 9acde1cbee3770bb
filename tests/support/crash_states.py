"""What a node has promised, held against a thousand disks that a power cut could have left."""

from __future__ import annotations

import contextlib
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from logged_disk import CrashState, LoggedDisk, crash_states, logged, mounted
from lossy_disk import CONTROL, Tell
from processes import Scene, run_here, same_report, sample_lines

from sync.handin import HandIn
from sync.sealing.receipt_code import ReceiptKeys, receipt_salt
from village_node import folder as node_folder
from village_node.folder import DATABASE_FILE

STARTS = 3
"""The node is killed and started anew so often while it is filled: epochs end and begin."""


@dataclass(frozen=True)
class Promise:
    """A receipt that was shown when the disk's log was so long."""

    log_place: int
    envelope: str
    code: str
    find: bytes
    report: dict[str, Any]


class Promises:
    """Files reports until told to stop, and notes where the log was when each receipt was shown."""

    def __init__(self, village: Scene, disk: LoggedDisk) -> None:
        self._village, self._disk = village, disk
        self._salt = receipt_salt(node_folder.load(village.node_folder).enrolment.psk)
        self.shown: list[Promise] = []

    def file_until(self, enough: Callable[[], bool]) -> None:
        """File from three at once until there is enough; that is asked after each report."""
        lines = sample_lines()
        with ThreadPoolExecutor(3) as pool:
            for done in [pool.submit(self._file, lines[n::3], enough) for n in range(3)]:
                done.result()

    def _file(self, lines: Sequence[dict[str, Any]], enough: Callable[[], bool]) -> None:
        number = 0
        with HandIn(self._village.node_folder, timeout_s=60) as socket:
            while not enough():
                line = lines[number % len(lines)]
                reply = socket.submit(line["report"])
                place = self._disk.written_so_far()
                if "receipt" in reply:
                    find = ReceiptKeys(reply["receipt"], self._salt).find
                    self.shown.append(Promise(place, reply["id"], reply["receipt"], find, line["report"]))
                number += 1

    def are(self, count: int) -> bool:
        return len(self.shown) >= count

    def before(self, log_place: int) -> list[Promise]:
        return [promise for promise in self.shown if promise.log_place <= log_place]


@contextlib.contextmanager
def database_left(folder: Path, name: str, scratch: Path) -> Iterator[sqlite3.Connection]:
    """Open a copy of the database that a cut left."""
    target = scratch / "copy"
    target.mkdir(exist_ok=True)
    for suffix in ("", "-wal"):
        (target / (name + suffix)).unlink(missing_ok=True)
        if (folder / (name + suffix)).exists():
            shutil.copy(folder / (name + suffix), target)
    (target / (name + "-shm")).unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(target / name)) as database:
        yield database


def _missing(database: sqlite3.Connection, promises: Sequence[Promise]) -> int:
    """Return how many promises lack their receipt or their envelope."""
    envelopes = {
        (bytes(e), c) for e, c in database.execute("SELECT epoch, counter FROM envelope WHERE lane = 0")
    }
    receipts = {
        bytes(f): (bytes(e), c) for f, e, c in database.execute("SELECT find, epoch, counter FROM receipt")
    }
    return sum(receipts.get(promise.find) not in envelopes for promise in promises)


def _serve(village: Scene, folder: Path, promises: Sequence[Promise], scratch: Path) -> dict[str, Any]:
    """Start the node on a disk that a cut left, file one more report, and let a fresh copy of the hub have
    all by courier, twice."""
    hub, file = scratch / "hub", scratch / "all.courier"
    shutil.rmtree(hub, ignore_errors=True)
    shutil.copytree(village.hub_folder, hub)
    village.node_folder = folder
    began = time.monotonic()
    program = village.start_node()
    back_s = time.monotonic() - began
    with HandIn(folder) as socket:
        further = socket.submit(sample_lines(1)[0]["report"])
        unknown = sum("ladder" not in socket.receipt(promise.code) for promise in promises[-20:])
    program.stop()
    run_here("node", "courier-export", str(folder), str(file))
    for _ in range(2):
        run_here("hub", "courier-import", str(hub), str(file))
    village.hub_folder = hub
    lines = village.hub_lines()
    by_id = {line["id"]: line["report"] for line in lines}
    wanted = {promise.envelope: promise.report for promise in promises}
    return {
        "back_s": back_s,
        "unknown": unknown,
        "twice": len(lines) - len(by_id),
        "not_at_hub": len(wanted.keys() - by_id.keys()) + (further["id"] not in by_id),
        "changed": sum(
            not same_report(report, by_id[name]) for name, report in wanted.items() if name in by_id
        ),
    }


def crash_the_node(
    states: int,
    served: int,
    folder: Path,
    rng: random.Random,
    tell: Tell,
    *,
    starts: int = STARTS,
    receipts: int,
) -> dict[str, Any]:
    """Return what `states` crash states hold; on `served` of them the node starts and a hub takes all."""
    scratch = folder / "scratch"
    scratch.mkdir()
    with logged(folder, folder / "node") as disk:
        village = Scene(folder, speed=1.0)
        installed = disk.written_so_far()
        promises = Promises(village, disk)
        for start in range(1, starts + 1):
            program = village.start_node()
            promises.file_until(partial(promises.are, receipts * start // starts))
            program.kill()
        tell(f"{len(promises.shown)} receipts shown, {disk.written_so_far() // 1024} KiB of log")
    found = dict.fromkeys(
        ("receipts_lost", "databases_broken", "not_at_hub", "twice_at_hub", "changed_at_hub"), 0
    )
    looked_at = with_dropped = receipts_held = 0
    back_s: list[float] = []
    hub = village.hub_folder
    to_serve = set(rng.sample(range(states), served))
    for number, state in enumerate(crash_states(disk, states, rng, after=installed, scratch=scratch)):
        due = promises.before(state.log_place)
        with (
            mounted(state.image, folder / "left") as left,
            database_left(left, DATABASE_FILE, scratch) as database,
        ):
            broken, lost = _look(database, due)
        found["databases_broken"] += broken
        found["receipts_lost"] += lost
        looked_at, with_dropped = looked_at + 1, with_dropped + (state.dropped > 0)
        receipts_held += len(due)
        if number in to_serve:
            with mounted(state.image, folder / "left") as left:
                one = _serve(village, left, due, scratch)
            village.hub_folder = hub
            back_s.append(one["back_s"])
            found["receipts_lost"] += one["unknown"]
            found["not_at_hub"] += one["not_at_hub"]
            found["twice_at_hub"] += one["twice"]
            found["changed_at_hub"] += one["changed"]
        if looked_at % 100 == 0:
            tell(f"{looked_at}/{states}: {found}")
    return {
        "states": looked_at,
        "with_writes_dropped": with_dropped,
        "receipts_shown": len(promises.shown),
        "receipts_looked_for": receipts_held,
        **found,
        "served": len(back_s),
        "slowest_back_s": round(max(back_s, default=0.0), 1),
    }


def _look(database: sqlite3.Connection, due: Sequence[Promise]) -> tuple[bool, int]:
    try:
        broken = database.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
        return broken, _missing(database, due)
    except sqlite3.DatabaseError:
        return True, len(due)


def crash_the_control(states: int, folder: Path, rng: random.Random, *, rows: int = 2000) -> dict[str, Any]:
    """Return how many acknowledged rows are lost by a database that does not wait for the disk."""
    scratch = folder / "scratch"
    scratch.mkdir()
    told: list[tuple[int, int]] = []
    with logged(folder, folder / "control") as disk:
        writer = subprocess.Popen(
            [sys.executable, "-c", CONTROL, str(disk.mount / "control.sqlite3")],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert writer.stdout is not None
        while len(told) < rows:
            told.append((0, int(writer.stdout.readline())))
            told[-1] = (disk.written_so_far(), told[-1][1])
        writer.kill()
        writer.wait()
        writer.stdout.close()
    lost = 0
    for state in crash_states(disk, states, rng, after=told[0][0], scratch=scratch):
        due = max((row for place, row in told if place <= state.log_place), default=0)
        lost += max(0, due - _rows(state, folder / "left", scratch))
    return {"states": states, "rows_acknowledged": told[-1][1], "rows_lost": lost}


def _rows(state: CrashState, mount: Path, scratch: Path) -> int:
    with (
        mounted(state.image, mount) as left,
        database_left(left, "control.sqlite3", scratch) as database,
        contextlib.suppress(sqlite3.DatabaseError),
    ):
        return int(database.execute("SELECT COALESCE(MAX(id), 0) FROM row").fetchone()[0])
    return 0
