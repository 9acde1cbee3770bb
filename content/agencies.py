"""Licensed agencies (P3MI): a dated snapshot, how a list becomes one, and a search that forgives spelling."""

from __future__ import annotations

import csv
import datetime
import difflib
import functools
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from content.errors import ContentRefused
from content.reading import Table, named_once, parse_toml

LIST_PATH = "agencies/p3mi.csv"
ABOUT_PATH = "agencies/p3mi.toml"
STALE_AFTER_DAYS = 90
"""A snapshot older than this shows a banner: licences are given and withdrawn every month."""
MAX_AGENCIES = 5000
"""Ten times the 424 of April 2024 (databoks, Kemnaker)."""
ALIKE_FROM = 0.8
"""Likeness of two words, or of two names, from which they may be the same."""
HINT = 0.7
"""Likeness where only one word of a longer name was asked for: worth showing, and no more than that."""
MISSING_WORD = 0.04
"""What each word of a name takes off that was not asked for: people leave words out."""

COLUMNS = ("name", "licence", "status", "address", "valid_until")
HEADERS = {
    "name": ("name", "nama", "nama p3mi", "nama perusahaan", "nama pt", "perusahaan", "p3mi", "company"),
    "licence": ("licence", "license", "sip3mi", "no sip3mi", "nomor sip3mi", "nomor izin", "no izin")
    + ("sippmi", "no sippmi", "licence number", "license number", "nomor"),
    "status": ("status", "status izin", "keterangan", "keterangan status"),
    "address": ("address", "alamat", "alamat kantor", "alamat perusahaan"),
    "valid_until": ("valid until", "berlaku sampai", "berlaku s d", "berlaku hingga", "masa berlaku")
    + ("tanggal berakhir", "expiry", "expires"),
}
"""Column -> headings under which it is found, without punctuation and in small letters."""
STATUSES = {
    "active": ("active", "aktif", "berlaku", "berizin", "terdaftar"),
    "suspended": ("suspended", "skorsing", "diskors", "tunda layan", "dibekukan", "nonaktif", "tidak aktif"),
    "revoked": ("revoked", "dicabut", "cabut", "pencabutan"),
    "unknown": ("", "unknown", "tidak diketahui"),
}
_MONTHS = (
    ("januari", "februari", "maret", "april", "mei", "juni", "juli")
    + ("agustus", "september", "oktober", "november", "desember")
)  # fmt: skip
_LEGAL_FORMS = frozenset(
    ("pt", "cv", "ud", "p3mi", "pptkis", "pjtki", "tbk", "persero", "perseroan", "terbatas")
)
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "s"), ("ph", "f"), ("v", "f"), ("y", "i"))


@dataclass(frozen=True)
class Agency:
    """One firm as the list names it. `valid_until` is None where the list does not tell."""

    name: str
    licence: str
    status: str
    address: str
    valid_until: datetime.date | None

    def status_on(self, today: datetime.date) -> str:
        """Return `active`, `expired`, `suspended`, `revoked` or `unknown`."""
        if self.status == "active" and self.valid_until is not None and self.valid_until < today:
            return "expired"
        return self.status


@dataclass(frozen=True)
class AgencyMatch:
    """A firm whose name is like the one asked for, from `ALIKE_FROM` to 1, or `HINT` and below."""

    agency: Agency
    likeness: float

    @property
    def is_hint(self) -> bool:
        """Whether only one word is alike, as "jaya" in hundreds of names: no verdict may rest on it."""
        return self.likeness < ALIKE_FROM


@dataclass(frozen=True)
class AgencySnapshot:
    """The list as of one day. A sample holds made-up firms and must say so wherever it is shown."""

    agencies: tuple[Agency, ...]
    as_of: datetime.date
    source: str
    is_sample: bool

    def age_days(self, today: datetime.date) -> int:
        """Return how old the list is; 0 where the clock says less."""
        return max(0, (today - self.as_of).days)

    def is_stale(self, today: datetime.date) -> bool:
        """Return whether the list needs a banner."""
        return self.age_days(today) > STALE_AFTER_DAYS

    def search(self, asked: str, most: int = 5) -> tuple[AgencyMatch, ...]:
        """Return firms whose name or licence number is like what was asked, the likest first, hints last."""
        number = licence_digits(asked)
        words = name_words(asked)
        found = []
        for agency in self.agencies:
            likeness = name_likeness(words, name_words(agency.name))
            if number and number == licence_digits(agency.licence):
                likeness = 1.0
            if likeness >= HINT * ALIKE_FROM:
                found.append(AgencyMatch(agency, likeness))
        return tuple(sorted(found, key=lambda match: (-match.likeness, match.agency.name))[:most])


def licence_digits(text: str) -> str:
    """Return a licence number without what people write around it; empty where it has under four signs."""
    kept = re.sub(r"[^0-9a-z]", "", text.casefold())
    return kept if len(kept) >= 4 and re.search("[0-9]", kept) else ""


@functools.lru_cache(maxsize=2 * MAX_AGENCIES)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without PT or CV, marks, accents, doubled letters and old spelling."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode("ascii")
    plain = re.sub(r"\b([a-z])\.(?=[a-z]\b)", r"\1", plain)  # P.T. is PT
    words = [word for word in re.split(r"[^a-z0-9]+", plain) if word and word not in _LEGAL_FORMS]
    return tuple(_spelled_simply(word) for word in words)


