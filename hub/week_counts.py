"""How many reports were taken in which week, kept as counters, so that no picture reads the reports.

A report is counted in the transaction that places it (see `hub.cases.arrivals`), and stays counted when it is
forgotten. When a claim tells better when an epoch began, its reports move to the week that is right now.
What is counted stands in `hub.counting`; `hub.counting.checking` counts anew and compares, in pieces.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final, NamedTuple

import peewee

from hub.accounts.areas import may_see, sees
from hub.cases.models import Triage
from hub.counting.checking import Checking
from hub.counting.entries import REGENCY_CHARACTERS, Entries, week_of
from hub.counting.kept import HUB, KeptCounts, changes_of, less
from hub.links.bulk import select_in
from hub.models import Envelope, Node, Setting
from hub.services import SignedIn
from hub.storage.statements import places, put, run
from hub.taking_time import Between
from sync.identifiers import EnvelopeId, Lane
from sync.link_quality import DAY_S
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

__all__ = ["HUB", "REGENCY_CHARACTERS", "Tally", "WeekCounts", "week_of"]

_COUNTED_IN: Final = "week-counts"
"""Setting with what was counted: the version of the counters, and the time zone of their weeks."""
VERSION: Final = "2"
"""Another one makes a hub count all its reports anew at its next start."""


class Tally(NamedTuple):
    """How many reports of a kind: `week` is a Monday in days from 1970-01-01, `unit` the hub (empty) or a
    regency, `destination` empty for none and where it is not asked."""

    week: int
    unit: str
    kind: str
    destination: str
    reports: int


class WeekCounts:
    """Keeps the counters. Threads may share it."""

    def __init__(self, database: Any, writer: GroupCommitWriter, zone: datetime.tzinfo) -> None:
        self._db = database
        self._writer = writer
        self.zone = zone
        self.entries = Entries(database, zone)
        self.kept = KeptCounts(database)
        self.checking = Checking(database, writer, self.entries, self.kept)

    # -- keeping; call inside a job of the writer -------------------------------------------------

    def add(self, reports: Sequence[str]) -> None:
        """Count reports that were not counted before."""
        self.kept.add(changes_of(self.entries.of_reports(reports)))

    def move(self, epoch: bytes, before: Between, after: Between) -> None:
        """Count reports of an epoch anew that began at another time than was known; those with a place."""
        here = (Envelope.epoch == epoch) & (Envelope.lane == int(Lane.REPORT))
        counters = Envelope.select(Envelope.counter).where(here).tuples().execute(self._db)
        names = [str(EnvelopeId(epoch, Lane.REPORT, int(counter))) for (counter,) in counters]
        placed = [name for (name,) in select_in(self._db, [Triage.report], Triage.report, names)]
        old, new = self.entries.of_epoch(placed, names, (before, after))
        self.kept.add(less(changes_of(new), changes_of(old)))

    # -- counting anew ----------------------------------------------------------------------------

    def fill(self) -> None:
        """Count all reports, once for each time zone that the hub had, and for each version of the
        counters."""
        connect(self._db)
        row = Setting.select().where(Setting.key == _COUNTED_IN).first(self._db)
        if row is None or bytes(row.value).decode() != f"{VERSION} {self.zone}":
            self.rebuild()

    def rebuild(self, told: Callable[[str], None] = lambda regency: None) -> None:
        """Count all reports anew, a regency in a transaction. `told` hears of each that is done."""
        self.checking.rebuild(told=told)
        row = {"key": _COUNTED_IN, "value": f"{VERSION} {self.zone}".encode()}
        self._writer.run(lambda: put(Setting, row).execute(self._db))

    def problems(self) -> int:
        """Return how many counters differ from what the reports say; nobody waits for it."""
        return self.checking.problems()

    def jobs(self) -> list[Job]:
        """Return the nightly comparison."""
        return self.checking.jobs()

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
            village_of = self.entries.villages(nodes)
            nodes = [node for node in nodes if village_of[node][:REGENCY_CHARACTERS] in chosen]
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
        wanted = set(weeks)
        counts = Counter(
            Tally(one.week, one.village[:REGENCY_CHARACTERS], one.kind, one.destination, 0)
            for one in self.entries.of_nodes(numbers, since=(min(weeks) - 1) * DAY_S)
            if one.week in wanted
        )
        for tally, reports in counts.items():
            yield tally._replace(reports=reports)
