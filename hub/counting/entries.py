"""What each report counts for: read from the narrow columns of reports, forgotten ones among them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from hub.links.bulk import select_in
from hub.models import Epoch, Node, Report
from hub.retention.models import ForgottenReport
from hub.taking_time import Between, best_guess, taken_between
from sync.records import INDICATORS

REGENCY_CHARACTERS: Final = 5
MOST_LATE: Final = 26
"""Reports that come so many weeks later, or more, are counted as one delay."""
ALL: Final = "all"
HEARD: Final = "heard"
"""Not of reports: on how many days of the week a box of the village was heard."""
_AT_ONCE: Final = 500
_EPOCH_DAY: Final = datetime.date(1970, 1, 1)


class Entry(NamedTuple):
    """What a report counts for: its week, its village, what it tells, and how many weeks later it came.
    `signs` are the groups of its indicators with blanks between them; `destination` may be empty."""

    week: int
    village: str
    kind: str
    destination: str
    signs: str
    late: int

    def categories(self) -> tuple[str, ...]:
        """Return the categories of series that it counts for."""
        signs = tuple(f"indicators:{group}" for group in self.signs.split())
        where = (f"destination:{self.destination}",) if self.destination else ()
        return (ALL, f"kind:{self.kind}", *signs, *where)


class Placed(NamedTuple):
    """A report with its node and about when its epoch says that it was taken: within an epoch the differences
    are right even where the time is not known."""

    id: str
    node: int
    moment: float
    entry: Entry


def signs_of(indicators: Iterable[str] | None) -> str:
    """Return the groups of these indicators, each once, in the order of the contract."""
    ticked = set(indicators or ())
    return " ".join(dict.fromkeys(one.group for one in INDICATORS if one.code in ticked))


def week_of(moment: float, zone: datetime.tzinfo) -> int:
    """Return the Monday of a moment's week, in days from 1970-01-01."""
    day = (datetime.datetime.fromtimestamp(moment, zone).date() - _EPOCH_DAY).days
    return day - (day + 3) % 7  # 1970-01-01 was a Thursday


class Entries:
    """Reads what reports count for. Threads may share it."""

    def __init__(self, database: Any, zone: datetime.tzinfo) -> None:
        self._db = database
        self.zone = zone

    def of_reports(self, reports: Sequence[str], forgotten: Sequence[str] | None = None) -> list[Entry]:
        """Return entries of reports that are here, and of those that were forgotten (by default the same)."""
        rows = self.rows(reports, forgotten)
        starts = self._starts({bytes(row[1]) for row in rows})
        nodes = self._nodes({row[0] for row in rows})
        return [self._entry(row, nodes, starts[bytes(row[1])]) for row in rows]

    def of_epoch(
        self, reports: Sequence[str], forgotten: Sequence[str], starts: Sequence[Between]
    ) -> list[list[Entry]]:
        """Return entries of reports of one epoch, for each of the times that it may have begun at."""
        rows = self.rows(reports, forgotten)
        nodes = self._nodes({row[0] for row in rows})
        return [[self._entry(row, nodes, start) for row in rows] for start in starts]

    def of_nodes(self, numbers: Sequence[int], since: float = float("-inf")) -> Iterator[Entry]:
        """Yield the entries of all reports of some nodes that were received since a moment."""
        nodes = self._nodes(numbers)
        for model in (Report, ForgottenReport):
            for first in range(0, len(numbers), _AT_ONCE):
                here = model.node.in_(list(numbers[first : first + _AT_ONCE]))
                if since > float("-inf"):
                    here &= model.received_at >= since
                read = model.select(*_fields(model)).where(here).tuples().execute(self._db)
                rows = [row for row in read if row[2]]
                starts = self._starts({bytes(row[1]) for row in rows})
                for row in rows:
                    yield self._entry(row, nodes, starts[bytes(row[1])])

    def received_since(self, moment: float) -> list[Placed]:
        """Return all reports that were received since a moment, in their order, with what they count for."""
        rows: list[Any] = []
        for model in (Report, ForgottenReport):
            read = model.select(*_fields(model)).where(model.received_at >= moment)
            rows += [row for row in read.tuples().execute(self._db) if row[2]]
        return self._placed(sorted(rows, key=lambda row: row[4]))

    def placed(self, reports: Sequence[str]) -> list[Placed]:
        """Return these reports with what they count for."""
        return self._placed(self.rows(reports))

    def _placed(self, rows: Sequence[Any]) -> list[Placed]:
        starts = self._starts({bytes(row[1]) for row in rows})
        nodes = self._nodes({row[0] for row in rows})
        return [
            Placed(
                str(row[7]),
                int(row[0]),
                starts[bytes(row[1])].earliest + 60 * row[5],
                self._entry(row, nodes, starts[bytes(row[1])]),
            )
            for row in rows
        ]

    def rows(self, reports: Sequence[str], forgotten: Sequence[str] | None = None) -> list[Any]:
        """Return the narrow rows of reports."""
        found: list[Any] = []
        asked = ((Report, reports), (ForgottenReport, reports if forgotten is None else forgotten))
        for model, names in asked:
            found += [row for row in select_in(self._db, _fields(model), model.id, names) if row[2]]
        return found

    def villages(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the villages of nodes."""
        return {number: village for number, (village, _) in self._nodes(numbers).items()}

    def _starts(self, epochs: Iterable[bytes]) -> dict[bytes, Between]:
        rows = select_in(self._db, [Epoch.id, Epoch.start_earliest, Epoch.start_latest], Epoch.id, epochs)
        return {bytes(name): Between(earliest, latest) for name, earliest, latest in rows}

    def _nodes(self, numbers: Iterable[int]) -> dict[int, tuple[str, float]]:
        rows = select_in(self._db, [Node.number, Node.village, Node.enrolled_at], Node.number, numbers)
        return {number: (village, float(at)) for number, village, at in rows}

    def _entry(self, row: Any, nodes: Mapping[int, tuple[str, float]], start: Between) -> Entry:
        node, _, kind, destination, received_at, age_minutes, signs, _ = row
        village, enrolled_at = nodes[node]
        guess = best_guess(taken_between(start, age_minutes, received_at, enrolled_at))
        received = week_of(received_at, self.zone)
        # Nothing is taken after it is received: where the time is not known, it came at once.
        week = received if guess is None else week_of(guess, self.zone)
        late = min((received - week) // 7, MOST_LATE)
        return Entry(week, village, kind, destination or "", signs or "", late)


def _fields(model: Any) -> list[Any]:
    return [
        model.node,
        model.epoch,
        model.kind,
        model.destination,
        model.received_at,
        model.age_minutes,
        model.signs,
        model.id,
    ]
