"""Counters of routes by week: how many reports tell of a way from a province or regency, through, to.

A report is counted in the transaction that places it, in the week in which the hub received it, and stays
counted when it is forgotten, as `hub.week_counts` has it. A route is sealed with its report, so the counters
are not counted anew each night; a hub that was upgraded counts the weeks that the picture shows, once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from hub.accounts.areas import may_see, sees
from hub.cases.models import Arrival
from hub.flows.transit import transit_of
from hub.models import Node, Report, Setting
from hub.picture_services import Flow
from hub.retention.contents import ReportContents
from hub.services import SignedIn
from hub.storage.statements import places, put, run
from hub.week_counts import REGENCY_CHARACTERS, week_of
from sync.areas.table import area_table
from sync.clock import Clock
from sync.link_quality import DAY_S
from sync.records import check_report
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

PROVINCE_CHARACTERS: Final = 2
SHOWN_WEEKS: Final = 27
"""So many weeks an upgraded hub counts: those that the picture can show."""
_FILLED: Final = "flows-filled"
_AT_ONCE: Final = 500
_COLUMNS: Final = "unit, week, kind, through, destination"
Counted = tuple[str, int, str, str, str]
"""Village, week, kind, through and destination of one report."""


class FlowCounts:
    """Keeps and reads the counters. Threads may share it."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, clock: Clock, zone: Any, contents: ReportContents
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._zone = zone
        self._contents = contents

    # -- keeping; call inside a job of the writer -------------------------------------------------

    def add(self, reports: Sequence[str]) -> None:
        """Count reports that were not counted before; those that were forgotten already tell nothing."""
        query = Report.select().where(Report.id.in_(list(reports)))
        self._keep(self._counted(query.execute(self._db)))

    def _counted(self, rows: Iterable[Any]) -> list[Counted]:
        found = self._contents.reports(rows)
        query = Node.select(Node.number, Node.village).where(Node.number.in_({row.node for row in found}))
        villages = dict(query.tuples().execute(self._db))
        counted = []
        for row in found:
            report = check_report(json.loads(row.body))
            offer = report.offer
            country = "" if offer is None else offer.destination or ""
            through = transit_of(
                None if offer is None else offer.route,
                country,
                by_sea="sea_route" in (report.indicators or ()),
            )
            week = week_of(row.received_at, self._zone)
            counted.append((str(villages[row.node]), week, report.kind, through, country))
        return counted

    def _keep(self, counted: Iterable[Counted]) -> None:
        sums = Counter(
            (village[:characters], *rest)
            for village, *rest in counted
            for characters in (PROVINCE_CHARACTERS, REGENCY_CHARACTERS)
        )
        rows = sorted((*key, count) for key, count in sums.items())
        for start in range(0, len(rows), 200):
            piece = rows[start : start + 200]
            run(
                self._db,
                f"INSERT INTO week_flow ({_COLUMNS}, reports) VALUES "  # noqa: S608 - our own names
                + ", ".join([places(6)] * len(piece))
                + f" ON CONFLICT ({_COLUMNS}) DO UPDATE SET reports = week_flow.reports + excluded.reports",
                [value for row in piece for value in row],
            )

    def fill(self) -> None:
        """Count what came before there were counters, once: the weeks that the picture shows."""
        connect(self._db)
        if Setting.select().where(Setting.key == _FILLED).exists(self._db):
            return
        since = self._clock.wall_s() - SHOWN_WEEKS * 7 * DAY_S

        def job() -> None:
            run(self._db, "DELETE FROM week_flow")
            waiting = Arrival.select(Arrival.report)
            after = (since, "")
            while True:
                later = (Report.received_at > after[0]) | (
                    (Report.received_at == after[0]) & (Report.id > after[1])
                )
                query = Report.select().where(
                    (Report.received_at >= after[0]) & later & Report.id.not_in(waiting)
                )
                rows = list(query.order_by(Report.received_at, Report.id).limit(_AT_ONCE).execute(self._db))
                if not rows:
                    break
                after = (rows[-1].received_at, rows[-1].id)
                self._keep(self._counted(rows))
            put(Setting, {"key": _FILLED, "value": b"1"}).execute(self._db)

        self._writer.run(job)

    # -- reading ----------------------------------------------------------------------------------

    def flows(
        self, weeks: Sequence[int], kind: str | None, province: str | None, who: SignedIn
    ) -> list[Flow]:
        """Return the ways of weeks, of what an account may see: from provinces, or from the regencies of one;
        accounts with areas see regencies. The most reports first."""
        connect(self._db)
        units, nodes = self._part_of(who, province)
        sums: Counter[tuple[str, str, str]] = Counter()
        if units and weeks:
            asked = (
                "SELECT unit, through, destination, SUM(reports) FROM week_flow "  # noqa: S608 - our own names
                f"WHERE unit IN {places(len(units))} AND week IN {places(len(weeks))}"
                + (" AND kind = ?" if kind else "")
                + " GROUP BY unit, through, destination"
            )
            given = [*units, *weeks, *([kind] if kind else [])]
            for unit, through, country, reports in run(self._db, asked, given).fetchall():
                sums[str(unit), str(through), str(country)] += int(reports)
        for village, _, _, through, country in self._of_nodes(nodes, weeks, kind):
            sums[village[:REGENCY_CHARACTERS], through, country] += 1
        ordered = sorted(sums.items(), key=lambda one: (-one[1], one[0]))
        return [Flow(*place, reports) for place, reports in ordered if reports]

    def _part_of(self, who: SignedIn, province: str | None) -> tuple[list[str], list[int]]:
        """Return the units that an account sees wholly, and its nodes that lie in none of these."""
        if not who.areas:
            table = area_table()
            return (table.children_of() if province is None else table.children_of(province)), []
        seen = Node.select(Node.number, Node.village).where(sees(who, Node.village)).tuples()
        whole = SignedIn("", "analyst", tuple(area for area in who.areas if len(area) <= REGENCY_CHARACTERS))
        units, nodes = set(), []
        for number, village in seen.execute(self._db):
            if province is not None and not village.startswith(province):
                continue
            if whole.areas and may_see(whole, village):
                units.add(village[:REGENCY_CHARACTERS])
            else:
                nodes.append(int(number))
        return sorted(units), nodes

    def _of_nodes(self, numbers: Sequence[int], weeks: Sequence[int], kind: str | None) -> Iterator[Counted]:
        """Yield what the reports of a few nodes count for."""
        if not numbers or not weeks:
            return
        since = (min(weeks) - 1) * DAY_S
        query = Report.select().where(Report.node.in_(list(numbers)) & (Report.received_at >= since))
        wanted = set(weeks)
        for one in self._counted(query.execute(self._db)):
            if one[1] in wanted and kind in (None, one[2]):
                yield one
