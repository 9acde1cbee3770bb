"""Which share of a week's reports has come."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from hub.signals.delay import LEAST_SHARE, share_at, shares_come, still_to_come

LATE = np.array([0.6, 0.2, 0.1, 0.06, 0.04])


def told(chance: np.random.Generator, mean: float, weeks: int = 60) -> NDArray[np.int64]:
    """Return counts by week and delay, with those in it that cannot have come yet."""
    return chance.poisson(mean * LATE, (weeks, len(LATE))).astype(np.int64)


def test_the_share_that_has_come_is_found_again_although_late_ones_are_not_here_yet() -> None:
    counts = told(np.random.default_rng(1), 200.0)[None]
    come, hub = shares_come(counts)
    assert hub == pytest.approx(np.cumsum(LATE), abs=0.02)
    assert come[0] == pytest.approx(hub, abs=0.01)
    age = 59 - np.arange(60)
    seen = np.where(np.arange(5)[None] <= age[:, None], counts[0], 0)
    assert shares_come(seen[None])[1] == pytest.approx(hub), "what cannot have come yet is looked at nowhere"


def test_a_hub_without_past_corrects_nothing_and_a_small_unit_borrows() -> None:
    come, hub = shares_come(np.zeros((1, 60, 5), dtype=np.int64))
    assert come.min() == hub.min() == 1.0
    many = told(np.random.default_rng(2), 200.0)
    few = np.zeros_like(many)
    few[10, 0] = 1
    slow = np.zeros_like(many)
    slow[:50, 3] = 10
    come, hub = shares_come(np.stack([many, few, slow]))
    assert come[1] == pytest.approx(hub, abs=0.03)
    assert come[2, 0] < 0.1 < hub[0]


def test_between_whole_weeks_the_share_lies_between() -> None:
    come = np.array([[0.5, 0.9, 1.0], [0.0, 0.0, 1.0]])
    assert share_at(come, 0.5) == pytest.approx([0.7, LEAST_SHARE])
    assert share_at(come, 9.0) == pytest.approx([1.0, 1.0])
    assert float(still_to_come(np.array(4.5), np.array(0.5))) == 5.0
