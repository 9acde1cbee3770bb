"""One budget of false findings a week for a whole hub, divided into a threshold for each series. Pure.

Each series is found where its chance is at most its threshold. Under its own null the chance of a series
is at most t in at most a share t of clean weeks, so the expected number of false findings of a clean week
is at most the sum of all thresholds, whatever the series have to do with each other (the expectation of a
sum). The thresholds add up to the budget, or less. They are set by how many series there could be, units
times values of a group, and not by how many tell something this week: the latter would spend more in a
week that is loud.

(Y. Benjamini, Y. Hochberg (1995) bound the share of false ones among findings, not their number: in a week in
which an office has much to do it would be given more that is false.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from hub.signals.finding import Group, Level, Sort

DEFAULT_BUDGET: Final = 5.0
MOST_CHANCE: Final = 0.01
"""No series is found at a greater chance than that, however few there are; what is left goes to the
others."""


class Family(NamedTuple):
    """Series that share a part of the budget."""

    sort: Sort
    level: Level
    group: Group


_LEVELS: Final = {
    Level.VILLAGE: 0.45,
    Level.SUB_DISTRICT: 0.2,
    Level.DISTRICT: 0.15,
    Level.PROVINCE: 0.1,
    Level.REGION: 0.1,
}
_GROUPS: Final = {Group.ALL: 0.4, Group.KIND: 0.2, Group.INDICATORS: 0.2, Group.DESTINATION: 0.2}
SHARES: Final[Mapping[Family, float]] = {
    **{
        Family(Sort.EXCESS, level, group): 0.8 * part * of_group
        for level, part in _LEVELS.items()
        for group, of_group in _GROUPS.items()
    },
    Family(Sort.EXCESS, Level.REGION, Group.RECRUITER): 0.1,
    Family(Sort.SILENCE, Level.VILLAGE, Group.ALL): 0.1,
}
"""Of the budget; together 1. A box offline is seen, not guessed: it needs none."""


def thresholds(sizes: Mapping[Family, int], budget: float) -> dict[Family, float]:
    """Return the greatest chance of a finding for each family of so many series.

    Raises ValueError for a budget that is not positive.
    """
    if not budget > 0:
        raise ValueError("a budget is more than 0 false findings a week")
    there = {family: size for family, size in sizes.items() if size}
    found: dict[Family, float] = {}
    left = budget
    while there:
        parts = sum(SHARES[family] for family in there)
        given = {family: left * SHARES[family] / parts / size for family, size in there.items()}
        full = [family for family, threshold in given.items() if threshold >= MOST_CHANCE]
        if not full:
            return found | given
        for family in full:
            found[family] = MOST_CHANCE
            left -= MOST_CHANCE * there.pop(family)
    return found
