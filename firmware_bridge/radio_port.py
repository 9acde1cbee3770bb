"""The port of a radio, `tcp://HOST:PORT` or `serial:PATH`: opens it, or says in one line what is wrong.

Instead of PATH stands a pattern, or `auto`; see `serial_ports`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import termios
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from firmware_bridge.serial_ports import PortProblem as PortProblem
from firmware_bridge.serial_ports import SerialSearch, ports_in_words

DEFAULT_TCP_PORT = 4403
BAUD = 115_200
CONNECT_TIMEOUT_S = 5.0
READ_BYTES = 4096


class Port(Protocol):
    """An open port. Reading and writing never wait."""

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        ...

    def read(self) -> bytes:
        """Return what has arrived, perhaps nothing. Raises PortProblem when the port is gone."""
        ...

    def write(self, data: bytes) -> int:
        """Write what fits now and return how many bytes. Raises PortProblem when the port is gone."""
        ...

    def close(self) -> None:
        """Let go of the port."""
        ...


@dataclass(frozen=True)
class RadioUrl:
    """Where a radio is: a host and TCP port, or a serial port: its path, a pattern, or `auto`."""

    host: str | None = None
    tcp_port: int = DEFAULT_TCP_PORT
    path: str | None = None

    @classmethod
    def parse(cls, url: str) -> RadioUrl:
        """Read `tcp://HOST[:PORT]`, `serial:PATH`, `serial:PATTERN` or `serial:auto`.

        Raises ValueError saying what is expected.
        """
        if url.startswith("serial:") and len(url) > len("serial:"):
            return cls(path=url.removeprefix("serial:"))
        parts = urlsplit(url)
        try:
            port = parts.port or DEFAULT_TCP_PORT
        except ValueError:
            port = 0
        if parts.scheme != "tcp" or not parts.hostname or not port or parts.path not in ("", "/"):
            raise ValueError(f"{url!r} is no radio: write tcp://HOST:PORT or serial:PATH (or serial:auto)")
        return cls(host=parts.hostname, tcp_port=port)

    def __str__(self) -> str:
        """Return the URL."""
        if self.path is not None:
            return f"serial:{self.path}"
        host = f"[{self.host}]" if self.host and ":" in self.host else self.host
        return f"tcp://{host}:{self.tcp_port}"


def open_port(url: RadioUrl, search: SerialSearch | None = None, device: str = "radio") -> Port:
    """Open a radio's port, waiting at most 5 seconds. `search` remembers a serial device between calls.

    `device` is what errors call it: a modem's port is opened just so.

    Raises PortProblem with one line that says what to do.
    """
    if url.path is None:
        return _open_tcp(url, device)
    search = search or SerialSearch(device=device)
    path = search.find(url.path)
    port = _open_serial(path, device)
    search.remember(path)
    return port


class _DescriptorPort(ABC):
    """What serial and TCP ports share: a non-blocking descriptor."""

    lost = "the port is gone"

    @abstractmethod
    def fileno(self) -> int:
        """Return the descriptor; each kind of port has its own."""

    def read(self) -> bytes:
        try:
            received = os.read(self.fileno(), READ_BYTES)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as error:
            raise PortProblem(self.lost) from error
        if not received:
            raise PortProblem(self.lost)
        return received

    def write(self, data: bytes) -> int:
        try:
            return os.write(self.fileno(), data)
        except BlockingIOError:
            return 0
        except (OSError, ValueError) as error:
            raise PortProblem(self.lost) from error


class _TcpPort(_DescriptorPort):
    def __init__(self, connection: socket.socket, device: str) -> None:
        self.lost = f"the {device} closed the connection: it restarts, or another program has taken it over"
        self._connection = connection
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def fileno(self) -> int:
        return self._connection.fileno()

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._connection.close()


def _open_tcp(url: RadioUrl, device: str) -> Port:
    assert url.host is not None  # noqa: S101  (a RadioUrl has a path or a host)
    try:
        return _TcpPort(socket.create_connection((url.host, url.tcp_port), CONNECT_TIMEOUT_S), device)
    except ConnectionRefusedError as error:
        raise PortProblem(
            f"nothing listens at {url}: switch the {device} on and enable its network, or use a serial port "
            f"({ports_in_words()})"
        ) from error
    except socket.gaierror as error:
        raise PortProblem(f"the name {url.host} is unknown: check the {device}'s address in {url}") from error
    except TimeoutError as error:
        raise PortProblem(f"{url} does not answer: check the {device}'s power and its network") from error
    except OSError as error:
        raise PortProblem(f"cannot reach {url}: {error.strerror or type(error).__name__}") from error


class _SerialPort(_DescriptorPort):
    def __init__(self, path: str, device: str) -> None:
        from serial import Serial

        self.lost = f"the {device} was unplugged or its serial port failed"
        _keep_dtr_on_close(path)
        self._serial = Serial(path, BAUD, timeout=0, write_timeout=0, exclusive=True)

    def fileno(self) -> int:
        return int(self._serial.fileno())

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._serial.close()


def _open_serial(path: str, device: str) -> Port:
    from serial import SerialException

    try:
        return _SerialPort(path, device)
    except (OSError, termios.error, SerialException) as error:
        raise PortProblem(_serial_problem(path, error, device)) from error


def _serial_problem(path: str, error: BaseException, device: str) -> str:
    number = error.args[0] if error.args else None
    if number in (errno.ENOENT, errno.ENODEV, errno.ENXIO):
        return f"no serial port {path}: plug the {device} in, or use another port ({ports_in_words()})"
    if number in (errno.EACCES, errno.EPERM):
        return f"no permission for {path}: add this user to the group dialout, then log in again"
    if number in (errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK):
        return f"{path} is used by another program: stop that one"
    if number == errno.ENOTTY:
        return f"{path} is no serial port: use one of these ({ports_in_words()})"
    return f"cannot open {path} ({type(error).__name__}): unplug the {device} and plug it in again"


def _keep_dtr_on_close(path: str) -> None:
    """Clear HUPCL, so that closing the port does not drop DTR and thereby reset the board."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        attributes = termios.tcgetattr(descriptor)
        attributes[2] &= ~termios.HUPCL
        termios.tcsetattr(descriptor, termios.TCSANOW, attributes)
    finally:
        os.close(descriptor)
