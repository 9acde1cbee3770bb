"""Time on air, against figures of Semtech's calculator and of Meshtastic's presets."""

from __future__ import annotations

import pytest

from sync.airtime import (
    CHANNEL_PAYLOAD_LIMIT,
    MAX_FRAME_BYTES,
    MESH_HEADER_BYTES,
    PRESETS,
    data_message_bytes,
    frame_airtime_ms,
    payload_airtime_ms,
)


def by_hand(frame_bytes: int, sf: int, bandwidth_khz: float, rate: int) -> float:
    """Semtech AN1200.13 with explicit header, CRC and 16 symbols of preamble."""
    symbol = 2**sf / bandwidth_khz
    de = symbol >= 16
    bits = 8 * frame_bytes - 4 * sf + 28 + 16
    per = 4 * (sf - 2 * de)
    symbols = 8 + max(-(-bits // per) * rate, 0)
    return float((16 + 4.25 + symbols) * symbol)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("size", [16, 40, 100, 255])
def test_presets_follow_the_application_note(name: str, size: int) -> None:
    preset = PRESETS[name]
    expected = by_hand(size, preset.spreading_factor, preset.bandwidth_khz, preset.coding_rate)
    assert frame_airtime_ms(size, preset) == pytest.approx(expected)


def test_a_full_packet_at_long_fast_takes_about_two_seconds() -> None:
    assert 2000 < payload_airtime_ms(CHANNEL_PAYLOAD_LIMIT, PRESETS["LongFast"]) < 2200


def test_airtime_grows_with_bytes_and_with_spreading() -> None:
    for preset in PRESETS.values():
        times = [payload_airtime_ms(size, preset) for size in range(CHANNEL_PAYLOAD_LIMIT + 1)]
        assert times == sorted(times)
    order = ["ShortTurbo", "ShortFast", "MediumFast", "MediumSlow", "LongFast", "LongModerate", "LongSlow"]
    at_full = [payload_airtime_ms(231, PRESETS[name]) for name in order]
    assert at_full == sorted(at_full)


def test_the_limit_fills_a_lora_frame() -> None:
    assert data_message_bytes(CHANNEL_PAYLOAD_LIMIT) + MESH_HEADER_BYTES == MAX_FRAME_BYTES


def test_the_data_message_is_what_the_protobuf_makes() -> None:
    from meshtastic.protobuf import mesh_pb2

    for size in (0, 1, 127, 128, 231):
        message = mesh_pb2.Data(portnum=300, payload=bytes(size), bitfield=1)
        assert len(message.SerializeToString()) == data_message_bytes(size)
