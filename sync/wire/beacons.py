"""The health beacon of a box: 20 bytes about the machine, and a longer one for the internet.

Nothing of a report stands in it beyond what the village's own status page tells: whether any waits, and for
how many days, in four steps. Counts of starts are totals modulo 65,536, so that a lost beacon loses nothing.

    kind 0x05 u8 | layout u8 | flags u8 | clock (2 bits) disk (3 bits) queue (3 bits) | radio u8 | margin u8 |
    answered u8 | temperature u8 | starts u16 | unclean u16 | uptime u8 | software 3 x u8 | content u32
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from sync.errors import MalformedWire
from sync.wire.numbers import UpRecord
from sync.wire.primitives import ByteReader, ByteWriter

BEACON_BYTES: Final = 20
BEACON_LAYOUT: Final = 1
UNKNOWN_BYTE: Final = 0xFF
"""In the share of answered questions: nothing was asked."""
DETAIL_MAX_BYTES: Final = 256
_OFFSET: Final = 128
"""Margin and temperature stand 128 above their value; 0 is "not measured"."""


class ClockTrust(enum.IntEnum):
    """Where a box has its time from; two bits."""

    UNKNOWN = 0
    OWN = 1
    """Its own clock, which is not plainly wrong."""
    HUB = 2
    """A receipt of the hub in this start."""


class DiskFree(enum.IntEnum):
    """How much of the card is free; three bits."""

    UNKNOWN = 0
    FULL = 1
    """Too little to take a report."""
    NEARLY_FULL = 2
    """Below 256 MiB."""
    LOW = 3
    """Below 1 GiB."""
    ENOUGH = 4


class QueueAge(enum.IntEnum):
    """Since when a report waits, of those that the status page tells of; three bits."""

    NOTHING = 0
    DAY = 1
    """Less than a day."""
    DAYS = 2
    """One or two days."""
    HALF_WEEK = 3
    """Three to six days."""
    WEEK = 4
    """A week or more."""
    UNDATED = 5
    """Something waits; the box does not know its date."""


class RadioGrade(enum.IntEnum):
    """How good the radio was in the last day, as the status page says it."""

    UNKNOWN = 0
    NONE = 1
    WEAK = 2
    MEDIUM = 3
    GOOD = 4


class BeaconFlag(enum.IntFlag):
    """What is wrong, or special, at a box; a byte."""

    DATABASE_DAMAGED = 1
    POWER_LOW_NOW = 2
    POWER_LOW_BEFORE = 4
    """Since the machine was switched on."""
    RADIO_UNPLUGGED = 8
    INTERNET = 16
    """The last exchange over the internet went well."""


class DetailTag(enum.IntEnum):
    """Figures of the longer beacon; a reader passes over those that it does not know."""

    DISK_FREE_MIB = 1
    """In steps of 64: the size of one report must not show."""
    DISK_SIZE_MIB = 2
    MEMORY_FREE_MIB = 3
    ROUND_TRIP_MS = 4
    CHANNEL_USED_PERMILLE = 5
    AIRTIME_PERMILLE = 6
    UPTIME_S = 7
    LOAD_PERCENT = 8


@dataclass(frozen=True)
class Beacon:
    """How a box is. `margin_db`, `temperature_c` and `answered_percent`: None where nothing was measured."""

    clock: ClockTrust = ClockTrust.UNKNOWN
    disk: DiskFree = DiskFree.UNKNOWN
    queue: QueueAge = QueueAge.NOTHING
    radio: RadioGrade = RadioGrade.UNKNOWN
    flags: BeaconFlag = BeaconFlag(0)
    margin_db: int | None = None
    answered_percent: int | None = None
    temperature_c: int | None = None
    starts: int = 0
    unclean: int = 0
    uptime_days: int = 0
    software: tuple[int, int, int] = (0, 0, 0)
    content: int = 0


@dataclass(frozen=True)
class LongBeacon:
    """A beacon over the internet. `boot` and `uptime_s` only grow: an older one is no news."""

    node: int
    boot: int
    uptime_s: int
    beacon: Beacon
    figures: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))


def encode_beacon(beacon: Beacon) -> bytes:
    """Return the record, 20 bytes with its kind. What does not fit is cut off at the end of its range."""
    writer = ByteWriter()
    writer.uint(UpRecord.HEALTH, 1)
    writer.uint(BEACON_LAYOUT, 1)
    writer.uint(int(beacon.flags), 1)
    writer.uint(beacon.clock << 6 | beacon.disk << 3 | beacon.queue, 1)
    writer.uint(beacon.radio, 1)
    writer.uint(_offset(beacon.margin_db), 1)
    answered = beacon.answered_percent
    writer.uint(UNKNOWN_BYTE if answered is None else min(max(answered, 0), 100), 1)
    writer.uint(_offset(beacon.temperature_c), 1)
    writer.uint(beacon.starts & 0xFFFF, 2)
    writer.uint(beacon.unclean & 0xFFFF, 2)
    writer.uint(min(beacon.uptime_days, 0xFF), 1)
    for part in beacon.software:
        writer.uint(min(part, 0xFF), 1)
    writer.uint(min(beacon.content, 0xFFFFFFFF), 4)
    return writer.getvalue()


def _offset(value: int | None) -> int:
    return 0 if value is None else min(max(value, -127), 127) + _OFFSET


def decode_beacon(data: bytes) -> Beacon:
    """Read a record with its kind; raise MalformedWire, also for a later layout."""
    reader = ByteReader(data)
    kind, layout, flags, states = (reader.uint(1) for _ in range(4))
    if kind != UpRecord.HEALTH or layout != BEACON_LAYOUT:
        raise MalformedWire("a beacon of a layout that is not known here")
    radio, margin, answered, temperature = (reader.uint(1) for _ in range(4))
    starts, unclean, uptime = reader.uint(2), reader.uint(2), reader.uint(1)
    major, minor, patch = (reader.uint(1) for _ in range(3))
    content = reader.uint(4)
    reader.end()
    if flags & ~sum(BeaconFlag) or (answered > 100 and answered != UNKNOWN_BYTE):
        raise MalformedWire("a beacon that no box writes")
    try:
        return Beacon(
            ClockTrust(states >> 6),
            DiskFree(states >> 3 & 7),
            QueueAge(states & 7),
            RadioGrade(radio),
            BeaconFlag(flags),
            _signed(margin),
            None if answered == UNKNOWN_BYTE else answered,
            _signed(temperature),
            starts,
            unclean,
            uptime,
            (major, minor, patch),
            content,
        )
    except ValueError as error:
        raise MalformedWire("a state of a box that is not known here") from error


def _signed(byte: int) -> int | None:
    return byte - _OFFSET if byte else None


def encode_long(long: LongBeacon) -> bytes:
    """Return the longer beacon without its authentication, see `sync.sealing.long_beacon`."""
    writer = ByteWriter()
    writer.uint(long.node, 4)
    writer.uint(long.boot, 4)
    writer.uint(min(long.uptime_s, 0xFFFFFFFF), 4)
    writer.raw(encode_beacon(long.beacon))
    for tag, value in sorted(long.figures.items()):
        writer.uint(tag, 1)
        writer.varint(value)
    return writer.getvalue()


def decode_long(data: bytes) -> LongBeacon:
    """Read a longer beacon; raise MalformedWire. Figures that are not known here are passed over."""
    if len(data) > DETAIL_MAX_BYTES:
        raise MalformedWire(f"a beacon has at most {DETAIL_MAX_BYTES} bytes")
    reader = ByteReader(data)
    node, boot, uptime_s = (reader.uint(4) for _ in range(3))
    beacon = decode_beacon(reader.raw(BEACON_BYTES))
    figures: dict[int, int] = {}
    last = 0
    while reader.remaining:
        tag, value = reader.uint(1), reader.varint()
        if tag <= last:
            raise MalformedWire("figures of a beacon stand in order, each once")
        last = tag
        if tag in DetailTag.__members__.values():
            figures[tag] = value
    return LongBeacon(node, boot, uptime_s, beacon, MappingProxyType(figures))
