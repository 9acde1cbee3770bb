"""What the pages of exports ask of the hub."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from hub.cases.services import InboxChoice
from hub.services import SignedIn

ROWS_A_DAY = 50_000
"""An account takes out at most so many rows within 24 hours."""

WORKBOOK_ROWS = 20_000
"""A workbook is made in memory; a CSV is not."""

FORMS = ("csv", "xlsx")
TABLES = ("reports", "cases")


class ExportRefused(Exception):
    """An export that may not be made; the text says what is allowed, in Indonesian."""


@dataclass(frozen=True)
class ExportChoice:
    """What to export: of reports those of `of`; of cases those in `state` that hold a report of its area and
    kind, if it names any. `reason` is needed for personal fields."""

    table: str
    form: str
    of: InboxChoice
    state: str = "open"
    personal: bool = False
    reason: str = ""


@dataclass(frozen=True)
class ExportFile:
    """A file in pieces; its name holds nothing of anybody."""

    name: str
    media_type: str
    pieces: Iterator[bytes]


class ExportServices(Protocol):
    """Exports. Each is noted before its first byte."""

    def table(self, choice: ExportChoice, *, who: SignedIn) -> ExportFile:
        """Return reports or cases with a row of HXL hashtags; raise ExportRefused."""
        ...

    def counts(self, weeks: int, drawn: str, *, who: SignedIn) -> ExportFile:
        """Return counts by area, week and kind as GeoJSON.

        `drawn` is "regencies" (points) or "provinces" (outlines). Raises ExportRefused.
        """
        ...


class PublicNumbersServices(Protocol):
    """Numbers for the public: quarters, each counted once and for good."""

    def quarters(self) -> list[str]:
        """Return the quarters that can be published or were, the newest first, such as "2026-3"."""
        ...

    def public_file(self, quarter: str, form: str, reason: str, *, who: SignedIn) -> ExportFile:
        """Return the numbers of a quarter as "csv" or "geojson"; the first time counts and keeps them.

        Raises ExportRefused.
        """
        ...


class NetworkExportServices(Protocol):
    """Networks of people of interest as files."""

    def stix(self, person: int, reason: str, *, who: SignedIn) -> ExportFile:
        """Return a network as a bundle of STIX 2.1.

        Raises ExportRefused; UnknownGroup where nothing of a person may be passed on.
        """
        ...
