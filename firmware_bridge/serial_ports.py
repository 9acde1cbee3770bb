"""The serial ports of this machine, and how the one with the radio is found again under another name.

The kernel hands names out in the order in which devices come: a radio that was `/dev/ttyUSB0` may be
`/dev/ttyUSB1` after it was unplugged for a moment, and a modem may have its old name. udev keeps a link for
each device in `/dev/serial/by-id`, named by maker, product and serial number, which follows it.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

BY_ID = Path("/dev/serial/by-id")
AUTO = "auto"
"""In place of a path: the only port on USB."""


class PortProblem(Exception):
    """The port cannot be opened, or was lost. The text is one line that says what to do."""


@dataclass(frozen=True)
class SerialPort:
    """A serial port on this machine, as the system describes it."""

    path: str
    description: str
    usb_id: str | None
    serial_number: str | None
    by_id: str | None = None
    """The link that follows the device, whatever name it gets; the best path to configure."""


def list_serial_ports(by_id: Path = BY_ID) -> list[SerialPort]:
    """Return the serial ports with a device behind them, in order of path."""
    from serial.tools import list_ports

    found = [
        SerialPort(
            path=str(port.device),
            description=str(port.description or ""),
            usb_id=f"{port.vid:04x}:{port.pid:04x}" if port.vid is not None else None,
            serial_number=port.serial_number,
            by_id=link_to(str(port.device), by_id),
        )
        for port in list_ports.comports()
    ]
    # Built-in UARTs are listed whether or not anything is connected; a radio is on USB or on one of the names
    # that a Raspberry Pi gives its header pins.
    return sorted(
        (port for port in found if port.usb_id or port.path.startswith(("/dev/ttyAMA", "/dev/serial"))),
        key=lambda port: port.path,
    )


def ports_in_words() -> str:
    """Return the serial ports of this machine for an error message."""
    paths = [port.path for port in list_serial_ports()]
    return f"ports here: {', '.join(paths)}" if paths else "no serial port found here"


def link_to(path: str, by_id: Path = BY_ID) -> str | None:
    """Return the link in `by_id` that leads to the device at `path`, or None."""
    device = os.path.realpath(path)
    try:
        links = sorted(str(link) for link in by_id.iterdir())
    except OSError:
        return None  # no udev here, or nothing plugged in
    return next((link for link in links if os.path.realpath(link) == device), None)


class SerialSearch:
    """Where the serial port of one radio is now. One object for the life of a radio: it remembers the device.

    What is wanted is a path, a pattern such as `/dev/serial/by-id/*RAK*`, or `auto`. A device that was opened
    once and still has its link is found first, whatever its path has become.
    """

    def __init__(
        self,
        by_id: Path = BY_ID,
        usb_ports: Callable[[], list[SerialPort]] | None = None,
        device: str = "radio",
    ) -> None:
        self._by_id = by_id
        self._device = device
        self._usb_ports = usb_ports or (lambda: [port for port in list_serial_ports(by_id) if port.usb_id])
        self._link: str | None = None

    def find(self, wanted: str) -> str:
        """Return the path to open.

        Raises PortProblem when nothing fits, or so much that a person has to choose.
        """
        if self._link is not None and Path(self._link).exists():
            return self._link
        if wanted == AUTO:
            return _only([port.by_id or port.path for port in self._usb_ports()], "serial:auto", self._device)
        if any(sign in wanted for sign in "*?["):
            return _only(sorted(glob.glob(wanted)), f"serial:{wanted}", self._device)  # noqa: PTH207  (absolute pattern)
        return wanted

    def remember(self, path: str) -> None:
        """Keep which device was opened at `path`."""
        self._link = link_to(path, self._by_id)


def _only(paths: list[str], wanted: str, device: str) -> str:
    devices = {os.path.realpath(path): path for path in reversed(paths)}
    if not devices:
        raise PortProblem(f"no serial port fits {wanted}: plug the {device} in ({ports_in_words()})")
    if len(devices) > 1:
        raise PortProblem(
            f"several serial ports fit {wanted}: name one of {', '.join(sorted(devices.values()))}"
        )
    return next(iter(devices.values()))
