"""A radio's serial port is found: by path, by pattern, as the only one, and again under another name."""

from __future__ import annotations

from pathlib import Path

import pytest

from firmware_bridge.serial_ports import PortProblem, SerialPort, SerialSearch, link_to


@pytest.fixture
def by_id(tmp_path: Path) -> Path:
    folder = tmp_path / "by-id"
    folder.mkdir()
    return folder


def device(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    path.touch()
    return path


def plug_in(by_id: Path, link: str, path: Path) -> None:
    (by_id / link).unlink(missing_ok=True)
    (by_id / link).symlink_to(path)


def test_the_link_of_a_device_is_found(tmp_path: Path, by_id: Path) -> None:
    radio = device(tmp_path, "ttyUSB0")
    assert link_to(str(radio), by_id) is None
    plug_in(by_id, "usb-RAK", radio)
    assert link_to(str(radio), by_id) == str(by_id / "usb-RAK")
    assert link_to(str(radio), tmp_path / "no-udev") is None


def test_a_path_stays_a_path_as_long_as_nothing_is_known(tmp_path: Path, by_id: Path) -> None:
    assert SerialSearch(by_id).find("/dev/ttyUSB7") == "/dev/ttyUSB7"


def test_a_device_is_followed_when_another_one_takes_its_name(tmp_path: Path, by_id: Path) -> None:
    usb0 = device(tmp_path, "ttyUSB0")
    plug_in(by_id, "usb-RAK", usb0)
    search = SerialSearch(by_id)
    search.remember(search.find(str(usb0)))
    plug_in(by_id, "usb-RAK", device(tmp_path, "ttyUSB1"))
    plug_in(by_id, "usb-modem", usb0)
    assert Path(search.find(str(usb0))).resolve() == tmp_path / "ttyUSB1"


def test_another_radio_at_the_same_place_is_taken(tmp_path: Path, by_id: Path) -> None:
    usb0 = device(tmp_path, "ttyUSB0")
    plug_in(by_id, "usb-old", usb0)
    search = SerialSearch(by_id)
    search.remember(str(usb0))
    (by_id / "usb-old").unlink()
    plug_in(by_id, "usb-new", usb0)
    assert search.find(str(usb0)) == str(usb0)


def test_a_pattern_must_fit_one_device(tmp_path: Path, by_id: Path) -> None:
    plug_in(by_id, "usb-RAK_1", device(tmp_path, "ttyUSB0"))
    plug_in(by_id, "usb-RAK_1-again", tmp_path / "ttyUSB0")
    search = SerialSearch(by_id)
    assert search.find(f"{by_id}/*RAK*") == str(by_id / "usb-RAK_1")
    plug_in(by_id, "usb-RAK_2", device(tmp_path, "ttyUSB1"))
    with pytest.raises(PortProblem, match=r"several serial ports fit .*: name one of .*RAK_1, .*RAK_2$"):
        search.find(f"{by_id}/*RAK*")
    with pytest.raises(PortProblem, match="no serial port fits .*: plug the radio in"):
        search.find(f"{by_id}/*Heltec*")


def test_auto_takes_the_only_port_on_usb(by_id: Path) -> None:
    ports: list[SerialPort] = []
    search = SerialSearch(by_id, lambda: ports)
    with pytest.raises(PortProblem, match="no serial port fits serial:auto: plug the radio in"):
        search.find("auto")
    ports.append(SerialPort("/dev/ttyACM0", "RAK4631", "239a:8029", "A"))
    assert search.find("auto") == "/dev/ttyACM0"
    ports.append(SerialPort("/dev/ttyACM1", "modem", "12d1:1001", None))
    with pytest.raises(PortProblem, match="name one of /dev/ttyACM0, /dev/ttyACM1"):
        search.find("auto")
