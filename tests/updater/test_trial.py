"""A version on trial is good once it answered long enough without another start, and left when time is up."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from releases import FIRST, installed_box

from updater.slots import Slots, State, given_up, write_flushed
from updater.trial import SOCKET_NAME, Silent, Times, ask, watch

TIMES = Times(hold_s=180, within_s=900, every_s=5)


def watched(box: Slots, asks: Callable[[float], None]) -> tuple[State, float, int]:
    """Return what was decided, after how many seconds, and how often the node was started anew for it."""
    (box.program / "0.2.0").mkdir(exist_ok=True)
    box.put_on_trial("0.2.0")
    passed, restarts = [0.0], []

    def wait(seconds: float) -> None:
        passed[0] += seconds

    state = watch(
        box,
        lambda version: asks(passed[0]),
        lambda: restarts.append(1),
        TIMES,
        monotonic_s=lambda: passed[0],
        wait=wait,
    )
    return state, passed[0], len(restarts)


@pytest.fixture
def box(tmp_path: Path) -> Slots:
    return installed_box(tmp_path)


def test_it_is_good_after_it_answered_long_enough(box: Slots) -> None:
    def asks(now: float) -> None:
        if now < 60 or now == 100:
            raise Silent("silent")

    assert watched(box, asks) == (State(good="0.2.0", before=FIRST), 285.0, 0)


@pytest.mark.parametrize("why", ["silent", "closed"])
def test_what_does_not_answer_in_time_is_left(box: Slots, why: str) -> None:
    def asks(now: float) -> None:
        raise Silent(why)

    assert watched(box, asks) == (State(good=FIRST, left="0.2.0", why=why), 900.0, 1)
    assert box.linked() == FIRST


def test_one_that_answers_between_its_starts_is_not_good(box: Slots) -> None:
    (box.program / "0.2.0/bin").mkdir(parents=True)
    (box.program / "0.2.0/bin/kentongan").touch()

    def asks(now: float) -> None:
        if now and now % 100 == 0:
            box.begin()

    state, passed, _ = watched(box, asks)
    assert (state.good, state.why) == (FIRST, "crashed")
    assert passed == 605.0


def test_where_nothing_is_on_trial_nothing_is_given_up(box: Slots) -> None:
    before = box.state()
    assert given_up(before, "silent") == before


def test_what_a_box_knows_of_its_versions_is_flushed_before_it_has_its_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[tuple[str, bool]] = []
    path = tmp_path / "update.json"

    def fsync(descriptor: int) -> None:
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        flushed.append((name, path.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    write_flushed(path, b"{}")
    assert flushed == [(".update.json.new", False), (tmp_path.name, True)]


class Site(BaseHTTPRequestHandler):
    """The public site, which answers as `status` says."""

    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def node(folder: Path, reply: bytes, status: int = 200) -> Iterator[str]:
    """A box whose node answers each question with `reply`; yields the address of its site."""
    asked = socket.socket(socket.AF_UNIX)
    asked.bind(str(folder / SOCKET_NAME))
    asked.listen()

    def answer() -> None:
        with asked.accept()[0] as caller:
            caller.recv(99)
            caller.sendall(reply)

    site = HTTPServer(("127.0.0.1", 0), type("Answering", (Site,), {"status": status}))
    threads = [threading.Thread(target=one, daemon=True) for one in (answer, site.handle_request)]
    for thread in threads:
        thread.start()
    yield f"http://127.0.0.1:{site.server_port}"
    site.server_close()
    (folder / SOCKET_NAME).unlink()
    asked.close()


class TestAsking:
    """Of the site and of the node, as after the start of a new version."""

    def said(self, folder: Path, reply: object, status: int = 200) -> str:
        told = reply if isinstance(reply, bytes) else json.dumps(reply).encode() + b"\n"
        with node(folder, told, status) as site:
            try:
                ask(site, folder, "0.2.0")
            except Silent as silent:
                return silent.why
        return ""

    def test_the_version_on_trial_answers_with_an_open_store(self, tmp_path: Path) -> None:
        assert self.said(tmp_path, {"running": True, "software": "0.2.0"}) == ""

    @pytest.mark.parametrize(
        "reply",
        [
            {"running": False, "software": "0.2.0"},
            {"running": True, "software": "0.1.0"},
            {"software": "0.2.0"},
            ["0.2.0"],
            b"no answer\n",
        ],
    )
    def test_another_version_or_a_closed_store_is_no_answer(self, tmp_path: Path, reply: object) -> None:
        assert self.said(tmp_path, reply) == "closed"

    def test_a_site_that_fails_or_is_not_there_is_silent(self, tmp_path: Path) -> None:
        assert self.said(tmp_path, {"running": True, "software": "0.2.0"}, status=503) == "silent"
        with pytest.raises(Silent, match="silent"):
            ask("http://127.0.0.1:1", tmp_path, "0.2.0")
