"""How many reports were taken in which week, kept as counters, so that no picture reads the reports.

A report is counted in the transaction that places it (see `hub.cases.arrivals`), and stays counted when it is
forgotten. When a claim tells better when an epoch began, its reports move to the week that is right now.
`rebuild` counts anew, each night `problems` compares.
"""

from __future__ import annotations

import datetime
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import peewee

from hub.accounts.areas import may_see, sees
from hub.cases.models import Triage
from hub.links.bulk import select_in
from hub.models import Envelope, Epoch, Node, Report, Setting
from hub.retention.models import ForgottenReport
from hub.services import SignedIn
from hub.storage.opening import one_state
from hub.storage.statements import places, put, run
from hub.taking_time import Between, best_guess, taken_between
from sync.identifiers import EnvelopeId, Lane
from sync.link_quality import DAY_S
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_log = logging.getLogger(__name__)

HUB: Final = ""
"""The unit of all reports of the hub; the others are the codes of regencies."""
REGENCY_CHARACTERS: Final = 5
CHECK_WITHIN_S: Final = 3_600
_COUNTED_IN: Final = "week-counts"
"""Setting with the time zone whose weeks are counted."""
_AT_ONCE: Final = 200
_KEPT_IN_MEMORY: Final = 100_000
_WINDOW_S: Final = 7 * DAY_S
_EPOCH_DAY: Final = datetime.date(1970, 1, 1)
_TABLES: Final = {
    "week_count": ("week", "unit", "kind"),
    "week_destination": ("unit", "week", "kind", "destination"),
}


class Tally(NamedTuple):
    """How many reports of a kind: `week` is a Monday in days from 1970-01-01, `unit` the hub (empty) or a
    regency, `destination` empty for none and where it is not asked."""

    week: int
    unit: str
    kind: str
    destination: str
    reports: int


Counted = tuple[int, str, str, str]
"""Week, regency, kind and destination (empty: none) of one report."""


def week_of(moment: float, zone: datetime.tzinfo) -> int:
    """Return the Monday of a moment's week, in days from 1970-01-01."""
    day = (datetime.datetime.fromtimestamp(moment, zone).date() - _EPOCH_DAY).days
    return day - (day + 3) % 7  # 1970-01-01 was a Thursday


