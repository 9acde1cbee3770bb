"""Looks from outside whether a version on trial works, and goes back when it does not.

It works when, for a while and without another start, its site answers, the node tells over its socket that it
runs with its store open, and that it is this version. The hub is not asked: a village may have no internet.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from updater.slots import Slots, State

SOCKET_NAME: Final = "node.sock"
MAX_REPLY_BYTES: Final = 256 * 1024
TIMEOUT_S: Final = 20.0


@dataclass(frozen=True)
class Times:
    """Seconds: how long it must answer without a break, within which time, and how often it is asked."""

    hold_s: float = 180.0
    within_s: float = 900.0
    every_s: float = 5.0


class Silent(Exception):
    """The box does not answer as it should; `why` is "silent" or "closed"."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def ask(site: str, node: Path, version: str) -> None:
    """Raise Silent unless site and node answer, with an open store, and the node is this version."""
    _ask_site(site)
    status = _status(node)
    if status.get("running") is not True or status.get("software") != version:
        raise Silent("closed")


def _ask_site(site: str) -> None:
    parts = urlsplit(site)
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/", headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read(MAX_REPLY_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise Silent("silent") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise Silent("silent")


def _status(node: Path) -> dict[str, Any]:
    try:
        folder = os.open(node, os.O_RDONLY | os.O_DIRECTORY)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asked:
                asked.settimeout(TIMEOUT_S)
                asked.connect(f"/proc/self/fd/{folder}/{SOCKET_NAME}")
                asked.sendall(b'{"op": "status"}\n')
                with asked.makefile("rb") as answers:
                    reply = json.loads(answers.readline(MAX_REPLY_BYTES))
        finally:
            os.close(folder)
    except (OSError, ValueError, RecursionError) as error:
        raise Silent("closed") from error
    if not isinstance(reply, dict):
        raise Silent("closed")
    return reply


def watch(
    slots: Slots,
    asks: Callable[[str], None],
    restart: Callable[[], None],
    times: Times,
    *,
    monotonic_s: Callable[[], float] = time.monotonic,
    wait: Callable[[float], None] = time.sleep,
) -> State:
    """Return once no version is on trial any more. `asks` gets the version and raises Silent."""
    version, begun, good_since, starts, why = "", 0.0, None, -1, "silent"
    while (state := slots.state()).trial:
        now = monotonic_s()
        if state.trial != version:  # another one, perhaps right after one that was left
            version, begun, good_since, why = state.trial, now, None, "silent"
        try:
            asks(state.trial)
        except Silent as error:
            good_since, why = None, error.why
        else:
            if good_since is None or state.starts != starts:
                good_since, starts = now, state.starts
            if monotonic_s() - good_since >= times.hold_s:
                with slots.lock():
                    return slots.prove()
        if monotonic_s() - begun >= times.within_s:
            # One that ended again and again in all that time is told apart from one that only hangs.
            with slots.lock():
                after = slots.give_up("crashed" if slots.state().starts > 2 else why)
            restart()
            return after
        wait(times.every_s)
    return state
