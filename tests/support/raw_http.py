"""HTTP by hand: what a client library would be too polite to send."""

from __future__ import annotations

import socket
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

PATIENCE_S = 60.0
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Answer:
    """One answer as it came: status, headers by small name, body; and what came behind it."""

    status: int
    headers: dict[str, list[str]]
    body: bytes
    rest: bytes = b""

    def header(self, name: str) -> str:
        """Return a header that stands there at most once; empty where it does not."""
        found = self.headers.get(name.lower(), [])
        assert len(found) <= 1, (name, found)
        return found[0] if found else ""


def connect(url: str) -> socket.socket:
    """Return a connection to the site of this address."""
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE_S)


def send(url: str, data: bytes) -> bytes:
    """Send these bytes, and no more; return all that comes until the other side closes or is silent."""
    with closing(connect(url)) as asking:
        try:
            asking.sendall(data)
            asking.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # refused before all of it was read: the answer may still be there
        return read_all(asking)


def read_all(asking: socket.socket) -> bytes:
    """Return what comes until the end."""
    received = b""
    try:
        while chunk := asking.recv(65536):
            received += chunk
    except ConnectionResetError:
        pass
    return received


def answers_in(received: bytes) -> list[Answer]:
    """Return the answers in a stream, each of which says its length."""
    found = []
    while received.startswith(b"HTTP/"):
        head, _, behind = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            headers.setdefault(name.lower(), []).append(value)
        status = int(first.split(" ")[1])
        length = int(headers.get("content-length", ["0"])[0])
        found.append(Answer(status, headers, behind[:length], behind[length:]))
        received = behind[length:]
    return found


def ask(url: str, head: str, body: bytes = b"") -> Answer:
    """Send one request whose head is given without its end; return the first answer."""
    found = answers_in(send(url, head.encode("latin-1") + b"\r\n\r\n" + body))
    assert found, head[:80]
    return found[0]


def get(url: str, path: str, *more: str) -> Answer:
    """Get a path exactly as it stands."""
    return ask(url, "\r\n".join((f"GET {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}", *more)))


def post(url: str, path: str, fields: dict[str, str] | bytes, *more: str, kind: str = FORM) -> Answer:
    """Post a form, or a body as it is."""
    body = fields if isinstance(fields, bytes) else urlencode(fields).encode("ascii")
    lines = (f"POST {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}", f"Content-Type: {kind}")
    return ask(url, "\r\n".join((*lines, f"Content-Length: {len(body)}", *more)), body)
