"""Settings of a box that its hub may change: which, within which bounds, as bytes; and what it says of them.

A set is whole: what does not stand in it is as the box was set up. Hub and box check it by the same function.
The bounds keep whoever signs from taking a box off the air, and from showing by its moments who filed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sync.errors import MalformedWire
from sync.wire.numbers import BoxSetting, SettingsState
from sync.wire.primitives import ByteReader, ByteWriter

Values = Mapping[BoxSetting, int | str]
BOUNDS: Final[Mapping[BoxSetting, tuple[int, int]]] = MappingProxyType(
    {
        BoxSetting.AIRTIME_PERMILLE: (10, 100),
        BoxSetting.POLL_MINUTES: (60, 1440),
        BoxSetting.INTERNET_MINUTES: (5, 360),
        BoxSetting.WAIT_LEAST_MINUTES: (5, 120),
        BoxSetting.WAIT_MOST_MINUTES: (30, 720),
        BoxSetting.GATEWAY: (0, 1),
        BoxSetting.DENSE_TEXT: (0, 1),
    }
)
"""Least and most, both allowed."""
WAIT_APART_MINUTES: Final = 25
"""Between the least and the most wait: a shorter span would tell when somebody filed."""
PROBATION_HOURS: Final = (12, 720)
USUAL_MINUTES: Final = 6 * 60
"""Between two contacts of a box that was not told otherwise."""
URL_MAX_CHARACTERS: Final = 120
_HTTPS = re.compile(r"https://[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?(?:/[!-~]*)?")
_THIS_MACHINE = re.compile(r"http://(?:127\.0\.0\.1|localhost)(?::[0-9]{1,5})?(?:/[!-~]*)?")
_PORT = re.compile(r"https?://[^/]*:([0-9]+)")


class BadSetting(ValueError):
    """A set that no box may run: `setting` is the number of what is wrong with it, 0 the probation."""

    def __init__(self, setting: int) -> None:
        self.setting = setting
        super().__init__(f"setting {setting} is not known or not allowed here")


@dataclass(frozen=True)
class SettingsHeld:
    """What a box says of the set that the hub signed as (generation, serial). `setting`: which one of it was
    refused, 0 otherwise."""

    state: SettingsState
    generation: int
    serial: int
    setting: int = 0


def check_values(values: Mapping[BoxSetting, int | str], probation_hours: int) -> None:
    """Raise BadSetting for the first thing that is not allowed."""
    for setting, value in sorted(values.items()):
        if setting is BoxSetting.HUB_URL:
            if not isinstance(value, str) or not is_hub_url(value):
                raise BadSetting(setting)
        elif not isinstance(value, int) or not _within(value, BOUNDS[setting]):
            raise BadSetting(setting)
    least, most = (values.get(wait) for wait in (BoxSetting.WAIT_LEAST_MINUTES, BoxSetting.WAIT_MOST_MINUTES))
    if (least, most) != (None, None) and not (
        isinstance(least, int) and isinstance(most, int) and most - least >= WAIT_APART_MINUTES
    ):
        raise BadSetting(BoxSetting.WAIT_MOST_MINUTES)
    if not _within(probation_hours, (least_probation_hours(values), PROBATION_HOURS[1])):
        raise BadSetting(0)


def _within(value: int, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]


def least_probation_hours(values: Mapping[BoxSetting, int | str]) -> int:
    """Return how long a probation of these must last: two of the longest times between two contacts."""
    spans = (BoxSetting.POLL_MINUTES, BoxSetting.INTERNET_MINUTES, BoxSetting.WAIT_MOST_MINUTES)
    longest = max([USUAL_MINUTES, *(value for span in spans if isinstance(value := values.get(span), int))])
    return max(PROBATION_HOURS[0], -(-2 * longest // 60))


def is_hub_url(text: str) -> bool:
    """Return whether a box may be told to find its hub at an address: https, or http on its own machine."""
    if len(text) > URL_MAX_CHARACTERS or not (_HTTPS.fullmatch(text) or _THIS_MACHINE.fullmatch(text)):
        return False
    port = _PORT.match(text)
    return port is None or 0 < int(port[1]) < 0x10000


def encode_values(values: Mapping[BoxSetting, int | str]) -> bytes:
    """Return checked values as bytes: number and value of each, in order."""
    writer = ByteWriter()
    for setting, value in sorted(values.items()):
        writer.uint(setting, 1)
        if isinstance(value, str):
            writer.sized(value.encode("ascii"))
        else:
            writer.varint(value)
    return writer.getvalue()


def decode_values(data: bytes) -> dict[BoxSetting, int | str]:
    """Read values; raise BadSetting at a number of a later version, MalformedWire for what nobody writes."""
    reader = ByteReader(data)
    values: dict[BoxSetting, int | str] = {}
    last = 0
    while reader.remaining:
        number = reader.uint(1)
        if number <= last:
            raise MalformedWire("settings of a box stand in order, each once")
        if number not in BoxSetting.__members__.values():
            raise BadSetting(number)
        last, setting = number, BoxSetting(number)
        if setting is BoxSetting.HUB_URL:
            values[setting] = _text(reader.sized(URL_MAX_CHARACTERS))
        else:
            values[setting] = reader.varint()
    return values


def _text(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError as error:
        raise MalformedWire("an address that is not ASCII") from error


def encode_settings_held(held: SettingsHeld) -> bytes:
    """Return what stands behind the record's number."""
    writer = ByteWriter()
    writer.uint(held.state, 1)
    writer.uint(held.generation, 4)
    writer.varint(held.serial)
    writer.uint(held.setting, 1)
    return writer.getvalue()


def decode_settings_held(data: bytes) -> SettingsHeld:
    """Read it; raise MalformedWire."""
    reader = ByteReader(data)
    state, generation, serial, setting = reader.uint(1), reader.uint(4), reader.varint(), reader.uint(1)
    reader.end()
    if state not in SettingsState.__members__.values():
        raise MalformedWire("a state of settings that is not known here")
    return SettingsHeld(SettingsState(state), generation, serial, setting)
