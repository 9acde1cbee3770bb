"""Who is on duty when: a plan of weekly shifts and the days on which it differs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from hub.languages import N_

LEVELS: Final = (1, 2, 3)
"""Level 1 is told first."""
DAY_MINUTES: Final = 1440
LONGEST_AHEAD_DAYS: Final = 730


class DutyRefused(Exception):
    """Something that the plan does not take; the text says what is allowed, in Indonesian."""


@dataclass(frozen=True)
class Shift:
    """A shift in each week. `weekday` 0 is Monday; `begins` and `ends` are minutes from midnight, and it ends
    on the next day where `ends` is not after `begins`. `only_urgent`: on call, reads nothing else."""

    account: str
    level: int
    weekday: int
    begins: int
    ends: int
    only_urgent: bool = False


@dataclass(frozen=True)
class Change:
    """What is different on one day: a further shift; or, without one, nobody has a weekly shift that begins
    on that day, or one account has none."""

    day: date
    account: str | None = None
    shift: Shift | None = None


@dataclass(frozen=True)
class Plan:
    """The shifts of a week and the days that differ."""

    shifts: tuple[Shift, ...] = ()
    changes: tuple[Change, ...] = ()


def shifts_on(plan: Plan, day: date) -> Iterator[Shift]:
    """Yield the shifts that begin on a day."""
    today = [change for change in plan.changes if change.day == day]
    free = {change.account for change in today if change.shift is None}
    for shift in plan.shifts:
        if shift.weekday == day.weekday() and None not in free and shift.account not in free:
            yield shift
    yield from (change.shift for change in today if change.shift is not None)


def on_duty(plan: Plan, at: datetime) -> frozenset[tuple[int, str]]:
    """Return (level, account) of all who are on duty at a time of the hub's zone."""
    minute = at.hour * 60 + at.minute
    found = set()
    for days_back in (0, 1):
        into = minute + days_back * DAY_MINUTES
        for shift in shifts_on(plan, at.date() - timedelta(days=days_back)):
            if shift.begins <= into < end_of(shift):
                found.add((shift.level, shift.account))
    return frozenset(found)


def end_of(shift: Shift) -> int:
    """Return when a shift ends, in minutes from the midnight before it begins; above 1440 on the next day."""
    return shift.ends if shift.ends > shift.begins else shift.ends + DAY_MINUTES


def check_shift(shift: Shift) -> Shift:
    """Return the shift; raise DutyRefused."""
    if shift.level not in LEVELS:
        raise DutyRefused(N_("Pilih tingkat 1, 2 atau 3."))
    if not 0 <= shift.weekday <= 6:
        raise DutyRefused(N_("Pilih hari dari daftar."))
    if not (0 <= shift.begins < DAY_MINUTES and 0 <= shift.ends < DAY_MINUTES):
        raise DutyRefused(N_("Tulis jam dari 00.00 sampai 23.59."))
    return shift


def read_minute(typed: str) -> int:
    """Return minutes from midnight for "7.30" or "07:30"; raise DutyRefused."""
    found = re.fullmatch(r"\s*([0-9]{1,2})[.:]([0-9]{2})\s*", typed)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise DutyRefused(N_("Tulis jam seperti 07.30, dari 00.00 sampai 23.59."))
    return int(found[1]) * 60 + int(found[2])


def read_day(typed: str, today: date) -> date:
    """Return a date of a form, from today to two years ahead; raise DutyRefused."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        day = date.min
    if not today <= day <= today + timedelta(days=LONGEST_AHEAD_DAYS):
        raise DutyRefused(N_("Pilih tanggal dari hari ini sampai dua tahun lagi."))
    return day


def minute_in_words(minute: int) -> str:
    """Return such as "07.30"; midnight at the end of a day is "24.00"."""
    return f"{minute // 60:02}.{minute % 60:02}"


def week_of(shifts: Iterable[Shift]) -> list[tuple[int, int]]:
    """Return the parts of a week that shifts cover, as (begin, end) in minutes from Monday's midnight."""
    week = 7 * DAY_MINUTES
    parts: list[tuple[int, int]] = []
    for shift in shifts:
        begin = shift.weekday * DAY_MINUTES + shift.begins
        end = shift.weekday * DAY_MINUTES + end_of(shift)
        parts.append((begin, min(end, week)))
        if end > week:
            parts.append((0, end - week))
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(parts):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
