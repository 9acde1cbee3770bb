"""The client's end of the node's socket."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sync.errors import CarrierError
from sync.handin import SOCKET_NAME, HandIn, NodeNotRunning
from sync.line_socket import socket_address


@contextmanager
def node(folder: Path, *replies: bytes) -> Iterator[list[bytes]]:
    """Something that takes one connection, answers each line with the next of `replies`, then goes."""
    heard: list[bytes] = []
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with socket_address(folder, SOCKET_NAME) as address:
        listener.bind(address)
    listener.listen(1)
    listener.settimeout(20)

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rwb") as file:
            for reply in replies:
                heard.append(file.readline())
                file.write(reply)
                file.flush()

    thread = threading.Thread(target=serve)
    thread.start()
    yield heard
    thread.join(20)
    listener.close()


def test_a_report_goes_out_and_its_receipt_comes_back(tmp_path: Path) -> None:
    reply = {"receipt": "0123", "id": "x", "ref": 7}
    with (
        node(tmp_path, json.dumps(reply).encode() + b"\n", b'{"reports_waiting": "none"}\n') as heard,
        HandIn(tmp_path) as hand_in,
    ):
        assert hand_in.submit({"narrative": "dua\nbaris \ud83d ü"}, ref=7) == reply
        assert hand_in.status() == {"reports_waiting": "none"}
    assert heard[0].count(b"\n") == 1
    assert json.loads(heard[0]) == {"op": "submit", "report": {"narrative": "dua\nbaris \ud83d ü"}, "ref": 7}


def test_nobody_there_is_said_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(NodeNotRunning):
            HandIn(folder)


def test_a_socket_that_a_crash_left_is_nobody(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with socket_address(tmp_path, SOCKET_NAME) as address:
        left.bind(address)
    left.close()
    with pytest.raises(NodeNotRunning):
        HandIn(tmp_path)


@pytest.mark.parametrize("reply", [b"", b'{"receipt": "01'])
def test_a_node_that_goes_away_is_said_so(tmp_path: Path, reply: bytes) -> None:
    with node(tmp_path, reply), HandIn(tmp_path) as hand_in, pytest.raises(CarrierError, match="went away"):
        hand_in.status()


@pytest.mark.parametrize("reply", [b"hello\n", b"[1]\n", b"\xff\n", b"[" * 9_000 + b"\n"])
def test_something_else_behind_the_socket_is_a_clear_error(tmp_path: Path, reply: bytes) -> None:
    with node(tmp_path, reply), HandIn(tmp_path) as hand_in, pytest.raises(CarrierError, match="no node"):
        hand_in.status()


def test_a_deep_folder_is_no_hindrance(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 100) / ("e" * 100)
    folder.mkdir(parents=True)
    with node(folder, b"{}\n"), HandIn(folder) as hand_in:
        assert hand_in.status() == {}
    assert (folder / SOCKET_NAME).is_socket()
