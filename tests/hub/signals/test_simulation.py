"""Simulated series: what is asked for, and the same for the same seed."""

from __future__ import annotations

import numpy as np

from hub.signals.simulation import FIRST_TESTED, WEEKS, noufaily, sparse


def test_each_scenario_comes_as_often_as_asked_with_an_outbreak_in_the_tested_weeks() -> None:
    simulated = noufaily(np.random.default_rng(5), 2)
    assert simulated.counts.shape == (84, WEEKS)
    assert (simulated.begins >= FIRST_TESTED).all()
    assert (simulated.ends >= simulated.begins).all()
    assert (simulated.ends < WEEKS).all()
    # The scenarios without a trend have the means of the paper.
    assert simulated.counts[36].mean() == np.clip(simulated.counts[36].mean(), 140, 160)
    assert simulated.counts[12].mean() == np.clip(simulated.counts[12].mean(), 4, 5.5)


def test_sparse_series_are_sparse() -> None:
    simulated = sparse(np.random.default_rng(6), 50)
    assert simulated.counts[:, :312].mean() < 0.5
    assert set(simulated.sizes.tolist()) <= set(range(3, 9))


def test_a_seed_gives_the_same_series() -> None:
    one, other = (sparse(np.random.default_rng(7), 3).counts for _ in range(2))
    np.testing.assert_array_equal(one, other)
