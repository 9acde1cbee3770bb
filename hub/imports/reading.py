"""A file from outside as rows of text: CSV, JSON or XLSX, by what it holds and not by its name. Pure.

Whatever is too large, packed to burst, written in another encoding, or would be computed, is refused in words
before anything of it is used.
"""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import Any, Final

from hub.exports.tables import unprotected
from hub.languages import N_

FILE_MAX_BYTES: Final = 500 * 1024
"""A file is held in memory while it is looked at."""
ROWS_AT_MOST: Final = 500
COLUMNS_AT_MOST: Final = 200
CELL_MAX_CHARACTERS: Final = 20_000
UNPACKED_MAX_BYTES: Final = 10 * 1024 * 1024
_PARTS_AT_MOST: Final = 100
_DECLARATION_BYTES: Final = 200
_COMPUTED: Final = re.compile(r"\s*(?:[=@]|[+\-](?:[^\W\d_]|[(=@])|[+\-]\S.*\|)", re.DOTALL)
_DELIMITERS: Final = (",", ";", "\t")


class FileRefused(Exception):
    """A file that is not taken; the text says why and what is allowed, in Indonesian."""


@dataclass(frozen=True)
class Table:
    """The header and the rows of a file; every row has as many cells as the header."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_table(content: bytes) -> Table:
    """Return the table of a file; raise FileRefused."""
    if not content.strip():
        raise FileRefused(N_("Berkas kosong. Pilih berkas CSV, JSON atau XLSX."))
    if len(content) > FILE_MAX_BYTES:
        raise FileRefused(
            N_(
                "Berkas terlalu besar: paling banyak %(file_max_bytes)s KB. Bagi menjadi beberapa.",
                file_max_bytes=FILE_MAX_BYTES // 1024,
            )
        )
    if content.startswith(b"PK"):
        cells = _xlsx_cells(content)
    else:
        text = _decoded(content)
        cells = _json_cells(text) if text.lstrip()[:1] in ("{", "[") else _csv_cells(text)
    return _table(cells)


def _decoded(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            N_("Huruf berkas tidak terbaca. Simpan sebagai CSV UTF-8, lalu unggah lagi.")
        ) from None
    if "\0" in text:
        raise FileRefused(N_("Berkas ini bukan CSV, JSON atau XLSX."))
    return text


def _csv_cells(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise FileRefused(
            N_("CSV ini rusak: ada tanda kutip yang tidak ditutup, atau sel terlalu panjang.")
        ) from None
    cells = []
    for number, row in enumerate(rows, 1):
        for cell in row:
            if _COMPUTED.match(cell):
                raise _formula(number)
        # A cell that our own files protect from spreadsheets.
        cells.append([unprotected(cell) for cell in row])
    return cells


def _formula(row: int) -> FileRefused:
    return FileRefused(
        N_("Baris %(row)s berisi rumus. Simpan sebagai nilai atau teks, lalu unggah lagi.", row=row)
    )


def _json_cells(text: str) -> list[list[str]]:
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise FileRefused(N_("JSON ini rusak atau terlalu dalam.")) from None
    cases = found.get("cases") if isinstance(found, dict) else found
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise FileRefused(N_('JSON berisi daftar kasus, atau objek dengan daftar "cases".'))
    header = list(dict.fromkeys(name for case in cases for name in case))
    return [header, *([_json_cell(case.get(name)) for name in header] for case in cases)]


def _no_number(_: str) -> None:
    raise ValueError


def _json_cell(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "; ".join(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise FileRefused(N_("Isi JSON terlalu dalam: tiap bidang berisi teks, angka atau daftar teks."))


def _xlsx_cells(content: bytes) -> list[list[str]]:
    _check_package(content)
    from openpyxl import load_workbook  # loaded when asked for: some 20 MB

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # What a sheet says of its own size may be a lie of a million rows.
        sheet.reset_dimensions()
        cells: list[list[str]] = []
        for number, row in enumerate(sheet.iter_rows(max_row=ROWS_AT_MOST + 2), 1):
            if any(getattr(cell, "data_type", "") == "f" for cell in row):
                raise _formula(number)
            cells.append(
                ["" if cell.value is None else _shown(cell.value) for cell in row[: COLUMNS_AT_MOST + 1]]
            )
        book.close()
    except FileRefused:
        raise
    except Exception:  # a package from outside breaks in more ways than can be listed
        raise FileRefused(
            N_("XLSX ini rusak. Simpan lagi dari aplikasinya, atau simpan sebagai CSV UTF-8.")
        ) from None
    return cells


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # A day is a moment at midnight there.
    return str(value).removesuffix(" 00:00:00")


def _check_package(content: bytes) -> None:
    """Refuse a package by its table of contents, and by what its parts really unpack to."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
        if len(parts) > _PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_MAX_BYTES:
            raise FileRefused(
                N_(
                    "XLSX ini terlalu besar saat dibuka: paling banyak %(unpacked_max_bytes)s MB.",
                    unpacked_max_bytes=UNPACKED_MAX_BYTES // 1024 // 1024,
                )
            )
        for part in parts:
            _check_part(content, part)
    except (zipfile.BadZipFile, zlib.error, struct.error, ValueError, NotImplementedError, OSError):
        raise FileRefused(N_("Berkas ini bukan XLSX yang utuh.")) from None


