"""How many durable reports a second the site takes from many phones at once, beside the disk's own commits.

The real programs: a hub is made, a node enrolled and served as a process of its own, and threads here act as
phones over HTTP, each fetching the form and sending a report. In the end the node is killed with SIGKILL and
its database is counted: a report whose code was shown and that is not there is a lost one.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from sync.clock import SystemClock
from sync.handin import HandIn

_CLOCK = SystemClock()
VILLAGE = "52.02.08.2001"
PATIENCE_S = 60.0
_TOKEN = re.compile(rb'name="form_token" value="([^"]+)"')
_TAKEN = b'class="code"'
_STORY = (
    "Ada orang datang ke dusun, mengajak gadis-gadis kerja di luar negeri. Katanya gajinya besar, "
    "tidak usah paspor, berangkat minggu depan lewat pelabuhan kecil."
)


class BenchFailed(Exception):
    """A part did not start or answered wrongly; the text says which."""


@dataclass
class _Phone:
    """What one phone saw: milliseconds of every report that was taken, and how often it was turned away."""

    report_ms: list[float]
    refused: int = 0


def measure_site(
    folder: Path, *, phones: int, seconds: float, dense: bool, on_second: Callable[[int], None]
) -> dict[str, Any]:
    """Measure in an empty `folder` and return figures; raise BenchFailed.

    Keys: phones, seconds, reports, reports_per_s, p50_ms, p99_ms, worst_ms (of the POST that commits, as the
    phone sees it), refused, durable, lost, disk_commits_per_s, reports_per_disk_commit, rss_mb, peak_rss_mb.
    """
    node_folder = _prepare(folder)
    commits = [disk_commits_per_s(folder)]
    text = "--dense-text" if dense else "--quick-text"
    arguments = ("node", "serve", str(node_folder), "--listen", "127.0.0.1:0", text)
    with (folder / "node.log").open("w") as log:
        node = subprocess.Popen(_kentongan(*arguments), stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        ready = node.stdout.readline() if node.stdout is not None else ""
        if not ready:
            raise BenchFailed(f"the node did not start: {(folder / 'node.log').read_text().strip()}")
        site = urlsplit(json.loads(ready)["url"]).netloc
        _wait_for_texts(node_folder)
        with contextlib.closing(http.client.HTTPConnection(site, timeout=PATIENCE_S)) as first:
            report(first, 0)  # loads what the node loads at its first report
        began = _CLOCK.monotonic_s()
        seen = _crowd(site, phones, seconds, on_second)
        took_s = _CLOCK.monotonic_s() - began
        memory = memory_mb(node.pid)
    finally:
        node.send_signal(signal.SIGKILL)
        node.communicate()
    commits.append(disk_commits_per_s(folder))
    times = sorted(ms for phone in seen for ms in phone.report_ms)
    if not times:
        raise BenchFailed("no report was taken")
    kept = _kept(node_folder) - 1
    mean_commits = sum(commits) / len(commits)
    return {
        "phones": phones,
        "seconds": round(took_s, 2),
        "reports": len(times),
        "reports_per_s": round(len(times) / took_s, 1),
        "p50_ms": round(times[len(times) // 2], 1),
        "p99_ms": round(times[min(len(times) - 1, len(times) * 99 // 100)], 1),
        "worst_ms": round(times[-1], 1),
        "refused": sum(phone.refused for phone in seen),
        "durable": kept,
        "lost": max(0, len(times) - kept),
        "disk_commits_per_s": round(mean_commits, 1),
        "reports_per_disk_commit": round(len(times) / took_s / mean_commits, 3),
        "text": "dense" if dense else "quick",
        **memory,
    }


def _wait_for_texts(node_folder: Path) -> None:
    """Wait until the node has its text model, which it loads once, in its first seconds."""
    until = _CLOCK.monotonic_s() + PATIENCE_S
    with HandIn(node_folder) as node:
        while node.status()["texts"] == "loading":
            if _CLOCK.monotonic_s() > until:
                raise BenchFailed("the node did not load its text model")
            _CLOCK.wait(threading.Event(), 0.1)


def report(connection: http.client.HTTPConnection, number: int) -> float | None:
    """Fetch the form and send a report, as a browser without JavaScript does; return the POST's milliseconds,
    or None when the site said that it was not taken."""
    connection.request("GET", "/isi")
    token = _TOKEN.search(connection.getresponse().read())
    if token is None:
        raise BenchFailed("the form has no token")
    form = {
        "form_token": token[1].decode(),
        "kind": "recruiter",
        "urgency": "soon",
        "narrative": f"{_STORY} {number}",
        "recruiter.phone": f"0812-0000-{number % 10_000:04}",
        "offer.destination": "MY",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    began = _CLOCK.monotonic_s()
    connection.request("POST", "/isi", urlencode(form), headers)
    answer = connection.getresponse()
    page = answer.read()
    took_ms = (_CLOCK.monotonic_s() - began) * 1000
    return took_ms if answer.status == 200 and _TAKEN in page else None


def _crowd(site: str, phones: int, seconds: float, on_second: Callable[[int], None]) -> list[_Phone]:
    seen = [_Phone([]) for _ in range(phones)]
    end = _CLOCK.monotonic_s() + seconds
    faults: list[Exception] = []

    def hold(number: int, phone: _Phone) -> None:
        connection = http.client.HTTPConnection(site, timeout=PATIENCE_S)
        try:
            while _CLOCK.monotonic_s() < end and not faults:
                took_ms = report(connection, number)
                if took_ms is None:
                    phone.refused += 1
                else:
                    phone.report_ms.append(took_ms)
                number += phones
        except (OSError, http.client.HTTPException, BenchFailed) as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=hold, args=(n + 1, phone), daemon=True) for n, phone in enumerate(seen)
    ]
    for thread in threads:
        thread.start()
    never = threading.Event()
    while _CLOCK.monotonic_s() < end and not faults:
        on_second(sum(len(phone.report_ms) for phone in seen))
        _CLOCK.wait(never, min(1.0, end - _CLOCK.monotonic_s()))
    for thread in threads:
        thread.join(PATIENCE_S)
    if faults:
        raise BenchFailed(f"a phone got no answer ({type(faults[0]).__name__})")
    return seen


def disk_commits_per_s(folder: Path, seconds: float = 2.0) -> float:
    """Return how often a second one connection can commit a row of a report's size durably in this folder:
    SQLite as the node opens it (WAL, synchronous=FULL), one row a transaction."""
    file = folder / "commits.db"
    database = sqlite3.connect(file, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE IF NOT EXISTS row (sealed BLOB)")
        count, began = 0, _CLOCK.monotonic_s()
        while _CLOCK.monotonic_s() < began + seconds:
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO row VALUES (?)", (bytes(150),))
            database.execute("COMMIT")
            count += 1
        return count / (_CLOCK.monotonic_s() - began)
    finally:
        database.close()
        for path in _files_of(file):
            path.unlink(missing_ok=True)


def memory_mb(pid: int) -> dict[str, float]:
    """Return the resident memory of a process now and at its highest, in MB of 1024 KB."""
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    shown = {}
    for name, key in (("rss_mb", "VmRSS"), ("peak_rss_mb", "VmHWM")):
        found = re.search(rf"{key}:\s+(\d+) kB", status)
        if found is None:
            raise BenchFailed("this system does not tell the memory of a process")
        shown[name] = round(int(found[1]) / 1024, 1)
    return shown


def _files_of(file: Path) -> Iterator[Path]:
    yield from (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm"))


def _kept(node_folder: Path) -> int:
    """Return how many receipts the killed node's database holds, after SQLite has recovered it."""
    from village_node.folder import DATABASE_FILE

    database = sqlite3.connect(node_folder / DATABASE_FILE)
    try:
        return int(database.execute("SELECT count(*) FROM receipt").fetchone()[0])
    finally:
        database.close()


def _prepare(folder: Path) -> Path:
    hub, node, enrolment = folder / "hub", folder / "node", folder / "enrolment.json"
    for arguments in (
        ("hub", "init", str(hub)),
        ("hub", "enrol", str(hub), "--village", VILLAGE, "--village-name", "Contoh", "--out", str(enrolment)),
        ("node", "init", str(node), "--enrolment", str(enrolment)),
    ):
        done = subprocess.run(_kentongan(*arguments), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise BenchFailed(f"{' '.join(arguments[:2])}: {done.stderr.strip()}")
    return node


def _kentongan(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "kentongan", *arguments]
