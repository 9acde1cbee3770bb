"""Shares, forecasts and recall, against figures that were worked out apart from the code."""

from __future__ import annotations

import pytest

from hub.learning.measures import brier, forecasts, recall_at_capacity, reliability, weighted, wilson


def test_a_share_has_the_interval_of_wilson() -> None:
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    for count, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611)):
        found = wilson(count, of)
        assert found is not None
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    found = wilson(29, 29)
    assert found is not None
    assert (round(found.low, 4), found.high) == (0.883, 1.0)
    assert wilson(0, 0) is None
    for count, of in ((-1, 3), (4, 3)):
        with pytest.raises(ValueError, match="a share is of 0 to all"):
            wilson(count, of)


def test_the_brier_score_and_the_reliability_table_compare_what_was_said_with_what_came() -> None:
    said, came = [0.9, 0.8, 0.1, 1.0, 0.25], [True, False, False, True, True]
    assert brier(said, came) == pytest.approx((0.01 + 0.64 + 0.01 + 0.0 + 0.5625) / 5)
    assert brier([], []) is None
    table = reliability(said, came)
    assert [(one.low, one.high, one.came.count, one.came.of) for one in table] == [
        (0.0, 0.2, 0, 1),
        (0.2, 0.4, 1, 1),
        (0.8, 1.0, 2, 3),
    ]
    assert table[2].forecast == pytest.approx(0.9)


def test_a_forecast_knows_the_weeks_before_and_nothing_else() -> None:
    labels = [
        (7, "high", True, 1.0),
        (7, "high", True, 1.0),
        (7, "low", False, 1.0),
        (14, "high", False, 1.0),
        (14, "medium", True, 1.0),
    ]
    [one] = forecasts(labels)
    assert (one.chance, one.usual, one.came) == (3 / 4, 3 / 5, False)
    later = [*labels, (21, "high", True, 1.0)]
    assert forecasts(reversed(later))[0] == one
    assert forecasts(later)[1].chance == 3 / 5


def test_recall_is_of_all_that_was_confirmed_what_stands_within_the_capacity_of_its_week() -> None:
    weeks = [[True, False, True], [False, True], []]
    found = [recall_at_capacity(weeks, capacity) for capacity in (1, 2, 3)]
    assert [(one.count, one.of) for one in found if one is not None] == [(1, 3), (2, 3), (3, 3)]
    assert recall_at_capacity([[False]], 1) is None
    with pytest.raises(ValueError, match="at least 1"):
        recall_at_capacity(weeks, 0)


def test_a_weighted_share_knows_how_little_it_rests_on() -> None:
    assert weighted([(True, 2.0)] * 3 + [(False, 2.0)] * 7) == wilson(3, 10)
    assert weighted([(True, 0.0)]) is None
    found = weighted([(True, 20.0), (False, 20.0), (True, 1.0), (False, 0.0)])
    assert found is not None
    assert (found.count, found.of) == (2, 3)
    assert found.share == pytest.approx(21 / 41)
    # 41 squared over 801 are 2.1 labels: wider than three even ones.
    even = wilson(2, 3)
    assert even is not None
    assert found.high - found.low > even.high - even.low
    assert recall_at_capacity([[0.0, 20.0, 1.0]], 2) == weighted([(True, 20.0), (False, 1.0)])
