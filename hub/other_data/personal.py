"""Columns that may tell of people: nothing of them is kept. Pure.

A column is kept only when its cells are numbers, weeks, days or areas, or its heading says that it names
areas or posts. Any other column goes before anything is stored; one whose heading or cells look like names,
numbers of passports and identity cards, or phones is named as that.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from hub.languages import N_
from hub.other_data.cells import Cells, DataRefused, Line
from hub.other_data.units import TOTALS, area_of
from hub.other_data.week_words import is_day, week_in
from hub.other_data.whole_numbers import counts_in, is_missing

UNFIT: Final = "?"
"""Stands for a cell that is not kept in a column that is."""
NAME, DOCUMENT, PHONE, OTHER = "name", "document", "phone", "other"
WHY_WORDS: Final = {
    NAME: N_("seperti nama orang"),
    DOCUMENT: N_("seperti nomor paspor, KTP atau dokumen"),
    PHONE: N_("seperti nomor telepon atau alamat surel"),
    OTHER: N_("bukan angka, minggu, tanggal atau wilayah"),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMED: Final = frozenset(["nama", "name", "names"])
_PEOPLE_WORDS: Final = _words(
    "fullname firstname lastname surname korban pemohon penumpang pelapor petugas applicant "
    "passenger person orangtua ayah ibu suami istri alias ttl lahir birth dob"
)
_DOCUMENT_WORDS: Final = _words(
    "nik ktp ktpel nokk kk nopaspor nomorpaspor passportno passportnumber documentno npwp nip"
)
_PHONE_WORDS: Final = _words(
    "telepon telp tlp hp nohp handphone phone mobile wa whatsapp surel email mail kontak contact "
    "alamat address"
)
_AREA_WORDS: Final = _words(
    "wilayah kabupaten kab kota kabkota provinsi prov propinsi province district regency area "
    "unit kecamatan kec desa kelurahan pos plbn post border tpi bandara pelabuhan airport port "
    "lokasi tempat kantor satker kanim location place lintas batas kode code region subdistrict "
    "village checkpoint"
)
_COUNT_WORDS: Final = _words("jumlah total count banyak banyaknya angka number n jml")
_HARMLESS: Final = _words("no nomor number keterangan catatan note paspor passport")
_FEWEST_DIGITS: Final = 6
_PHONE: Final = re.compile(r"\(?(?:\+|00)?(?:62|0)[\d\s().-]{7,}")
_PASSPORT: Final = re.compile(r"[A-Za-z]{1,2} ?\d{6,8}")
_IDENTITY: Final = re.compile(r"\d{12,}")
_MOBILE: Final = re.compile(r"(?:62)?8\d{8,11}")
_MAIL: Final = re.compile(r"\S@\S+\.\S")
_LOOKED_AT: Final = 2000
"""So many cells of a column say whether it holds numbers, weeks or areas; all are looked at for people."""


def words_of(heading: str) -> tuple[str, ...]:
    """Return the words of a heading in small letters."""
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return tuple(re.findall(r"[a-z0-9]+", split.lower()))


def names_areas(heading: str) -> bool:
    """Tell whether a heading says that its column names areas or posts."""
    return bool(_AREA_WORDS.intersection(words_of(heading)))


class LeftOut(NamedTuple):
    """A column of which nothing is kept: its number from 1, its heading where that may be shown, and why."""

    number: int
    heading: str
    why: str


def without_people(cells: Cells) -> tuple[Cells, tuple[LeftOut, ...]]:
    """Return what may be kept of a file, and which columns went. Raises DataRefused where nothing is left."""
    kept: list[int] = []
    left_out: list[LeftOut] = []
    columns: list[list[str]] = []
    for place, heading in enumerate(cells.headings):
        told = [line.cells[place] for line in cells.lines]
        why = why_left_out(heading, told)
        if why is None:
            kept.append(place)
            columns.append(_fitting(heading, told))
        else:
            left_out.append(LeftOut(place + 1, heading_shown(heading, why), why))
    if not kept:
        raise DataRefused(N_("Tidak ada kolom berisi angka, minggu atau wilayah."))
    rows = zip(cells.lines, zip(*columns, strict=True), strict=True)
    lines = tuple(Line(line.number, row) for line, row in rows)
    return Cells(tuple(cells.headings[place] for place in kept), lines), tuple(left_out)


def _fitting(heading: str, told: Sequence[str]) -> list[str]:
    """Return the cells of a column that is kept; what is no number or no day among such is a mark alone."""
    fits = _kind_of(heading, [cell for cell in told if not is_missing(cell)]) or _anything
    return [cell if is_missing(cell) or fits(cell) else UNFIT for cell in told]


def why_left_out(heading: str, cells: Sequence[str]) -> str | None:
    """Return why a column is not kept (NAME, DOCUMENT, PHONE, OTHER), or None for one that is."""
    filled = [cell for cell in cells if not is_missing(cell)]
    found = _by_cells({heading, *filled}) or _by_heading(heading, filled)
    if found or _kind_of(heading, filled):
        return found
    named = sum(map(_is_named, filled[:_LOOKED_AT]))
    return NAME if named * 2 > min(len(filled), _LOOKED_AT) else OTHER


def heading_shown(heading: str, why: str | None) -> str:
    """Return a heading as it may be shown: of a column that is left out only where its words are known."""
    known = _NAMED | _PEOPLE_WORDS | _DOCUMENT_WORDS | _PHONE_WORDS | _AREA_WORDS | _HARMLESS
    words = words_of(heading)
    return heading if why is None or (words and known.issuperset(words)) else ""


def _by_cells(cells: Iterable[str]) -> str | None:
    for cell in cells:
        plain = cell.strip()
        if sum(map(str.isdecimal, plain)) < _FEWEST_DIGITS and "@" not in plain:
            continue
        if is_day(plain) or week_in(plain) is not None or area_of(plain) is not None:
            continue
        digits = re.sub(r"[\s.-]", "", plain)
        if _PHONE.fullmatch(plain) or _MAIL.search(plain) or _MOBILE.fullmatch(digits):
            return PHONE
        if _PASSPORT.fullmatch(plain) or _IDENTITY.fullmatch(digits):
            return DOCUMENT
    return None


def _by_heading(heading: str, filled: Sequence[str]) -> str | None:
    words = words_of(heading)
    if _COUNT_WORDS.intersection(words) and _all_counts(filled):
        return None
    joined = "".join(words)
    for why, known in ((DOCUMENT, _DOCUMENT_WORDS), (PHONE, _PHONE_WORDS)):
        if known.intersection(words) or joined in known:
            return None if why == PHONE and _all_areas(filled) else why
    by_people = bool(_PEOPLE_WORDS.intersection(words))
    if by_people or (_NAMED.intersection(words) and not names_areas(heading)):
        return None if _all_areas(filled) or _all_counts(filled) else NAME
    return None


def _kind_of(heading: str, filled: Sequence[str]) -> Callable[[str], bool] | None:
    """Return which cells of a column are kept, or None where none is."""
    looked = filled[:_LOOKED_AT]
    if not looked or names_areas(heading):
        return _anything
    for kind, least in ((_is_number, 6), (_is_time, 6), (_is_area, 8)):
        if sum(map(kind, looked)) * 10 >= len(looked) * least:
            return _anything if kind is _is_area else kind
    return None


def _anything(cell: str) -> bool:
    return True


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"[-+]?\d[\d.,' \u00a0\u202f]*", cell) is not None


def _is_time(cell: str) -> bool:
    return is_day(cell) or week_in(cell) is not None


def _is_area(cell: str) -> bool:
    return cell.casefold() in TOTALS or area_of(cell) is not None


def _all_areas(filled: Sequence[str]) -> bool:
    return all(map(_is_area, set(filled)))


def _all_counts(filled: Sequence[str]) -> bool:
    return counts_in(filled) == len(filled)


def _is_named(cell: str) -> bool:
    words = cell.split()
    return 1 <= len(words) <= 5 and all(
        re.fullmatch(r"[^\W\d_][^\W\d_.'’-]*[.'’-]?[^\W\d_]*\.?", w) for w in words
    )
