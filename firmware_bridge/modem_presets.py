"""Between Meshtastic's LoRa settings and the presets of `sync.airtime`; and what fits into a packet."""

from __future__ import annotations

from firmware_bridge.meshtastic_protobufs import config_pb2, mesh_pb2
from sync.airtime import MAX_FRAME_BYTES, MESH_HEADER_BYTES, PRESETS, PUBLIC_KEY_BYTES, Preset
from sync.sealing.radio_plan import PRESET_NUMBERS

_OTHERS = {5: Preset("ShortSlow", 8, 250, 5), 9: Preset("LongTurbo", 11, 500, 8)}
"""Presets that a radio may have been given by somebody else; not offered by `radio setup`."""

CHANNELS_ON_CHANNEL_KEY = ("serial", "gpio")
"""Direct packets on channels of these names keep the channel key (`wouldEncryptWithPKC`)."""

PUBLIC_KEY_OVERHEAD_BYTES = PUBLIC_KEY_BYTES
"""An 8-byte tag and a 4-byte extra nonce on a packet encrypted by public key."""


def preset_of(lora: config_pb2.Config.LoRaConfig) -> Preset:
    """Return the modem settings of a LoRa configuration; LongFast where they are unknown to us."""
    if not lora.use_preset and lora.bandwidth and lora.spread_factor and lora.coding_rate:
        return Preset("custom", lora.spread_factor, lora.bandwidth, lora.coding_rate)
    for name, number in PRESET_NUMBERS.items():
        if number == lora.modem_preset:
            return PRESETS[name]
    return _OTHERS.get(lora.modem_preset, PRESETS["LongFast"])


def is_public_key_encrypted(channel_name: str) -> bool:
    """Tell whether a direct packet on that channel is encrypted by public key instead of channel key."""
    return channel_name not in CHANNELS_ON_CHANNEL_KEY


def payload_limit(port_number: int, *, by_public_key: bool) -> int:
    """Return the largest payload in bytes: 231 on port 300 under the channel key, 219 by public key."""
    room = MAX_FRAME_BYTES - MESH_HEADER_BYTES - (PUBLIC_KEY_OVERHEAD_BYTES if by_public_key else 0)
    # The firmware always adds the bit field, even when it is 0.
    overhead = mesh_pb2.Data(portnum=port_number, payload=bytes(200), bitfield=0).ByteSize() - 200
    return int(room - overhead)
