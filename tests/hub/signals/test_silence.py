"""A village that fell silent, and weeks in which its box was not heard."""

from __future__ import annotations

import numpy as np

from hub.signals.silence import filled_in, judge_silence

WEEKS = 160
COME = np.ones((1, 26))


def village(mean: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    counts = np.random.default_rng(4).poisson(mean, (1, WEEKS)).astype(np.float64)
    return counts, np.ones((1, WEEKS), dtype=bool)


def test_a_village_that_answers_and_tells_nothing_is_silent() -> None:
    counts, there = village()
    assert judge_silence(counts, there, COME).chance[0] > 0.05
    counts[0, -10:] = 0
    found = judge_silence(counts, there, COME)
    assert found.chance[0] < 0.003
    assert found.weeks[0] in (8, 13)
    assert found.count[0] < found.low[0]


def test_a_box_that_was_not_heard_is_not_silent_and_its_weeks_are_no_zeros() -> None:
    counts, there = village()
    counts[0, -10:] = 0
    there[0, -10:] = False
    assert judge_silence(counts, there, COME).chance[0] == 1.0
    # Half of its past was off: without these weeks in the mean it is as silent as before.
    counts, there = village()
    counts[0, 30:100], there[0, 30:100] = 0, False
    counts[0, -10:] = 0
    assert judge_silence(counts, there, COME).chance[0] < 0.01
    assert judge_silence(counts, np.ones_like(there), COME).chance[0] > 0.01


def test_a_village_that_rarely_told_anything_is_not_silent() -> None:
    counts, there = village(0.05)
    counts[0, -26:] = 0
    assert judge_silence(counts, there, COME).chance[0] > 0.05


def test_silent_villages_are_found_at_most_as_often_as_the_chance_says() -> None:
    counts = np.random.default_rng(5).poisson(1.0, (4_000, WEEKS)).astype(np.float64)
    found = judge_silence(counts, np.ones(counts.shape, dtype=bool), np.ones((4_000, 26)))
    assert (found.chance <= 0.01).mean() <= 0.01 + 3 * np.sqrt(0.01 / 4_000)


def test_weeks_that_are_not_there_get_the_mean_of_those_that_are() -> None:
    filled = filled_in(np.array([[2.0, 0.0, 4.0]]), np.array([[True, False, True]]))
    assert filled.tolist() == [[2.0, 3.0, 4.0]]
