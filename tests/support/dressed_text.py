"""Text that would dress up a page, in every field of a report and everything that staff and others type."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from importlib import resources
from typing import Any

from inbox_arrivals import arrive
from linked_reports import BUDI, LinkedReports
from village import VILLAGE, Region

from hub.other_data.services import SeriesDraft
from hub.services import SignedIn

KETUT = SignedIn("ketut", "administrator")
FILED_IN = "52.02.08.2002"
"""Enrolled in a filled hub."""
TURNS_ROUND = "\u202e"
SPOIL = "\"'" + TURNS_ROUND
_numbers = itertools.count(100)


def dressed() -> str:
    """Return an element of its own, with both quotation marks and what turns a line round."""
    return f"<q{next(_numbers)}>{SPOIL}"


def text_fields(schema: dict[str, Any] | None = None) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Yield path and schema of each field of a report in which any text may stand."""
    if schema is None:
        whole = resources.files("sync.contracts").joinpath("report.schema.json").read_text("utf-8")
        schema = json.loads(whole)
    for name, of in schema["properties"].items():
        if "properties" in of:
            yield from (((name, *path), inner) for path, inner in text_fields(of))
        elif of.get("type") == "string" and not {"enum", "pattern", "format"} & set(of):
            yield (name,), of


def dressed_report() -> dict[str, Any]:
    """Return a report whose every text is dressed."""
    made: dict[str, Any] = {"kind": "recruiter", "place": VILLAGE, "channel": "telegram"}
    for path, of in text_fields():
        inner = made
        for step in path[:-1]:
            inner = inner.setdefault(step, {})
        inner[path[-1]] = dressed()
        assert len(inner[path[-1]]) <= of["maxLength"], path
    return made


def texts_in(report: dict[str, Any]) -> Iterator[str]:
    for value in report.values():
        if isinstance(value, dict):
            yield from texts_in(value)
        elif isinstance(value, str) and value.endswith(SPOIL):
            yield value


@dataclass(frozen=True)
class Dressing:
    """What `dress` did: the pages that show it, and the texts of the report."""

    pages: tuple[str, ...]
    of_report: tuple[str, ...]


def mark_of(text: str) -> str:
    """Return what stands of a dressed text wherever it is shown soundly."""
    return f"&lt;{text[1 : text.index('>')]}&gt;"


def dress(region: Region) -> Dressing:
    """Put dressed text into a filled hub; return where it is shown."""
    store, linked, told = region.hub.store, LinkedReports(region), dressed_report()
    fields = {name: value for name, value in told.items() if name != "narrative"}
    first, second = arrive(region, told["narrative"], dressed(), village=FILED_IN, **fields)
    linked.grow(first, dressed(), 2)
    store.people.decide("recruiter", first, second, same=True, reason=dressed(), who=BUDI)
    case = store.cases.open(dressed(), who=BUDI)
    store.cases.add_reports(case, [first], who=BUDI)
    store.cases.add_person(case, dressed(), dressed(), dressed(), who=BUDI)
    store.cases.add_place(case, dressed(), who=BUDI)
    store.cases.add_task(case, dressed(), store.inbox.today(), "sari", who=BUDI)
    store.cases.comment(case, dressed(), who=BUDI)
    store.triage.comment(first, dressed(), who=BUDI)
    cells = [dressed().replace('"', '""') for _ in range(5)]
    file = "id,judul,nama korban,perekrut,uraian\n" + ",".join(f'"{cell}"' for cell in cells) + "\n"
    batch = store.imports.upload(dressed(), file.encode(), who=KETUT)
    draft = SeriesDraft(dressed(), dressed(), "passports", "52.02", dressed(), dressed())
    series = store.early.series.make(draft, who=KETUT)
    shown = (
        *(f"/reports/{first}", f"/reports/{first}/serupa", f"/reports/{first}/garis-waktu"),
        *(f"/reports/{first}/rujuk?untuk=1", f"/kasus/{case}", f"/kasus/{case}/garis-waktu", "/kasus"),
        *(f"/impor/{batch}", f"/data-lain/{series}", "/data-lain", "/impor", "/kaitan", "/orang"),
    )
    return Dressing(shown, tuple(texts_in(told)))


class Dress(HTMLParser):
    """Notes what of a page came out of a dressed text: elements, attributes, turned lines."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        # A field that is filled in gives back exactly what was typed; nothing else may.
        read = re.sub(r' value="[^"]*"', "", page)
        if TURNS_ROUND in read:
            at = read.index(TURNS_ROUND)
            self.found.append(read[max(0, at - 80) : at + 10])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if re.match(r"q\d", tag) or any(not name.replace("-", "").isalnum() for name, _ in attrs):
            self.found.append(self.get_starttag_text() or tag)
