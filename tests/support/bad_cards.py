"""Cards that go bad under a running node, with real faults, and what the node then says and does.

Full: a small tmpfs. Read-only: ext4 that its own error handling shuts (trigger_fs_error), then a read-only
mount from the start. Damaged: bytes written over a page. Failing: nbdkit's error filter answers EIO under
ext4. Clock: the process's own clock, moved by a file.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import shutil
import sqlite3
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from lossy_disk import BACK_WITHIN_S, IMAGE_BYTES, run, wait_until
from processes import Scene
from unreadable_disk import unreadable

from kentongan import main
from sync.errors import CarrierError
from sync.handin import HandIn
from village_node.folder import DATABASE_FILE
from village_node.handin_receipts import MAY_BE_LOST

PROGRAMS = ("nbdkit", "nbdfuse", "mkfs.ext4", "losetup")
SPEED = 10.0
PAGE_BYTES = 4096
OWN_INTERPRETER = {"LC_ALL": "C.UTF-8"}
"""An environment of its own: the program does not begin as a copy of one that has imported everything."""
CARD_BYTES = 48 * 1024 * 1024
PATIENCE_S = 60.0
FIRST = 5
"""So many receipts a box has shown before its card goes bad."""
SAYS_NO = "TIDAK bisa menyimpan laporan"
NOT_SAVED = "Laporan TIDAK tersimpan"
NUMBERS = "tel:"
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
_CODE = re.compile(r'name="code" value="(\d{16})"')
CLOCK_CODE = """
import os, pathlib, time
_real, _file = time.time, pathlib.Path(os.environ["KENTONGAN_CLOCK_FILE"])
time.time = lambda: _real() + float(_file.read_text() or 0)
"""


@dataclass
class Seen:
    """One row of the table."""

    fault: str
    site_answers: bool = False
    told_before: bool = False
    """The form said before typing that nothing can be saved."""
    told_at_sending: bool = False
    """What came back from sending said that nothing was saved and showed numbers to ring."""
    receipts_shown: int = 0
    status: str = ""
    doctor: str = ""
    back: str = ""
    back_s: float = 0.0
    receipts_lost: int = 0
    """Shown once and now called unknown, or called saved where the report is in no store."""
    receipts_told_lost: int = 0
    """Shown once and now told to be lost, which is true."""
    within_s: float | None = None
    """So soon it has to be back, where no person is needed for that."""
    notes: list[str] = field(default_factory=list)

    def is_good(self, *, may_save: bool) -> bool:
        said = self.doctor != "-" or self.status == "made_anew"
        told = may_save or (self.told_at_sending and self.status != "well" and said)
        if self.within_s is not None and self.back_s > self.within_s:
            return False
        return self.site_answers and told and not self.receipts_lost and bool(self.back)


class Box:
    """A node as systemd runs it: started again when it ends."""

    def __init__(self, village: Scene, env: dict[str, str] | None = None) -> None:
        self.village, self.env = village, env
        self.starts = 0
        self.codes: list[str] = []
        self.start()

    def start(self) -> None:
        self.starts += 1
        self.village.start_node(env=self.env)

    def keep_up(self) -> None:
        assert self.village.node is not None
        if self.village.node.process.poll() is not None:
            self.start()

    def page(self, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        host, _, port = self.village._ports["node"].partition(":")
        connection = http.client.HTTPConnection(host, int(port), timeout=30)
        try:
            body = None if form is None else urllib.parse.urlencode(form)
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
            connection.request("GET" if body is None else "POST", path, body, kind)
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8")
        finally:
            connection.close()

    def file(self) -> tuple[int, str]:
        """Send a report over the form; remember a code that is shown."""
        status, page = self.page("/isi")
        token = _TOKEN.search(page)
        assert token is not None, page[:400]
        report = {"kind": "recruiter", "narrative": "Pak Contoh mengajak tiga anak."}
        status, page = self.page("/isi", {"form_token": token[1], **report})
        code = _CODE.search(page)
        if status == 200 and code is not None:
            self.codes.append(code[1])
        return status, page

    def saves(self) -> bool:
        with contextlib.suppress(OSError, http.client.HTTPException, AssertionError):
            return self.file()[0] == 200
        return False

    def asked(self) -> tuple[int, int]:
        """Return how many of the codes shown are known, and how many the box says it may have lost."""
        with HandIn(self.village.node_folder) as socket:
            answers = [socket.receipt(code) for code in self.codes]
        known = sum("ladder" in answer for answer in answers)
        return known, sum(answer.get("error") == MAY_BE_LOST for answer in answers)

    def says(self) -> tuple[str, str]:
        """Return the store's state out of status, and which findings of doctor are not well."""
        import json

        folder = str(self.village.node_folder)
        done = CliRunner().invoke(main, ["node", "status", folder])
        line = done.stdout.splitlines()
        status = json.loads(line[0]) if line else {"store": f"refused: {done.stderr.strip()[:60]}"}
        state = str(status["store"])
        if status.get("clock") == "unknown":
            state += ", clock unknown"
        looked = CliRunner().invoke(main, ["node", "doctor", folder])
        bad = [found["check"] for found in map(json.loads, looked.stdout.splitlines()) if not found["ok"]]
        return state, ", ".join(bad) or "-"


