from __future__ import annotations

from pathlib import Path

import pytest

from village_node.power import THROTTLED, power_state


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


@pytest.mark.parametrize(
    ("flags", "state"), [("0\n", "good"), ("50005", "low_now"), ("50000", "low_before"), ("x", None)]
)
def test_the_firmware_s_flags_are_read(tmp_path: Path, flags: str, state: str | None) -> None:
    write(tmp_path / THROTTLED, flags)
    assert power_state(tmp_path) == state


@pytest.mark.parametrize(("alarm", "state"), [("0", "good"), ("1", "low_now")])
def test_the_kernel_s_alarm_is_read_where_there_is_no_flag(tmp_path: Path, alarm: str, state: str) -> None:
    write(tmp_path / "class/hwmon/hwmon0/name", "cpu_thermal\n")
    write(tmp_path / "class/hwmon/hwmon0/in0_lcrit_alarm", "1")
    write(tmp_path / "class/hwmon/hwmon3/name", "rpi_volt\n")
    write(tmp_path / "class/hwmon/hwmon3/in0_lcrit_alarm", alarm)
    assert power_state(tmp_path) == state


def test_another_machine_says_nothing(tmp_path: Path) -> None:
    assert power_state(tmp_path) is None
