from __future__ import annotations

import random

import pytest

from sync.airtime import PRESETS, frame_airtime_ms, payload_airtime_ms
from sync.benchmarks.stop_and_wait import ACK_FRAME_BYTES, stop_and_wait

LONG_FAST = PRESETS["LongFast"]


def test_without_loss_it_is_a_packet_and_an_acknowledgement_each() -> None:
    airtime_ms, frames = stop_and_wait([100, 80], 33, 231, LONG_FAST, 0.0, random.Random(1))
    assert frames == 4
    data_ms = payload_airtime_ms(133, LONG_FAST) + payload_airtime_ms(80, LONG_FAST)
    assert airtime_ms == pytest.approx(data_ms + 2 * frame_airtime_ms(ACK_FRAME_BYTES, LONG_FAST))


def test_what_is_too_large_goes_in_several_packets() -> None:
    _, frames = stop_and_wait([500], 33, 231, LONG_FAST, 0.0, random.Random(1))
    assert frames == 6


def test_both_ways_lose() -> None:
    """A packet is repeated until its acknowledgement comes: 1 / (1 - loss) squared times on average."""
    runs = [stop_and_wait([200], 0, 231, LONG_FAST, 0.5, random.Random(seed))[1] for seed in range(3000)]
    data = 4.0
    assert sum(runs) / len(runs) == pytest.approx(data + data / 2, rel=0.05)
