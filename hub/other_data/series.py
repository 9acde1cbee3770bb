"""Series of other offices in the store. Implements `hub.other_data.services.SeriesServices`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import peewee

from hub.accounts.areas import may_see, sees
from hub.exports.ledger import ExportLedger
from hub.exports.services import ExportFile
from hub.exports.tables import CSV_TYPE, csv_pieces
from hub.languages import N_
from hub.links.bulk import select_in
from hub.other_data.cells import DataRefused
from hub.other_data.kinds import KINDS, METHODS
from hub.other_data.models import OtherCount, OtherFinding, OtherSeries
from hub.other_data.series_table import table_rows
from hub.other_data.services import (
    NAME_MAX_CHARACTERS,
    NOTE_MAX_CHARACTERS,
    STALE_WEEKS_AT_MOST,
    FoundWeek,
    SeriesCounts,
    SeriesDraft,
    SeriesRow,
    UnknownSeries,
)
from hub.other_data.units import PLACE_MAX_CHARACTERS, folded
from hub.services import SignedIn
from hub.storage.statements import insert_new
from hub.week_counts import WeekCounts, week_of
from sync.areas.table import area_table
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

Note = Callable[[SignedIn, str, str, str], object]
WEEK_DAYS: Final = 7
_FOUND_SHOWN: Final = 50
_DISTRICT_CHARACTERS: Final = 5


class OtherSeriesStore:
    """Keeps series. `note` notes a change, in its transaction. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        week_counts: WeekCounts,
        ledger: ExportLedger,
        *,
        note: Note,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._weeks = week_counts
        self._ledger = ledger
        self._note = note

    def present(self) -> int:
        """Return the Monday of the running week, in days from 1970-01-01."""
        return week_of(self._clock.wall_s(), self._weeks.zone)

    # -- looking ----------------------------------------------------------------------------------

    def rows(
        self, *, who: SignedIn, area: str = "", kind: str = "", first: int = 0, limit: int = 100
    ) -> list[SeriesRow]:
        """See `SeriesServices.rows`."""
        connect(self._db)
        wanted = OtherSeries.shown & sees(who, OtherSeries.unit)
        if area:
            wanted &= (OtherSeries.unit == area) | OtherSeries.unit.startswith(f"{area}.")
        if kind:
            wanted &= OtherSeries.kind == kind
        query = OtherSeries.select().where(wanted).order_by(OtherSeries.name, OtherSeries.id)
        return self._with_weeks(list(query.offset(first).limit(limit).execute(self._db)))

    def row(self, series: int, *, who: SignedIn) -> SeriesRow:
        """See `SeriesServices.row`."""
        return self._with_weeks([self.stored(series, who)])[0]

    def stored(self, series: int, who: SignedIn) -> Any:
        """Return the row of a series that an account may see; raise UnknownSeries."""
        connect(self._db)
        row = OtherSeries.select().where((OtherSeries.id == series) & OtherSeries.shown).first(self._db)
        if row is None or not may_see(who, row.unit):
            raise UnknownSeries
        return row

    def _with_weeks(self, rows: Sequence[Any]) -> list[SeriesRow]:
        ids = [row.id for row in rows]
        ends = (
            OtherCount.select(
                OtherCount.series, peewee.fn.MIN(OtherCount.week), peewee.fn.MAX(OtherCount.week)
            )
            .where(OtherCount.series.in_(ids))
            .group_by(OtherCount.series)
            .tuples()
        )
        spans = {series: (first, last) for series, first, last in ends.execute(self._db)} if ids else {}
        present = self.present()
        return [_row(row, *spans.get(row.id, (None, None)), present) for row in rows]

    def counts(self, series: int) -> dict[int, int]:
        """Return all counts of a series by week."""
        query = OtherCount.select(OtherCount.week, OtherCount.count).where(OtherCount.series == series)
        return dict(query.order_by(OtherCount.week).tuples().execute(self._db))

    def beside(self, rows: Sequence[SeriesRow], weeks: Sequence[int]) -> list[SeriesCounts]:
        """See `SeriesServices.beside`."""
        connect(self._db)
        counts: dict[int, dict[int, int]] = {}
        fields = [OtherCount.series, OtherCount.week, OtherCount.count]
        among = OtherCount.week.between(min(weeks), max(weeks))
        query = OtherCount.select(*fields).where(OtherCount.series.in_([row.id for row in rows]) & among)
        for series, week, count in query.tuples().execute(self._db):
            counts.setdefault(series, {})[week] = count
        found = OtherFinding.select(OtherFinding.series, OtherFinding.week).where(
            OtherFinding.series.in_([row.id for row in rows])
            & OtherFinding.week.between(min(weeks), max(weeks))
        )
        told = set(found.tuples().execute(self._db))
        reports = {unit: self._reports(unit, weeks) for unit in {row.told.unit for row in rows}}
        return [
            SeriesCounts(
                row,
                tuple(counts.get(row.id, {}).get(week) for week in weeks),
                tuple(reports[row.told.unit].get(week, 0) for week in weeks),
                tuple(at for at, week in enumerate(weeks) if (row.id, week) in told),
            )
            for row in rows
        ]

    def _reports(self, unit: str, weeks: Sequence[int]) -> dict[int, int]:
        # Whoever sees the series sees its area: the reports are asked for as somebody who sees just that.
        somebody = SignedIn("", "analyst", (unit,) if unit else ())
        sums: dict[int, int] = {}
        for one in self._weeks.by_kind(weeks, somebody):
            sums[one.week] = sums.get(one.week, 0) + one.reports
        return sums

    def found(self, series: int, *, who: SignedIn) -> list[FoundWeek]:
        """See `SeriesServices.found`."""
        self.stored(series, who)
        query = OtherFinding.select().where(OtherFinding.series == series)
        rows = query.order_by(OtherFinding.week.desc()).limit(_FOUND_SHOWN).execute(self._db)
        return [
            FoundWeek(row.week, row.rule, row.count, row.usual_low, row.usual_high, row.chance)
            for row in rows
        ]

    def export(self, series: int, *, who: SignedIn) -> ExportFile:
        """See `SeriesServices.export`."""
        row = self.row(series, who=who)
        counts = self.counts(series)
        self._ledger.take(who, "series exported", f"csv series={series}", len(counts), "")
        return ExportFile(f"data-lain-{series}.csv", CSV_TYPE, csv_pieces(table_rows(row.told, counts)))

    # -- changing ---------------------------------------------------------------------------------

    def make(self, told: SeriesDraft, *, who: SignedIn) -> int:
        """See `SeriesServices.make`."""
        told = checked(told)
        if not may_see(who, told.unit):
            raise DataRefused(N_("Wilayah seri harus di dalam wilayah Anda."))

        def job() -> int:
            if self.find(told) is not None:
                raise DataRefused(N_("Seri dengan lembaga, nama, jenis dan wilayah itu sudah ada."))
            series = self.insert(told, who, None)
            self._note(who, "series made", f"series {series}", "")
            return series

        return self._writer.run(job)

    def find(self, told: SeriesDraft, *, shown: bool = True) -> Any:
        """Return the row of the series of an office, name, kind, unit and post, or None.

        One that is not shown is of an import that was undone.
        """
        same = (
            (OtherSeries.office_key == folded(told.office))
            & (OtherSeries.name == told.name)
            & (OtherSeries.kind == told.kind)
            & (OtherSeries.unit == told.unit)
            & (OtherSeries.place == told.place)
        )
        return OtherSeries.select().where(same & (OtherSeries.shown == shown)).first(self._db)

    def insert(self, told: SeriesDraft, who: SignedIn, batch: int | None) -> int:
        """Insert a series that was checked, or show one again; call inside a job of the writer."""
        row: dict[str, object] = {
            "name": told.name,
            "office": told.office,
            "office_key": folded(told.office),
            "kind": told.kind,
            "unit": told.unit,
            "place": told.place,
            "note": told.note,
            "method": told.method,
            "settings": json.dumps(told.settings),
            "stale_weeks": told.stale_weeks,
            "made_at": self._clock.wall_s(),
            "made_by": who.name,
            "made_in": batch,
            "shown": True,
            "due": 0,
            "judged_week": None,
            "problem": "",
        }
        undone = self.find(told, shown=False)
        if undone is None:
            return insert_new(self._db, OtherSeries, **row)
        OtherSeries.update(row).where(OtherSeries.id == undone.id).execute(self._db)
        return int(undone.id)

    def change(self, series: int, told: SeriesDraft, *, who: SignedIn) -> None:
        """See `SeriesServices.change`."""
        before = self.stored(series, who)
        told = checked(
            SeriesDraft(
                name=before.name,
                office=before.office,
                kind=before.kind,
                unit=before.unit,
                place=before.place,
                note=told.note,
                method=told.method,
                settings=told.settings,
                stale_weeks=told.stale_weeks,
            )
        )

        def job() -> None:
            self._note(who, "series changed", f"series {series}", "")
            OtherSeries.update(
                note=told.note,
                method=told.method,
                settings=json.dumps(told.settings),
                stale_weeks=told.stale_weeks,
                due=OtherSeries.due + 1,
            ).where(OtherSeries.id == series).execute(self._db)

        self._writer.run(job)


