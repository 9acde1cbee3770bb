from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from sync.serving import WsgiServer
from sync.site_channel import CROWDED_FROM, SENT_AT_ONCE_BYTES, SiteChannel, make_room


class CountingChannel(SiteChannel):
    """Counts how often the loop came to write."""

    rounds = 0

    def handle_write(self) -> None:
        type(self).rounds += 1
        super().handle_write()


def test_the_loop_rests_while_an_answer_is_being_made_and_all_of_it_arrives() -> None:
    go_on, begun = threading.Event(), threading.Event()

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        if environ["PATH_INFO"] == "/":
            return [b"whole" * SENT_AT_ONCE_BYTES]  # sent by the thread that made it
        return slow()

    def slow() -> Iterator[bytes]:
        yield b"first "
        begun.set()
        go_on.wait(20)
        yield b"second"

    CountingChannel.rounds = 0
    server = WsgiServer(app, ("127.0.0.1", 0), channel=CountingChannel)
    server.start()
    address = urlsplit(server.url).netloc
    waiting, other = (http.client.HTTPConnection(address, timeout=20) for _ in range(2))
    try:
        waiting.request("GET", "/slow")
        assert begun.wait(20)
        for _ in range(20):  # each wakes the loop
            other.request("GET", "/")
            assert other.getresponse().read() == b"whole" * SENT_AT_ONCE_BYTES
        assert CountingChannel.rounds == 0
        go_on.set()
        assert waiting.getresponse().read() == b"first second"
    finally:
        go_on.set()
        waiting.close()
        other.close()
        server.close()


def test_the_loop_rests_while_another_thread_is_sending() -> None:
    asked: list[bool] = []

    class Sending(SiteChannel):
        """Asks what the loop would ask while its own thread sends."""

        def send(self, data: bytes, do_close: bool = True) -> int:
            whether = threading.Thread(target=lambda: asked.append(self.writable()))
            whether.start()
            whether.join(20)
            sent: int = super().send(data, do_close=do_close)
            return sent

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        return [b"whole" * SENT_AT_ONCE_BYTES]

    server = WsgiServer(app, ("127.0.0.1", 0), channel=Sending)
    server.start()
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    try:
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"whole" * SENT_AT_ONCE_BYTES
    finally:
        connection.close()
        server.close()
    assert asked
    assert not any(asked)


class _Held:
    """What `make_room` looks at."""

    def __init__(self, address: str, begun_at: float, *, busy: bool = False, reads: bool = False) -> None:
        self.addr = (address, 1)
        self.creation_time = begun_at
        self.requests = [object()] if busy else []
        self.request = object() if reads else None
        self.will_close = False


def test_in_a_crowd_who_holds_most_loses_the_oldest_on_which_nothing_has_begun() -> None:
    phone = _Held("10.42.0.7", 0.0)
    crowd = [_Held("10.42.0.66", 1.0, busy=True), _Held("10.42.0.66", 2.0, reads=True)]
    crowd += [_Held("10.42.0.66", 3.0 + number) for number in range(CROWDED_FROM - 3)]
    newcomer = _Held("10.42.0.8", 999.0)
    everybody = [phone, *crowd, newcomer]
    make_room(newcomer, everybody[1:])
    assert not any(one.will_close for one in everybody), "there is room yet"
    make_room(newcomer, everybody)
    assert [one for one in everybody if one.will_close] == [crowd[2]]
    everybody.append(_Held("10.42.0.9", 1000.0))
    make_room(everybody[-1], everybody)
    assert [one for one in everybody if one.will_close] == crowd[2:4]
