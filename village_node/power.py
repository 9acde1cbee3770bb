"""Whether a Raspberry Pi gets enough current, as its firmware says in sysfs; nothing elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

SYSFS = Path("/sys")
THROTTLED = "devices/platform/soc/soc:firmware/get_throttled"
"""Hexadecimal flags of the firmware, where the kernel shows them."""
LOW_NOW, LOW_BEFORE = 0x1, 0x10000
ALARMS = "class/hwmon/hwmon*/in0_lcrit_alarm"
"""1 while the voltage is too low, beside a `name` of rpi_volt."""

Power = Literal["good", "low_before", "low_now"]


def power_state(sysfs: Path = SYSFS) -> Power | None:
    """Return how the power is, or None where nobody measures it. "low_before": since the box was started."""
    flags = _number(sysfs / THROTTLED, 16)
    if flags is not None:
        return "low_now" if flags & LOW_NOW else "low_before" if flags & LOW_BEFORE else "good"
    for alarm in sorted(sysfs.glob(ALARMS)):
        if _text(alarm.with_name("name")) == "rpi_volt":
            value = _number(alarm, 10)
            return None if value is None else "low_now" if value else "good"
    return None


def _text(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _number(file: Path, base: int) -> int | None:
    try:
        return int(_text(file), base)
    except ValueError:
        return None
