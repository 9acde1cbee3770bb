"""A dossier as files: PDF, and IOM HTCDS 2.0 as CSV, XLSX and JSON. Made of the dossier alone.

File names and metadata hold the number of the referral and nothing of anybody. The same dossier gives the
same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from hub.referrals import htcds
from hub.referrals.paper_process import draw_in_child

_COMPUTED: Final = re.compile(r"\s*[=+\-@]")
_SHEET: Final = "HTCDS"
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class DossierFile:
    """A file to take along."""

    name: str
    media_type: str
    content: bytes


def make_file(content: dict[str, Any], form: str) -> DossierFile:
    """Return the dossier in a form of `FORMS`; raise KeyError for another, PaperFailed for a PDF."""
    media_type, make = FORMS[form]
    return DossierFile(f"rujukan-{content['number']}.{content['version']}.{form}", media_type, make(content))


def rows_of(content: dict[str, Any]) -> list[htcds.Row]:
    """Return the rows of the standard."""
    return [report["htcds"] for report in content["reports"]]


def _cells(content: dict[str, Any]) -> list[list[str]]:
    def cell(value: str | list[str]) -> str:
        return value if isinstance(value, str) else ";".join(value)

    return [[cell(row.get(name, "")) for name in htcds.FIELDS] for row in rows_of(content)]


def as_csv(content: dict[str, Any]) -> bytes:
    """Return UTF-8 with a mark, which spreadsheets need; a cell that one would compute begins with '."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(htcds.FIELDS)
    for row in _cells(content):
        writer.writerow([f"'{cell}" if _COMPUTED.match(cell) else cell for cell in row])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(content: dict[str, Any]) -> bytes:
    """Return a workbook in which every cell is text, whatever it begins with."""
    from openpyxl import Workbook  # loaded when asked for: some 20 MB
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_SHEET)
    for row in (list(htcds.FIELDS), *_cells(content)):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=_without_controls(text))
            if text:
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    made = io.BytesIO()
    book.save(made)
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


def as_json(content: dict[str, Any]) -> bytes:
    """Return the rows with every field; what is not known is null."""
    rows = [{name: row.get(name) for name in htcds.FIELDS} for row in rows_of(content)]
    shown = {
        "standard": htcds.STANDARD,
        "referral": f"{content['number']}.{content['version']}",
        "cases": rows,
    }
    return (json.dumps(shown, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


FORMS: Final[Mapping[str, tuple[str, Callable[[dict[str, Any]], bytes]]]] = MappingProxyType(
    {
        "pdf": ("application/pdf", draw_in_child),
        "csv": ("text/csv; charset=utf-8", as_csv),
        "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", as_xlsx),
        "json": ("application/json", as_json),
    }
)
