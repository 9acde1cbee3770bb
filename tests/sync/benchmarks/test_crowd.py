"""Many nodes and one hub on one channel."""

from __future__ import annotations

import random

from sync.airtime import PRESETS
from sync.benchmarks.crowd import CrowdPlan, run_crowd


def test_everything_arrives_and_the_hub_is_silent_most_of_the_time() -> None:
    rng = random.Random(3)
    plains = [rng.randbytes(size) for size in (40, 70, 70, 100, 160, 300)]
    plan = CrowdPlan(nodes=50, reports_per_node=2, hours=2.0, urgent=0.2, loss=0.1, seed=2)
    hours: list[int] = []
    result = run_crowd(plan, plains, PRESETS["LongFast"], on_progress=lambda hour, of: hours.append(hour))
    assert result["reports"] == result["delivered"] == result["receipted"] == 100
    assert 0 < result["hub_sending_share"] < 0.1  # type: ignore[operator]
    assert result["collided"]  # or the channel was not shared at all
    assert hours == sorted(hours)
    delays = result["delay_s"]
    assert isinstance(delays, dict)
    assert delays["urgent"]["median"] < 10
    assert delays["ordinary_after_its_wait"]["most"] < 3 * 3600
