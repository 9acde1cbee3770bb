"""Rows as CSV in pieces and as a workbook; no cell is ever computed by the program that opens it."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

Cell = str | int
"""Text, or a whole number."""

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COMPUTED: Final = re.compile(r"""\A(?=\s*[=+\-@])|(?<=[;\t\n\r])(?=(?:"|[^\S\t\n\r])*[=+\-@])""")
"""Where a spreadsheet may begin to compute: with Indonesian settings it splits our lines at ";", also inside
of our quotes, and then at tabs and line ends too."""
_PROTECTED: Final = re.compile(r"""(?:\A'(?=\s*[=+\-@])|(?<=[;\t\n\r])'(?=(?:"|[^\S\t\n\r])*[=+\-@]))""")
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_PIECE_BYTES: Final = 16 * 1024


def protected(cell: Cell) -> Cell:
    """Return a cell of a CSV with ' before each place at which a spreadsheet would begin to compute."""
    return _COMPUTED.sub("'", cell) if isinstance(cell, str) else cell


def unprotected(cell: str) -> str:
    """Return what `protected` was given."""
    return _PROTECTED.sub("", cell)


def csv_pieces(rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Yield UTF-8 with a mark, which spreadsheets need; whatever one would compute begins with '.

    Rows are taken as pieces of some 16 KiB are asked for.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    encoding = "utf-8-sig"
    for row in rows:
        writer.writerow([protected(cell) for cell in row])
        if text.tell() >= _PIECE_BYTES:
            yield text.getvalue().encode(encoding)
            encoding = "utf-8"
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode(encoding)


def workbook(rows: Iterable[Sequence[Cell]], sheet_name: str) -> bytes:
    """Return a workbook of one sheet; see `workbook_of`."""
    return workbook_of({sheet_name: rows})


def workbook_of(sheets: Mapping[str, Iterable[Sequence[Cell]]]) -> bytes:
    """Return a workbook in which every text is text, whatever it begins with; sheets by their names.

    The same rows give the same bytes. Rows are taken one by one.
    """
    from xlsxwriter import Workbook

    made = io.BytesIO()
    # In memory: with files of its own, the sheets would lie readable in the folder for temporary files.
    with Workbook(made, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, told in enumerate(row):
                    if isinstance(told, str):
                        sheet.write_string(number, place, _without_controls(told))
                    else:
                        sheet.write_number(number, place, told)
    return _without_times(made.getvalue())


def _without_controls(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", text)


def _without_times(book: bytes) -> bytes:
    """Return the workbook with a fixed time on its parts, and with no word of who made it when."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>", b"", part)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()
