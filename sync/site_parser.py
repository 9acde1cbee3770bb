"""What a site takes for an HTTP request: one reading of its length, or none.

Where two programs read one stream of bytes (a proxy and this one), whoever makes them disagree about where a
request ends can put a request of his own before somebody else's. So whatever can be read in two ways is
refused, and the connection is closed. No browser, phone or box of ours sends any of it.
"""

from __future__ import annotations

import re

from waitress.parser import HTTPRequestParser
from waitress.utilities import BadRequest, Error

MAX_HEADER_BYTES = 16 * 1024
"""Of a request line with all headers. Browsers send 2 KB; the longest address of an export has 4."""


class Refusal(Error):  # type: ignore[misc]  # waitress has no types
    """A refusal that repeats nothing of the request, names no software, and is kept nowhere."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__("")
        self.code, self.reason = code, reason

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return status, headers and body."""
        return f"{self.code} {self.reason}", list(_HEADERS), f"{self.reason}\n".encode("ascii")


_HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
)
_HOST = re.compile(rb"(?:[A-Za-z0-9._~-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
"""A name or an address, and a port. Apps read anything else as no host, and checks of names let it by."""
_ONCE = ("HOST", "CONTENT_LENGTH", "TRANSFER_ENCODING", "CONTENT_TYPE")


class SiteParser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Waitress's parser, which refuses more."""

    error: Error | None
    headers: dict[str, str]

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers, or note a refusal."""
        refused = _refusal_of(header_plus)
        if refused is None:
            try:
                super().parse_header(header_plus)
                return
            except ValueError:  # a length of 5,000 digits, an address with half a bracket
                refused = Refusal(BadRequest.code, BadRequest.reason)
        self.headers.clear()
        super().parse_header(b"GET / HTTP/1.0\r\n")
        self.error = refused
        self.completed = True

    def received(self, data: bytes) -> int:
        """Take bytes of a request; return how many."""
        taken = int(super().received(data))
        if self.error is not None and not isinstance(self.error, Refusal):
            # Waitress repeats the line that it did not like, and says who wrote the answer.
            self.error = Refusal(self.error.code, self.error.reason)
        return taken


def _refusal_of(header_plus: bytes) -> Refusal | None:
    """Return why a request line and its headers are not read at all, or None."""
    lines = header_plus.split(b"\r\n")
    names = [line.partition(b":")[0].upper().replace(b"-", b"_").decode("latin-1") for line in lines[1:]]
    if any(line.startswith((b" ", b"\t")) for line in lines):  # a header that goes on in the next line
        return Refusal(BadRequest.code, BadRequest.reason)
    if any(names.count(name) > 1 for name in _ONCE):
        return Refusal(BadRequest.code, BadRequest.reason)
    if "HOST" in names:
        host = lines[names.index("HOST") + 1].partition(b":")[2].strip(b" \t")
        if _HOST.fullmatch(host) is None:
            return Refusal(BadRequest.code, BadRequest.reason)
    if "TRANSFER_ENCODING" in names:  # chunks and their extensions have more than one reading, too
        return Refusal(411, "Length Required")
    return None
