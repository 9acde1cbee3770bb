"""What a rule found in one week of one unit and category, and what explains it: from finder to signal."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple


class Sort(StrEnum):
    """What was found: more reports than usual, fewer of a village that answers, or a box not heard."""

    EXCESS = "excess"
    SILENCE = "silence"
    OFFLINE = "offline"


class Group(StrEnum):
    """By what the reports of a series were chosen; `OTHER` is a series of another office."""

    ALL = "all"
    KIND = "kind"
    INDICATORS = "indicators"
    DESTINATION = "destination"
    RECRUITER = "recruiter"
    OTHER = "other"


class Level(StrEnum):
    """The levels of an area, from the smallest to the whole region of a hub."""

    VILLAGE = "village"
    SUB_DISTRICT = "sub-district"
    DISTRICT = "district"
    PROVINCE = "province"
    REGION = "region"


CHARACTERS: Final = {
    Level.REGION: 0,
    Level.PROVINCE: 2,
    Level.DISTRICT: 5,
    Level.SUB_DISTRICT: 8,
    Level.VILLAGE: 13,
}
"""How long the code of a unit of each level is."""
_BY_LENGTH: Final = {length: level for level, length in CHARACTERS.items()}


def level_of(unit: str) -> Level:
    """Return the level of an area code; raise ValueError for one that is none."""
    try:
        return _BY_LENGTH[len(unit)]
    except KeyError as error:
        allowed = ", ".join(str(length) for length in CHARACTERS.values())
        raise ValueError(f"a unit has {allowed} characters, not {len(unit)}") from error


class Category(NamedTuple):
    """A group and its value: a kind, a group of indicators, a country, the id of a person of interest or of a
    series of another office; empty for all reports."""

    group: Group
    value: str = ""


@dataclass(frozen=True, slots=True)
class WeekPoint:
    """One week of a series: its Monday in days from 1970-01-01, its count, how many more are expected to come
    in late, and what is usual: mean and bound (None where there is none)."""

    week: int
    count: float
    late: float = 0.0
    usual: float | None = None
    bound: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. Counts are of `window_weeks` weeks ending with `week`; `usual_low` and `usual_high` say
    between what the count of such a window lies in nine of ten cases."""

    rule: str
    """Name of the rule or detector, as in `kentongan hub detect --method`."""
    sort: Sort
    unit: str
    """Area code; empty for the whole region."""
    category: Category
    week: int
    window_weeks: int
    count: float
    usual_low: float
    usual_high: float
    chance: float
    """How often a clean week gives at least this much (0 to 1)."""
    past: tuple[WeekPoint, ...]
    """The series as it was seen, oldest week first; the last one is `week`."""
    reports: tuple[str, ...] = ()
    """Ids of the reports of the window; empty for series of other offices."""
    reporters: int = 0
    """Least number of independent reporters among them."""
    others: tuple[tuple[str, Category], ...] = ()
    """Units and categories that were found too and that mostly rest on the same reports."""
