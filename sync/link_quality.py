"""How good a radio link is: figures that add up over hours and days, and one word for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self

from sync.airtime import Preset, payload_airtime_ms

DEMODULATION_LIMIT_DB = {
    5: -2.5,
    6: -5.0,
    7: -7.5,
    8: -10.0,
    9: -12.5,
    10: -15.0,
    11: -17.5,
    12: -20.0,
}
"""Signal to noise in dB below which a LoRa receiver loses frames, by spreading factor. Semtech: SX1261/2
datasheet, table 6-1 "Range of Spreading Factors"; SX1276 datasheet, table 13, has the same from 6 on."""

GOOD_MARGIN_DB = 10.0
"""Room above that limit for a good link: rain, leaves and people in between take some 10 dB. LoRaWAN servers
keep as much ("installation margin", 10 dB by default)."""
MEDIUM_MARGIN_DB = 3.0
"""Below this much room frames come and go: the step in which LoRaWAN servers change a radio's power."""

GOOD_ANSWERED = 0.8
"""Share of answered questions of a good link: one frame of ten lost each way leaves 0.9 * 0.9 = 0.81."""
MEDIUM_ANSWERED = 0.25
"""Half of the frames lost each way leaves 0.5 * 0.5: the worst for which the link's waits are made."""
SILENT_IN_A_ROW = 3
"""So many questions in a row without an answer mean that nobody hears us now; one may be a collision."""

DAY_S = 86_400
_DAYS_BEGIN_S = 8 * 3600
"""Days are those of Central Indonesia (UTC+8): a node knows no time zone, and in the other two zones of the
country a day that begins an hour early or late changes nothing in a picture of the link."""

_BANDWIDTHS_KHZ = (31, 62, 125, 250, 500)
_CODING_RATES = (5, 6, 7, 8)
_PROBES_BYTES = (0, 100, 231)


class Grade(StrEnum):
    """A link in one word. UNKNOWN: nothing was asked and nothing heard, so nothing can be said."""

    GOOD = "good"
    MEDIUM = "medium"
    WEAK = "weak"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Measured:
    """A value that was measured several times: how often, the sum, the highest."""

    count: int = 0
    total: float = 0.0
    highest: float | None = None

    def note(self, value: float | None) -> None:
        """Take one measurement; None, where a radio does not tell, is none."""
        if value is not None:
            self.add(Measured(1, value, value))

    def add(self, other: Measured) -> None:
        """Take over the measurements of another stretch of time."""
        self.count += other.count
        self.total += other.total
        if other.highest is not None and (self.highest is None or other.highest > self.highest):
            self.highest = other.highest

    @property
    def mean(self) -> float | None:
        """Return the mean, or None when nothing was measured."""
        return self.total / self.count if self.count else None


@dataclass(slots=True)
class Figures:
    """Counts of one stretch of time. Fields are numbers, which add up, or `Measured`."""

    def add(self, other: Self) -> None:
        """Take over the counts of another stretch of time."""
        for field in fields(self):
            mine, theirs = getattr(self, field.name), getattr(other, field.name)
            if isinstance(mine, Measured):
                mine.add(theirs)
            else:
                setattr(self, field.name, mine + theirs)

    def columns(self) -> dict[str, float | int | None]:
        """Return the figures as columns of one row: `x`, and for measured ones `x_count`, `x_total`,
        `x_highest`."""
        row: dict[str, float | int | None] = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, Measured):
                row |= {f"{field.name}_{part.name}": getattr(value, part.name) for part in fields(Measured)}
            else:
                row[field.name] = value
        return row

    @classmethod
    def from_columns(cls, row: Mapping[str, Any]) -> Self:
        """Return the figures of a row that `columns` made; other columns are passed over."""
        figures = cls()
        for field in fields(cls):
            if isinstance(getattr(figures, field.name), Measured):
                parts = {part.name: row[f"{field.name}_{part.name}"] for part in fields(Measured)}
                setattr(figures, field.name, Measured(**parts))
            else:
                setattr(figures, field.name, row[field.name])
        return figures


def day_number(unix_s: float) -> int:
    """Return the day of an instant, counted from 1970, by Central Indonesian Time."""
    return int((unix_s + _DAYS_BEGIN_S) // DAY_S)


def share(part: float, whole: float) -> float | None:
    """Return `part` of `whole`, or None when there is no whole."""
    return part / whole if whole else None


def grade_of_margin(margin_db: float) -> Grade:
    """Return the grade of a signal that is `margin_db` above the limit of its spreading factor."""
    if margin_db >= GOOD_MARGIN_DB:
        return Grade.GOOD
    return Grade.MEDIUM if margin_db >= MEDIUM_MARGIN_DB else Grade.WEAK


def grade_of_answers(asked: int, answered: int) -> Grade:
    """Return the grade of so many questions of which so many were answered.

    One unanswered question is not held against a link: it may still be open.
    """
    if asked - answered <= 1:
        return Grade.GOOD if answered else Grade.UNKNOWN
    answered_share = answered / asked
    if answered_share >= GOOD_ANSWERED:
        return Grade.GOOD
    if answered_share >= MEDIUM_ANSWERED:
        return Grade.MEDIUM
    return Grade.WEAK if answered else Grade.NONE


def grade(*, asked: int, answered: int, heard: int, margin_db: float | None) -> Grade:
    """Return the worse of what the answers and the signal say; `heard` is how many frames came at all.

    Where questions stay without answer but frames come, the link is weak and not gone.
    """
    by_answers = grade_of_answers(asked, answered)
    if by_answers is Grade.NONE and heard:
        by_answers = Grade.WEAK
    if by_answers is Grade.NONE or margin_db is None:
        return by_answers
    worse = [Grade.GOOD, Grade.MEDIUM, Grade.WEAK]
    by_margin = grade_of_margin(margin_db)
    if by_answers is Grade.UNKNOWN:
        return by_margin
    return worse[max(worse.index(by_answers), worse.index(by_margin))]


def demodulation_limit_db(airtime_ms: Callable[[int], float]) -> float | None:
    """Return the limit at a radio's settings, told by how long its payloads take; None for no LoRa setting
    that is known here.

    `airtime_ms` is a radio's (see `sync.carriers.base.Radio`): spreading factor, bandwidth and coding rate
    together fix what it returns, so a radio need not tell them too.
    """
    return _limit_told_by(tuple(airtime_ms(size) for size in _PROBES_BYTES))


@lru_cache(maxsize=8)
def _limit_told_by(told: tuple[float, ...]) -> float | None:
    # Asked once a minute by each node and hub: all settings are tried for a radio once, and not each time.
    for spreading_factor, limit_db in DEMODULATION_LIMIT_DB.items():
        for bandwidth_khz in _BANDWIDTHS_KHZ:
            for coding_rate in _CODING_RATES:
                preset = Preset("", spreading_factor, bandwidth_khz, coding_rate)
                if tuple(payload_airtime_ms(size, preset) for size in _PROBES_BYTES) == told:
                    return limit_db
    return None