def _spelled_simply(word: str) -> str:
    for old, new in _OLD_SPELLING:
        word = word.replace(old, new)
    return re.sub(r"([a-z])\1+", r"\1", word)


def name_likeness(asked: tuple[str, ...], name: tuple[str, ...]) -> float:
    """Return how like two names are, 0 to 1: word by word in any order, or run together."""
    if not asked or not name:
        return 0.0
    together = _alike("".join(asked), "".join(name))
    weights = [len(word) for word in asked]
    if sum(weights) < 4:
        return together
    best = [max(_alike(word, other) for other in name) for word in asked]
    found = sum(
        weight * (value if value >= ALIKE_FROM else 0.0) for weight, value in zip(weights, best, strict=True)
    )
    share = found / sum(weights)
    missing = max(0, len(name) - len(asked))
    if len(asked) == 1 and missing:
        return max(together, share * HINT)
    return max(together, share - MISSING_WORD * missing)


@functools.lru_cache(maxsize=20_000)
def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE_FROM or matcher.quick_ratio() < ALIKE_FROM:
        return 0.0
    return matcher.ratio()


def read_agencies_csv(text: str) -> tuple[Agency, ...]:
    """Return the firms of a list in CSV; raise `ContentRefused` naming the line that cannot be used."""
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=first.count)
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        places = _column_places(next(rows, []))
        agencies = [
            _agency(number, {column: _cell(row, place) for column, place in places.items()})
            for number, row in enumerate(rows, 2)
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise ContentRefused(f"list of agencies: not CSV ({error})") from error
    if not 1 <= len(agencies) <= MAX_AGENCIES:
        raise ContentRefused(f"list of agencies: {len(agencies)} firms; allowed are 1 to {MAX_AGENCIES}")
    named_once("list of agencies", (agency.licence for agency in agencies if agency.licence))
    return tuple(agencies)


def _cell(row: list[str], place: int) -> str:
    return " ".join(row[place].split()) if place < len(row) else ""


def _column_places(headings: Iterable[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        plain = " ".join(re.sub(r"[^a-z0-9]+", " ", heading.casefold()).split())
        for column, aliases in HEADERS.items():
            if plain in aliases and column not in places:
                places[column] = place
    for column in ("name", "licence"):
        if column not in places:
            raise ContentRefused(
                f"list of agencies: the first line must name the columns; {column} may be called "
                + ", ".join(HEADERS[column])
            )
    return places


def _agency(number: int, cells: Mapping[str, str]) -> Agency:
    where = f"list of agencies, line {number}"
    if not name_words(cells["name"]):
        raise ContentRefused(f"{where}: the name is missing")
    asked = cells.get("status", "").casefold()
    status = next((status for status, aliases in STATUSES.items() if asked in aliases), None)
    if status is None:
        allowed = ", ".join(alias for aliases in STATUSES.values() for alias in aliases if alias)
        raise ContentRefused(f"{where}: the status must be one of {allowed}")
    return Agency(
        cells["name"],
        cells["licence"],
        status,
        cells.get("address", ""),
        _day(where, cells.get("valid_until", "")),
    )


def _day(where: str, text: str) -> datetime.date | None:
    if not text:
        return None
    plain = text.casefold()
    for number, month in enumerate(_MONTHS, 1):
        plain = re.sub(rf"\s*\b{month}\b\s*", f"-{number}-", plain)
    parts = re.fullmatch(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})", plain)
    try:
        if parts and len(parts[1]) == 4:
            return datetime.date(int(parts[1]), int(parts[2]), int(parts[3]))
        if parts and len(parts[3]) == 4:
            return datetime.date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError:
        pass
    raise ContentRefused(f"{where}: write the day as 2026-12-31, 31-12-2026 or 31 Desember 2026")


def write_snapshot(snapshot: AgencySnapshot) -> dict[str, bytes]:
    """Return the two files of a snapshot by path."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    rows.writerow(COLUMNS)
    for agency in snapshot.agencies:
        until = agency.valid_until.isoformat() if agency.valid_until else ""
        rows.writerow((agency.name, agency.licence, agency.status, agency.address, until))
    source = snapshot.source.replace("\\", "\\\\").replace('"', '\\"')
    about = (
        f'as_of = {snapshot.as_of.isoformat()}\nsource = "{source}"\n'
        f"sample = {str(snapshot.is_sample).lower()}\nfirms = {len(snapshot.agencies)}\n"
    )
    return {LIST_PATH: table.getvalue().encode("utf-8"), ABOUT_PATH: about.encode("utf-8")}


def read_snapshot(files: Mapping[str, bytes]) -> AgencySnapshot:
    """Return the snapshot of the two files; raise `ContentRefused` where they do not fit each other."""
    try:
        about_bytes, list_bytes = files[ABOUT_PATH], files[LIST_PATH]
    except KeyError as error:
        raise ContentRefused(f"{error.args[0]} is missing") from error
    about = Table(ABOUT_PATH, parse_toml(ABOUT_PATH, about_bytes))
    try:
        agencies = read_agencies_csv(list_bytes.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ContentRefused(f"{LIST_PATH}: not text in UTF-8") from error
    snapshot = AgencySnapshot(agencies, about.day("as_of"), about.text("source"), about.flag("sample"))
    if about.number("firms", 1, MAX_AGENCIES) != len(agencies):
        raise ContentRefused(f"{ABOUT_PATH}: firms must be {len(agencies)}, as many as {LIST_PATH} holds")
    about.end()
    return snapshot
