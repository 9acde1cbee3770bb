"""Simulated series: what is asked for, and the same for the same seed."""

from __future__ import annotations

import numpy as np

from hub.signals.simulation import FIRST_TESTED, LONGEST, WEEKS, noufaily, sparse


def test_each_scenario_comes_as_often_as_asked_with_an_outbreak_in_the_tested_weeks() -> None:
    simulated = noufaily(np.random.default_rng(5), 2)
    assert simulated.counts.shape == (84, WEEKS)
    assert (simulated.begins >= FIRST_TESTED).all()
    assert (simulated.ends >= simulated.begins).all()
    assert (simulated.ends < WEEKS).all()
    # The scenarios without a trend have the means of the paper.
    assert simulated.counts[36].mean() == np.clip(simulated.counts[36].mean(), 140, 160)
    assert simulated.counts[12].mean() == np.clip(simulated.counts[12].mean(), 4, 5.5)


def test_outbreaks_are_as_large_as_the_spread_of_the_whole_series() -> None:
    """The reference series have it so: season and trend count in the spread, whatever the week."""
    simulated = noufaily(np.random.default_rng(8), 12)
    # Level 2.5 with two waves and no trend: from some 4 to some 90 reports a week.
    some = np.arange(26, 504, 42)
    excess = []
    for row in some:
        clean = simulated.counts[row, :312]
        weeks = slice(simulated.begins[row], simulated.ends[row] + 1)
        same = np.arange(simulated.begins[row], simulated.ends[row] + 1) % 52
        usual = sum(clean[week::52].mean() for week in same)
        excess.append((simulated.counts[row, weeks].sum() - usual) / clean.std() / simulated.sizes[row])
    assert 0.8 < np.mean(excess) < 1.2
    assert set(simulated.sizes.tolist()) == set(range(1, 11))
    assert simulated.begins.max() < WEEKS - LONGEST


def test_sparse_series_may_have_even_levels_and_no_burst_before() -> None:
    even = sparse(np.random.default_rng(9), 60, evenly=True).counts[:, :312].mean()
    assert 0.4 < even < 0.65
    before = sparse(np.random.default_rng(9), 60, earlier=0).counts[:, 312:FIRST_TESTED].mean()
    after = sparse(np.random.default_rng(9), 60).counts[:, 312:FIRST_TESTED].mean()
    assert after - before > 0.05


def test_sparse_series_are_sparse() -> None:
    simulated = sparse(np.random.default_rng(6), 50)
    assert simulated.counts[:, :312].mean() < 0.5
    assert set(simulated.sizes.tolist()) <= set(range(3, 9))


def test_a_seed_gives_the_same_series() -> None:
    one, other = (sparse(np.random.default_rng(7), 3).counts for _ in range(2))
    np.testing.assert_array_equal(one, other)
