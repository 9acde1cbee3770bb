from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.link.budget import AirtimeBudget


@given(
    st.floats(0.01, 0.99),
    st.lists(st.tuples(st.floats(0, 100), st.floats(1, 3000)), max_size=60),
)
def test_over_any_time_no_more_than_the_share_and_the_savings(
    share: float, wishes: list[tuple[float, float]]
) -> None:
    budget, now, used = AirtimeBudget(share, 5000, 0.0), 0.0, 0.0
    for wait, airtime in wishes:
        now = max(now + wait, budget.ready_at(now + wait))
        budget.spend(airtime, now)
        used += airtime
        assert used <= 5000 + now * 1000 * share + 3000 + 1


def test_a_frame_longer_than_the_savings_is_not_stuck() -> None:
    budget = AirtimeBudget(0.1, 100, 0.0)
    assert budget.ready_at(0.0) == 0.0
    budget.spend(2000, 0.0)
    ready = budget.ready_at(0.0)
    assert 19 <= ready <= 19.1
    assert budget.ready_at(ready) == ready


def test_savings_are_bounded_and_a_clock_that_stands_gives_nothing() -> None:
    budget = AirtimeBudget(0.5, 1000, 0.0)
    budget.spend(1500, 1e6)
    assert budget.ready_at(1e6) > 1e6
    assert budget.ready_at(1e6 - 5) > 1e6 - 5


def test_a_full_share_never_waits() -> None:
    budget = AirtimeBudget(1.0, 1, 0.0)
    budget.spend(1e9, 0.0)
    assert budget.ready_at(0.0) == 0.0


@pytest.mark.parametrize("share", [0, -0.1, 1.1])
def test_a_share_lies_above_0_and_at_most_at_1(share: float) -> None:
    with pytest.raises(ValueError):
        AirtimeBudget(share, 1, 0.0)