class WeekCounts:
    """Keeps the counters. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, zone: datetime.tzinfo) -> None:
        self._db = database
        self._writer = writer
        self.zone = zone

    # -- keeping; call inside a job of the writer -------------------------------------------------

    def add(self, reports: Sequence[str]) -> None:
        """Count reports that were not counted before."""
        rows = self._rows_of(reports)
        starts = self._starts({bytes(row[1]) for row in rows})
        nodes = self._nodes({row[0] for row in rows})
        self._keep(Counter(self._counted(row, nodes, starts[bytes(row[1])]) for row in rows))

    def move(self, epoch: bytes, before: Between, after: Between) -> None:
        """Count reports of an epoch anew that began at another time than was known; those with a place."""
        here = (Envelope.epoch == epoch) & (Envelope.lane == int(Lane.REPORT))
        counters = Envelope.select(Envelope.counter).where(here).tuples().execute(self._db)
        names = [str(EnvelopeId(epoch, Lane.REPORT, int(counter))) for (counter,) in counters]
        placed = [name for (name,) in select_in(self._db, [Triage.report], Triage.report, names)]
        rows = self._rows_of(placed, names)
        nodes = self._nodes({row[0] for row in rows})
        changes = Counter(self._counted(row, nodes, after) for row in rows)
        changes.subtract(self._counted(row, nodes, before) for row in rows)
        self._keep(changes)

    def _rows_of(self, reports: Sequence[str], forgotten: Sequence[str] | None = None) -> list[Any]:
        """Return rows of reports that are here, and of those that were forgotten (by default the same)."""
        found: list[Any] = []
        asked = ((Report, reports), (ForgottenReport, reports if forgotten is None else forgotten))
        for model, names in asked:
            found += [row for row in select_in(self._db, _fields(model), model.id, names) if row[2]]
        return found

    def _starts(self, epochs: Iterable[bytes]) -> dict[bytes, Between]:
        rows = select_in(self._db, [Epoch.id, Epoch.start_earliest, Epoch.start_latest], Epoch.id, epochs)
        return {bytes(name): Between(earliest, latest) for name, earliest, latest in rows}

    def _nodes(self, numbers: Iterable[int]) -> dict[int, tuple[str, float]]:
        rows = select_in(self._db, [Node.number, Node.village, Node.enrolled_at], Node.number, numbers)
        return {number: (village[:REGENCY_CHARACTERS], float(at)) for number, village, at in rows}

    def _counted(self, row: Any, nodes: Mapping[int, tuple[str, float]], start: Between) -> Counted:
        node, _, kind, destination, received_at, age_minutes = row
        regency, enrolled_at = nodes[node]
        guess = best_guess(taken_between(start, age_minutes, received_at, enrolled_at))
        moment = received_at if guess is None else guess
        return week_of(moment, self.zone), regency, kind, destination or ""

    def _keep(self, changes: Counter[Counted], ending: str = "") -> None:
        """Add changes to the counters: of the hub and of each regency, by kind, and by destination too."""
        kinds, destinations = Counter[tuple[Any, ...]](), Counter[tuple[Any, ...]]()
        for (week, regency, kind, destination), change in changes.items():
            if change:
                for unit in (HUB, regency):
                    kinds[week, unit, kind] += change
                    destinations[unit, week, kind, destination] += change
        for (table, key), rows in zip(_TABLES.items(), (kinds, destinations), strict=True):
            changed = sorted((*place, change) for place, change in rows.items() if change)
            for start in range(0, len(changed), _AT_ONCE):
                piece = changed[start : start + _AT_ONCE]
                run(
                    self._db,
                    f"INSERT INTO {table}{ending} ({', '.join(key)}, reports) VALUES "  # noqa: S608
                    + ", ".join([places(len(key) + 1)] * len(piece))
                    + f" ON CONFLICT ({', '.join(key)}) DO UPDATE "
                    f"SET reports = {table}{ending}.reports + excluded.reports",
                    [value for row in piece for value in row],
                )

    # -- counting anew ----------------------------------------------------------------------------

    def fill(self) -> None:
        """Count all reports, once for each time zone that the hub had."""
        connect(self._db)
        row = Setting.select().where(Setting.key == _COUNTED_IN).first(self._db)
        if row is None or bytes(row.value).decode() != str(self.zone):
            self.rebuild()

    def rebuild(self) -> None:
        """Count all reports anew, in one transaction; others wait for it."""

        def job() -> None:
            for table in _TABLES:
                run(self._db, f"DELETE FROM {table}")  # noqa: S608
            self._count_all("")
            put(Setting, {"key": _COUNTED_IN, "value": str(self.zone).encode()}).execute(self._db)

        self._writer.run(job)

    def problems(self) -> int:
        """Return how many counters differ from what the reports say; nobody waits for it."""
        connect(self._db)
        with one_state(self._db):
            try:
                for table in _TABLES:
                    run(self._db, f"CREATE TEMPORARY TABLE {table}_anew AS SELECT * FROM {table} WHERE 1 = 0")  # noqa: S608
                    columns = ", ".join(_TABLES[table])
                    run(self._db, f"CREATE UNIQUE INDEX {table}_anew_key ON {table}_anew ({columns})")
                self._count_all("_anew")
                return sum(self._differing(table) for table in _TABLES)
            finally:
                for table in _TABLES:
                    run(self._db, f"DROP TABLE IF EXISTS {table}_anew")

    def _differing(self, table: str) -> int:
        columns = ", ".join((*_TABLES[table], "reports"))
        select = f"SELECT {columns} FROM "  # noqa: S608 - our own names
        kept, anew = f"{select}{table} WHERE reports <> 0", f"{select}{table}_anew WHERE reports <> 0"
        both = (
            f"SELECT COUNT(1) FROM ({kept} EXCEPT {anew}) AS one "  # noqa: S608
            f"UNION ALL SELECT COUNT(1) FROM ({anew} EXCEPT {kept}) AS other"
        )
        return sum(int(count) for (count,) in run(self._db, both).fetchall())

    def _count_all(self, ending: str) -> None:
        changes = Counter[Counted]()
        for counted in self._all():
            changes[counted] += 1
            if len(changes) >= _KEPT_IN_MEMORY:
                self._keep(changes, ending)
                changes.clear()
        waiting = [name for (name,) in run(self._db, "SELECT report FROM arrival").fetchall()]
        rows = self._rows_of(waiting)
        nodes, starts = self._nodes({row[0] for row in rows}), self._starts({bytes(row[1]) for row in rows})
        changes.subtract(self._counted(row, nodes, starts[bytes(row[1])]) for row in rows)
        self._keep(changes, ending)

    def _all(self) -> Iterator[Counted]:
        """Yield what each report counts for, week by week: no database hands out all of them at once."""
        nodes = {
            int(number): (village[:REGENCY_CHARACTERS], float(at))
            for number, village, at in Node.select(Node.number, Node.village, Node.enrolled_at)
            .tuples()
            .execute(self._db)
        }
        starts = {
            bytes(name): Between(earliest, latest)
            for name, earliest, latest in Epoch.select(Epoch.id, Epoch.start_earliest, Epoch.start_latest)
            .tuples()
            .execute(self._db)
        }
        for model in (Report, ForgottenReport):
            at = model.received_at
            first, last = model.select(peewee.fn.MIN(at), peewee.fn.MAX(at)).tuples().execute(self._db)[0]
            if first is None:
                continue
            step = max(_WINDOW_S, (last - first) / 5_000)
            while first <= last:
                window = model.select(*_fields(model)).where((at >= first) & (at < first + step))
                for row in window.tuples().execute(self._db):
                    if row[2]:
                        yield self._counted(row, nodes, starts[bytes(row[1])])
                first += step

    # -- the night --------------------------------------------------------------------------------

    def jobs(self) -> list[Job]:
        """Return the nightly comparison."""
        return [Job("week-counts", DAY_S, self._nightly, longest_s=CHECK_WITHIN_S)]

    def _nightly(self) -> None:
        differing = self.problems()
        if differing:
            _log.error("%d counters of reports by week were wrong: all are counted anew", differing)
            self.rebuild()

    # -- reading ----------------------------------------------------------------------------------

    def regencies(self, who: SignedIn) -> list[str]:
        """Return in order the regencies of the nodes that an account may see."""
        connect(self._db)
        code = peewee.fn.SUBSTR(Node.village, 1, REGENCY_CHARACTERS)
        query = Node.select(code).where(sees(who, Node.village)).distinct().tuples()
        return sorted(str(found) for (found,) in query.execute(self._db))

    def by_kind(
        self,
        weeks: Sequence[int],
        who: SignedIn,
        *,
        by_regency: bool = False,
        only: Collection[str] | None = None,
    ) -> Iterator[Tally]:
        """Yield the counters of weeks by kind, of what an account may see: of the hub, or of each regency (or
        of some of them alone)."""
        connect(self._db)
        units, nodes = self._part_of(who)
        if only is not None:
            chosen = set(only)
            places_of = self._nodes(nodes)
            nodes = [node for node in nodes if places_of[node][0] in chosen]
            units = sorted(chosen if units == [HUB] else chosen & set(units))
        if by_regency and units == [HUB]:
            condition, given = "unit <> ?", [HUB]
        else:
            condition, given = f"unit IN {places(len(units))}", units
        if weeks and given:
            asked = (
                f"SELECT week, unit, kind, reports FROM week_count WHERE week IN {places(len(weeks))} AND "  # noqa: S608
            )
            for week, unit, kind, reports in run(self._db, asked + condition, [*weeks, *given]).fetchall():
                yield Tally(int(week), unit, kind, "", int(reports))
        yield from self._of_nodes(nodes, weeks)

    def by_destination(self, weeks: Sequence[int], who: SignedIn) -> Iterator[Tally]:
        """Yield the counters of weeks by kind and destination, of what an account may see."""
        connect(self._db)
        units, nodes = self._part_of(who)
        if weeks and units:
            asked = (
                "SELECT week, unit, kind, destination, reports FROM week_destination "  # noqa: S608
                f"WHERE unit IN {places(len(units))} AND week IN {places(len(weeks))}"
            )
            for week, unit, kind, country, reports in run(self._db, asked, [*units, *weeks]).fetchall():
                yield Tally(int(week), unit, kind, country, int(reports))
        yield from self._of_nodes(nodes, weeks)

    def by_unit(self, weeks: Sequence[int], who: SignedIn, kind: str | None = None) -> dict[str, int]:
        """Return the sums of weeks by regency, of a kind or all, of what an account may see."""
        connect(self._db)
        units, nodes = self._part_of(who)
        sums: Counter[str] = Counter()
        if weeks and units:
            condition, given = (
                ("unit <> ?", units) if units == [HUB] else (f"unit IN {places(len(units))}", units)
            )
            condition += "" if kind is None else " AND kind = ?"
            asked = (
                "SELECT unit, SUM(reports) FROM week_count "  # noqa: S608
                f"WHERE week IN {places(len(weeks))} AND {condition} GROUP BY unit"
            )
            values = [*weeks, *given] if kind is None else [*weeks, *given, kind]
            sums.update({unit: int(count) for unit, count in run(self._db, asked, values).fetchall()})
        for one in self._of_nodes(nodes, weeks):
            if kind in (None, one.kind):
                sums[one.unit] += one.reports
        return {unit: count for unit, count in sums.items() if count}

    def placed(self, kind: str | None = None) -> int:
        """Return how many reports have their place, of a kind or all, those that were forgotten too."""
        connect(self._db)
        one_kind = "" if kind is None else " AND kind = ?"
        asked = f"SELECT SUM(reports) FROM week_count WHERE unit = ?{one_kind}"  # noqa: S608 - our own words
        found = run(self._db, asked, [HUB] if kind is None else [HUB, kind]).fetchone()
        return int(found[0] or 0)

    def _part_of(self, who: SignedIn) -> tuple[list[str], list[int]]:
        """Return the units that an account sees wholly, and its nodes that lie in none of these."""
        if not who.areas:
            return [HUB], []
        seen = Node.select(Node.number, Node.village).where(sees(who, Node.village)).tuples()
        whole = SignedIn("", "analyst", tuple(area for area in who.areas if len(area) <= REGENCY_CHARACTERS))
        units, nodes = set(), []
        for number, village in seen.execute(self._db):
            if whole.areas and may_see(whole, village):
                units.add(village[:REGENCY_CHARACTERS])
            else:
                nodes.append(int(number))
        return sorted(units), nodes

    def _of_nodes(self, numbers: Sequence[int], weeks: Sequence[int]) -> Iterator[Tally]:
        """Count the reports of a few nodes: nothing is taken after it is received."""
        if not numbers or not weeks:
            return
        since = (min(weeks) - 1) * DAY_S
        rows: list[Any] = []
        for model in (Report, ForgottenReport):
            query = model.select(*_fields(model)).where(
                model.node.in_(list(numbers)) & (model.received_at >= since)
            )
            rows += [row for row in query.tuples().execute(self._db) if row[2]]
        nodes, starts = self._nodes(numbers), self._starts({bytes(row[1]) for row in rows})
        counts = Counter(self._counted(row, nodes, starts[bytes(row[1])]) for row in rows)
        wanted = set(weeks)
        for (week, unit, kind, country), reports in counts.items():
            if week in wanted:
                yield Tally(week, unit, kind, country, reports)


def _fields(model: Any) -> list[Any]:
    return [model.node, model.epoch, model.kind, model.destination, model.received_at, model.age_minutes]