def draft_of(row: Any) -> SeriesDraft:
    """Return what is told of a series, from its row."""
    return SeriesDraft(
        row.name,
        row.office,
        row.kind,
        row.unit,
        row.place,
        row.note,
        row.method,
        tuple(json.loads(row.settings)),
        row.stale_weeks,
    )


def _row(row: Any, first: int | None, last: int | None, present: int) -> SeriesRow:
    silent = 0 if last is None else max(0, (present - WEEK_DAYS - last) // WEEK_DAYS)
    waits = bool(row.due) and last is not None
    return SeriesRow(row.id, draft_of(row), first, last, silent, row.problem, waits)


def checked(told: SeriesDraft) -> SeriesDraft:
    """Return what somebody says of a series with single spaces; raise DataRefused for what is not allowed."""
    texts = {
        "name": (told.name, 1, NAME_MAX_CHARACTERS, N_("Nama")),
        "office": (told.office, 1, NAME_MAX_CHARACTERS, N_("Lembaga")),
        "place": (told.place, 0, PLACE_MAX_CHARACTERS, N_("Pos")),
        "note": (told.note, 0, NOTE_MAX_CHARACTERS, N_("Keterangan seri")),
    }
    clean = {name: " ".join(text.split()) for name, (text, *_) in texts.items()}
    for name, (_, least, most, words) in texts.items():
        if not least <= len(clean[name]) <= most:
            raise DataRefused(
                N_("%(words)s berisi %(least)s sampai %(most)s huruf.", words=words, least=least, most=most)
            )
    if told.kind not in KINDS:
        raise DataRefused(N_("Pilih jenis dari daftar."))
    if told.unit and told.unit not in area_table():
        raise DataRefused(N_("Kode wilayah seperti 53, 53.04, 53.04.05, atau 53.04.05.2003."))
    if clean["place"] and len(told.unit) < _DISTRICT_CHARACTERS:
        raise DataRefused(N_("Pos terletak di sebuah kabupaten: tulis kodenya, seperti 53.04."))
    if not 1 <= told.stale_weeks <= STALE_WEEKS_AT_MOST:
        raise DataRefused(
            N_("Minggu tanpa data sampai diberi tahu: 1 sampai %(most)s.", most=STALE_WEEKS_AT_MOST)
        )
    if told.method not in METHODS:
        raise DataRefused(N_("Pilih cara dari daftar."))
    settings = tuple(dict.fromkeys(one.strip() for one in told.settings if one.strip()))
    _check_settings(told.method, settings)
    return SeriesDraft(
        clean["name"],
        clean["office"],
        told.kind,
        told.unit,
        clean["place"],
        clean["note"],
        told.method,
        settings,
        told.stale_weeks,
    )


def _check_settings(method: str, settings: Iterable[str]) -> None:
    if not settings:
        return
    if "dir=dec" in settings:
        raise DataRefused(N_("Yang diawasi adalah lebih dari biasa: dir=dec tidak dipakai."))
    from hub.signals.detection import BadParameter
    from hub.signals.methods import METHODS as DETECTORS  # SciPy: only where somebody sets something
    from hub.signals.parameters import read_values

    try:
        read_values(DETECTORS[method].parameters, settings)
    except BadParameter as bad:
        raise DataRefused(N_("Pengaturan tidak dapat dipakai: %(why)s.", why=str(bad))) from None


def counts_by_series(database: Any, ids: Iterable[int], since: int) -> dict[int, dict[int, int]]:
    """Return the counts of series from a week on."""
    found: dict[int, dict[int, int]] = {}
    fields = [OtherCount.series, OtherCount.week, OtherCount.count]
    for series, week, count in select_in(database, fields, OtherCount.series, list(ids)):
        if week >= since:
            found.setdefault(series, {})[week] = count
    return found
