"""Reports before and after teaching, held to SciPy, to R's `poisson.test`, and to counting by hand."""

from __future__ import annotations

import itertools
import math

import pytest
from scipy.special import comb
from scipy.stats import binomtest
from scipy.stats.contingency import odds_ratio

from hub.learning.before_after import (
    Around,
    Ratio,
    Village,
    around_sessions,
    around_week,
    rate_ratio,
    ratio_of_ratios,
    staggered,
)


def figures(found: Ratio | None) -> tuple[float, float, float]:
    assert found is not None
    return found.ratio, found.low, found.high


def test_one_village_is_what_r_says() -> None:
    # R: poisson.test(c(11, 6+8+7), c(800, 1083+1050+878)), its own example.
    known = (1.971488, 0.8584264, 4.2772659)
    assert figures(rate_ratio([Around(21, 11, 3011, 800)])) == pytest.approx(known, rel=1e-6)


@pytest.mark.parametrize(("before", "after"), [(5, 9), (0, 4), (4, 0), (1, 1), (300, 500), (4000, 3000)])
def test_one_village_is_clopper_and_pearson(before: int, after: int) -> None:
    interval = binomtest(after, before + after).proportion_ci(method="exact")
    found = rate_ratio([Around(before, after, 8, 4)])
    odds = [share / (1 - share) if share < 1 else math.inf for share in (interval.low, interval.high)]
    ratio = after / before if before else math.inf
    assert figures(found) == pytest.approx((2 * ratio, 2 * odds[0], 2 * odds[1]), rel=1e-6)


def test_beside_others_it_is_fishers_odds_ratio() -> None:
    for (a, b), (c, d) in [((12, 5), (9, 10)), ((3, 0), (7, 8)), ((40, 70), (60, 50))]:
        known = odds_ratio([[a, b], [c, d]])
        interval = known.confidence_interval()
        found = ratio_of_ratios([(Around(b, a, 8, 8), Around(d, c, 8, 8))])
        assert figures(found) == pytest.approx((known.statistic, *interval), rel=1e-6)
    # The same numbers in half as many weeks after, for both: nothing changes; for one: twice as much.
    one = figures(ratio_of_ratios([(Around(5, 12, 8, 8), Around(10, 9, 8, 8))]))
    assert figures(ratio_of_ratios([(Around(5, 12, 8, 4), Around(10, 9, 8, 4))])) == pytest.approx(one)
    twice = figures(ratio_of_ratios([(Around(5, 12, 8, 4), Around(10, 9, 8, 8))]))
    assert twice == pytest.approx([2 * part for part in one], rel=1e-6)


def tails(villages: list[Around], ratio: float) -> tuple[float, float]:
    """Return the chances of at least and of at most as many after as there were, counted one by one."""
    ways = []
    for one in villages:
        odds = ratio * one.weeks_after / one.weeks_before
        ways.append([comb(one.reports, at) * odds**at for at in range(one.reports + 1)])
    observed = sum(one.after for one in villages)
    total = more = less = 0.0
    for at in itertools.product(*(range(len(way)) for way in ways)):
        weight = math.prod(way[one] for way, one in zip(ways, at, strict=True))
        total += weight
        more += weight * (sum(at) >= observed)
        less += weight * (sum(at) <= observed)
    return more / total, less / total


def test_many_villages_are_each_compared_with_themselves() -> None:
    villages = [Around(2, 3, 8, 8), Around(1, 4, 6, 8), Around(5, 2, 3, 7), Around(0, 2, 8, 5)]
    ratio, low, high = figures(rate_ratio(villages))
    assert tails(villages, low)[0] == pytest.approx(0.025, rel=1e-5)
    assert tails(villages, high)[1] == pytest.approx(0.025, rel=1e-5)
    assert low < ratio < high
    # A village without weeks on one side says nothing; one with the same weeks is added.
    assert figures(rate_ratio([*villages, Around(9, 0, 8, 0)])) == pytest.approx((ratio, low, high))
    assert figures(rate_ratio([Around(2, 3, 8, 8), Around(3, 6, 4, 4)])) == pytest.approx(
        figures(rate_ratio([Around(5, 9, 8, 8)]))
    )


def test_starts_are_compared_within_themselves_only() -> None:
    # Within each start nothing differs; thrown together it would look like three times as many.
    pairs = [
        (Around(10, 10, 8, 8), Around(100, 100, 8, 8)),
        (Around(10, 100, 8, 8), Around(1, 10, 8, 8)),
    ]
    ratio, low, high = figures(ratio_of_ratios(pairs))
    assert ratio == pytest.approx(1, rel=0.05)
    assert low < 1 < high
    assert ratio_of_ratios([]) is rate_ratio([]) is None


def test_weeks_that_nobody_can_place_are_left_out() -> None:
    counts = list(range(1, 13))
    heard = [True] * 12
    heard[1] = False
    village = Village(counts, heard, (3, 6))
    # Before week 3: weeks 0 to 2 without 1. After week 6: 7 to 9. Weeks 4 and 5 are both.
    assert around_sessions(village, 3) == Around(1 + 3, 8 + 9 + 10, 2, 3)
    # With windows of one week nothing is both.
    assert around_sessions(village, 1) == Around(3 + 6, 5 + 8, 2, 2)
    assert around_week(village, 11, 2) == Around(10 + 11, 0, 2, 0)


def test_who_waits_stands_beside_who_was_taught_and_no_week_counts_twice() -> None:
    weeks = [True] * 30
    first = Village([1] * 30, weeks, (10,))
    later = Village([2] * 30, weeks, (20,))
    soon = Village([4] * 30, weeks, (14,))
    never = Village([8] * 30, weeks, ())
    earlier = Village([16] * 30, weeks, (10,), taught_earlier=True)
    found = staggered([first, later, soon, never, earlier], 2)
    assert [taught for taught, _ in found] == [Around(one * 2, one * 2, 2, 2) for one in (1, 4, 2)]
    # Week 10: `later` and `never`; `soon` is taught too soon after. Week 14 touches 10. Week 20: `never`.
    others = [other for _, other in found]
    assert sum(one.before for one in others) == 2 * (2 + 8 + 8)
    assert {one.before for one in others[1:]} <= {0, 16, 4}
    assert staggered([never], 2) == []
