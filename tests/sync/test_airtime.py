"""Time on air, against figures of Semtech's calculator and of Meshtastic's presets."""

from __future__ import annotations

import pytest

from sync.airtime import (
    CHANNEL_PAYLOAD_LIMIT,
    MAX_FRAME_BYTES,
    MESH_HEADER_BYTES,
    PRESETS,
    PUBLIC_KEY_PAYLOAD_LIMIT,
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


# Semtech's formula as worked out by others for a full frame (255 bytes), 237 + 16, payloads of 100 and 20
# bytes, a radio's acknowledgement (a frame of 29), and an empty payload (a frame of 21).
WORKED_OUT = {
    "LongSlow": (14295, 14295, 7479, 3285, 2499),
    "LongModerate": (7934, 7934, 4133, 1774, 1380),
    "LongFast": (2157, 2116, 1174, 559, 477),
    "MediumSlow": (1181, 1160, 628, 300, 239),
    "MediumFast": (642, 642, 345, 160, 130),
    "ShortFast": (204, 201, 107, 48, 38),
    "ShortTurbo": (102, 101, 53, 24, 19),
}
EMPTY = {"LongSlow": 2236, "LongFast": 395, "MediumFast": 109, "ShortFast": 32}


def test_the_table_names_every_preset() -> None:
    assert list(WORKED_OUT) == list(PRESETS)


@pytest.mark.parametrize("name", WORKED_OUT)
def test_every_figure_of_the_table_comes_out(name: str) -> None:
    preset = PRESETS[name]
    frames = [frame_airtime_ms(size, preset) for size in (255, 253)]
    payloads = [payload_airtime_ms(size, preset) for size in (100, 20)]
    assert (*map(round, frames), *map(round, payloads), round(frame_airtime_ms(29, preset))) == WORKED_OUT[
        name
    ]
    assert payload_airtime_ms(CHANNEL_PAYLOAD_LIMIT, preset) == frames[0]
    assert payload_airtime_ms(PUBLIC_KEY_PAYLOAD_LIMIT, preset, by_public_key=True) == frames[0]


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_payload_costs_what_the_table_says(name: str) -> None:
    assert round(payload_airtime_ms(0, PRESETS[name])) == EMPTY[name]


def test_a_public_key_costs_twelve_bytes() -> None:
    preset = PRESETS["LongFast"]
    assert round(payload_airtime_ms(95, preset)) == 1133
    assert round(payload_airtime_ms(95, preset, by_public_key=True)) == 1214
    assert PUBLIC_KEY_PAYLOAD_LIMIT == 219


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
