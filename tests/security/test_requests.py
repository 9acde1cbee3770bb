"""Requests that no browser sends, at the real sites: smuggled, split, oversized, wandering."""

from __future__ import annotations

import pytest
from raw_http import Answer, answers_in, ask, get, post, send
from served_sites import Served

HEAD = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HIDDEN = "GET /sehat HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LENGTH = f"Content-Length: {len(HIDDEN)}\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
GUARDS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}

SMUGGLED = {
    "two lengths": f"{HEAD}Content-Length: 0\r\n{LENGTH}\r\n{HIDDEN}",
    "twice one length": f"{HEAD}{LENGTH}{LENGTH}\r\n{HIDDEN}",
    "a list of lengths": f"{HEAD}Content-Length: 0, {len(HIDDEN)}\r\n\r\n{HIDDEN}",
    "a length with a sign": f"{HEAD}Content-Length: +0\r\n\r\n{HIDDEN}",
    "a length in another script": f"{HEAD}Content-Length: \xb2\r\n\r\n{HIDDEN}",
    "CL.TE": f"{HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "TE.CL": f"{HEAD}{CHUNKED}Content-Length: 4\r\n\r\n{len(HIDDEN):x}\r\n{HIDDEN}\r\n0\r\n\r\n",
    "TE.TE": f"{HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n{HIDDEN}",
    "TE of 1.0": f"POST / HTTP/1.0\r\nConnection: keep-alive\r\n{CHUNKED}\r\n0\r\n\r\n{HIDDEN}",
    "TE with another blank": f"{HEAD}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "TE in capitals": f"{HEAD}TRANSFER-ENCODING: ChUnKeD\r\n\r\n0\r\n\r\n{HIDDEN}",
    "an extension of a chunk": f"{HEAD}Transfer-Encoding: chunked\r\n\r\n0;\n x\r\n\r\n{HIDDEN}",
    "a header that goes on": f"{HEAD}X: a\r\n Content-Length: 0\r\n\r\n{HIDDEN}",
    "a blank before the colon": f"{HEAD}Content-Length : {len(HIDDEN)}\r\n\r\n{HIDDEN}",
    "a bare LF": f"{HEAD}X: a\nContent-Length: 0\r\n\r\n{HIDDEN}",
    "a bare CR": f"{HEAD}X: a\rContent-Length: 0\r\n\r\n{HIDDEN}",
    "a zero byte": f"{HEAD}X: a\0b\r\n\r\n{HIDDEN}",
    "two hosts": f"{HEAD}Host: hub.example\r\n\r\n{HIDDEN}",
}


@pytest.mark.parametrize("attack", SMUGGLED)
def test_what_can_be_read_in_two_ways_is_refused_and_nothing_behind_it_is_read(
    site: str, attack: str
) -> None:
    found = answers_in(send(site, SMUGGLED[attack].encode("latin-1")))
    assert [answer.status for answer in found] in ([400], [411]), attack
    assert found[0].rest == b""
    assert b"\0" not in found[0].body


def test_two_requests_on_one_connection_are_two_answers(site: str) -> None:
    """The control: what is read in one way alone is read to its end, and no further."""
    first = f"{HEAD}Content-Type: text/plain\r\nContent-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}"
    found = answers_in(send(site, f"{first}{HIDDEN}".encode("latin-1")))
    assert len(found) == 2


OVERSIZED = {
    "an address": ("GET /" + "a" * 20_000 + " HTTP/1.1\r\nHost: x", 431),
    "one header": ("GET / HTTP/1.1\r\nHost: x\r\nCookie: " + "a" * 20_000, 431),
    "many headers": ("GET / HTTP/1.1\r\nHost: x" + "".join(f"\r\nX-{i}: 1" for i in range(3_000)), 431),
    "a length": (f"{HEAD}Content-Length: {10**15}", 413),
    "a length of many digits": (f"{HEAD}Content-Length: {'9' * 5_000}", 400),
    "a method": ("A" * 20_000 + " / HTTP/1.1", 431),
}


@pytest.mark.parametrize("attack", OVERSIZED)
def test_what_is_too_large_is_refused_before_it_is_read(site: str, attack: str) -> None:
    head, status = OVERSIZED[attack]
    assert ask(site, head.removesuffix("\r\n")).status == status


