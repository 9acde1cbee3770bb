"""A series as the rows of a CSV, with its header and HXL hashtags. Pure; `docs/exports.md` lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from hub.exports.tables import Cell
from hub.languages import speaking
from hub.other_data.kinds import KINDS
from hub.other_data.services import SeriesDraft
from hub.other_data.week_words import day_at
from sync.areas.table import area_names

SERIES_COLUMNS: Final = {
    "Seri": "#indicator+name",
    "Lembaga": "#org+name",
    "Jenis": "#indicator+type",
    "Kode wilayah": "#adm+code",
    "Wilayah": "#adm+name",
    "Pos": "#loc+post+name",
    "Minggu mulai": "#date+start",
    "Jumlah": "#indicator+num",
}


def table_rows(told: SeriesDraft, counts: Mapping[int, int]) -> Iterator[list[Cell]]:
    """Yield header, hashtags and a row a week that has a number, the oldest first."""
    yield list(SERIES_COLUMNS)
    yield list(SERIES_COLUMNS.values())
    name = area_names().name_of(told.unit) if told.unit else None
    with speaking("id"):
        kind = str(KINDS[told.kind])
    for week, count in sorted(counts.items()):
        day = day_at(week).isoformat()
        yield [told.name, told.office, kind, told.unit, name or "", told.place, day, count]
