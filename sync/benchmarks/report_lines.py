"""Reads a REPORTS.jsonl: a report a line, or an object with "report" and optionally "id"."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from sync.errors import ReportRefused
from sync.records import Report, check_report


@dataclass(frozen=True)
class ReportLine:
    """One line: the caller's id (None where it gave none) and the report."""

    id: object
    report: Report


class BadLine(ValueError):
    """A line that is no report; the text names the line and what is allowed, and repeats nothing of it."""


def read_report_lines(lines: Iterable[bytes]) -> list[ReportLine]:
    """Return all reports, without empty lines; raise BadLine at one that is none, or if none is there."""
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(_read(line))
            except BadLine as bad:
                raise BadLine(f"line {number}: {bad}") from None
    if not found:
        raise BadLine("no report is there: one JSON object a line is needed")
    return found


def _read(line: bytes) -> ReportLine:
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadLine("a line is a JSON object in UTF-8") from None
    if not isinstance(value, dict):
        raise BadLine('a line is a report object, or an object with "report" and optionally "id"')
    name = value.get("id") if "report" in value else None
    try:
        json.dumps(name, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise BadLine("an id is text without lone surrogates") from None
    try:
        return ReportLine(name, check_report(value.get("report", value)))
    except ReportRefused as refused:
        first = refused.problems[0]
        raise BadLine(f"{first.field}: {first.allowed_en}") from None
