"""WSGI apps on waitress, several in one process; and the errors of starting one, in words."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from collections.abc import Mapping
from typing import Any

THREADS = 8
"""Most of them wait for the shared commit, so there are more than cores; each costs about 100 KB."""
FEW_THREADS = 2
"""For a site that one or two people open."""
ANSWERING_S = 30.0
"""What the loop of a site that works may take to answer."""
CLOSING_S = 5.0
"""What an answer may still take when its site is closed."""


class CannotListen(Exception):
    """The address cannot be used; the text says what to do."""


class WsgiServer:
    """One app on one address, served from threads of its own."""

    def __init__(
        self,
        app: Any,
        listen: tuple[str, int],
        options: Mapping[str, Any] | None = None,
        *,
        threads: int = THREADS,
        channel: type | None = None,
    ) -> None:
        """Bind, but do not serve yet; raise CannotListen. `options` are waitress's own, `channel` a kind
        of SiteChannel."""
        from waitress.server import create_server

        from sync.site_channel import MOST_CONNECTIONS, SENT_AT_ONCE_BYTES, SiteChannel
        from sync.site_parser import MAX_HEADER_BYTES

        # Its own log lines would carry nothing useful and, at a fault, parts of a request.
        logging.getLogger("waitress").setLevel(logging.ERROR)
        host, port = listen
        try:
            bound = _bind(host, port)
        except OSError as error:
            raise CannotListen(_what_to_do(error, host, port)) from error
        self._server = create_server(
            app,
            sockets=[bound],
            threads=threads,
            connection_limit=MOST_CONNECTIONS,
            channel_timeout=60,
            max_request_header_size=MAX_HEADER_BYTES,
            **{"ident": None, **(options or {})},
        )
        self._server.channel_class = channel or SiteChannel
        # As an option it warns that a version to come does without it.
        self._server.adj.send_bytes = SENT_AT_ONCE_BYTES
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Return the address to open."""
        host, port = self._server.effective_host, self._server.effective_port
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{port}"

    def start(self) -> None:
        """Serve from a thread."""
        self._thread = threading.Thread(target=self._server.run, name="wsgi", daemon=True)
        self._thread.start()

    def answers(self) -> bool:
        """Return whether a request that is none gets an answer within `ANSWERING_S`: the loop goes round."""
        host, port = self._server.effective_host, int(self._server.effective_port)
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound
        with socket.create_connection((reached, port), timeout=ANSWERING_S) as asking:
            asking.sendall(b"?\r\n\r\n")
            return bool(asking.recv(1))

    def close(self) -> None:
        """Finish what is being answered, for at most CLOSING_S; then let go of all connections."""
        self._server.task_dispatcher.shutdown(timeout=CLOSING_S)
        if self._thread is None:
            self._let_go()
        else:
            # In its own thread: a number closed under a loop that waits for it may by then be another's file.
            self._server.trigger.pull_trigger(self._let_go)
            self._thread.join()

    def _let_go(self) -> None:
        server, trigger = self._server, self._server.trigger
        for connection in [c for c in server._map.values() if c not in (server, trigger)]:
            connection.handle_close()
        server.del_channel()
        server.socket.close()
        trigger.del_channel()
        # One that still answers would write into whatever file has this number next.
        if not server.task_dispatcher.threads:
            trigger.close()


def _bind(host: str, port: int) -> socket.socket:
    """Return a bound socket. Not left to waitress, which forgets its own when it cannot be bound, and takes
    all addresses of a name where one is meant."""
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, kind)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
    except OSError:
        bound.close()
        raise
    return bound


def _what_to_do(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use: stop the other program or choose another port with --listen"
    if error.errno == errno.EACCES:
        return f"port {port} needs a privilege: choose a port from 1024 on with --listen"
    return f"cannot listen on {host}:{port} ({error.strerror}): is the address one of this machine?"
