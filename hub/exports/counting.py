"""Counts by regency, week and kind, of what an account may see; no body of a report is read."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from hub.pictures.weeks import Week
from hub.services import SignedIn
from hub.week_counts import WeekCounts
from sync.areas.table import area_names

_EPOCH: Final = datetime.date(1970, 1, 1)
UNKNOWN_AREA = "??"
"""Under which reports are counted whose village no area of the table holds; in order it is the last."""
_AT_ONCE: Final = 4
"""Regencies whose counts are read together."""


@dataclass(frozen=True, order=True)
class Count:
    """How many reports of one kind a regency sent in one week; `monday` begins it."""

    regency: str
    monday: datetime.date
    kind: str
    count: int


def count_rows(
    counts: WeekCounts, weeks: Sequence[Week], who: SignedIn, only: Collection[str] | None = None
) -> list[Count]:
    """Return the counts of weeks in order, without those of nothing; of some regencies alone if asked."""
    sums: Counter[tuple[str, datetime.date, str]] = Counter()
    mondays = {(week.monday - _EPOCH).days: week.monday for week in weeks}
    known: dict[str, str] = {}
    for one in counts.by_kind(list(mondays), who, by_regency=True, only=only):
        if one.unit not in known:
            known[one.unit] = one.unit if _is_known(one.unit) else UNKNOWN_AREA
        sums[known[one.unit], mondays[one.week], one.kind] += one.reports
    # Sorted as tuples: to compare objects of ours takes ten times as long.
    return [Count(*key, count) for key, count in sorted(sums.items()) if count]


def counts_from(
    counts: WeekCounts, weeks: Sequence[Week], who: SignedIn, regency: str = ""
) -> Iterator[Count]:
    """Yield what `count_rows` returns, from a regency on, a few regencies at a time: a page of a few counts
    does not read those of the whole country."""
    found = counts.regencies(who)
    known = [code for code in found if _is_known(code) and code >= regency]
    for start in range(0, len(known), _AT_ONCE):
        yield from count_rows(counts, weeks, who, known[start : start + _AT_ONCE])
    yield from count_rows(counts, weeks, who, [code for code in found if not _is_known(code)])


def _is_known(regency: str) -> bool:
    return area_names().name_of(regency) is not None