def as_systemd(box: Box, ask: Callable[[], tuple[int, str]]) -> tuple[int, str]:
    """Ask a box that may end itself meanwhile, to be started anew."""
    until = time.monotonic() + PATIENCE_S
    while True:
        box.keep_up()
        try:
            return ask()
        except (OSError, http.client.HTTPException):
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def look(box: Box, fault: str, *, tries: int = 3) -> Seen:
    """See what a box does while its card is bad."""
    seen, before = Seen(fault), len(box.codes)
    for _ in range(tries):
        status, page = as_systemd(box, box.file)
        seen.told_at_sending |= status in (503, 507) and NOT_SAVED in page and NUMBERS in page
        if status not in (200, 503, 507):
            seen.notes.append(f"sending answered {status}")
    seen.status, seen.doctor = box.says()
    pages = {path: as_systemd(box, partial(box.page, path)) for path in ("/", "/isi", "/nomor")}
    seen.site_answers = all(status == 200 for status, _ in pages.values())
    seen.notes += [f"{path} answered {status}" for path, (status, _) in pages.items() if status != 200]
    seen.told_before = SAYS_NO in pages["/isi"][1]
    seen.receipts_shown = len(box.codes) - before
    return seen


def see_it_back(box: Box, seen: Seen) -> Seen:
    """Wait until the box saves again, and ask for every receipt that was ever shown."""
    began, starts = time.monotonic(), box.starts
    while not box.saves():
        if time.monotonic() - began > PATIENCE_S:
            seen.notes.append("it did not come back")
            return seen
        time.sleep(0.2)
        box.keep_up()
    seen.back_s = round(time.monotonic() - began, 1)
    seen.back = "by itself" if box.starts == starts else "ended, started anew"
    with contextlib.suppress(CarrierError, OSError):
        known, seen.receipts_told_lost = box.asked()
        seen.receipts_lost = len(box.codes) - known - seen.receipts_told_lost
        return seen
    seen.receipts_lost = len(box.codes)
    return seen


@contextlib.contextmanager
def box_on(folder: Path, env: dict[str, str] | None = None, *, speed: float = SPEED) -> Iterator[Box]:
    """Give a running box with five receipts, its folder being `folder/node`, which may be a mount."""
    village = Scene(folder, speed=speed)
    try:
        box = Box(village, env)
        for _ in range(FIRST):
            assert box.file()[0] == 200
        assert len(box.codes) == FIRST, "the rig sees no receipts: what they show would stay unchecked"
        yield box
    finally:
        village.close()


def full_card(folder: Path) -> Seen:
    mount = folder / "node"
    mount.mkdir()
    run("mount", "-t", "tmpfs", "-o", f"size={CARD_BYTES},mode=700", "tmpfs", str(mount))
    try:
        with box_on(folder) as box:
            filler = mount / "filler"
            with filler.open("wb") as file, contextlib.suppress(OSError):
                while file.write(b"\0" * 65_536):
                    file.flush()
            seen = look(box, "full")
            box.village.node.kill()  # type: ignore[union-attr]
            box.keep_up()
            started = look(box, "full at the start")
            seen.notes.append(f"started on it: site {started.site_answers}, told {started.told_at_sending}")
            filler.unlink()
            return see_it_back(box, seen)
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], capture_output=True)


@contextlib.contextmanager
def ext4(folder: Path, image: Path, mount: Path) -> Iterator[str]:
    run("mkfs.ext4", "-q", "-F", str(image))
    loop = run("losetup", "--find", "--show", str(image)).strip()
    try:
        mount.mkdir(exist_ok=True)
        run("mount", "-o", "noatime,errors=remount-ro", loop, str(mount))
        shutil.rmtree(mount / "lost+found")
        yield loop
    finally:
        subprocess.run(["umount", "--lazy", str(mount)], capture_output=True)
        subprocess.run(["losetup", "--detach", loop], capture_output=True)


