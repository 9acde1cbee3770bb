from __future__ import annotations

from types import SimpleNamespace

import pytest

from sync.site_parser import MAX_HEADER_BYTES, Refusal, SiteParser


def parsed(head: str) -> SiteParser:
    adjustments = SimpleNamespace(
        max_request_header_size=MAX_HEADER_BYTES,
        max_request_body_size=1_000,
        inbuf_overflow=1_000,
        url_scheme="http",
    )
    parser = SiteParser(adjustments)
    parser.received(f"{head}\r\n\r\n".encode("latin-1"))
    return parser


def test_an_ordinary_request_is_read() -> None:
    parser = parsed("POST /isi?a=b HTTP/1.1\r\nHost: desa\r\nCookie: a=1\r\nCookie: b=2\r\nContent-Length: 3")
    assert parser.error is None
    assert (parser.path, parser.content_length, parser.headers["COOKIE"]) == ("/isi", 3, "a=1, b=2")


@pytest.mark.parametrize("host", ["desa.local", "10.42.0.1:8090", "[fe80::1]:80", "a_b", "x:", ""])
def test_a_host_is_a_name_or_an_address_with_a_port(host: str) -> None:
    assert parsed(f"GET / HTTP/1.1\r\nHost: {host}").error is None
    assert parsed("GET / HTTP/1.0").error is None


@pytest.mark.parametrize(
    ("head", "code"),
    [
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b", 400),
        ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1", 400),
        ("GET / HTTP/1.1\r\nContent_Length: 1\r\nContent-Length: 1", 400),
        ("GET / HTTP/1.1\r\nHost: a@b", 400),
        ("GET / HTTP/1.1\r\nHost: [::1].a", 400),
        ("GET / HTTP/1.1\r\nHost: a:b", 400),
        ("GET / HTTP/1.1\r\nX: a\r\n b", 400),
        ("GET / HTTP/1.1\r\nTransfer-Encoding: chunked", 411),
        (f"GET / HTTP/1.1\r\nContent-Length: {'9' * 5_000}", 400),
        ("GET http://[::1 HTTP/1.1", 400),
        ("GET / HTTP/1.1\r\nX: a\nb", 400),
        ("GET / HTTP/1.1\r\nX: " + "a" * MAX_HEADER_BYTES, 431),
    ],
)
def test_what_has_two_readings_is_refused_and_not_repeated(head: str, code: int) -> None:
    parser = parsed(head)
    assert isinstance(parser.error, Refusal)
    status, headers, body = parser.error.to_response("a name of software")
    assert status.startswith(f"{code} ")
    assert len(body) < 40
    assert dict(headers)["Cache-Control"] == "no-store"
