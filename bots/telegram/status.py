"""How the bot fares, as a file that `kentongan bot doctor` reads: counts and states, nothing about people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from telegram.request import BaseRequest, RequestData

from sync.storage.private_files import write_private

STATUS_FILE = "status.json"
EVERY_S = 30.0
"""A card does not like to be written to: counts are written no more often."""
STATES: Final = {
    "starting": None,
    "polling": None,
    "webhook": None,
    "waiting": "another box of this village has the bot now",
    "offline": "Telegram is not reached",
    "slowed": "Telegram asks to wait",
    "conflict": "another process polls with the same token",
    "revoked": "Telegram does not know the token",
    "stopped": "the bot was stopped",
}
"""State -> what is wrong then, None where nothing is."""
COUNTS: Final = (
    "updates",
    "repeated",
    "interrupted",
    "passed_over",
    "flood",
    "files_taken",
    "files_refused",
    "too_many_requests",
    "server_errors",
    "timeouts",
    "blocked",
    "unsent",
    "groups_left",
    "faults",
    "unreadable",
    "bulletins_sent",
    "bulletins_unsent",
    "hub_away",
)
"""What is counted since the start; `KeyError` for any other word keeps it so."""


class Status:
    """What is known of how the bot fares. Used on the event loop alone."""

    def __init__(
        self, folder: Path, *, monotonic_s: Callable[[], float], wall_s: Callable[[], float]
    ) -> None:
        self._path = folder / STATUS_FILE
        self._monotonic_s, self._wall_s = monotonic_s, wall_s
        self._written_s: float | None = None
        self.state = "starting"
        self.last_poll: float | None = None
        self.pending: int | None = None
        """Updates that waited at Telegram when it was asked last."""
        self.gap: tuple[float, float] | None = None
        """From when to when nobody polled, where that was so long that messages may be lost."""
        self.counts: Counter[str] = Counter(dict.fromkeys(COUNTS, 0))

    def count(self, what: str) -> None:
        """Count one thing of COUNTS."""
        if what not in COUNTS:
            raise KeyError("not one of the things that are counted")
        self.counts[what] += 1
        self.write()

    def becomes(self, state: str) -> None:
        """Say in which state of STATES the bot is now."""
        changed = state != self.state
        if state not in STATES:
            raise KeyError("not one of the states")
        self.state = state
        self.write(at_once=changed)

    def write(self, *, at_once: bool = False) -> None:
        """Write the file, at most every EVERY_S seconds but for a change of state. A full disk is no reason
        to stop."""
        now = self._monotonic_s()
        if not at_once and self._written_s is not None and now - self._written_s < EVERY_S:
            return
        self._written_s = now
        try:
            write_private(self._path, json.dumps(self.shown()) + "\n")
        except OSError:
            return

    def shown(self) -> dict[str, Any]:
        """Return what the file holds."""
        return {
            "state": self.state,
            "written_at": int(self._wall_s()),
            "last_poll": None if self.last_poll is None else int(self.last_poll),
            "pending": self.pending,
            "gap": None if self.gap is None else [int(end) for end in self.gap],
            "counts": dict(self.counts),
        }


class WatchedRequest(BaseRequest):
    """Passes requests on, and counts what Telegram answers: 429, 5xx, timeouts."""

    __slots__ = ("_inner", "_status")

    def __init__(self, inner: BaseRequest, status: Status) -> None:
        self._inner = inner
        self._status = status

    @property
    def read_timeout(self) -> float | None:
        """Return that of the request inside."""
        return self._inner.read_timeout

    async def initialize(self) -> None:
        """Start the request inside."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """Stop the request inside."""
        await self._inner.shutdown()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Pass one request on."""
        code, answer = await self._inner.do_request(
            url, method, request_data, read_timeout, write_timeout, connect_timeout, pool_timeout
        )
        if code == 429:
            self._status.count("too_many_requests")
        elif code >= 500:
            self._status.count("server_errors")
        return code, answer
