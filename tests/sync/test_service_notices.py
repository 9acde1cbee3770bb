"""A service manager hears that a program is ready, works, and stops; and hears nothing when a part hangs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.service_notices import ServiceNotices


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[tuple[socket.socket, dict[str, str]]]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as heard:
        heard.settimeout(20)
        heard.bind(str(tmp_path / "notify"))
        yield heard, {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000"}


def test_ready_beats_and_end_are_heard(manager: tuple[socket.socket, dict[str, str]]) -> None:
    heard, environment = manager
    asked = threading.Event()
    notices = ServiceNotices(environment)
    notices.begin([asked.set])
    assert heard.recv(99) == b"READY=1"
    assert heard.recv(99) == b"WATCHDOG=1"
    assert asked.is_set()
    notices.end()
    while (words := heard.recv(99)) == b"WATCHDOG=1":
        pass
    assert words == b"STOPPING=1"


def test_a_part_that_hangs_stops_the_beat_and_one_that_fails_does_not(
    manager: tuple[socket.socket, dict[str, str]],
) -> None:
    heard, environment = manager
    hangs, reached = threading.Event(), threading.Event()
    turns = []

    def fails_then_hangs() -> None:
        turns.append(1)
        if len(turns) == 1:
            raise OSError("card")
        reached.set()
        hangs.wait(20)

    notices = ServiceNotices(environment)
    notices.begin([fails_then_hangs])
    assert [heard.recv(99), heard.recv(99)] == [b"READY=1", b"WATCHDOG=1"]
    assert reached.wait(20)
    notices.end()
    assert heard.recv(99) == b"STOPPING=1", "no beat came in between"
    hangs.set()


@pytest.mark.parametrize(
    "environment",
    [{}, {"WATCHDOG_USEC": "30000"}, {"NOTIFY_SOCKET": "/nowhere/notify"}],
    ids=["none", "no address", "nobody there"],
)
def test_without_a_service_manager_nothing_happens(environment: dict[str, str]) -> None:
    notices = ServiceNotices(environment)
    notices.begin([])
    notices.end()


def test_a_limit_that_is_meant_for_another_process_is_not_ours() -> None:
    given = {"NOTIFY_SOCKET": "@kentongan", "WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "7"}
    assert ServiceNotices(given, process=8).watchdog_s == 0
    assert ServiceNotices(given, process=7).watchdog_s == 60
