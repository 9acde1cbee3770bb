"""Who holds many connections, sends letter by letter or reads nothing keeps nobody else from the site."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attack_size import crowd
from raw_http import PATIENCE_S, answers_in, get, post
from served_sites import Served

PI_BYTES = 350 * 1024 * 1024
"""MemoryMax of the box's unit: with the dense text model a node has 90 MB of it."""
STARTED = b"POST /isi HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HELD = {
    "nothing at all": b"",
    "half of a first line": b"GET /lap",
    "headers without an end": STARTED + b"X-a: 1\r\n",
    "a body without an end": STARTED + b"Content-Length: 200000\r\n\r\nnarrative=" + b"a" * 50_000,
    "an answer that nobody reads": b"GET /static/pictures.svg HTTP/1.1\r\nHost: x\r\n\r\n",
}
NEIGHBOUR = "127.0.0.66"
"""Another phone than the villager's."""


def hold(stack: contextlib.ExitStack, url: str, begun: bytes) -> socket.socket:
    parts = urlsplit(url)
    held = stack.enter_context(
        socket.create_connection((parts.hostname or "", parts.port or 80), PATIENCE_S, (NEIGHBOUR, 0))
    )
    held.sendall(begun)
    return held


def resident_bytes(process: int) -> int:
    """Return the most memory that a process ever held."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    raise AssertionError(process)


@pytest.mark.parametrize("name", HELD)
def test_a_villager_is_answered_beside_200_connections_that_do_nothing(served: Served, name: str) -> None:
    with contextlib.ExitStack() as stack:
        held = [hold(stack, served.public, HELD[name]) for _ in range(crowd(240))]
        for one in held[-20:]:  # a letter now and then is activity: it must not keep a place
            with contextlib.suppress(OSError):
                one.sendall(b"a")
        assert get(served.public, "/sehat").status == 200
        report = {"form_token": f"token-of-a-crowd-{len(name):04}", "kind": "other", "narrative": "cerita"}
        answer = post(served.public, "/isi", {**report, "go": "send"}, "Accept-Encoding: identity")
        assert "sudah tersimpan" in answer.body.decode()
    assert resident_bytes(served.node.process.pid) < PI_BYTES


def test_who_is_being_answered_or_has_few_connections_stays(served: Served) -> None:
    """One slow phone among a neighbour's crowd keeps its connection, and its form arrives whole."""
    with contextlib.ExitStack() as stack:
        parts = urlsplit(served.public)
        phone = stack.enter_context(
            socket.create_connection((parts.hostname or "", parts.port or 80), PATIENCE_S)
        )
        phone.sendall(b"GET /sehat HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        for _ in range(crowd(240)):
            hold(stack, served.public, b"")
        assert get(served.public, "/sehat").status == 200  # so all of them have been let in by now
        phone.sendall(b"Connection: close\r\n\r\n")
        received = b""
        while chunk := phone.recv(65536):
            received += chunk
        assert [answer.status for answer in answers_in(received)] == [200]


def test_a_form_of_hundreds_of_files_takes_no_file_numbers(served: Served) -> None:
    """Each file of a form is a file number of the box's, and there are 1,024."""
    part = b'--XX\r\nContent-Disposition: form-data; name="photo"; filename="f"\r\n\r\nx\r\n'
    for count, status in ((400, 400), (499, 400)):
        body = part * count + b"--XX--\r\n"
        answer = post(served.public, "/isi", body, kind="multipart/form-data; boundary=XX")
        assert answer.status == status, (count, answer.status)
    assert get(served.public, "/sehat").status == 200
