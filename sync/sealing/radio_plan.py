"""What the radios of one mesh must have in common, as an enrolment carries it in its file and in its code.

Regions and presets have Meshtastic's own numbers (`LoRaConfig.RegionCode`, `ModemPreset`). Whether a
frequency may be used is checked where somebody chooses it (`firmware_bridge.frequency_slots`).
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from typing import Any, Final

from sync.errors import MalformedWire
from sync.wire.primitives import ByteReader, ByteWriter

REGION_NUMBERS: Final = {
    "US": 1,
    "EU_433": 2,
    "EU_868": 3,
    "CN": 4,
    "JP": 5,
    "ANZ": 6,
    "KR": 7,
    "TW": 8,
    "RU": 9,
    "IN": 10,
    "NZ_865": 11,
    "TH": 12,
    "LORA_24": 13,
    "UA_433": 14,
    "UA_868": 15,
    "MY_433": 16,
    "MY_919": 17,
    "SG_923": 18,
    "PH_433": 19,
    "PH_868": 20,
    "PH_915": 21,
}
PRESET_NUMBERS: Final = {
    "LongFast": 0,
    "LongSlow": 1,
    "MediumSlow": 3,
    "MediumFast": 4,
    "ShortFast": 6,
    "LongModerate": 7,
    "ShortTurbo": 8,
}
"""Preset name -> `ModemPreset` number of Meshtastic's protobufs."""
USUAL_CHANNEL: Final = "serial"
"""Packets of 231 bytes fit on a channel of this name; it takes no room in the code."""
MOST_HOPS: Final = 7
CHANNEL_NAME_BYTES: Final = 11
KEY_SIZES: Final = (16, 32)
_LARGEST_SLOT: Final = 1023
_LARGEST_KHZ: Final = 2_600_000


@dataclass(frozen=True, repr=False)
class RadioPlan:
    """Region, preset, slot or frequency, channel and hop limit of a mesh. It has no repr: it holds a key.

    A `slot` of 0 stands for `frequency_khz`; else that is 0. Raises ValueError for what no radio takes.
    """

    region: str
    preset: str
    slot: int
    frequency_khz: int
    channel_name: str
    channel_key: bytes
    hop_limit: int

    def __post_init__(self) -> None:
        numbers = (self.slot, self.frequency_khz, self.hop_limit)
        if any(type(number) is not int for number in numbers):
            raise ValueError("whole numbers are wanted")
        if self.region not in REGION_NUMBERS or self.preset not in PRESET_NUMBERS:
            raise ValueError("a region and a preset of Meshtastic are wanted")
        if not (0 < self.slot <= _LARGEST_SLOT and self.frequency_khz == 0) and not (
            self.slot == 0 and 0 < self.frequency_khz <= _LARGEST_KHZ
        ):
            raise ValueError("a slot or a frequency is wanted")
        if not 0 <= self.hop_limit <= MOST_HOPS:
            raise ValueError(f"0 to {MOST_HOPS} hops are wanted")
        if not 0 < len(self.channel_name.encode()) <= CHANNEL_NAME_BYTES:
            raise ValueError(f"a channel name has 1 to {CHANNEL_NAME_BYTES} bytes")
        if len(self.channel_key) not in KEY_SIZES:
            raise ValueError("a channel key has 16 or 32 bytes")

    @property
    def key_fingerprint(self) -> str:
        """Return what two keys are compared by, as `kentongan radio setup` prints it."""
        return hashlib.sha256(self.channel_key).hexdigest()[:16]

    def to_json(self) -> dict[str, Any]:
        """Return the object of the enrolment file."""
        return {
            "region": self.region,
            "preset": self.preset,
            "slot": self.slot,
            "frequency_khz": self.frequency_khz,
            "channel_name": self.channel_name,
            "channel_key": self.channel_key.hex(),
            "hop_limit": self.hop_limit,
        }

    @classmethod
    def from_json(cls, fields: object) -> RadioPlan:
        """Read that object; raise ValueError, KeyError or TypeError."""
        if not isinstance(fields, dict):
            raise TypeError("an object is wanted")
        given = dict(fields)
        given["channel_key"] = bytes.fromhex(given["channel_key"])
        if not all(isinstance(given[name], str) for name in ("region", "preset", "channel_name")):
            raise TypeError("texts are wanted")
        return cls(**given)

    def write(self, writer: ByteWriter) -> None:
        """Add the bytes of the code."""
        writer.uint(REGION_NUMBERS[self.region], 1)
        writer.uint(PRESET_NUMBERS[self.preset], 1)
        writer.uint(self.hop_limit, 1)
        writer.varint(self.slot)
        if not self.slot:
            writer.varint(self.frequency_khz)
        writer.sized(b"" if self.channel_name == USUAL_CHANNEL else self.channel_name.encode())
        writer.sized(self.channel_key)

    @classmethod
    def read(cls, reader: ByteReader) -> RadioPlan:
        """Read those bytes; raise MalformedWire."""
        region, preset, hops, slot = reader.uint(1), reader.uint(1), reader.uint(1), reader.varint()
        khz = 0 if slot else reader.varint()
        name, key = reader.sized(CHANNEL_NAME_BYTES), reader.sized(max(KEY_SIZES))
        if name == USUAL_CHANNEL.encode():
            raise MalformedWire("the usual channel is not written out")
        try:
            return cls(
                _name_of(REGION_NUMBERS, region),
                _name_of(PRESET_NUMBERS, preset),
                slot,
                khz,
                name.decode() or USUAL_CHANNEL,
                key,
                hops,
            )
        except ValueError as error:
            raise MalformedWire("settings that no radio takes") from error


def channel_key_of(text: str) -> bytes:
    """Return the key of a channel as radios and people write it, base64 of 16 or 32 bytes; raise ValueError.

    The error says nothing of the key.
    """
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except ValueError:
        raise ValueError("a channel key is written in base64") from None
    if len(key) not in KEY_SIZES:
        raise ValueError(f"this channel key has {len(key)} bytes, not 16 or 32")
    return key


def _name_of(table: dict[str, int], number: int) -> str:
    for name, known in table.items():
        if known == number:
            return name
    raise ValueError("a number that is not known here")
