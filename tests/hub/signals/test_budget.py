"""Thresholds add up to the budget."""

from __future__ import annotations

import pytest

from hub.signals.budget import MOST_CHANCE, SHARES, Family, thresholds
from hub.signals.finding import Group, Level, Sort

SIZES = {family: 10 ** (2 + at % 4) for at, family in enumerate(SHARES)}


def test_shares_are_one() -> None:
    assert sum(SHARES.values()) == pytest.approx(1.0)


@pytest.mark.parametrize("budget", [0.5, 5.0, 40.0])
def test_thresholds_add_up_to_the_budget(budget: float) -> None:
    found = thresholds(SIZES, budget)
    assert sum(found[family] * size for family, size in SIZES.items()) == pytest.approx(budget)
    assert max(found.values()) <= MOST_CHANCE


def test_what_few_series_cannot_spend_goes_to_the_others_and_never_more() -> None:
    one = Family(Sort.EXCESS, Level.REGION, Group.ALL)
    many = Family(Sort.EXCESS, Level.VILLAGE, Group.ALL)
    found = thresholds({one: 1, many: 10_000}, 5.0)
    assert found == {one: MOST_CHANCE, many: pytest.approx((5.0 - MOST_CHANCE) / 10_000)}
    assert thresholds({one: 1}, 5.0) == {one: MOST_CHANCE}
    assert thresholds({one: 0}, 5.0) == {}


def test_no_budget_is_refused() -> None:
    with pytest.raises(ValueError, match="more than 0"):
        thresholds(SIZES, 0.0)
