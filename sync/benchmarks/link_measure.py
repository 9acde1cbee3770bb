"""How much airtime the link needs for reports that wait, against what their bytes alone would need."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sync.airtime import CHANNEL_PAYLOAD_LIMIT, Preset, payload_airtime_ms
from sync.benchmarks.link_ends import HubEnd, Medium, NodeEnd, Region, drawn_keys
from sync.benchmarks.stop_and_wait import stop_and_wait
from sync.carriers.simulated import SimulatedAir
from sync.link.settings import LinkSettings
from sync.wire.frame_codec import DataFrame, encode_frame

FREE = LinkSettings(duty_cycle=1.0)
"""No limit of the duty cycle: the measure is airtime, not patience."""
GIVE_UP_S = 100_000.0
QUIET_S = 60.0
"""After the last receipt: what the hub still says unasked counts, too."""
KEY_BYTES = 33
"""What the epoch's key costs a program that sends one report a packet."""


@dataclass(frozen=True)
class LinkRun:
    """One run, both ways together; `stop_and_wait_ms` is what a plain program needed on the same sizes."""

    payload_bytes: int
    airtime_ms: float
    frames: int
    seconds: float
    stop_and_wait_ms: float
    stop_and_wait_frames: int


class LinkFailed(Exception):
    """Not everything arrived once, and was receipted: that is a fault of the link."""


def run_link(plains: Sequence[bytes], preset: Preset, loss: float, rng: random.Random) -> LinkRun:
    """Let a node that has just started bring these records to its hub; raise LinkFailed if it does not.

    Everything waits at the start. `loss` is the chance, both ways, that a frame is missed.
    """
    keys = drawn_keys(rng, [1])
    medium = Medium(lambda size: payload_airtime_ms(size, preset), CHANNEL_PAYLOAD_LIMIT, rng, FREE)
    node, hub = NodeEnd(keys[0], medium), HubEnd(keys, medium)
    region = Region(SimulatedAir(preset, random=rng, loss=loss), hub, [node])
    sizes, filed = [], {}
    for plain in plains:
        place, sealed = node.file(plain, urgent=False, due_at=0.0)
        sizes.append(len(encode_frame(DataFrame(place.epoch[0], ((place.counter, sealed),)))))
        filed[place] = plain
    while node.session.pending_count() and region.now < GIVE_UP_S:
        region.step(GIVE_UP_S)
    seconds = region.now
    while region.now < seconds + QUIET_S:
        region.step(seconds + QUIET_S)
    if hub.opened != filed or node.receipted != set(filed):
        raise LinkFailed("not every report arrived and was receipted")
    waited_ms, waited_frames = stop_and_wait(sizes, KEY_BYTES, CHANNEL_PAYLOAD_LIMIT, preset, loss, rng)
    counters = region.air.counters
    return LinkRun(sum(sizes), counters.airtime_ms, counters.frames_sent, seconds, waited_ms, waited_frames)


def ideal_ms(payload_bytes: int, preset: Preset, loss: float) -> float:
    """Return the airtime of so many bytes in full packets without a word more, each lost with that chance."""
    full_ms = payload_airtime_ms(CHANNEL_PAYLOAD_LIMIT, preset)
    return payload_bytes / CHANNEL_PAYLOAD_LIMIT * full_ms / (1 - loss)


def measure_link(
    plains: Sequence[bytes],
    preset: Preset,
    loss: float,
    *,
    runs: int,
    seed: int,
    on_run: Callable[[int], None] = lambda done: None,
) -> dict[str, Any]:
    """Return the means over the runs, with the 95 % intervals of the ratios (normal approximation)."""
    results = []
    for run in range(runs):
        results.append(run_link(plains, preset, loss, random.Random(seed * 1_000_003 + run)))  # noqa: S311
        on_run(run + 1)
    payload_bytes = results[0].payload_bytes
    ideal = ideal_ms(payload_bytes, preset, loss)
    ratios = [result.airtime_ms / ideal for result in results]
    waited = [result.stop_and_wait_ms / ideal for result in results]
    return {
        "reports": len(plains),
        "payload_bytes": payload_bytes,
        "ideal_ms": round(ideal, 1),
        "airtime_ms": round(statistics.mean(result.airtime_ms for result in results), 1),
        "airtime_ratio": round(statistics.mean(ratios), 4),
        "ci95": interval(ratios),
        "frames": round(statistics.mean(result.frames for result in results), 2),
        "seconds": round(statistics.mean(result.seconds for result in results), 1),
        "runs": runs,
        "loss": loss,
        "stop_and_wait": {
            "airtime_ms": round(statistics.mean(result.stop_and_wait_ms for result in results), 1),
            "airtime_ratio": round(statistics.mean(waited), 4),
            "ci95": interval(waited),
            "frames": round(statistics.mean(result.stop_and_wait_frames for result in results), 2),
        },
    }


def interval(values: Sequence[float]) -> list[float]:
    """Return the 95 % interval of the mean."""
    mean = statistics.mean(values)
    half = 1.96 * statistics.stdev(values) / math.sqrt(len(values)) if len(values) > 1 else 0.0
    return [round(mean - half, 4), round(mean + half, 4)]
