"""What a report says that may link it, as one line of JSON to keep: the same evidence comes out again."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from hub.linking.evidence import Evidence
from hub.linking.names import Name

VERSION = 2
"""Goes up when `hub.linking` finds other evidence in the same report: what is kept is then extracted anew."""

_SETS = frozenset(
    field.name for field in dataclasses.fields(Evidence) if str(field.type).startswith("frozenset")
)

_NONE: dict[str, Any] = dict.fromkeys(_SETS, frozenset())


def evidence_to_text(evidence: Evidence) -> str:
    """Return the evidence as JSON; what is empty is left out."""
    row: dict[str, Any] = {}
    for field in dataclasses.fields(Evidence):
        value = getattr(evidence, field.name)
        if field.name == "names":
            value = [[list(name.words), sorted(name.titles)] for name in value]
        elif field.name in _SETS:
            value = sorted(value)
        if value or value == 0:
            row[field.name] = value
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def evidence_from_text(text: str) -> Evidence:
    """Return the evidence that `evidence_to_text` made."""
    row = json.loads(text)
    names = tuple(Name(tuple(words), frozenset(titles)) for words, titles in row.pop("names", ()))
    companies = tuple(tuple(company) for company in row.pop("companies", ()))
    sets = dict(_NONE)
    for name in _SETS.intersection(row):  # most are empty: this runs for each of a hundred candidates
        sets[name] = frozenset(row[name])
    return Evidence(
        kind=row["kind"],
        day=row.get("day"),
        place=row.get("place"),
        names=names,
        companies=companies,
        **sets,
    )
