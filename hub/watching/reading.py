"""Reads the counters of a hub into matrices, a regency at a time, as the watch judges them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hub.counting.entries import HEARD, MOST_LATE, REGENCY_CHARACTERS, week_of
from hub.counting.kept import HUB
from hub.counting.spans import SPAN, number_of
from hub.models import Node
from hub.signals.delay import share_at, shares_come
from hub.signals.finding import Category, Group
from hub.signals.latest_week import HISTORY_WEEKS
from hub.signals.region import AGES, ALL, Regency
from hub.storage.statements import run
from hub.watching.heard import HeardWeeks
from hub.week_counts import WeekCounts

Floats = NDArray[np.float64]
DELAY_WEEKS: Final = 60
"""So many weeks tell how late reports come: habits and boxes change."""
_LOOKED_BACK: Final = 12
_WEEK_S: Final = 7 * 86_400.0


def category_of(text: str) -> Category:
    """Return a category as it is kept: a group, and after a colon its value."""
    group, _, value = text.partition(":")
    return Category(Group(group), value)


class CounterReading:
    """One reading, for a week that is judged at a moment."""

    def __init__(self, database: Any, counts: WeekCounts, heard: HeardWeeks, week: int, now: float) -> None:
        self._db = database
        self._counts = counts
        self._week = week
        self._last = number_of(week)
        self._since = heard.since()
        row = run(database, "SELECT MIN(week) FROM week_count WHERE unit = ?", [HUB]).fetchall()
        first = week if row[0][0] is None else int(row[0][0])
        self.weeks = max(min(self._last - number_of(first) + 1, HISTORY_WEEKS), 1)
        self._villages: dict[str, dict[str, int]] = defaultdict(dict)
        self._boxes: set[str] = set()
        for village, enrolled_at, door in (
            Node.select(Node.village, Node.enrolled_at, Node.door).tuples().execute(database)
        ):
            if not door:
                self._boxes.add(village)
            began = number_of(week_of(enrolled_at, counts.zone)) if enrolled_at else 0
            of_regency = self._villages[village[:REGENCY_CHARACTERS]]
            of_regency[village] = min(began, of_regency.get(village, began))
        self._before = self._week_before(heard)
        # Nobody waits for a box that was taken out of use.
        self._could_fall = set() if self._before is None else heard.in_use(week - 7 * self._before)
        self._come(now)

    def _week_before(self, heard: HeardWeeks) -> int | None:
        """Return how many weeks before the judged one the hub listened last, None where it did not listen in
        the judged one: a hub that was off for weeks heard no box, and no box is off for that."""
        listened = heard.weeks_of_hub(self._week - 7 * _LOOKED_BACK, self._week)
        earlier = [week for week in listened if week < self._week]
        if self._week not in listened or not earlier:
            return None
        return (self._week - max(earlier)) // 7

    def _come(self, now: float) -> None:
        """Work out which share of reports has come, by regency and age."""
        this = week_of(now, self._counts.zone)
        newest = number_of(this) - 1
        units = {unit: at for at, unit in enumerate(sorted(self._villages))}
        delays = np.zeros((len(units), DELAY_WEEKS, MOST_LATE + 1), dtype=np.int64)
        rows = run(
            self._db,
            "SELECT unit, taken, late, reports FROM week_delay WHERE taken > ? AND taken < ?",
            [this - 7 * (DELAY_WEEKS + 1), this],
        ).fetchall()
        for unit, taken, late, reports in rows:
            place = number_of(int(taken)) - newest + DELAY_WEEKS - 1
            if unit in units and 0 <= place < DELAY_WEEKS:
                delays[units[unit], place, int(late)] += int(reports)
        of_units, of_hub = shares_come(delays)
        # A week that is judged later has had more time; the week that runs counts by its part.
        begun = (now - self._start_of(this, now)) / _WEEK_S
        ages = np.arange(AGES) + (newest - self._last) + min(max(begun, 0.0), 1.0)
        self.come = np.array([float(share_at(of_hub, age)) for age in ages])
        by_age = np.stack([share_at(of_units, age) for age in ages], axis=1) if units else np.ones((0, AGES))
        self._come_of = {unit: by_age[at] for unit, at in units.items()}

    def come_of(self, regency: str) -> Floats:
        """Return which share of a regency's reports has come, by age in weeks from the judged one."""
        found: Floats = self._come_of.get(regency, self.come)
        return found

    def _start_of(self, week: int, now: float) -> float:
        """Return the moment at which a week of the hub's zone began, to the hour of a changed clock."""
        offset = self._offset_s(now)
        return week * 86_400.0 - offset

    def _offset_s(self, now: float) -> float:
        import datetime

        offset = datetime.datetime.fromtimestamp(now, self._counts.zone).utcoffset()
        return 0.0 if offset is None else offset.total_seconds()

    def regencies(self) -> Iterator[Regency]:
        """Yield all regencies with villages."""
        for code in sorted(self._villages):
            yield self._regency(code)

    def _regency(self, code: str) -> Regency:
        enrolled = self._villages[code]
        villages = sorted(enrolled)
        place = {village: at for at, village in enumerate(villages)}
        first = self._last - self.weeks + 1
        arrays: dict[str, Floats] = {}
        for village, category, span, counts in self._counts.kept.of_villages(villages):
            begin = span * SPAN - first
            low, high = max(begin, 0), min(begin + SPAN, self.weeks)
            if low < high:
                array = arrays.get(category)
                if array is None:
                    array = arrays[category] = np.zeros((len(villages), self.weeks))
                array[place[village], low:high] = counts[low - begin : high - begin]
        heard = arrays.pop(HEARD, np.zeros((len(villages), self.weeks))) > 0
        number = np.arange(first, self._last + 1)
        known = number >= (np.inf if self._since is None else number_of(self._since))
        boxes = np.array([village in self._boxes for village in villages])
        there = heard | ~known[None] | ~boxes[:, None]
        there &= number[None] >= np.array([enrolled[village] for village in villages])[:, None]
        if "all" in arrays:
            there |= arrays["all"] > 0
        fell = np.zeros(len(villages), dtype=bool)
        if self._before is not None and self._before < self.weeks and known[-1 - self._before]:
            could = np.array([village in self._could_fall for village in villages])
            fell = could & ~heard[:, -1] & heard[:, -1 - self._before]
        counts_of = {category_of(name): array for name, array in arrays.items()}
        counts_of.setdefault(ALL, np.zeros((len(villages), self.weeks)))
        return Regency(code, tuple(villages), counts_of, there, fell, self._come_of[code])
