from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.link.loss import MOST_REPEATS, LossEstimate, repeats_before_asking


def played_ms(frame_ms: float, loss: float, repeats: int) -> float:
    """The mean airtime of that habit, played out with dice."""
    poll_ms = receipt_ms = 559.0
    runs = 4000
    rng = random.Random(5)
    total = 0.0
    for _ in range(runs):
        there = answered = False
        while not answered:
            for _ in range(repeats + 1):
                total += frame_ms
                if rng.random() >= loss:
                    there = True
                    total += receipt_ms
                    answered = rng.random() >= loss
                    if answered:
                        break
            while not answered:
                total += poll_ms
                if rng.random() >= loss:
                    total += receipt_ms
                    if rng.random() >= loss:
                        break
            answered = answered or there
    return total / runs


@pytest.mark.parametrize("loss", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("frame_ms", [800.0, 2157.0])
def test_the_number_of_repeats_is_the_one_that_dice_find_cheapest(frame_ms: float, loss: float) -> None:
    played = [played_ms(frame_ms, loss, n) for n in range(MOST_REPEATS + 1)]
    chosen = repeats_before_asking(frame_ms, 559, 559, loss)
    assert played[chosen] <= min(played) * 1.02


def test_a_long_frame_is_asked_for_where_little_is_lost() -> None:
    assert repeats_before_asking(2157, 559, 559, 0.05) == 0
    assert repeats_before_asking(800, 559, 559, 0.5) == MOST_REPEATS


@given(st.lists(st.tuples(st.integers(0, 16), st.integers(0, 16)), max_size=50))
def test_the_estimate_stays_a_share(bursts: list[tuple[int, int]]) -> None:
    estimate = LossEstimate()
    for arrived, lost in bursts:
        estimate.observe(arrived=arrived, lost=lost)
    assert 0 < estimate.share() < 1


def test_the_estimate_follows_what_happens_of_late() -> None:
    estimate = LossEstimate()
    assert 0.1 < estimate.share() < 0.2
    for _ in range(10):
        estimate.observe(arrived=5, lost=5)
    assert 0.45 < estimate.share() < 0.55
    for _ in range(10):
        estimate.observe(arrived=10, lost=0)
    assert estimate.share() < 0.05