ODD_LINES = (
    "GET / HTTP/9.9",
    "get / HTTP/1.1",
    "GET  / HTTP/1.1",
    "GET http://[::1 HTTP/1.1",
    "GET //hub.example/%2e%2e HTTP/1.1",
    "CONNECT hub.example:443 HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "TRACE / HTTP/1.1",
    "GET /%00 HTTP/1.1",
    "GET /%ff%fe HTTP/1.1",
    "GET /" + "%2f" * 4_000 + " HTTP/1.1",
    "GET /?" + "&".join(f"a{i}=" for i in range(3_000)) + " HTTP/1.1",
    "GET /?%0d%0aSet-Cookie:%20x=1 HTTP/1.1",
)


@pytest.mark.parametrize("line", ODD_LINES, ids=lambda line: line[:24])
def test_an_odd_first_line_gets_a_guarded_answer_that_repeats_nothing(site: str, line: str) -> None:
    answer = ask(site, f"{line}\r\nHost: 127.0.0.1\r\nX-Words: Pak-Contoh-0812")
    assert answer.status < 500, answer.status
    assert b"0812" not in answer.body
    assert b"waitress" not in answer.body.lower()
    assert "Set-Cookie" not in str(answer.headers).replace("set-cookie", "")
    guarded(answer)


def guarded(answer: Answer) -> None:
    """Nothing is cached, told to others, guessed or framed; nobody is told what software this is."""
    for name, value in GUARDS.items():
        assert answer.header(name) == value, (name, answer.status)
    assert "frame-ancestors 'none'" in (policy := answer.header("content-security-policy")) or (
        policy == "default-src 'none'"
    )
    assert not answer.header("server")
    assert not answer.header("access-control-allow-origin")


@pytest.mark.parametrize(
    "head",
    ["GET / HTTP/1.1", "GET /tidak-ada HTTP/1.1", "PUT / HTTP/1.1", "GET /static/hub.css HTTP/1.1", "?"],
)
def test_every_kind_of_answer_is_guarded(site: str, head: str) -> None:
    guarded(ask(site, f"{head}\r\nHost: 127.0.0.1"))


WANDERING = (
    "/../../../../etc/passwd",
    "/static/../../../../etc/passwd",
    "/static/..%2f..%2f..%2fsetup.cfg",
    "/static/%2e%2e/%2e%2e/app.py",
    "/static//etc/passwd",
    "/static/%2fetc%2fpasswd",
    "/static/..\\..\\app.py",
    "/suara/id/..%2f..%2fnode.key.mp3",
    "/suara/..%2f..%2f/node.mp3",
    "/suara/id/../../../node.sqlite3%00.mp3",
    "/suara/id/....//....//node.key.mp3",
    "/suara/id/..%2f..%2fguards.py.mp3",
    "/suara/id/..%2fid%2fadd.mp3",
    "/id/../../etc/passwd",
    "file:///etc/passwd",
)


@pytest.mark.parametrize("path", WANDERING)
def test_no_address_leads_to_a_file(site: str, path: str) -> None:
    answer = get(site, path)
    assert answer.status in (303, 308, 400, 404), answer.status
    assert answer.status != 308 or answer.header("location").startswith(f"{site}/")
    assert b"root:" not in answer.body
    assert b"def create_" not in answer.body


def test_nothing_typed_becomes_a_header(served: Served) -> None:
    """CR and LF in hosts, languages, fields and names of files stay where they are, or are refused."""
    split = "x%0d%0aSet-Cookie:%20a=1"
    for answer in (
        get(served.office, f"/sign-in?next=/{split}&bahasa={split}"),
        get(served.office, f"/{split}"),
        get(served.public, f"/{split}", "Accept-Language: x"),
        ask(served.public, f"GET /generate_204 HTTP/1.1\r\nHost: hub.example{split}"),
        post(served.public, "/nomor", {"code": "1\r\nSet-Cookie: a=1", "go": "ask"}),
        post(served.facilitator, "/masuk", {"pin": "1\r\nSet-Cookie: a=1"}),
    ):
        assert "a=1" not in answer.header("set-cookie"), answer.headers
        assert "a=1" not in answer.header("location")
        assert answer.status < 500
