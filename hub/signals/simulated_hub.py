"""A simulated hub with villages in sub-districts, districts and provinces, to measure the weekly watch with.

Villages tell 0.02 to 1 report a week, more in some parts of the year, each with a kind, a group of
indicators and perhaps a destination; districts have good and bad months together, so series are not
Poisson. Reports come late; some boxes were off for weeks. Into the last weeks bursts are put: in a
village, or over a sub-district, a district or a province; and villages fall silent, and boxes go off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from hub.signals.delay import share_at, shares_come
from hub.signals.explaining import RecentReport
from hub.signals.finding import CHARACTERS, Category, Group, Level
from hub.signals.region import AGES, Regency

Floats = NDArray[np.float64]
KINDS: Final = ("victim", "recruiter", "transport", "document")
SIGNS: Final = ("act", "means", "purpose")
COUNTRIES: Final = ("", "MY", "KH", "SG", "SA")
BURST_LEVELS: Final = (Level.VILLAGE, Level.SUB_DISTRICT, Level.DISTRICT, Level.PROVINCE)
DELAY: Final = (0.72, 0.12, 0.06, 0.04, 0.03, 0.02, 0.01)
"""Share of reports that come so many weeks late."""


@dataclass(frozen=True)
class Planted:
    """What was put into the last week: a burst of a level, a village fallen silent, a box gone off."""

    what: str
    unit: str


@dataclass(frozen=True)
class SimulatedHub:
    """Regencies as the watch takes them, shares that have come of the hub, reports of the last weeks,
    plants."""

    weeks: int
    regencies: tuple[Regency, ...]
    come: Floats
    recent: tuple[RecentReport, ...]
    planted: tuple[Planted, ...]


def villages_of(provinces: int, districts: int, subs: int, villages: int) -> list[str]:
    """Return made-up area codes: so many of each level in each of the one above."""
    return [
        f"{11 + p}.{1 + d:02}.{1 + s:02}.{2001 + v}"
        for p in range(provinces)
        for d in range(districts)
        for s in range(subs)
        for v in range(villages)
    ]


def simulated_hub(
    chance: np.random.Generator,
    codes: list[str],
    *,
    weeks: int = 156,
    dispersion: float = 1.3,
    season: float = 0.3,
    bursts: int = 0,
    levels: tuple[Level, ...] = BURST_LEVELS,
    silent: int = 0,
    offline: int = 0,
) -> SimulatedHub:
    """Return a hub of so many weeks.

    `bursts` of each of the levels, so many villages fallen silent and boxes gone off are planted; without
    these the hub is clean.
    """
    rates = np.exp(chance.uniform(np.log(0.02), 0.0, len(codes)))
    year = 1 + season * np.sin(2 * np.pi * np.arange(weeks) / 52 + chance.uniform(0, 2 * np.pi))
    districts = sorted({code[:5] for code in codes})
    shared = chance.gamma(1 / (dispersion - 1) * 4, (dispersion - 1) / 4, (len(districts), weeks))
    of_district = np.array([districts.index(code[:5]) for code in codes])
    told = chance.poisson(rates[:, None] * year[None] * shared[of_district])
    there = np.ones((len(codes), weeks), dtype=bool)
    for at in chance.choice(len(codes), len(codes) // 10, replace=False):
        first = int(chance.integers(0, weeks - 20))
        there[at, first : first + int(chance.integers(2, 12))] = False
    planted, extra = _plant(chance, codes, bursts, levels), np.zeros_like(told)
    for one in planted:
        inside = np.array([code.startswith(one.unit) for code in codes])
        wide = rates[inside].sum()
        size = (
            int(chance.integers(3, 9))
            if len(one.unit) == 13
            else int(3 + 3.5 * np.sqrt(2 * wide * dispersion * 2))
        )
        places = chance.choice(np.flatnonzero(inside), size)
        np.add.at(extra, (places, weeks - 1 - (chance.random(size) < 0.4)), 1)
    quiet = np.argsort(-rates)[: 4 * silent : 4]
    for at in quiet:
        told[at, weeks - 20 :] = 0
        planted.append(Planted("silence", codes[at]))
    fell_silent = np.zeros(len(codes), dtype=bool)
    gone = chance.choice([at for at in range(len(codes)) if at not in quiet], offline, replace=False)
    for at in gone:
        there[at, -1], fell_silent[at] = False, True
        told[at, -1] = 0
        planted.append(Planted("offline", codes[at]))
    told[~there] = 0
    return _reported(chance, codes, told, extra, there, fell_silent, planted, districts, of_district)


def _plant(
    chance: np.random.Generator, codes: list[str], bursts: int, levels: tuple[Level, ...]
) -> list[Planted]:
    found = []
    for level in levels:
        units = sorted({code[: CHARACTERS[level]] for code in codes})
        picked = chance.choice(len(units), min(bursts, len(units)), replace=False)
        found += [Planted(f"burst {level.value}", units[at]) for at in picked]
    return found


def _reported(
    chance: np.random.Generator,
    codes: list[str],
    told: NDArray[np.int64],
    extra: NDArray[np.int64],
    there: NDArray[np.bool_],
    fell_silent: NDArray[np.bool_],
    planted: list[Planted],
    districts: list[str],
    of_district: NDArray[np.int64],
) -> SimulatedHub:
    """Give each report its categories and its delay, and keep what has come by the end of the last week."""
    weeks = told.shape[1]
    village, week = (np.repeat(places, told[told > 0]) for places in np.nonzero(told))
    of_burst = np.zeros(len(village), dtype=bool)
    more_village, more_week = (np.repeat(places, extra[extra > 0]) for places in np.nonzero(extra))
    village, week = np.concatenate([village, more_village]), np.concatenate([week, more_week])
    of_burst = np.concatenate([of_burst, np.ones(len(more_village), dtype=bool)])
    number = len(village)
    kind = np.where(of_burst, 1, chance.integers(0, len(KINDS), number))
    sign = chance.integers(0, len(SIGNS) + 1, number)
    country = np.where(of_burst, 2, chance.integers(0, len(COUNTRIES), number))
    late = chance.choice(len(DELAY), number, p=DELAY)
    came = week + late <= weeks - 1
    delays = np.zeros((len(districts), weeks, len(DELAY)), dtype=np.int64)
    np.add.at(delays, (of_district[village[came]], week[came], late[came]), 1)
    of_units, of_hub = shares_come(delays[:, -52:])
    ages = range(AGES)
    hub_come = np.array([float(share_at(of_hub, age)) for age in ages])
    categories = [(Category(Group.ALL), came)]
    categories += [(Category(Group.KIND, name), came & (kind == at)) for at, name in enumerate(KINDS)]
    categories += [(Category(Group.INDICATORS, name), came & (sign == at)) for at, name in enumerate(SIGNS)]
    categories += [
        (Category(Group.DESTINATION, name), came & (country == at))
        for at, name in enumerate(COUNTRIES)
        if name
    ]
    counts = {}
    for category, which in categories:
        array = np.zeros((len(codes), weeks))
        np.add.at(array, (village[which], week[which]), 1)
        counts[category] = array
    regencies = tuple(
        Regency(
            district,
            tuple(codes[at] for at in rows),
            {category: array[rows] for category, array in counts.items()},
            there[rows] | (counts[Category(Group.ALL)][rows] > 0),
            fell_silent[rows],
            np.array([float(share_at(of_units[place], age)) for age in ages]),
        )
        for place, district in enumerate(districts)
        for rows in [np.flatnonzero(of_district == place)]
    )
    recent = tuple(
        _recent(int(at), codes[village[at]], int(week[at]) * 7, kind[at], sign[at], country[at])
        for at in np.flatnonzero(came & (week >= weeks - 2))
    )
    return SimulatedHub(weeks, regencies, hub_come, recent, tuple(planted))


def _recent(number: int, village: str, week: int, kind: int, sign: int, country: int) -> RecentReport:
    return RecentReport(str(number), village, week, tuple(_categories(kind, sign, country)))


def _categories(kind: int, sign: int, country: int) -> Iterator[Category]:
    yield Category(Group.ALL)
    yield Category(Group.KIND, KINDS[kind])
    if sign < len(SIGNS):
        yield Category(Group.INDICATORS, SIGNS[sign])
    if COUNTRIES[country]:
        yield Category(Group.DESTINATION, COUNTRIES[country])