def read_only_card(folder: Path) -> Seen:
    mount, image = folder / "node", folder / "card.img"
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    with ext4(folder, image, mount) as loop, box_on(folder) as box:
        Path(f"/sys/fs/ext4/{Path(loop).name}/trigger_fs_error").write_text("1")
        seen = look(box, "read-only")
        # ext4 stays shut until the power is cycled; the first mount after that is read-only.
        cycle_power(box, mount, loop, "ro,noload")
        started = look(box, "read-only at the start")
        seen.notes.append(f"started on it: site {started.site_answers}, told {started.told_at_sending}")
        seen.notes.append(f"status then {started.status}")
        run("mount", "-o", "remount,rw", str(mount))
        return see_it_back(box, seen)


def cycle_power(box: Box, mount: Path, loop: str, options: str) -> None:
    """Do to a node and its card what pulling the plug and putting it in again does."""
    assert box.village.node is not None
    box.village.node.kill()
    run("umount", str(mount))
    run("mount", "-o", options, loop, str(mount))
    box.keep_up()


def damaged_card(
    folder: Path,
    name: str,
    *tables: str,
    first_page: bool = False,
    spoil: Callable[[Path, int], object] | None = None,
) -> Seen:
    """Cards do not put a page right: the box has to go on without it, and to say what it lost. At its own
    speed, in a program that begins as on a box; `back_s` counts from the damage."""
    spoil = spoil or spoil_page
    with box_on(folder, OWN_INTERPRETER, speed=1.0) as box:
        database = box.village.node_folder / DATABASE_FILE
        time.sleep(2.0)  # let it do what it does once after its start
        for page in [page_of(database, table) for table in tables] + [1] * first_page:
            spoil(database, page)
        began, saved = time.monotonic(), []
        first = as_systemd(box, box.file)

        def wait_beside() -> None:
            while not box.saves() and time.monotonic() - began < PATIENCE_S:
                time.sleep(0.2)
            saved.append(time.monotonic() - began)

        waiting = threading.Thread(target=wait_beside)
        waiting.start()
        seen = look(box, name, tries=0)
        seen.told_at_sending = first[0] in (503, 507) and NOT_SAVED in first[1] and NUMBERS in first[1]
        waiting.join()
        seen = see_it_back(box, seen)
        seen.back_s, seen.within_s = round(saved[0], 1), BACK_WITHIN_S
        seen.notes.append(f"{seen.receipts_told_lost} of its receipts told to be lost")
        seen.notes.append(f"status after: {box.says()[0]}")
        return seen


