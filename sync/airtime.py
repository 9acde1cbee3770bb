"""LoRa time on air (Semtech AN1200.13 / SX1276 datasheet 4.1.1.7) and Meshtastic's presets."""

from __future__ import annotations

import math
from dataclasses import dataclass

PREAMBLE_SYMBOLS = 16
MESH_HEADER_BYTES = 16
MAX_FRAME_BYTES = 255
CHANNEL_PAYLOAD_LIMIT = 231
"""The largest payload in bytes that travels under the channel key: a full `Data` message and header."""
PUBLIC_KEY_BYTES = 12
"""What encryption by public key adds to a frame: an 8-byte tag and a 4-byte nonce."""
PUBLIC_KEY_PAYLOAD_LIMIT = CHANNEL_PAYLOAD_LIMIT - PUBLIC_KEY_BYTES


@dataclass(frozen=True)
class Preset:
    """A Meshtastic modem preset. `coding_rate` is the 4/x denominator."""

    name: str
    spreading_factor: int
    bandwidth_khz: int
    coding_rate: int


PRESETS = {
    p.name: p
    for p in (
        Preset("LongSlow", 12, 125, 8),
        Preset("LongModerate", 11, 125, 8),
        Preset("LongFast", 11, 250, 5),
        Preset("MediumSlow", 10, 250, 5),
        Preset("MediumFast", 9, 250, 5),
        Preset("ShortFast", 7, 250, 5),
        Preset("ShortTurbo", 7, 500, 5),
    )
}


def frame_airtime_ms(frame_bytes: int, preset: Preset) -> float:
    """Return the time on air of a frame of `frame_bytes`, mesh header included."""
    symbol_ms: float = 2**preset.spreading_factor / preset.bandwidth_khz
    low_rate = 1 if symbol_ms >= 16 else 0
    numerator = 8 * frame_bytes - 4 * preset.spreading_factor + 28 + 16
    denominator = 4 * (preset.spreading_factor - 2 * low_rate)
    payload_symbols = 8 + max(math.ceil(numerator / denominator), 0) * preset.coding_rate
    return (PREAMBLE_SYMBOLS + 4.25 + payload_symbols) * symbol_ms


def data_message_bytes(payload_bytes: int) -> int:
    """Return the size of the encoded `Data` message around a payload on a port of 128 or more.

    Port 3 bytes, bitfield 2, payload tag 1 and its length as a varint; an empty payload is left out.
    """
    if payload_bytes == 0:
        return 5
    return payload_bytes + (7 if payload_bytes < 128 else 8)


def payload_airtime_ms(payload_bytes: int, preset: Preset, *, by_public_key: bool = False) -> float:
    """Return the time on air of an application payload under the channel key, or by public key."""
    frame_bytes = data_message_bytes(payload_bytes) + MESH_HEADER_BYTES
    return frame_airtime_ms(frame_bytes + (PUBLIC_KEY_BYTES if by_public_key else 0), preset)
