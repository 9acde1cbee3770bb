"""The departure ledger: which agency asked for the village's letter, for where, for how many, and when.

No names of people. A line is never changed: a correction is a further row of the same entry, so that who
looks later sees what stood there before.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from sync.storage.writer import GroupCommitWriter
from village_node.models import Departure
from village_node.timekeeping import TimeKeeper

MAX_CHARACTERS = 80
MAX_PEOPLE = 500
FIRST_YEAR = 2000
_COMPUTED = re.compile(r"""(?:\A|(?<=[,;\t\n\r]))(?=["\s]*[=+\-@])""")
"""Where a spreadsheet may begin to compute: with other settings it splits our lines at commas, also inside of
our quotes, and it passes over blanks."""


class DepartureRefused(Exception):
    """A line that is not kept; `problems`: each wrong field -> what is allowed, in Indonesian."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = problems
        super().__init__(" ".join(problems.values()))


class UnknownDeparture(Exception):
    """No entry has that number, or it was taken out."""


@dataclass(frozen=True)
class Line:
    """A line of the ledger. `letter_on` is the day of the letter."""

    agency: str
    destination: str
    letter_on: date
    people: int


@dataclass(frozen=True)
class Version:
    """What stood in an entry, and when it was noted; None where the box did not know the day."""

    line: Line
    removed: bool
    noted_on: str | None


@dataclass(frozen=True)
class Entry:
    """One entry with all that stood there, the newest last."""

    number: int
    versions: tuple[Version, ...]

    @property
    def line(self) -> Line:
        """What counts."""
        return self.versions[-1].line

    @property
    def removed(self) -> bool:
        """Whether it was taken out."""
        return self.versions[-1].removed


class Departures:
    """Keeps the ledger. Threads may share it."""

    def __init__(
        self, database: Any, writer: GroupCommitWriter, times: TimeKeeper, today: Callable[[], str | None]
    ) -> None:
        self._db = database
        self._writer = writer
        self._times = times
        self._today = today

    def problems(self, line: Line) -> dict[str, str]:
        """Return every wrong field with what is allowed, in the order of the form."""
        found = {}
        for field, text in (("agency", line.agency), ("destination", line.destination)):
            if not 0 < len(text) <= MAX_CHARACTERS or not text.isprintable():
                found[field] = f"Tulis 1 sampai {MAX_CHARACTERS} huruf."
        today = self._today()
        if line.letter_on.year < FIRST_YEAR:
            found["letter_on"] = f"Tulis tahun {FIRST_YEAR} atau sesudahnya."
        elif today is not None and line.letter_on.isoformat() > today:
            found["letter_on"] = "Tanggal surat tidak boleh di depan hari ini."
        if not 1 <= line.people <= MAX_PEOPLE:
            found["people"] = f"Tulis angka 1 sampai {MAX_PEOPLE}."
        return found

    def _check(self, line: Line) -> None:
        found = self.problems(line)
        if found:
            raise DepartureRefused(found)

    def add(self, line: Line) -> int:
        """Keep a line as a new entry; return its number. Raises DepartureRefused or StorageError."""
        self._check(line)

        def job() -> int:
            last = Departure.select(peewee.fn.MAX(Departure.entry)).scalar(self._db)
            number = int(last or 0) + 1
            self._insert(number, line, removed=False)
            return number

        return self._writer.run(job)

    def correct(self, number: int, line: Line) -> None:
        """Let another line count in an entry; raise UnknownDeparture, DepartureRefused or StorageError."""
        self._check(line)
        self._change(number, lambda _: self._insert(number, line, removed=False))

    def remove(self, number: int) -> None:
        """Take an entry out; it stays readable. Raises UnknownDeparture or StorageError."""
        self._change(number, lambda entry: self._insert(number, entry.line, removed=True))

    def _change(self, number: int, change: Callable[[Entry], None]) -> None:
        def job() -> None:
            entry = next((e for e in self._all() if e.number == number), None)
            if entry is None or entry.removed:
                raise UnknownDeparture
            change(entry)

        self._writer.run(job)

    def _insert(self, number: int, line: Line, *, removed: bool) -> None:
        stamp = self._times.stamp()
        Departure.insert(
            entry=number,
            agency=line.agency,
            destination=line.destination,
            letter_on=line.letter_on.isoformat(),
            people=line.people,
            removed=removed,
            noted_on=self._today(),
            boot=stamp.boot,
            mono_s=stamp.mono_s,
        ).execute(self._db)

    def all(self) -> list[Entry]:
        """Return every entry, the newest letter first."""
        return self._writer.read(self._all)

    def _all(self) -> list[Entry]:
        versions: dict[int, list[Version]] = defaultdict(list)
        for row in Departure.select().order_by(Departure.id).execute(self._db):
            line = Line(row.agency, row.destination, date.fromisoformat(row.letter_on), int(row.people))
            versions[int(row.entry)].append(Version(line, bool(row.removed), row.noted_on))
        entries = [Entry(number, tuple(found)) for number, found in versions.items()]
        return sorted(entries, key=lambda entry: (entry.line.letter_on, entry.number), reverse=True)


def monthly_counts(entries: Sequence[Entry]) -> list[tuple[str, str, str, int, int]]:
    """Return (month, agency, destination, letters, people), the newest month first; without what was
    taken out."""
    counts: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for entry in entries:
        if not entry.removed:
            line = entry.line
            count = counts[f"{line.letter_on:%Y-%m}", line.agency, line.destination]
            count[0] += 1
            count[1] += line.people
    rows = [(*key, letters, people) for key, (letters, people) in counts.items()]
    return sorted(sorted(rows, key=lambda row: row[1:3]), key=lambda row: row[0], reverse=True)


def counts_as_csv(entries: Sequence[Entry]) -> bytes:
    """Return the monthly counts as CSV that Indonesian spreadsheets open: semicolons, UTF-8 with a mark."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["bulan", "perusahaan", "tujuan", "surat", "orang"])
    for month, agency, destination, letters, people in monthly_counts(entries):
        writer.writerow([month, _plain(agency), _plain(destination), letters, people])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _plain(text: str) -> str:
    return _COMPUTED.sub("'", text)
