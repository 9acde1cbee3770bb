from __future__ import annotations

import errno
import gc
import http.client
import socket
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from sync.serving import CannotListen, WsgiServer, _what_to_do


def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "text/plain")])
    return [environ["PATH_INFO"].encode()]


@pytest.fixture
def server() -> Iterator[WsgiServer]:
    made = WsgiServer(app, ("127.0.0.1", 0))
    made.start()
    yield made
    made.close()


def test_it_serves_and_does_not_name_its_software(server: WsgiServer) -> None:
    address = urlsplit(server.url)
    assert address.port
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=20)
    connection.request("GET", "/laporan")
    response = connection.getresponse()
    assert (response.status, response.read()) == (200, b"/laporan")
    assert response.getheader("Server") is None
    connection.close()


def test_a_busy_port_says_what_to_do(server: WsgiServer) -> None:
    port = urlsplit(server.url).port
    assert port
    with pytest.raises(CannotListen, match=f"port {port} is in use.*--listen"):
        WsgiServer(app, ("127.0.0.1", port))


def test_an_address_of_another_machine_says_what_to_do() -> None:
    with pytest.raises(CannotListen, match="one of this machine"):
        WsgiServer(app, ("192.0.2.1", 0))


def test_a_port_that_needs_a_privilege_says_what_to_do() -> None:
    said = _what_to_do(OSError(errno.EACCES, "Permission denied"), "127.0.0.1", 80)
    assert "1024" in said


def test_an_ipv6_address_is_shown_in_brackets() -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("no IPv6 here")
    server = WsgiServer(app, ("::1", 0))
    assert server.url.startswith("http://[::1]:")
    server.close()


def test_a_name_is_one_address_and_can_be_opened() -> None:
    server = WsgiServer(app, ("localhost", 0))
    assert urlsplit(server.url).port
    server.close()


def test_an_unknown_name_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(CannotListen, match="Name or service not known"):
        WsgiServer(app, ("village.invalid", 80))


def test_no_socket_is_left_behind_where_none_could_be_bound(server: WsgiServer) -> None:
    port = urlsplit(server.url).port
    assert port
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        with pytest.raises(CannotListen):
            WsgiServer(app, ("127.0.0.1", port))
        gc.collect()


def test_closing_waits_for_what_is_being_answered_and_leaves_no_thread() -> None:
    asked, go_on, done = threading.Event(), threading.Event(), []

    def slow(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        asked.set()
        go_on.wait(20)
        done.append(True)
        return app(environ, start)

    before = set(threading.enumerate())
    server = WsgiServer(slow, ("127.0.0.1", 0))
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", urlsplit(server.url).port or 0, timeout=20)
    connection.request("GET", "/")
    assert asked.wait(20)
    threading.Timer(0.05, go_on.set).start()
    server.close()
    assert done
    for thread in set(threading.enumerate()) - before:
        thread.join(20)
        assert not thread.is_alive()
    connection.close()


def test_a_site_tells_that_its_loop_goes_round_and_not_once_it_is_closed() -> None:
    server = WsgiServer(lambda environ, start: start("200 OK", []) or [b""], ("127.0.0.1", 0))
    server.start()
    assert server.answers()
    server.close()
    with pytest.raises(OSError):
        server.answers()
