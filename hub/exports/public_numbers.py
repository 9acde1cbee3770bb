"""Numbers for the public, by quarter. Implements `hub.exports.services.PublicNumbersServices`.

A quarter is counted once, when somebody publishes it first, and kept: two tables of one quarter, made before
and after a report came, would tell of that report by what differs.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Sequence
from typing import Any

from hub.audit.entries import REASON_MAX_CHARACTERS
from hub.exports.counting import Count, count_rows
from hub.exports.geojson import GEOJSON_TYPE, feature, pieces_of, point_of
from hub.exports.ledger import ExportLedger
from hub.exports.models import PublicTable
from hub.exports.services import ExportFile, ExportRefused
from hub.exports.suppression import Path, hidden_paths, with_totals
from hub.exports.tables import CSV_TYPE, Cell, csv_pieces
from hub.languages import N_
from hub.pictures.weeks import Week
from hub.services import SignedIn
from hub.storage.statements import insert_once
from hub.web.report_words import KIND_WORDS
from hub.week_counts import WeekCounts
from sync.areas.table import area_names
from sync.clock import Clock
from sync.records import KINDS
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

SETTLED_AFTER_DAYS = 28
"""A quarter is over for so long before it can be published: couriers bring reports late."""

OFFERED_QUARTERS = 8
HEADERS: tuple[tuple[str, str], ...] = (
    ("Kode wilayah", "#adm+code"),
    ("Wilayah", "#adm+name"),
    ("Jenis laporan", "#event+type"),
    ("Minggu mulai", "#date+start"),
    ("Jumlah", "#event+num"),
)


class PublicNumbers:
    """Counts, hides and keeps."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        ledger: ExportLedger,
        weeks: WeekCounts,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._ledger = ledger
        self._weeks, self._zone = weeks, weeks.zone

    def quarters(self) -> list[str]:
        """See `PublicNumbersServices.quarters`."""
        connect(self._db)
        kept = {row.quarter for row in PublicTable.select(PublicTable.quarter).execute(self._db)}
        today = datetime.datetime.fromtimestamp(self._clock.wall_s(), self._zone).date()
        year, number = today.year, (today.month - 1) // 3 + 1
        # The newest by themselves: however many were published, the next one is offered.
        newest: list[str] = []
        while len(newest) < OFFERED_QUARTERS:
            year, number = (year, number - 1) if number > 1 else (year - 1, 4)
            if self._is_settled(year, number):
                newest.append(f"{year}-{number}")
        return sorted(kept.union(newest), reverse=True)

    def _is_settled(self, year: int, number: int) -> bool:
        ended = weeks_of(year, number, self._zone)[-1].ends_at
        return ended + SETTLED_AFTER_DAYS * 86_400 <= self._clock.wall_s()

    def public_file(self, quarter: str, form: str, reason: str, *, who: SignedIn) -> ExportFile:
        """See `PublicNumbersServices.public_file`."""
        reason = " ".join(reason.split())
        if who.role != "supervisor" or who.areas:
            raise ExportRefused(
                N_("Angka untuk umum dibuat oleh supervisor yang melihat seluruh wilayah hub.")
            )
        if not reason or len(reason) > REASON_MAX_CHARACTERS or not reason.isprintable():
            raise ExportRefused(
                N_("Tulis untuk siapa angka ini: 1 sampai %(most)s huruf.", most=REASON_MAX_CHARACTERS)
            )
        if form not in ("csv", "geojson") or quarter not in self.quarters():
            raise ExportRefused(N_("Pilih triwulan dari daftar, dan CSV atau GeoJSON."))
        made = self._table(quarter, who)
        rows: list[list[Any]] = made["rows"]
        self._ledger.take(
            who, "public numbers exported", f"public.{form} quarter={quarter}", len(rows), reason
        )
        name = f"angka-umum-{quarter}.{form}"
        if form == "csv":
            return ExportFile(name, CSV_TYPE, csv_pieces([*_head(), *map(_cells, rows)]))
        return ExportFile(name, GEOJSON_TYPE, pieces_of([_feature(row) for row in rows]))

    def _table(self, quarter: str, who: SignedIn) -> dict[str, Any]:
        connect(self._db)
        kept = self._kept(quarter)
        if kept is None:
            match = re.fullmatch(r"(\d{4})-([1-4])", quarter)
            year, number = (int(part) for part in match.groups()) if match else (0, 0)
            weeks = weeks_of(year, number, self._zone)
            body = json.dumps({"rows": shown_rows(count_rows(self._weeks, weeks, who), weeks)})
            row = {
                "quarter": quarter,
                "body": body,
                "made_at": self._clock.wall_s(),
                "made_by": who.name,
            }
            self._writer.run(lambda: insert_once(self._db, PublicTable, row))
            kept = self._kept(quarter)
        found: dict[str, Any] = json.loads(kept.body)
        return found

    def _kept(self, quarter: str) -> Any:
        return PublicTable.select().where(PublicTable.quarter == quarter).first(self._db)


def weeks_of(year: int, number: int, zone: datetime.tzinfo) -> tuple[Week, ...]:
    """Return the weeks whose Monday lies in a quarter: 13 or 14; quarters share none."""
    first = datetime.date(year, 3 * number - 2, 1)
    after = datetime.date(year + (number == 4), 3 * number % 12 + 1, 1)
    monday = first + datetime.timedelta(days=-first.weekday() % 7)
    mondays = [monday]
    while mondays[-1] < after:
        mondays.append(mondays[-1] + datetime.timedelta(days=7))
    starts = [datetime.datetime(day.year, day.month, day.day, tzinfo=zone).timestamp() for day in mondays]
    return tuple(
        Week(day, begins_at, ends_at, whole=True)
        for day, begins_at, ends_at in zip(mondays, starts, starts[1:], strict=False)
    )


def shown_rows(counts: Sequence[Count], weeks: Sequence[Week]) -> list[list[Any]]:
    """Return [area, kind, monday, count] for each number that may be shown; None stands for all.

    Totals go from the whole hub over provinces and regencies to kinds and weeks. A regency that sent anything
    has a number for each kind and week, so that nothing and few look alike.
    """
    mondays = [week.monday.isoformat() for week in weeks]
    leaves: dict[Path, int] = {
        (one.regency.split(".")[0], one.regency, kind, monday): 0
        for one in counts
        for kind in KINDS
        for monday in mondays
    }
    for one in counts:
        leaves[one.regency.split(".")[0], one.regency, one.kind, one.monday.isoformat()] += one.count
    sums = with_totals(leaves)
    hidden = hidden_paths(sums)
    return [
        [path[min(len(path), 2) - 1] if path else None, *path[2:], *[None] * (2 - len(path[2:])), count]
        for path, count in sorted(sums.items())
        if path not in hidden
    ]


def _head() -> list[list[Cell]]:
    return [[header for header, _ in HEADERS], [tag for _, tag in HEADERS]]


def _cells(row: list[Any]) -> list[Cell]:
    area, kind, monday, count = row
    name = "seluruh wilayah hub" if area is None else area_names().name_of(area) or ""
    return [
        area or "",
        name,
        "semua" if kind is None else KIND_WORDS.get(kind, kind),
        monday or "semua",
        count,
    ]


def _feature(row: list[Any]) -> dict[str, Any]:
    area, kind, monday, count = row
    name = None if area is None else area_names().name_of(area)
    told = {"code": area, "name": name, "kind": kind, "week": monday, "count": count}
    return feature(None if area is None else point_of(area), told)
