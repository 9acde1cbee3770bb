"""Counts by regency, week and kind, of what an account may see; no body of a report is read."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hub.pictures.weeks import Week
from hub.services import SignedIn
from hub.week_counts import WeekCounts
from sync.areas.table import area_names

_EPOCH: Final = datetime.date(1970, 1, 1)
UNKNOWN_AREA = "??"
"""Under which reports are counted whose village no area of the table holds."""


@dataclass(frozen=True, order=True)
class Count:
    """How many reports of one kind a regency sent in one week; `monday` begins it."""

    regency: str
    monday: datetime.date
    kind: str
    count: int


def count_rows(counts: WeekCounts, weeks: Sequence[Week], who: SignedIn) -> list[Count]:
    """Return the counts of weeks in order, without those of nothing."""
    sums: Counter[tuple[str, datetime.date, str]] = Counter()
    names = area_names()
    mondays = {(week.monday - _EPOCH).days: week.monday for week in weeks}
    known: dict[str, str] = {}
    for one in counts.by_kind(list(mondays), who, by_regency=True):
        if one.unit not in known:
            known[one.unit] = one.unit if names.name_of(one.unit) is not None else UNKNOWN_AREA
        sums[known[one.unit], mondays[one.week], one.kind] += one.reports
    # Sorted as tuples: to compare objects of ours takes ten times as long.
    return [Count(*key, count) for key, count in sorted(sums.items()) if count]
