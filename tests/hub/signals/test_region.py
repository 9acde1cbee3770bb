"""A whole simulated hub: clean weeks stay within the budget, and what is planted is found once."""

from __future__ import annotations

import numpy as np
import pytest

from hub.signals.budget import thresholds
from hub.signals.explaining import findings_of
from hub.signals.finding import Finding, Level, Sort
from hub.signals.region import ALL, Candidate, RegionWatch
from hub.signals.simulated_hub import SimulatedHub, simulated_hub, villages_of

CODES = villages_of(2, 2, 3, 5)
BUDGET = 5.0


def watched(hub: SimulatedHub, reporters: int = 9) -> tuple[list[Finding], RegionWatch]:
    watch = RegionWatch(hub.weeks, hub.come)
    for regency in hub.regencies:
        watch.add(regency)
    watch.finish()
    limits = thresholds(watch.sizes(), BUDGET)
    week = (hub.weeks - 1) * 7
    return findings_of(watch.candidates, limits, week, hub.recent, lambda ids: reporters, {}), watch


def test_clean_weeks_stay_within_the_budget() -> None:
    number = []
    for week in range(12):
        found, _ = watched(simulated_hub(np.random.default_rng([7, week]), CODES))
        number.append(sum(one.sort is not Sort.OFFLINE for one in found))
    assert np.mean(number) <= BUDGET


def test_a_burst_in_a_village_is_found_and_named_in_what_is_above_it() -> None:
    hub = simulated_hub(np.random.default_rng([8, 1]), CODES)
    village = hub.regencies[0].villages[3]
    at = hub.regencies[0].villages.index(village)
    hub.regencies[0].counts[ALL][at, -1] += 7
    week = (hub.weeks - 1) * 7
    more = [one._replace(id=f"b{n}", village=village, week=week) for n, one in enumerate(hub.recent[:7])]
    hub = SimulatedHub(hub.weeks, hub.regencies, hub.come, (*hub.recent, *more), ())
    found, _ = watched(hub)
    [one] = [one for one in found if one.unit == village]
    assert one.sort is Sort.EXCESS
    assert {f"b{n}" for n in range(7)} <= set(one.reports)
    assert one.past[-1].count == one.count - one.past[-2].count
    above = [other.unit for other in found if other is not one and village.startswith(other.unit)]
    assert above in ([], [""])
    assert not [one for one in watched(hub, reporters=1)[0] if one.unit == village], "one person is no burst"


def test_a_silent_village_and_boxes_gone_off_are_told_apart() -> None:
    hub = simulated_hub(np.random.default_rng([9, 2]), CODES, silent=1, offline=1)
    found, _ = watched(hub)
    sorts = {one.what: one.unit for one in hub.planted}
    assert [one.unit for one in found if one.sort is Sort.SILENCE] == [sorts["silence"]]
    assert [one.unit for one in found if one.sort is Sort.OFFLINE] == [sorts["offline"]]


def test_boxes_of_one_place_that_fall_silent_together_are_one_finding() -> None:
    hub = simulated_hub(np.random.default_rng([9, 3]), CODES)
    regency = hub.regencies[1]
    inside = np.array([code.startswith(regency.villages[0][:8]) for code in regency.villages])
    regency.fell_silent[inside] = True
    regency.counts[ALL][inside, -1] = 0
    found = [one for one in watched(hub)[0] if one.sort is Sort.OFFLINE]
    assert [one.unit for one in found] == [regency.villages[0][:8]]
    assert [unit for unit, _ in found[0].others] == list(np.array(regency.villages)[inside])


@pytest.mark.parametrize("level", [Level.SUB_DISTRICT, Level.DISTRICT, Level.PROVINCE])
def test_series_are_sums_of_the_villages_below(level: Level) -> None:
    hub = simulated_hub(np.random.default_rng([10, 1]), CODES, bursts=2)
    _, watch = watched(hub)
    some: list[Candidate] = [
        one for one in watch.candidates if one.family.level is level and one.category == ALL
    ]
    for one in some:
        recent = [report for report in hub.recent if report.village.startswith(one.unit)]
        assert one.count == len(recent)
    assert some
