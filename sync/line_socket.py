"""A Unix socket in a folder over which two processes of one machine exchange lines; for the owner of the
folder alone.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

_log = logging.getLogger(__name__)
ACCEPT_AGAIN_S: Final = 0.5
"""What keeps a connection from being taken, too many open files for one, passes."""


@contextlib.contextmanager
def socket_address(folder: Path, name: str) -> Iterator[str]:
    """Give an address for the socket of that name in `folder` that is short enough however deep it lies.

    A socket's path may have 107 bytes; through the open folder in /proc it always fits.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{descriptor}/{name}"
    finally:
        os.close(descriptor)


class LineServer:
    """Listens from when it is made; a thread a connection, for a machine's own few processes."""

    def __init__(
        self,
        folder: Path,
        name: str,
        reply: Callable[[bytes], bytes],
        *,
        max_line_bytes: int,
        silent_s: float | None = None,
    ) -> None:
        """`reply` gives the line that answers a line, without its end, and raises nothing. Who says nothing
        for `silent_s` is hung up on."""
        self._reply = reply
        self._max_line_bytes = max_line_bytes
        self._silent_s = silent_s
        self._path = folder / name
        self._path.unlink(missing_ok=True)  # left by a power cut
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        before = os.umask(0o177)  # the socket is born readable by its owner alone
        try:
            with socket_address(folder, name) as address:
                self._socket.bind(address)
        finally:
            os.umask(before)
        self._socket.listen(16)
        self._closed = threading.Event()
        threading.Thread(target=self._accept, name=name, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._closed.set()
        self._path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # closing alone does not wake the thread that accepts
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError as error:
                if self._closed.is_set():
                    return
                _log.error("cannot take a connection (%s)", type(error).__name__)
                self._closed.wait(ACCEPT_AGAIN_S)
                continue
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        # Closing writes what was left, so it stands inside too.
        try:
            connection.settimeout(self._silent_s)
            with connection, connection.makefile("rwb") as file:
                while line := file.readline(self._max_line_bytes):
                    file.write(self._reply(line) + b"\n")
                    file.flush()
        except OSError as error:
            _log.info("a process went away in the middle (%s)", type(error).__name__)