def damaged_log(
    folder: Path, name: str = "damaged log", spoil: Callable[[Path, int], object] | None = None
) -> Seen:
    """The plug is pulled, and then a page in the middle of SQLite's log is none: SQLite would read the log up
    to there, and say nothing."""
    spoil = spoil or spoil_page
    with box_on(folder, OWN_INTERPRETER, speed=1.0) as box:
        assert box.village.node is not None
        box.village.node.kill()
        log = box.village.node_folder / f"{DATABASE_FILE}-wal"
        spoil(log, log.stat().st_size // PAGE_BYTES // 2)
        began = time.monotonic()
        seen = see_it_back(box, Seen(f"{name}, at the start", site_answers=True, told_at_sending=True))
        seen.back_s, seen.within_s = round(time.monotonic() - began, 1), BACK_WITHIN_S
        seen.status, seen.doctor = box.says()
        seen.notes.append(f"{seen.receipts_told_lost} of its receipts told to be lost")
        return seen


def spoil_page(file: Path, page: int) -> None:
    """Write over one page of a file; the first is 1."""
    with file.open("r+b") as opened:
        opened.seek((page - 1) * PAGE_BYTES)
        opened.write(b"\xff" * PAGE_BYTES)


def damaged_settings(folder: Path) -> Seen:
    """Without its settings a box may seal for a key that the hub has no more: a person has to come."""
    with box_on(folder) as box:
        put_back = spoil_a_page(box.village.node_folder / DATABASE_FILE, "setting")
        seen = look(box, "damaged settings")
        box.village.node.kill()  # type: ignore[union-attr]
        box.keep_up()
        started = look(box, "started with it")
        seen.notes.append(f"started on it: site {started.site_answers}, told {started.told_at_sending}")
        put_back()
        return see_it_back(box, seen)


def page_of(database: Path, table: str) -> int:
    """Return the root of a table, counted from 1, and empty SQLite's log into the pages."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [page] = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        assert connection.execute("PRAGMA page_size").fetchone() == (PAGE_BYTES,)
    return int(page)


def spoil_a_page(database: Path, table: str) -> Callable[[], None]:
    """Write over the root of a table, beside a running node; return what puts it back."""
    page = page_of(database, table)
    with database.open("rb") as file:
        file.seek((page - 1) * PAGE_BYTES)
        before = file.read(PAGE_BYTES)
    spoil_page(database, page)

    def put_back() -> None:
        with database.open("r+b") as again:
            again.seek((page - 1) * PAGE_BYTES)
            again.write(before)

    return put_back


def failing_card(folder: Path) -> Seen:
    mount, image, door = folder / "node", folder / "card.img", folder / "card.raw"
    fault, socket = folder / "fault", folder / "card.sock"
    with image.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    door.touch()
    served = ["nbdkit", "--foreground", "--unix", str(socket), "--filter=error", "file", str(image)]
    servers = [subprocess.Popen([*served, "error=EIO", "error-rate=100%", f"error-file={fault}"])]
    try:
        wait_until(socket.exists)
        servers.append(subprocess.Popen(["nbdfuse", str(door), "--unix", str(socket)]))
        wait_until(lambda: door.stat().st_size == IMAGE_BYTES)
        with ext4(folder, door, mount) as loop, box_on(folder) as box:
            fault.touch()
            seen = look(box, "EIO")
            fault.unlink()
            ended = box.village.node is not None and box.village.node.process.poll() is not None
            seen.notes.append(f"ended itself: {ended}; then the power was cycled, ext4 had shut itself")
            cycle_power(box, mount, loop, "noatime")
            seen = see_it_back(box, seen)
            seen.back = seen.back and "after a power cycle"
            return seen
    finally:
        for server in reversed(servers):
            server.terminate()
            server.wait()
        subprocess.run(["umount", "--lazy", str(door)], capture_output=True)


def unreadable_card(folder: Path, fault: Callable[[Callable[[Path, int], object]], Seen]) -> Seen:
    """The card does not give some blocks any more, at every try, and takes and gives all others."""
    with unreadable(folder, folder / "node") as disk:
        return fault(lambda file, page: disk.spoil(file, page - 1))


def jumping_clock(folder: Path, years: int) -> Seen:
    code, offset = folder / "clock-code", folder / "offset"
    code.mkdir()
    (code / "sitecustomize.py").write_text(CLOCK_CODE)
    offset.write_text("0")
    with box_on(folder, {"PYTHONPATH": str(code), "KENTONGAN_CLOCK_FILE": str(offset)}, speed=1.0) as box:
        offset.write_text(str(years * 365.25 * 86_400))
        seen = look(box, f"clock {years:+d} years")
        box.village.node.kill()  # type: ignore[union-attr]
        box.keep_up()
        started = look(box, "started with it")
        seen.notes.append(f"started with it: {started.receipts_shown} more receipts, {started.status}")
        offset.write_text("0")
        seen = see_it_back(box, seen)
        seen.notes.append(f"status after: {box.says()[0]}")
        return seen


FAULTS: dict[str, Callable[[Path], Seen]] = {
    "full": full_card,
    "read-only": read_only_card,
    "damaged": lambda folder: damaged_card(folder, "damaged page", "envelope"),
    "damaged-index": lambda folder: damaged_card(folder, "damaged index", "sqlite_autoindex_receipt_1"),
    "damaged-two": lambda folder: damaged_card(folder, "two damaged pages", "envelope", "step"),
    "damaged-first": lambda folder: damaged_card(
        folder, "damaged index and first page", "sqlite_autoindex_receipt_1", first_page=True
    ),
    "damaged-log": damaged_log,
    "damaged-settings": damaged_settings,
    "eio": failing_card,
    "unreadable": lambda folder: unreadable_card(
        folder, lambda spoil: damaged_card(folder, "unreadable page", "envelope", spoil=spoil)
    ),
    "unreadable-first": lambda folder: unreadable_card(
        folder,
        lambda spoil: damaged_card(
            folder,
            "unreadable index and first page",
            "sqlite_autoindex_receipt_1",
            first_page=True,
            spoil=spoil,
        ),
    ),
    "unreadable-log": lambda folder: unreadable_card(
        folder, lambda spoil: damaged_log(folder, "unreadable log", spoil)
    ),
    "clock-ahead": lambda folder: jumping_clock(folder, 10),
    "clock-back": lambda folder: jumping_clock(folder, -10),
}


def table(rows: list[Seen]) -> str:
    """Return the rows as a table."""
    heads = (
        *("fault", "site", "told before", "told at sending", "receipts", "status", "doctor"),
        *("back", "s", "lost"),
    )
    cells: list[tuple[Any, ...]] = [heads]
    for one in rows:
        told = (
            "yes" if value else "no" for value in (one.site_answers, one.told_before, one.told_at_sending)
        )
        cells.append(
            (one.fault, *told, one.receipts_shown, one.status, one.doctor, one.back, one.back_s)
            + (one.receipts_lost,)
        )
    widths = [max(len(str(row[at])) for row in cells) for at in range(len(heads))]
    lines = ["  ".join(str(cell).ljust(w) for cell, w in zip(row, widths, strict=True)) for row in cells]
    return "\n".join(line.rstrip() for line in lines)
