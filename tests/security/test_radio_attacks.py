"""Somebody with a radio of his own on the channel: he repeats, forges and floods over the emulated air."""

from __future__ import annotations

import json
import random
import time

import pytest
from attack_size import times
from processes import sample_lines
from served_sites import Served

from firmware_bridge.meshtastic_radio import MeshtasticRadio
from sync.carriers.base import BROADCAST

PATIENCE_S = 120.0


@pytest.mark.slow
def test_repeated_forged_and_flooding_frames_bring_nothing_and_keep_no_report_back(served: Served) -> None:
    scene = served.scene
    [first] = scene.file(sample_lines(1)).values()
    scene.wait_for_step(first["receipt"], "received")
    heard = [bytes.fromhex(json.loads(line)["payload"]) for line in scene.frame_log.read_text().splitlines()]
    assert heard
    before = len(scene.hub_lines())
    rng = random.Random(8)
    with_radio = MeshtasticRadio(served.radios[2])
    try:
        sent = 0
        deadline = time.monotonic() + PATIENCE_S
        for number in range(times(15)):
            true = rng.choice(heard)
            damaged = bytearray(true)
            damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
            frame = (true, bytes(damaged), rng.randbytes(rng.randrange(1, 200)))[number % 3]
            while not with_radio.send(frame, BROADCAST) and time.monotonic() < deadline:
                with_radio.receive(0.05)
            sent += 1
        assert sent == times(15)
        [second] = scene.file(sample_lines(2)[1:]).values()
        scene.wait_for_step(second["receipt"], "received")
    finally:
        with_radio.close()
    after = scene.hub_lines()
    assert len(after) == before + 1, "nothing forged, nothing twice"
    assert len({line["id"] for line in after}) == len(after)
