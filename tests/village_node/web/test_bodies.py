"""Bodies stay in memory and are read strictly."""

from __future__ import annotations

import socket
import tempfile
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest
import waitress
from flask.testing import FlaskClient
from waitress import buffers

from village_node.web.bodies import InMemoryRequest, in_memory_server_options
from village_node.web.public_app import MAX_BODY_BYTES, PublicSite

if TYPE_CHECKING:
    from tests.village_node.web.conftest import MemoryServices

TOKEN = "token-of-a-form-0001"
FIELDS = {"form_token": TOKEN, "kind": "other", "narrative": "cerita"}


@pytest.fixture
def no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every way to a temporary file an error."""

    def refuse(*_args: object, **_kwargs: object) -> NoReturn:
        raise AssertionError("a body went to a file")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, refuse)
        monkeypatch.setattr(f"werkzeug.formparser.{name}", refuse, raising=False)


def multipart(parts: list[bytes]) -> tuple[bytes, str]:
    body = b"".join(b"--XX\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return body + b"--XX--\r\n", "multipart/form-data; boundary=XX"


@pytest.mark.usefixtures("no_files")
def test_a_body_as_large_as_the_limit_makes_no_file(client: FlaskClient, services: MemoryServices) -> None:
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in FIELDS.items()]
    parts.append(b'name="foto"; filename="f.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + b"\xff" * 260_000)
    body, content_type = multipart(parts)
    assert len(body) < MAX_BODY_BYTES
    assert client.post("/isi", data=body, content_type=content_type).status_code == 200
    assert services.reports[0]["narrative"] == "cerita"


def test_a_stream_asked_for_by_werkzeug_is_memory() -> None:
    stream = InMemoryRequest({})._get_file_stream(10**9, "image/jpeg")
    with pytest.raises(OSError):
        stream.fileno()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (multipart([b'name="narrative"\r\n\r\n\xff\xfe'])),
        (b"--XX\r\nContent-Disposition: form-data\r\n\r\n", "multipart/form-data; boundary=YY"),
        (b"--XX", "multipart/form-data"),
        (b"--XX", 'multipart/form-data; boundary="\xc3\xbc"'),
        (b"&".join(b"a=%d" % i for i in range(600)), "application/x-www-form-urlencoded"),
        (b"narrative=%c0%80", "application/x-www-form-urlencoded"),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(
    client: FlaskClient, services: MemoryServices, body: bytes, content_type: str
) -> None:
    assert client.post("/isi", data=body, content_type=content_type).status_code == 400
    assert services.reports == []


def test_half_a_multipart_form_is_refused(client: FlaskClient, services: MemoryServices) -> None:
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in FIELDS.items()]
    body, content_type = multipart(parts)
    cut = body.index(b"--XX--")
    assert client.post("/isi", data=body[:cut], content_type=content_type).status_code == 400
    assert services.reports == []


@pytest.fixture
def served(site: PublicSite) -> Iterator[int]:
    """The port of the site behind waitress with our options."""
    server = waitress.create_server(
        site, host="127.0.0.1", port=0, threads=1, **in_memory_server_options(MAX_BODY_BYTES)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    server.trigger.pull_trigger(server.close)  # in its own thread: the loop ends when nothing is open
    thread.join(timeout=10)
    assert not thread.is_alive()
    server.task_dispatcher.shutdown()


def post_raw(port: int, body: bytes) -> bytes:
    head = (
        f"POST /isi HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head.encode() + body)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.usefixtures("no_files")
@pytest.mark.parametrize(
    ("name", "letter", "size", "status"),
    [
        (b"narrative=", b"a", MAX_BODY_BYTES, b"422"),
        (b"narrative=", b"a", 2 * MAX_BODY_BYTES - 1, b"413"),
        (b"offer.destination=", b'"', MAX_BODY_BYTES, b"422"),  # the largest answer there is
    ],
)
def test_the_server_too_keeps_bodies_and_answers_in_memory(
    served: int, monkeypatch: pytest.MonkeyPatch, name: bytes, letter: bytes, size: int, status: bytes
) -> None:
    spilled: list[object] = []
    monkeypatch.setattr(buffers, "TempfileBasedBuffer", spilled.append)
    answer = post_raw(served, name + letter * (size - len(name)))
    assert not spilled
    assert answer.split(b" ", 2)[1] == status
    assert b"Server:" not in answer
    assert answer.rstrip().endswith(b"</html>")
