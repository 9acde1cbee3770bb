"""What a plain program gets: a report a packet, sent until the radio acknowledges it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sync.airtime import Preset, frame_airtime_ms, payload_airtime_ms

ACK_FRAME_BYTES = 29
"""A radio's acknowledgement on the air, header and all."""
TRANSMISSIONS = 3
"""After so many without an acknowledgement a radio gives up, and the program sends again."""


def stop_and_wait(
    payloads: Sequence[int], key_bytes: int, limit: int, preset: Preset, loss: float, rng: Random
) -> tuple[float, int]:
    """Return (milliseconds on the air, frames) to bring payloads of these sizes across.

    Each report goes in packets of its own; the epoch's key stands in front of each until the first
    acknowledgement. Each frame and each acknowledgement is lost with chance `loss`. Sizes in bytes.
    """
    airtime_ms, frames = 0.0, 0
    known = False
    for size in payloads:
        left = size
        while left > 0:
            room = limit - (0 if known else key_bytes)
            part = min(left, room)
            while True:
                frames += 1
                airtime_ms += payload_airtime_ms(part + (0 if known else key_bytes), preset)
                if rng.random() < loss:
                    continue
                frames += 1
                airtime_ms += frame_airtime_ms(ACK_FRAME_BYTES, preset)
                if rng.random() >= loss:
                    break
            known = True
            left -= part
    return airtime_ms, frames
