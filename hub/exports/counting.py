"""Counts by regency, week and kind, of what an account may see; no body of a report is read."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import peewee

from hub.picture_counts import placed_reports
from hub.pictures.weeks import Week
from hub.services import SignedIn
from sync.areas.table import area_names
from sync.storage.database import connect

UNKNOWN_AREA = "??"
"""Under which reports are counted whose village no area of the table holds."""


@dataclass(frozen=True, order=True)
class Count:
    """How many reports of one kind a regency sent in one week; `monday` begins it."""

    regency: str
    monday: datetime.date
    kind: str
    count: int


def count_rows(database: Any, weeks: Sequence[Week], who: SignedIn) -> list[Count]:
    """Return the counts of weeks that follow each other, in order, without those of nothing."""
    connect(database)
    starts = [*(week.begins_at for week in weeks), weeks[-1].ends_at]
    placed = placed_reports(starts, who)
    rows = (
        peewee.Select([placed], [placed.c.village, placed.c.week, placed.c.kind, peewee.fn.COUNT(1)])
        .group_by(placed.c.village, placed.c.week, placed.c.kind)
        .tuples()
        .execute(database)
    )
    sums: Counter[tuple[str, datetime.date, str]] = Counter()
    names = area_names()
    for village, at, kind, count in rows:
        regency = ".".join(village.split(".")[:2])
        if at < len(weeks):
            known = regency if names.name_of(regency) is not None else UNKNOWN_AREA
            sums[known, weeks[at].monday, kind] += int(count)
    return sorted(Count(*key, count) for key, count in sums.items())
