"""Weeks as offices write them, as the Monday in days from 1970-01-01. Pure.

A week is one of ISO 8601: from Monday on, the first has the year's first Thursday.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from typing import Final, Literal

from hub.languages import N_
from hub.other_data.cells import DataRefused

Order = Literal["", "dm", "md"]
"""Whether the day or the month comes first; empty: not told."""
EPOCH: Final = datetime.date(1970, 1, 1)
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2199
_WEEK: Final = re.compile(r"(\d{4})[-/. ]?w[- ]?(\d{1,2})(?:-[1-7])?")
_WEEK_WORDS: Final = re.compile(
    r"(?:w|m|minggu|pekan|week)[ -]*(?:ke[ -]*)?(\d{1,2})(?:[ ,/-]+(?:tahun |of )?|)(\d{4})"
)
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_PLAIN: Final = re.compile(r"((?:19|20|21)\d\d)(\d\d)(\d\d)")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_TIME: Final = re.compile(r"[t ]\d{1,2}[:.]\d\d(?:[:.]\d\d(?:\.\d+)?)?(?:z|[+-]\d\d:?\d\d)?\Z")
_BETWEEN: Final = re.compile(r"( - | – |\bs/d\b|\bs\.d\.|\bsampai\b| to )")
_DAY_NAMES: Final = re.compile(r"\A[a-z'’]+, *")
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            *("jan januari january", "feb februari february peb", "mar maret march", "apr april"),
            *("mei may", "jun juni june", "jul juli july", "agu agt ags agustus aug august"),
            *(
                "sep sept september",
                "okt oktober oct october",
                "nov november nop",
                "des desember dec december",
            ),
        ),
        1,
    )
    for name in names.split()
}
_DAY_MONTH: Final = re.compile(r"(\d{1,2})[ -]([a-z]+)\.?[ -](\d{4})")
_MONTH_DAY: Final = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})")


def monday_of(day: datetime.date) -> int:
    """Return the Monday of a day's week, in days from 1970-01-01."""
    return (day - datetime.timedelta(days=day.weekday()) - EPOCH).days


def day_at(days: int) -> datetime.date:
    """Return the day that is so many days after 1970-01-01."""
    return EPOCH + datetime.timedelta(days=days)


def iso_week(year: int, week: int) -> int | None:
    """Return the Monday of a week of a year, in days from 1970-01-01; None where there is none."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return (datetime.date.fromisocalendar(year, week, 1) - EPOCH).days
    except ValueError:
        return None


def week_in(cell: str) -> int | None:
    """Return the Monday of a week that is written as one, such as 2026-W47 or "minggu 47 2026"."""
    text = cell.strip().lower()
    if match := _WEEK.fullmatch(text):
        return iso_week(int(match[1]), int(match[2]))
    if match := _WEEK_WORDS.fullmatch(text):
        return iso_week(int(match[2]), int(match[1]))
    return None


def day_in(cell: str, order: Order) -> datetime.date | None:
    """Return the day that a cell names, or None. Without an order a day such as 03/04/2026 is none."""
    found = _days_in(cell)
    if order:
        return found.get(order)
    days = set(found.values())
    return days.pop() if len(days) == 1 and len(found) == 2 else None


def is_day(cell: str) -> bool:
    """Tell whether a cell names a day in one order or the other."""
    return bool(_days_in(cell))


def order_of(cells: Iterable[str]) -> Order:
    """Return what the days of a column tell of their order; empty where they leave it open.

    "dm" as well where nothing depends on it. Raises DataRefused for a column that mixes both.
    """
    seen: set[Order] = set()
    open_ = False
    for cell in cells:
        found = _days_in(cell)
        if len(found) == 1:
            seen.update(found)
        elif len(set(found.values())) > 1:
            open_ = True
    if len(seen) > 1:
        raise DataRefused(
            N_("Tanggal bercampur: ada yang hari dulu, ada yang bulan dulu. Tulis semua seperti 2026-11-16.")
        )
    if seen:
        return seen.pop()
    return "" if open_ else "dm"


def _days_in(cell: str) -> dict[Order, datetime.date]:
    """Return the day of a cell by the order in which it can be read; both where no order is needed.

    Of two days of one week, such as 16/11/2026 - 22/11/2026, it is the first.
    """
    text = cell.strip().lower()
    first, between, last = _BETWEEN.split(text, 1) if _BETWEEN.search(text) else (text, "", "")
    if not between:
        return _one_day_in(text)
    begins, ends = _one_day_in(first), _one_day_in(last)
    return {
        order: day
        for order, day in begins.items()
        if order in ends and day <= ends[order] and monday_of(day) == monday_of(ends[order])
    }


def _one_day_in(text: str) -> dict[Order, datetime.date]:
    text = _TIME.sub("", text.strip())
    text = _DAY_NAMES.sub("", text)
    if match := _YEAR_FIRST.fullmatch(text) or _PLAIN.fullmatch(text):
        return _both(match[1], match[2], match[3])
    if (match := _DAY_MONTH.fullmatch(text)) and match[2] in _MONTHS:
        return _both(match[3], str(_MONTHS[match[2]]), match[1])
    if (match := _MONTH_DAY.fullmatch(text)) and match[1] in _MONTHS:
        return _both(match[3], str(_MONTHS[match[1]]), match[2])
    if match := _YEAR_LAST.fullmatch(text):
        found: dict[Order, datetime.date] = {}
        if (day_first := _day(match[3], match[2], match[1])) is not None:
            found["dm"] = day_first
        if (month_first := _day(match[3], match[1], match[2])) is not None:
            found["md"] = month_first
        return found
    return {}


def _both(year: str, month: str, day: str) -> dict[Order, datetime.date]:
    found = _day(year, month, day)
    return {} if found is None else {"dm": found, "md": found}


def _day(year: str, month: str, day: str) -> datetime.date | None:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
