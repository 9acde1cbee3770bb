"""The rule on the last week: its chance is how often a clean week says as much."""

from __future__ import annotations

import numpy as np
import pytest

from hub.signals.latest_week import judge_latest, may_be_loud

WEEKS = 120


def clean(seed: int, mean: float, series: int, come: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    counts = chance.poisson(mean, (series, WEEKS)).astype(np.float64)
    counts[:, -1] = chance.poisson(mean * come, series)
    return counts, np.tile([come, 1.0], (series, 1))


@pytest.mark.parametrize(("mean", "come"), [(0.1, 1.0), (2.0, 1.0), (2.0, 0.5), (60.0, 1.0)])
def test_clean_weeks_are_below_a_chance_at_most_as_often_as_it_says(mean: float, come: float) -> None:
    counts, shares = clean(3, mean, 3_000, come)
    loud = may_be_loud(counts, shares)
    found = judge_latest(counts[loud], shares[loud]).chance
    for limit in (0.01, 0.003):
        # Three standard errors, and a little for the estimated mean.
        allowed = limit * 1.3 + 3 * np.sqrt(limit / len(counts))
        assert (found <= limit).sum() / len(counts) <= allowed


def test_a_burst_has_a_small_chance_and_the_more_so_where_half_has_not_come() -> None:
    counts = np.zeros((1, WEEKS))
    counts[0, ::10] = 1
    counts[0, -1] = 5
    whole = judge_latest(counts, np.array([[1.0, 1.0]]))
    half = judge_latest(counts, np.array([[0.5, 1.0]]))
    assert whole.chance[0] < 1e-4
    assert half.chance[0] < whole.chance[0] / 8
    assert half.mean[0] == pytest.approx(whole.mean[0] / 2)
    assert whole.low[0] == 0
    assert whole.high[0] <= 2


def test_what_is_over_is_no_news() -> None:
    counts = np.full((1, WEEKS), 2.0)
    counts[0, -2] = 12
    assert judge_latest(counts, np.ones((1, 2))).chance[0] == 1.0


def test_a_short_series_is_refused() -> None:
    with pytest.raises(ValueError, match="30 weeks"):
        judge_latest(np.zeros((1, 30)), np.ones((1, 2)))
