"""What the watch thinks usual in the week of each regency, and of several together, by the hub's own rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from hub.accounts.areas import may_see
from hub.counting.kept import HUB
from hub.counting.spans import monday_of, number_of
from hub.services import SignedIn
from hub.signals.latest_week import usual_week
from hub.signals.own_rule import LEAST_WEEKS
from hub.storage.statements import run
from hub.watching.heard import HeardWeeks
from hub.watching.reading import CounterReading
from hub.week_counts import WeekCounts

Range = tuple[int | None, int | None]
NOT_KNOWN: Final[Range] = (None, None)
_AT_ONCE: Final = 500


class UsualWeeks:
    """Ranges of one week. Reads the counters of regencies once, whoever's report asks."""

    def __init__(self, database: Any, counts: WeekCounts, heard: HeardWeeks, week: int, now: float) -> None:
        self._reading = CounterReading(database, counts, heard, week, now)
        weeks, first = self._reading.weeks, number_of(week) - self._reading.weeks + 1
        self._units: dict[str, int] = {}
        self._ranges: dict[str, Range] = {}
        if weeks <= LEAST_WEEKS:
            return
        rows = run(
            database,
            "SELECT unit, week, SUM(reports) FROM week_count WHERE week >= ? AND week <= ? AND unit <> ? "
            "GROUP BY unit, week",
            [monday_of(first), week, HUB],
        ).fetchall()
        self._units = {unit: at for at, unit in enumerate(sorted({str(row[0]) for row in rows}))}
        self._counts = np.zeros((len(self._units), weeks))
        for unit, at, reports in rows:
            self._counts[self._units[str(unit)], number_of(int(at)) - first] = int(reports)
        names = list(self._units)
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            come = np.stack([self._reading.come_of(unit)[:2] for unit in part])
            low, high = usual_week(self._counts[start : start + _AT_ONCE], come)
            self._ranges |= {unit: (int(low[at]), int(high[at])) for at, unit in enumerate(part)}

    def of(self, regency: str) -> Range:
        """Return the range of a regency; `NOT_KNOWN` where it never had a report or weeks are too few."""
        return self._ranges.get(regency, NOT_KNOWN)

    def within(self, who: SignedIn) -> list[str]:
        """Return the regencies that an account sees wholly."""
        return [unit for unit in self._units if may_see(who, unit)]

    def of_all(self, regencies: Sequence[str] | None) -> Range:
        """Return the range of the sum of some regencies, or of all of the hub."""
        wanted = self._units if regencies is None else set(regencies)
        places = [at for unit, at in self._units.items() if unit in wanted]
        if not places:
            return NOT_KNOWN
        low, high = usual_week(self._counts[places].sum(axis=0, keepdims=True), self._reading.come[None, :2])
        return int(low[0]), int(high[0])
