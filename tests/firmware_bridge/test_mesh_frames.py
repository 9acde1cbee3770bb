"""Frames and keys against known values of the Meshtastic network."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.mesh_frames import ChannelKey, KeyPair, MeshFrame
from firmware_bridge.meshtastic_protobufs import config_pb2
from firmware_bridge.modem_presets import payload_limit, preset_of
from sync.airtime import CHANNEL_PAYLOAD_LIMIT

u32 = st.integers(0, 2**32 - 1)


@given(u32, u32, u32, st.integers(0, 7), st.integers(0, 7), st.booleans(), st.binary(max_size=239))
def test_frames_read_back(
    to: int, source: int, packet_id: int, limit: int, start: int, want_ack: bool, body: bytes
) -> None:
    frame = MeshFrame(to, source, packet_id, limit, start, want_ack, 0x5A, 0x11, body)
    encoded = frame.encode()
    assert len(encoded) == 16 + len(body)
    assert MeshFrame.decode(encoded) == frame


def test_the_header_is_the_firmwares() -> None:
    frame = MeshFrame(0xFFFFFFFF, 0x01020304, 0x0A0B0C0D, 3, 5, True, 8, 4, b"x")
    assert frame.encode() == bytes.fromhex("ffffffff040302010d0c0b0aab080004") + b"x"


@pytest.mark.parametrize("size", [0, 15])
def test_a_short_frame_is_an_error(size: int) -> None:
    with pytest.raises(struct.error):
        MeshFrame.decode(bytes(size))


def test_the_default_channel_has_its_well_known_hash() -> None:
    assert ChannelKey("LongFast", b"\x01").hash == 8
    assert ChannelKey("LongFast", b"\x01").key.hex() == "d4f1bb3a20290759f0bcffabcf4e6901"
    assert ChannelKey("LongFast", b"\x02").key.hex() == "d4f1bb3a20290759f0bcffabcf4e6902"
    assert ChannelKey("open", b"\x00").key == b""


@given(u32, u32, st.binary(max_size=239))
def test_channel_encryption_is_undone_by_the_same_key_only(packet_id: int, source: int, text: bytes) -> None:
    key, other = ChannelKey("serial", bytes(32)), ChannelKey("serial", bytes([1]) * 32)
    sealed = key.crypt(packet_id, source, text)
    assert key.crypt(packet_id, source, sealed) == text
    if len(text) > 8:
        assert sealed != text
        assert other.crypt(packet_id, source, sealed) != text


def test_a_packet_by_public_key_opens_for_its_receiver_alone() -> None:
    a, b, c = (KeyPair(bytes([number]) * 32) for number in (1, 2, 3))
    body = a.seal(b.public_bytes, 7, 9, b"\x01\x02\x03\x04", b"text")
    assert len(body) == len(b"text") + 12
    assert b.open(a.public_bytes, 7, 9, body) == b"text"
    assert c.open(a.public_bytes, 7, 9, body) is None
    assert b.open(a.public_bytes, 8, 9, body) is None
    assert b.open(a.public_bytes, 7, 9, body[:11]) is None


def test_payload_limits_are_those_seen_on_real_firmware() -> None:
    assert payload_limit(300, by_public_key=False) == CHANNEL_PAYLOAD_LIMIT == 231
    assert payload_limit(300, by_public_key=True) == 219
    assert payload_limit(76, by_public_key=True) == 220


def test_custom_modem_settings_are_understood() -> None:
    lora = config_pb2.Config.LoRaConfig(use_preset=False, bandwidth=125, spread_factor=9, coding_rate=6)
    preset = preset_of(lora)
    assert (preset.spreading_factor, preset.bandwidth_khz, preset.coding_rate) == (9, 125, 6)
    assert preset_of(config_pb2.Config.LoRaConfig(use_preset=True, modem_preset=13)).name == "LongFast"
