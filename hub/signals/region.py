"""All series of a hub in one week: which of them hold too much or too little, by level and category. Pure.

Counts come a regency at a time, so that ten thousand villages never lie in memory together. Villages are
added up to sub-districts and the regency there and then, to provinces and the region on the way. Only
series that tell something in the last week, and more than a first look thinks usual, are judged by the
rule; how many there could be is counted for the budget all the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.signals.budget import SHARES, Family
from hub.signals.finding import CHARACTERS, Category, Group, Level, Sort
from hub.signals.latest_week import HISTORY_WEEKS, WINDOW_WEEKS, judge_latest, may_be_loud
from hub.signals.own_rule import LEAST_WEEKS
from hub.signals.silence import WINDOWS, filled_in, judge_silence

Floats = NDArray[np.float64]
SHOWN_WEEKS: Final = 104
LEAST_REPORTS: Final = 3
"""In the two weeks, at every level: fewer are no burst, however rare."""
LEAST_THERE: Final = 13
"""A village whose box was heard in fewer weeks is not judged alone."""
MANY_OFFLINE: Final = 3
"""So many boxes that fell silent together, and half of all of a place, are one finding."""
ALL: Final = Category(Group.ALL)
AGES: Final = max(WINDOWS)


@dataclass(frozen=True)
class Regency:
    """The counts of a regency's villages, oldest week first.

    `counts` has an array (villages, weeks) for each category that tells anything; `there` says in which
    weeks a village can have told anything: its box was heard, or reports are there. `fell_silent` are
    villages whose box was heard in the week before and not in the last one. `come` is which share of the
    reports of a week that is so many weeks old has come, by age.
    """

    code: str
    villages: tuple[str, ...]
    counts: Mapping[Category, Floats]
    there: NDArray[np.bool_]
    fell_silent: NDArray[np.bool_]
    come: Floats


@dataclass(frozen=True)
class Candidate:
    """A series that may be a finding: what a `Finding` says of it, without the reports behind it. `past`
    has the counts of the last weeks, `usual` what is expected in the last of them, `come` the shares of
    them that have come. `villages` are those of an offline place."""

    family: Family
    unit: str
    category: Category
    window_weeks: int
    count: float
    low: float
    high: float
    chance: float
    past: Floats
    usual: float | None = None
    come: Floats | None = None
    villages: tuple[str, ...] = ()


@dataclass
class RegionWatch:
    """Takes regencies and gives candidates. `come` is of the whole hub; `weeks` is how many each array
    has."""

    weeks: int
    come: Floats
    candidates: list[Candidate] = field(default_factory=list)
    judged: int = 0
    """Series that the rule looked at, however shortly."""
    _units: Counter[Level] = field(default_factory=Counter)
    _values: dict[Group, set[str]] = field(default_factory=lambda: defaultdict(set))
    _sums: dict[tuple[str, Category], Floats] = field(default_factory=dict)
    _clusters: int = 0

    def add(self, regency: Regency) -> None:
        """Judge the villages, sub-districts and the regency, and add them to what is above."""
        villages, length = regency.villages, CHARACTERS[Level.SUB_DISTRICT]
        subs = sorted({village[:length] for village in villages})
        of_sub = np.array([subs.index(village[:length]) for village in villages], dtype=np.int64)
        self._units[Level.VILLAGE] += len(villages)
        self._units[Level.SUB_DISTRICT] += len(subs)
        self._units[Level.DISTRICT] += 1
        settled = regency.there.sum(axis=1) >= LEAST_THERE
        there = regency.there.copy()
        there[:, -WINDOW_WEEKS:] = True  # what is judged is what was told
        rows: list[tuple[str, Category, Floats]] = []
        for category, counts in regency.counts.items():
            self._values[category.group].add(category.value)
            filled = filled_in(counts, there)
            total = filled.sum(axis=0)
            for unit in (regency.code[:2], ""):
                self._add_to(unit, category, total)
            if not counts[:, -1].any():
                continue
            of_subs = np.zeros((len(subs), counts.shape[1]))
            np.add.at(of_subs, of_sub, filled)
            loud = counts[:, -1] > 0
            rows += [(villages[at], category, filled[at]) for at in np.flatnonzero(loud & settled)]
            rows += [(subs[at], category, of_subs[at]) for at in np.flatnonzero(of_subs[:, -1] > 0)]
            rows.append((regency.code, category, total))
        self._judge(rows, regency.come)
        if ALL in regency.counts:
            self._quiet(regency, regency.counts[ALL])

    def _add_to(self, unit: str, category: Category, counts: Floats) -> None:
        there = self._sums.get((unit, category))
        self._sums[unit, category] = counts.copy() if there is None else there + counts

    def add_clusters(self, clusters: Mapping[str, Floats], number: int) -> None:
        """Judge series of recruiters over the whole region; there are `number` of them in all."""
        self._clusters = number
        rows = [("", Category(Group.RECRUITER, name), counts) for name, counts in clusters.items()]
        self._judge(rows, self.come)

    def finish(self) -> None:
        """Judge provinces and the region."""
        rows = [(unit, category, counts) for (unit, category), counts in sorted(self._sums.items())]
        self._units[Level.PROVINCE] = len({unit for unit, _, _ in rows if unit})
        self._units[Level.REGION] = 1
        self._judge([row for row in rows if row[2][-1] > 0], self.come)

    def sizes(self) -> dict[Family, int]:
        """Return how many series each family could have."""
        sizes = {}
        for family in SHARES:
            if family.group is Group.RECRUITER:
                sizes[family] = self._clusters
            elif family.sort is Sort.SILENCE:
                sizes[family] = self._units[family.level]
            else:
                sizes[family] = self._units[family.level] * len(self._values[family.group])
        return sizes

    def _judge(self, rows: list[tuple[str, Category, Floats]], come: Floats) -> None:
        self.judged += len(rows)
        rows = [row for row in rows if row[2][-WINDOW_WEEKS:].sum() >= LEAST_REPORTS]
        if not rows or self.weeks <= LEAST_WEEKS:
            return
        counts = np.stack([row[2] for row in rows])[:, -HISTORY_WEEKS:]
        shares = np.tile(come[:WINDOW_WEEKS], (len(rows), 1))
        loud = np.flatnonzero(may_be_loud(counts, shares))
        found = judge_latest(counts[loud], shares[loud])
        for at, row in enumerate(loud):
            if found.chance[at] < 1:
                unit, category, _ = rows[row]
                self.candidates.append(
                    Candidate(
                        Family(Sort.EXCESS, _level(unit), category.group),
                        unit,
                        category,
                        WINDOW_WEEKS,
                        float(counts[row, -WINDOW_WEEKS:].sum()),
                        float(found.low[at]),
                        float(found.high[at]),
                        float(found.chance[at]),
                        counts[row, -SHOWN_WEEKS:],
                        float(found.mean[at]),
                        come,
                    )
                )

    def _quiet(self, regency: Regency, counts: Floats) -> None:
        shares = np.ones((len(counts), AGES))
        ages = min(AGES, len(regency.come))
        shares[:, AGES - ages :] = regency.come[:ages][::-1]
        found = judge_silence(counts, regency.there, shares)
        for at in np.flatnonzero(found.chance < 0.05):
            self.candidates.append(
                Candidate(
                    Family(Sort.SILENCE, Level.VILLAGE, Group.ALL),
                    regency.villages[at],
                    ALL,
                    int(found.weeks[at]),
                    float(found.count[at]),
                    float(found.low[at]),
                    float(found.high[at]),
                    float(found.chance[at]),
                    counts[at, -SHOWN_WEEKS:],
                    float(found.expected[at] / found.weeks[at]),
                    regency.come,
                )
            )
        self.candidates += _offline(regency, counts)


def _level(unit: str) -> Level:
    return next(level for level, length in CHARACTERS.items() if length == len(unit))


def _offline(regency: Regency, counts: Floats) -> Iterator[Candidate]:
    """Yield the places whose boxes fell silent together, the largest first."""
    silent = regency.fell_silent & (counts[:, -1] == 0)
    for level in (Level.DISTRICT, Level.SUB_DISTRICT, Level.VILLAGE):
        units = np.array([village[: CHARACTERS[level]] for village in regency.villages])
        for unit in sorted(set(units[silent])):
            inside = units == unit
            here = silent & inside
            if level is not Level.VILLAGE and (here.sum() < MANY_OFFLINE or here.sum() * 2 < inside.sum()):
                continue
            silent = silent & ~here
            past = counts[here].sum(axis=0)
            heard = regency.there[here].any(axis=0)
            usual = float(past[heard].mean()) if heard.any() else 0.0
            low, high = np.quantile(past[heard], [0.05, 0.95]) if heard.any() else (0.0, 0.0)
            yield Candidate(
                Family(Sort.OFFLINE, level, Group.ALL),
                str(unit),
                ALL,
                1,
                0.0,
                float(low),
                float(high),
                0.0,
                past[-SHOWN_WEEKS:],
                usual,
                villages=tuple(np.array(regency.villages)[here]),
            )