def _check_part(content: bytes, part: zipfile.ZipInfo) -> None:
    if part.flag_bits & 1:
        raise FileRefused(N_("XLSX ini dikunci kata sandi. Simpan tanpa kata sandi."))
    if re.search("vbaProject|externalLink|embeddings", part.filename, re.IGNORECASE):
        raise FileRefused(N_("XLSX ini berisi makro, tautan ke berkas lain, atau benda tersemat."))
    if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise FileRefused(N_("Berkas ini bukan XLSX yang utuh."))
    names = struct.unpack_from("<HH", content, part.header_offset + 26)
    at = part.header_offset + 30 + sum(names)
    data = content[at : at + part.compress_size]
    if part.compress_type == zipfile.ZIP_DEFLATED:
        # Never more than the table of contents says and one byte: zipfile itself unpacks all that there is.
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, part.file_size + 1)
    if len(data) != part.file_size:
        raise FileRefused(N_("Berkas ini bukan XLSX yang utuh."))
    is_xml = part.filename.lower().endswith((".xml", ".rels", ".vml"))
    if is_xml and b"<!" in data.replace(b"<!--", b""):
        raise FileRefused(N_("XLSX ini berisi bagian yang tidak dipakai aplikasi mana pun."))
    if is_xml and not _is_plain_xml(data):
        raise FileRefused(N_("XLSX ini berisi bagian yang tidak dipakai aplikasi mana pun."))


def _is_plain_xml(data: bytes) -> bool:
    """Tell whether a part is written in UTF-8, with or without a mark: in another encoding nothing that is
    looked for in its bytes would be found, while a reader of XML finds it."""
    start = data.removeprefix(b"\xef\xbb\xbf")[:_DECLARATION_BYTES]
    said = re.search(rb"""encoding\s*=\s*["']([^"']*)""", start)
    return b"\0" not in data and start[:4].isascii() and (said is None or said[1].lower() == b"utf-8")


def _table(cells: list[list[str]]) -> Table:
    cells = [row for row in cells if any(cell.strip() for cell in row)]
    if len(cells) < 2:
        raise FileRefused(N_("Berkas berisi satu baris judul kolom, dan paling sedikit satu kasus."))
    if len(cells) - 1 > ROWS_AT_MOST:
        raise FileRefused(
            N_(
                "Paling banyak %(rows_at_most)s kasus sekali impor. Bagi menjadi beberapa berkas.",
                rows_at_most=ROWS_AT_MOST,
            )
        )
    width = max(len(row) for row in cells)
    if width > COLUMNS_AT_MOST:
        raise FileRefused(N_("Paling banyak %(columns_at_most)s kolom.", columns_at_most=COLUMNS_AT_MOST))
    if any(len(cell) > CELL_MAX_CHARACTERS for row in cells for cell in row):
        raise FileRefused(N_("Satu sel paling banyak %(most)s huruf.", most=CELL_MAX_CHARACTERS))
    header, *rows = ([*map(_clean, row), *[""] * (width - len(row))] for row in cells)
    named = tuple(name or N_("kolom %(place)s", place=place) for place, name in enumerate(header, 1))
    return Table(named, tuple(map(tuple, rows)))


def _clean(cell: str) -> str:
    text = cell.replace("\r\n", "\n").strip()
    return "".join(c for c in text if c in "\n\t" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF))
