"""The memory of a box that is held busy: connections that do nothing and slow senders, for minutes."""

from __future__ import annotations

import contextlib
import socket
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from processes import scene
from raw_http import get, post

IDLE, SLOW, UNREAD = 140, 40, 20
"""Connections that say nothing, that send a letter now and then, and that read no answer: 200."""
SLOW_BEGUN = (
    b"POST /isi HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 200000\r\n\r\nnarrative="
)
UNREAD_BEGUN = b"GET /static/pictures.svg HTTP/1.1\r\nHost: x\r\n\r\n" * 4
EVERY_S = 2.0
MOST_BYTES = 350 * 1024 * 1024
"""MemoryMax of the box's unit."""
MOST_GROWTH_BYTES = 8 * 1024 * 1024
"""Of the last quarter's middle over that of the second: a crowd that stays the same must not cost more."""
NEIGHBOUR = "127.0.0.66"


@dataclass(frozen=True)
class HeldCrowd:
    """What was seen: bytes resident, and how long a villager waited beside the crowd in seconds."""

    minutes: float
    samples: int
    before_bytes: int
    highest_bytes: int
    second_quarter_bytes: int
    last_quarter_bytes: int
    reports_saved: int
    slowest_page_s: float
    opened_again: int
    """Connections of the crowd that the box had ended."""

    @property
    def is_good(self) -> bool:
        """Whether it stays under the unit's limit and flat, and each villager was answered."""
        grown = self.last_quarter_bytes - self.second_quarter_bytes
        return self.highest_bytes < MOST_BYTES and grown < MOST_GROWTH_BYTES and self.reports_saved > 0

    def told(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {**asdict(self), "good": self.is_good}


class Crowd:
    """Connections that are opened again where the box ends them."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "", parts.port or 80)
        self._begun = [b""] * IDLE + [SLOW_BEGUN] * SLOW + [UNREAD_BEGUN] * UNREAD
        self._held: list[socket.socket | None] = [None] * len(self._begun)
        self.opened_again = -len(self._begun)

    def hold(self) -> None:
        """Open what is not open, and let the slow senders send a letter."""
        for place, begun in enumerate(self._begun):
            held = self._held[place]
            if held is not None and not _is_ended(held, reads=begun != UNREAD_BEGUN):
                if begun == SLOW_BEGUN:
                    with contextlib.suppress(OSError):
                        held.send(b"a")
                continue
            if held is not None:
                held.close()
            self.opened_again += 1
            with contextlib.suppress(OSError):
                fresh = socket.create_connection(self._address, 10, (NEIGHBOUR, 0))
                fresh.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                fresh.sendall(begun)
                self._held[place] = fresh

    def close(self) -> None:
        """Let go of all."""
        for held in self._held:
            if held is not None:
                held.close()


def _is_ended(held: socket.socket, *, reads: bool) -> bool:
    if not reads:
        return False
    held.setblocking(False)
    try:
        return held.recv(4096) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        with contextlib.suppress(OSError):
            held.settimeout(10)


def resident_bytes(process: int) -> int:
    """Return what a process holds in memory now."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(process)


def hold_a_crowd(folder: Path, minutes: float, tell: Callable[[str], None]) -> HeldCrowd:
    """Hold 200 connections at a node in `folder` for so long, file a report now and then, and look at it."""
    with scene(folder, anew=True) as village:
        node = village.start_node()
        url = str(node.ready["url"])
        for _ in range(3):
            get(url, "/isi")
        before, crowd = resident_bytes(node.process.pid), Crowd(url)
        seen: list[int] = []
        saved, slowest = 0, 0.0
        ends = time.monotonic() + 60 * minutes
        while time.monotonic() < ends:
            crowd.hold()
            began = time.monotonic()
            report = {
                "form_token": f"token-of-a-held-crowd-{len(seen):05}",
                "kind": "other",
                "narrative": "cerita",
                "go": "send",
            }
            answer = post(url, "/isi", report, "Accept-Encoding: identity")
            saved += b"sudah tersimpan" in answer.body
            slowest = max(slowest, time.monotonic() - began)
            seen.append(resident_bytes(node.process.pid))
            if len(seen) % 15 == 0:
                tell(f"{len(seen)} looks: {seen[-1] // 1024} KiB, {saved} reports, slowest {slowest:.1f} s")
            time.sleep(EVERY_S)
        crowd.close()
    quarter = max(1, len(seen) // 4)
    return HeldCrowd(
        minutes,
        len(seen),
        before,
        max(seen),
        int(statistics.median(seen[quarter : 2 * quarter] or seen)),
        int(statistics.median(seen[-quarter:])),
        saved,
        round(slowest, 2),
        crowd.opened_again,
    )
