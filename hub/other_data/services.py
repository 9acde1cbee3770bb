"""What pages and commands ask of the series of other offices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from hub.exports.services import ExportFile
from hub.other_data.counting import Reading
from hub.other_data.kinds import OWN_RULE
from hub.other_data.mapping import Mapping as ColumnMapping
from hub.other_data.personal import LeftOut
from hub.other_data.units import Unit
from hub.services import SignedIn

NAME_MAX_CHARACTERS: Final = 80
NOTE_MAX_CHARACTERS: Final = 500
STALE_WEEKS: Final = 4
STALE_WEEKS_AT_MOST: Final = 104
DRAFT, DONE, UNDONE, DROPPED = "draft", "done", "undone", "dropped"


class UnknownSeries(Exception):
    """No series or import has that number, or it lies beyond the areas of who asks."""


@dataclass(frozen=True)
class SeriesDraft:
    """What somebody says of a series. `settings` are "parameter=value", as for `kentongan hub detect`."""

    name: str
    office: str
    kind: str
    unit: str = ""
    place: str = ""
    note: str = ""
    method: str = OWN_RULE
    settings: tuple[str, ...] = ()
    stale_weeks: int = STALE_WEEKS


@dataclass(frozen=True)
class SeriesRow:
    """One series. Weeks are Mondays in days from 1970-01-01, None where there is none; `problem` is one
    of `PROBLEM_WORDS` that says why it could not be judged, or empty; `waits` that it will be
    within minutes."""

    id: int
    told: SeriesDraft
    first_week: int | None
    last_week: int | None
    silent_weeks: int
    """Whole weeks since the last one with a number."""
    problem: str
    waits: bool

    @property
    def unit(self) -> Unit:
        """Return what is counted."""
        return Unit(self.told.unit, self.told.place)

    @property
    def stale(self) -> bool:
        """Tell whether it has had no number for longer than its office takes."""
        return self.last_week is not None and self.silent_weeks > self.told.stale_weeks


@dataclass(frozen=True)
class FoundWeek:
    """A finding as a page shows it."""

    week: int
    rule: str
    count: float
    usual_low: float
    usual_high: float
    chance: float


@dataclass(frozen=True)
class SeriesCounts:
    """A series beside the reports of its area, week by week: None where there is no number. `found` are the
    places of weeks that its method found."""

    row: SeriesRow
    counts: tuple[int | None, ...]
    reports: tuple[int, ...]
    found: tuple[int, ...]


@dataclass(frozen=True)
class Changed:
    """A count that an import changes or changed."""

    unit: Unit
    week: int
    before: int
    after: int


@dataclass(frozen=True)
class ImportLine:
    """One import in a list. `numbers` are the counts that it brought."""

    id: int
    series: int
    office: str
    state: str
    made_at: float
    made_by: str
    numbers: int


@dataclass(frozen=True)
class DraftView:
    """A file that is looked at: the headings that are kept, what they mean, and what it says."""

    headings: tuple[str, ...]
    mapping: ColumnMapping
    left_out: tuple[LeftOut, ...]
    reading: Reading
    new_series: tuple[Unit, ...]
    """Units that have no series of this name yet: one is made for each."""


@dataclass(frozen=True)
class ImportView:
    """One import with its series; a draft has its file. `changed` are the first counts that differ."""

    line: ImportLine
    series: SeriesRow
    draft: DraftView | None
    changed: tuple[Changed, ...]
    changed_in_all: int
    same: int
    """Counts that stand already as the file has them."""


class SeriesServices(Protocol):
    """Series. An account sees those whose area lies within its own; else UnknownSeries."""

    def rows(
        self, *, who: SignedIn, area: str = "", kind: str = "", first: int = 0, limit: int = 100
    ) -> list[SeriesRow]:
        """Return series in an area (empty: all) and of a kind (empty: all), by name."""
        ...

    def row(self, series: int, *, who: SignedIn) -> SeriesRow:
        """Return one series."""
        ...

    def beside(self, rows: Sequence[SeriesRow], weeks: Sequence[int]) -> list[SeriesCounts]:
        """Return series, which were asked for as who looks, beside the reports of these weeks."""
        ...

    def found(self, series: int, *, who: SignedIn) -> list[FoundWeek]:
        """Return what its method found, the newest week first."""
        ...

    def make(self, told: SeriesDraft, *, who: SignedIn) -> int:
        """Make a series; raise DataRefused."""
        ...

    def change(self, series: int, told: SeriesDraft, *, who: SignedIn) -> None:
        """Change note, method, settings and patience of a series; raise DataRefused."""
        ...

    def export(self, series: int, *, who: SignedIn) -> ExportFile:
        """Return all counts of a series as CSV with HXL hashtags; raise ExportRefused."""
        ...


class OtherImportServices(Protocol):
    """Imports of counts. What changes something raises DataRefused; UnknownSeries for what is not seen."""

    def upload(self, series: int, content: bytes, *, who: SignedIn) -> int:
        """Keep a file as a draft, without the columns that may tell of people; no count changes."""
        ...

    def of_series(self, series: int, *, who: SignedIn) -> list[ImportLine]:
        """Return the last imports that began at a series or brought it a count, and one's own drafts."""
        ...

    def view(self, batch: int, *, who: SignedIn) -> ImportView:
        """Return one import."""
        ...

    def set_mapping(
        self, batch: int, columns: Sequence[str], order: str, units: Mapping[str, Unit], *, who: SignedIn
    ) -> None:
        """Say what the columns and the words of units of a draft mean, and whether the day comes first."""
        ...

    def carry_out(self, batch: int, *, who: SignedIn) -> int:
        """Take in what a draft says, in one transaction; return how many counts."""
        ...

    def drop(self, batch: int, *, who: SignedIn) -> None:
        """Throw a draft away."""
        ...

    def undo(self, batch: int, reason: str, *, who: SignedIn) -> None:
        """Put every count of an import back to what it was, unless a later import changed one."""
        ...
