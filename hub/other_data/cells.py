"""The bytes of a CSV as lines of cells: encodings, separators and bounds. Pure."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import Final

from hub.exports.tables import unprotected
from hub.languages import N_

FILE_MAX_BYTES: Final = 1024 * 1024
ROWS_AT_MOST: Final = 20_000
COLUMNS_AT_MOST: Final = 400
CELLS_AT_MOST: Final = 120_000
"""Rows times columns: some 3 s of reading on a small machine."""
CELL_MAX_CHARACTERS: Final = 200
_DELIMITERS: Final = (";", "\t", ",", "|")
_TITLES_AT_MOST: Final = 20
"""Lines with a title above the headings."""


class DataRefused(Exception):
    """A file or a choice that is not taken; the text says what is allowed, in Indonesian."""


@dataclass(frozen=True)
class Line:
    """One line: its number in the file from 1, and as many cells as there are headings."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Cells:
    """The headings of a file and its lines."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_cells(content: bytes) -> Cells:
    """Return what a CSV holds; raise DataRefused for one that is too large, damaged, or no table.

    UTF-8, UTF-16 and cp1252; separated by semicolon, tab, comma or bar. Titles above the headings and a row
    of HXL hashtags below them are left out.
    """
    if not content.strip():
        raise DataRefused(N_("Berkas kosong. Pilih berkas CSV."))
    if len(content) > FILE_MAX_BYTES:
        raise DataRefused(
            N_(
                "Berkas terlalu besar: paling banyak %(most)s KB. Bagi menjadi beberapa.",
                most=FILE_MAX_BYTES // 1024,
            )
        )
    return _table(_lines(decoded(content)))


def decoded(content: bytes) -> str:
    """Return the text of a file; raise DataRefused for what is none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif 0 in content[1:200:2] and 0 not in content[0:200:2]:
        encodings = ["utf-16-le"]
    elif 0 in content[0:200:2] and 0 not in content[1:200:2]:
        encodings = ["utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise DataRefused(N_("Huruf berkas tidak terbaca. Simpan sebagai CSV UTF-8, lalu unggah lagi."))


def _lines(text: str) -> list[Line]:
    told = re.match(r"sep=(.)\r?\n", text)
    first = next((line for line in text.splitlines() if any(one in line for one in _DELIMITERS)), "")
    delimiter = told[1] if told else max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found: list[Line] = []
    number = 1
    try:
        for row in reader:
            cells = tuple(" ".join(unprotected(cell).split()) for cell in row)
            if any(cells) and not (told and number == 1):
                found.append(Line(number, cells))
            number = reader.line_num + 1
            if len(found) > ROWS_AT_MOST + _TITLES_AT_MOST:
                raise DataRefused(_too_many())
    except csv.Error:
        raise DataRefused(
            N_("CSV ini rusak: ada tanda kutip yang tidak ditutup, atau sel terlalu panjang.")
        ) from None
    return found


def _too_many() -> str:
    return N_(
        "Paling banyak %(rows)s baris, %(columns)s kolom dan %(cells)s sel. Bagi menjadi beberapa berkas.",
        rows=ROWS_AT_MOST,
        columns=COLUMNS_AT_MOST,
        cells=CELLS_AT_MOST,
    )


def _table(lines: list[Line]) -> Cells:
    begin = next((at for at, line in enumerate(lines) if sum(map(bool, line.cells)) > 1), None)
    if begin is None or begin > _TITLES_AT_MOST or len(lines) < begin + 2:
        raise DataRefused(
            N_("Berkas berisi satu baris judul kolom, paling sedikit dua kolom, dan satu baris angka.")
        )
    header, *rows = lines[begin:]
    rows = [row for row in rows if not _is_hxl(row)]
    width = max(len(row.cells) for row in (header, *rows))
    if len(rows) > ROWS_AT_MOST or width > COLUMNS_AT_MOST or len(rows) * width > CELLS_AT_MOST:
        raise DataRefused(_too_many())
    if any(len(cell) > CELL_MAX_CHARACTERS for cell in header.cells):
        raise DataRefused(N_("Judul kolom paling banyak %(most)s huruf.", most=CELL_MAX_CHARACTERS))
    full = [Line(row.number, row.cells + ("",) * (width - len(row.cells))) for row in rows]
    return Cells(header.cells + ("",) * (width - len(header.cells)), tuple(full))


def _is_hxl(line: Line) -> bool:
    return all(not cell or re.match(r"#[a-z]", cell) for cell in line.cells)
