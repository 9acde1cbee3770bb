"""Weeks that begin on Monday, in the hub's own time zone."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Final

from hub.languages import N_

MONTHS: Final = (
    N_("Jan"),
    N_("Feb"),
    N_("Mar"),
    N_("Apr"),
    N_("Mei"),
    N_("Jun"),
    N_("Jul"),
    N_("Agu"),
    N_("Sep"),
    N_("Okt"),
    N_("Nov"),
    N_("Des"),
)
"""Short names of the months."""
MOST_WEEKS: Final = 104


@dataclass(frozen=True, slots=True)
class Week:
    """From its Monday, 0.00, until before the next; Unix seconds. The present one is not `whole`."""

    monday: datetime.date
    begins_at: float
    ends_at: float
    whole: bool


def last_weeks(now: float, zone: datetime.tzinfo, count: int) -> tuple[Week, ...]:
    """Return the present week and those before it, the oldest first.

    Raises ValueError unless `count` is 1 to MOST_WEEKS.
    """
    if not 1 <= count <= MOST_WEEKS:
        raise ValueError(f"weeks must be 1 to {MOST_WEEKS}")
    today = datetime.datetime.fromtimestamp(now, zone).date()
    present = today - datetime.timedelta(days=today.weekday())
    mondays = [present + datetime.timedelta(weeks=at - count + 1) for at in range(count + 1)]
    starts = [
        datetime.datetime(monday.year, monday.month, monday.day, tzinfo=zone).timestamp()
        for monday in mondays
    ]
    return tuple(Week(mondays[at], starts[at], starts[at + 1], whole=at < count - 1) for at in range(count))


def short_date(day: datetime.date) -> str:
    """Return such as "5 Mei"."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def week_in_words(week: Week) -> str:
    """Return such as "27 Apr \u2013 3 Mei 2026"."""
    last = week.monday + datetime.timedelta(days=6)
    return f"{short_date(week.monday)} \u2013 {short_date(last)} {last.year}"
