"""The simulated hub."""

from __future__ import annotations

import numpy as np

from hub.signals.region import ALL
from hub.signals.simulated_hub import simulated_hub, villages_of

CODES = villages_of(2, 2, 2, 5)


def test_the_same_chance_gives_the_same_hub_and_reports_are_those_of_the_counters() -> None:
    one, other = (simulated_hub(np.random.default_rng(5), CODES, bursts=1) for _ in range(2))
    assert one.recent == other.recent
    assert sum(regency.counts[ALL][:, -2:].sum() for regency in one.regencies) == len(one.recent)
    assert {code for regency in one.regencies for code in regency.villages} == set(CODES)


def test_categories_add_up_to_all_where_each_report_has_one_of_them() -> None:
    hub = simulated_hub(np.random.default_rng(6), CODES)
    for regency in hub.regencies:
        of_kind = [counts for category, counts in regency.counts.items() if category.group == "kind"]
        kinds = np.sum(of_kind, axis=0)
        assert (kinds == regency.counts[ALL]).all()


def test_what_is_planted_is_there() -> None:
    hub = simulated_hub(np.random.default_rng(7), CODES, bursts=1, silent=1, offline=2)
    assert [one.what for one in hub.planted] == [
        "burst village",
        "burst sub-district",
        "burst district",
        "burst province",
        "silence",
        "offline",
        "offline",
    ]
    assert sum(int(regency.fell_silent.sum()) for regency in hub.regencies) == 2
