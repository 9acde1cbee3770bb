"""Series of counts by week out of the lines of a table, put together into matrices of equal length."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from hub.signals.detection import Counts

COLUMNS = ("series", "i", "count")
MOST_COUNT = 10**9


class BadCounts(ValueError):
    """The table is not what it should be; the message is one line that says what is allowed."""


@dataclass(frozen=True)
class Table:
    """Series in the order of their first line, and their counts of the weeks 1, 2, ..."""

    names: list[str]
    counts: list[list[int]]

    def matrices(self) -> Iterator[tuple[list[int], Counts]]:
        """Yield series of one length together: their places in the table, and counts (series, weeks)."""
        by_length: dict[int, list[int]] = {}
        for place, counts in enumerate(self.counts):
            by_length.setdefault(len(counts), []).append(place)
        for places in by_length.values():
            yield places, np.array([self.counts[place] for place in places], dtype=np.float64)


def read_table(lines: Iterable[str]) -> Table:
    """Read CSV with the columns series, i and count; i counts the weeks of a series from 1 without a gap.

    Raises BadCounts.
    """
    rows = csv.reader(lines, strict=True)
    try:
        header = [name.strip() for name in next(rows, [])]
        if sorted(header) != sorted(COLUMNS):
            raise BadCounts(f"the first line names the columns {','.join(COLUMNS)}")
        places = [header.index(name) for name in COLUMNS]
        found: dict[str, dict[int, int]] = {}
        for row in rows:
            if row:
                _take_in(row, places, found, rows.line_num)
    except csv.Error:
        raise BadCounts(f"line {rows.line_num} is not CSV") from None
    if not found:
        raise BadCounts("there are no counts in it: a line is series,i,count")
    for number, weeks in enumerate(found.values(), start=1):
        if max(weeks) != len(weeks):
            raise BadCounts(
                f"series {number} of the file lacks weeks: i counts from 1 without a gap, "
                "and a week without reports has the count 0"
            )
    return Table(list(found), [[weeks[i] for i in range(1, len(weeks) + 1)] for weeks in found.values()])


def _take_in(row: list[str], places: list[int], found: dict[str, dict[int, int]], line: int) -> None:
    if len(row) != len(COLUMNS):
        raise BadCounts(f"line {line} has not three values: series,i,count")
    name, week_text, count_text = (row[place] for place in places)
    try:
        week, count = int(week_text), int(count_text)
    except ValueError:
        raise BadCounts(f"line {line}: i and count are whole numbers") from None
    if week < 1:
        raise BadCounts(f"line {line}: i counts the weeks from 1")
    if not 0 <= count <= MOST_COUNT:
        raise BadCounts(f"line {line}: a count is 0 to {MOST_COUNT}")
    weeks = found.setdefault(name, {})
    if week in weeks:
        raise BadCounts(f"line {line}: this week of this series stands there twice")
    weeks[week] = count
