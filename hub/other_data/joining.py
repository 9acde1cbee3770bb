"""Joins the parts of the series of other offices."""

from __future__ import annotations

from typing import Any

from hub.exports.ledger import ExportLedger
from hub.other_data.imports import OtherImports
from hub.other_data.judging import SeriesWatch
from hub.other_data.series import Note, OtherSeriesStore
from hub.week_counts import WeekCounts
from sync.clock import Clock
from sync.storage.writer import GroupCommitWriter


def join_series(
    database: Any,
    writer: GroupCommitWriter,
    clock: Clock,
    week_counts: WeekCounts,
    ledger: ExportLedger,
    note: Note,
) -> tuple[OtherSeriesStore, OtherImports, SeriesWatch]:
    """Return the series, their imports and their watch over one store."""
    series = OtherSeriesStore(database, writer, clock, week_counts, ledger, note=note)
    imports = OtherImports(database, writer, clock, series, note=note)
    return series, imports, SeriesWatch(database, writer, clock, week_counts)
