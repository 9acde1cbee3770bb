from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.link.budget import AirtimeBudget, Politeness


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


# -- what the radio's region allows -------------------------------------------------------------------


def test_a_region_that_allows_less_is_heeded_at_once() -> None:
    region = [1.0]
    budget = AirtimeBudget(0.1, 10_000, 0.0, lambda: region[0])
    assert budget.share() == 0.1
    region[0] = 0.01
    budget.spend(2_000, 3600.0)  # what was saved up for a tenth does not count in a region of one percent
    assert budget.ready_at(3600.0) == pytest.approx(3600.0 + 1.0 / 0.01, rel=0.01)


# -- politeness ---------------------------------------------------------------------------------------


def polite(utilisation: list[float | None]) -> Politeness:
    return Politeness(lambda: utilisation[0], cap=0.25, free_share=0.10, least_share=0.02)


def test_a_quiet_channel_and_an_unknown_one_space_nothing() -> None:
    for busy in (None, 0.0, 0.1):
        politeness = polite([busy])
        politeness.spent(2157, 100.0)
        assert politeness.ready_at() <= 100.0


def test_on_a_busy_channel_frames_take_what_is_left_below_the_cap() -> None:
    politeness = polite([0.20])
    politeness.spent(2000, 100.0)
    assert politeness.ready_at() == pytest.approx(100 + 2.0 / 0.05)


def test_nobody_is_silenced_however_busy_the_channel() -> None:
    politeness = polite([1.0])
    politeness.spent(2000, 100.0)
    assert politeness.ready_at() == pytest.approx(100 + 2.0 / 0.02)


def test_what_we_sent_ourselves_is_not_taken_for_others() -> None:
    """Ten full packets in half a minute keep a channel busy for a third of a minute: that is us."""
    utilisation: list[float | None] = [0.0]
    politeness = polite(utilisation)
    for number in range(10):
        utilisation[0] = number * 2.157 / 60
        politeness.spent(2157, 2.3 * number)
        assert politeness.ready_at() <= 2.3 * number
