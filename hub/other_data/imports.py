"""Imports of counts: drafts, carrying out, undoing. Implements `OtherImportServices`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from hub.accounts.areas import may_see
from hub.cases.states import REASON_MAX_CHARACTERS
from hub.languages import N_
from hub.other_data.cells import Cells, DataRefused, Line, read_cells
from hub.other_data.counting import Reading, read_counts
from hub.other_data.mapping import MEANINGS, propose, remembered, to_remember, with_order
from hub.other_data.mapping import Mapping as ColumnMapping
from hub.other_data.models import (
    OtherChange,
    OtherCount,
    OtherFinding,
    OtherImport,
    OtherMapping,
    OtherSeries,
)
from hub.other_data.personal import LeftOut, without_people
from hub.other_data.series import OtherSeriesStore, counts_by_series, draft_of
from hub.other_data.services import (
    DONE,
    DRAFT,
    DROPPED,
    UNDONE,
    Changed,
    DraftView,
    ImportLine,
    ImportView,
    SeriesDraft,
    UnknownSeries,
)
from hub.other_data.units import PLACE_MAX_CHARACTERS, Unit, folded
from hub.services import SignedIn
from hub.storage.statements import insert_new, insert_rows, put
from sync.areas.table import area_table
from sync.clock import Clock
from sync.scheduling import Job
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

DRAFT_KEPT_S: Final = 86_400
DRAFTS_EVERY_S: Final = 3_600
CHANGED_SHOWN: Final = 100
_LISTED: Final = 30
_AT_ONCE: Final = 150
_DROP: Final = {"state": DROPPED, "cells": "", "mapping": "", "left_out": ""}


class OtherImports:
    """Keeps imports. `note` notes a change, in its transaction. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        series: OtherSeriesStore,
        *,
        note: Callable[[SignedIn, str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._series = series
        self._note = note

    # -- looking ----------------------------------------------------------------------------------

    def of_series(self, series: int, *, who: SignedIn) -> list[ImportLine]:
        """See `OtherImportServices.of_series`."""
        self._series.stored(series, who)
        brought = OtherChange.select(OtherChange.batch).where(OtherChange.series == series)
        mine = (OtherImport.state == DRAFT) & (OtherImport.made_by == who.name)
        query = OtherImport.select().where(
            (OtherImport.state.in_((DONE, UNDONE)) | mine)
            & ((OtherImport.series == series) | OtherImport.id.in_(brought))
        )
        return [_line(row) for row in query.order_by(OtherImport.id.desc()).limit(_LISTED).execute(self._db)]

    def view(self, batch: int, *, who: SignedIn) -> ImportView:
        """See `OtherImportServices.view`."""
        row = self._row(batch, who)
        series = self._series.row(row.series, who=who)
        if row.state != DRAFT:
            changed = self._changed_by(batch, who)
            return ImportView(_line(row), series, None, tuple(changed[:CHANGED_SHOWN]), len(changed), 0)
        cells, mapping, reading = self._read(row, who)
        new, written = self._compared(series.told, reading)
        changed = [one for one in written if isinstance(one, Changed)]
        draft = DraftView(
            cells.headings,
            mapping,
            tuple(LeftOut(*one) for one in json.loads(row.left_out)),
            reading,
            tuple(new),
        )
        same = sum(one is None for one in written)
        return ImportView(_line(row), series, draft, tuple(changed[:CHANGED_SHOWN]), len(changed), same)

    def _row(self, batch: int, who: SignedIn) -> Any:
        connect(self._db)
        row = OtherImport.select().where(OtherImport.id == batch).first(self._db)
        if row is None or row.state == DROPPED:
            raise UnknownSeries
        old = row.made_at < self._clock.wall_s() - DRAFT_KEPT_S  # the next turn empties it
        if row.state == DRAFT and (old or row.made_by != who.name):
            raise UnknownSeries
        self._series.stored(row.series, who)
        return row

    def _draft(self, batch: int, who: SignedIn) -> Any:
        row = self._row(batch, who)
        if row.state != DRAFT:
            raise DataRefused(N_("Impor ini sudah dilakukan."))
        return row

    def _read(self, row: Any, who: SignedIn) -> tuple[Cells, ColumnMapping, Reading]:
        cells, mapping = _cells(row.cells), ColumnMapping.from_json(json.loads(row.mapping))
        template = self._series.stored(row.series, who)
        whole = Unit(template.unit, template.place)
        reading = read_counts(cells, mapping, whole, self._series.present(), lambda area: may_see(who, area))
        return cells, mapping, reading

    def _compared(
        self, template: SeriesDraft, reading: Reading
    ) -> tuple[list[Unit], list[Changed | int | None]]:
        """Return the units without a series, and for each count a change, a new count, or None: the same."""
        new: list[Unit] = []
        written: list[Changed | int | None] = []
        for unit, counts in reading.counts.items():
            found = self._series.find(replace(template, unit=unit.area, place=unit.place))
            if found is None:
                new.append(unit)
            stands = {} if found is None else self._series.counts(found.id)
            for week, count in sorted(counts.items()):
                before = stands.get(week)
                if before is None:
                    written.append(count)
                else:
                    written.append(None if before == count else Changed(unit, week, before, count))
        return new, written

    def _changed_by(self, batch: int, who: SignedIn) -> list[Changed]:
        joined = OtherChange.select(
            OtherSeries.unit, OtherSeries.place, OtherChange.week, OtherChange.before, OtherChange.after
        ).join(OtherSeries, on=(OtherSeries.id == OtherChange.series))
        query = joined.where((OtherChange.batch == batch) & OtherChange.before.is_null(False))
        rows = query.order_by(OtherChange.series, OtherChange.week).tuples().execute(self._db)
        return [
            Changed(Unit(unit, place), week, before, after)
            for unit, place, week, before, after in rows
            if may_see(who, unit)
        ]

    # -- drafts -----------------------------------------------------------------------------------

    def upload(self, series: int, content: bytes, *, who: SignedIn) -> int:
        """See `OtherImportServices.upload`."""
        template = self._series.stored(series, who)
        cells, left_out = without_people(read_cells(content))
        office = OtherMapping.select().where(OtherMapping.office_key == template.office_key).first(self._db)
        kept = None if office is None else json.loads(office.mapping)
        mapping = remembered(cells, propose(cells), kept)

        def job() -> int:
            batch = insert_new(
                self._db,
                OtherImport,
                series=series,
                office=template.office,
                state=DRAFT,
                made_at=self._clock.wall_s(),
                made_by=who.name,
                cells=json.dumps(
                    [cells.headings, [[line.number, *line.cells] for line in cells.lines]],
                    ensure_ascii=False,
                ),
                mapping=json.dumps(mapping.to_json(), ensure_ascii=False),
                left_out=json.dumps(left_out, ensure_ascii=False),
                numbers=0,
            )
            self._note(who, "series file uploaded", f"series-import {batch}", "")
            return batch

        return self._writer.run(job)

    def set_mapping(
        self, batch: int, columns: Sequence[str], order: str, units: Mapping[str, Unit], *, who: SignedIn
    ) -> None:
        """See `OtherImportServices.set_mapping`."""
        row = self._draft(batch, who)
        cells = _cells(row.cells)
        if len(columns) != len(cells.headings) or not set(columns) <= {"", *MEANINGS}:
            raise DataRefused(N_("Pilih arti tiap kolom dari daftar."))
        before = ColumnMapping.from_json(json.loads(row.mapping))
        told = dict(before.units)
        for word, unit in units.items():
            told[folded(word)] = _checked_unit(unit)
        new = ColumnMapping(tuple(columns), "dm" if order == "dm" else "md" if order == "md" else "", told)
        kept = json.dumps(with_order(cells, new).to_json(), ensure_ascii=False)

        def job() -> None:
            self._draft(batch, who)
            OtherImport.update(mapping=kept).where(OtherImport.id == batch).execute(self._db)

        self._writer.run(job)

    def drop(self, batch: int, *, who: SignedIn) -> None:
        """See `OtherImportServices.drop`."""

        def job() -> None:
            self._draft(batch, who)
            OtherImport.update(_DROP).where(OtherImport.id == batch).execute(self._db)

        self._writer.run(job)

    def jobs(self) -> list[Job]:
        """Return the turn that empties old drafts."""
        return [Job("series-drafts", DRAFTS_EVERY_S, self.empty_old_drafts)]

    def empty_old_drafts(self) -> None:
        """Empty what was uploaded a day ago and not carried out."""
        old = (OtherImport.state == DRAFT) & (OtherImport.made_at < self._clock.wall_s() - DRAFT_KEPT_S)
        self._writer.run(lambda: OtherImport.update(_DROP).where(old).execute(self._db))

    # -- carrying out and undoing -----------------------------------------------------------------

    def carry_out(self, batch: int, *, who: SignedIn) -> int:
        """See `OtherImportServices.carry_out`."""
        row = self._draft(batch, who)
        # Reading takes seconds for a large file: not in the writer, for which villages wait.
        cells, mapping, reading = self._read(row, who)
        if reading.problem:
            raise DataRefused(reading.problem)
        template = draft_of(self._series.stored(row.series, who))

        def job() -> int:
            now = self._draft(batch, who)
            if now.mapping != row.mapping:
                raise DataRefused(N_("Arti kolom baru saja diubah. Lihat lagi, lalu impor."))
            self._note(who, "series imported", f"series-import {batch}", "")
            taken = sum(
                self._take_in(batch, replace(template, unit=unit.area, place=unit.place), counts, who)
                for unit, counts in reading.counts.items()
            )
            if not taken:
                raise DataRefused(N_("Semua angka dalam berkas ini sudah ada."))
            done = {"state": DONE, "cells": "", "mapping": "", "left_out": "", "numbers": taken}
            OtherImport.update(done).where(OtherImport.id == batch).execute(self._db)
            kept = json.dumps(to_remember(cells, mapping), ensure_ascii=False)
            put(OtherMapping, {"office_key": folded(template.office), "mapping": kept}).execute(self._db)
            return taken

        return self._writer.run(job)

    def _take_in(self, batch: int, told: SeriesDraft, counts: Mapping[int, int], who: SignedIn) -> int:
        found = self._series.find(told)
        series = self._series.insert(told, who, batch) if found is None else found.id
        query = OtherCount.select(OtherCount.week, OtherCount.count, OtherCount.batch)
        stands = {
            week: (count, by)
            for week, count, by in query.where(OtherCount.series == series).tuples().execute(self._db)
        }
        changes = [
            {
                "batch": batch,
                "series": series,
                "week": week,
                "before": stands[week][0] if week in stands else None,
                "before_batch": stands[week][1] if week in stands else None,
                "after": count,
            }
            for week, count in sorted(counts.items())
            if week not in stands or stands[week][0] != count
        ]
        for start in range(0, len(changes), _AT_ONCE):
            piece = changes[start : start + _AT_ONCE]
            insert_rows(self._db, OtherChange, piece)
            rows = [
                {"series": series, "week": one["week"], "count": one["after"], "batch": batch}
                for one in piece
            ]
            put(OtherCount, rows).execute(self._db)
        if changes:
            self._judge_again(series, [int(str(one["week"])) for one in changes])
        return len(changes)

    def _judge_again(self, series: int, weeks: Sequence[int]) -> None:
        """Take back what was found in weeks whose counts change; call inside a job of the writer."""
        for start in range(0, len(weeks), _AT_ONCE):
            here = (OtherFinding.series == series) & OtherFinding.week.in_(weeks[start : start + _AT_ONCE])
            OtherFinding.delete().where(here).execute(self._db)
        again = OtherSeries.update(due=OtherSeries.due + 1).where(OtherSeries.id == series)
        again.execute(self._db)

    def undo(self, batch: int, reason: str, *, who: SignedIn) -> None:
        """See `OtherImportServices.undo`."""

        def job() -> None:
            row = self._row(batch, who)
            if row.state != DONE:
                raise DataRefused(N_("Hanya impor yang sudah dilakukan dapat dibatalkan, dan hanya sekali."))
            why = " ".join(reason.split())
            if not 1 <= len(why) <= REASON_MAX_CHARACTERS:
                raise DataRefused(
                    N_("Tulis alasannya, paling banyak %(most)s huruf.", most=REASON_MAX_CHARACTERS)
                )
            self._note(who, "series import undone", f"series-import {batch}", why)
            by_series: dict[int, list[Any]] = {}
            query = OtherChange.select().where(OtherChange.batch == batch)
            for change in query.order_by(OtherChange.series, OtherChange.week).execute(self._db):
                by_series.setdefault(change.series, []).append(change)
            for series, changes in by_series.items():
                self._put_back(batch, series, changes, who)
            OtherImport.update(state=UNDONE).where(OtherImport.id == batch).execute(self._db)

        self._writer.run(job)

    def _put_back(self, batch: int, series: int, changes: Sequence[Any], who: SignedIn) -> None:
        row = OtherSeries.select().where(OtherSeries.id == series).get(self._db)
        if not may_see(who, row.unit):
            raise DataRefused(N_("Impor ini juga mengubah wilayah lain. Minta petugas seluruh wilayahnya."))
        stands = counts_and_batches(self._db, series)
        later = {stands.get(one.week, 0) for one in changes} - {batch}
        if later:
            raise DataRefused(
                N_(
                    "Impor %(later)s mengubah minggu yang sama sesudahnya: batalkan itu dulu.",
                    later=max(later),
                )
            )
        for one in changes:
            here = (OtherCount.series == series) & (OtherCount.week == one.week)
            if one.before is None:
                OtherCount.delete().where(here).execute(self._db)
            else:
                before = {"count": one.before, "batch": one.before_batch}
                OtherCount.update(before).where(here).execute(self._db)
        self._judge_again(series, [one.week for one in changes])
        if row.made_in == batch and not counts_by_series(self._db, [series], 0):
            # The log of accesses names its number: none is given to another series.
            OtherSeries.update(shown=False).where(OtherSeries.id == series).execute(self._db)


def counts_and_batches(database: Any, series: int) -> dict[int, int]:
    """Return which import brought the count of each week of a series."""
    query = OtherCount.select(OtherCount.week, OtherCount.batch).where(OtherCount.series == series)
    return dict(query.tuples().execute(database))


def _checked_unit(unit: Unit) -> Unit:
    place = " ".join(unit.place.split())
    if unit.area and unit.area not in area_table():
        raise DataRefused(N_("Kode wilayah seperti 53, 53.04, 53.04.05, atau 53.04.05.2003."))
    if len(place) > PLACE_MAX_CHARACTERS or (place and len(unit.area) < 5):
        raise DataRefused(N_("Pos terletak di sebuah kabupaten: tulis kodenya, seperti 53.04."))
    return Unit(unit.area, place)


def _cells(text: str) -> Cells:
    headings, lines = json.loads(text)
    return Cells(tuple(headings), tuple(Line(line[0], tuple(line[1:])) for line in lines))


def _line(row: Any) -> ImportLine:
    return ImportLine(row.id, row.series, row.office, row.state, row.made_at, row.made_by, row.numbers)
