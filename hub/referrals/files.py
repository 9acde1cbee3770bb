"""A dossier as files: PDF, and IOM HTCDS 2.0 as CSV, XLSX and JSON. Made of the dossier alone.

File names and metadata hold the number of the referral and nothing of anybody. The same dossier gives the
same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from hub.exports.tables import csv_pieces, workbook
from hub.referrals import htcds
from hub.referrals.paper_process import draw_in_child

_SHEET: Final = "HTCDS"


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
    return b"".join(csv_pieces([htcds.FIELDS, *_cells(content)]))


def as_xlsx(content: dict[str, Any]) -> bytes:
    """Return a workbook in which every cell is text, whatever it begins with."""
    return workbook([htcds.FIELDS, *_cells(content)], _SHEET)


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
