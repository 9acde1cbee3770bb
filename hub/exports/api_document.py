"""The programs' interface as data: collections, what may be asked and is answered; as OpenAPI 3.1. Pure.

The routes are made from the same list, so that neither can say more than the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from hub.cases.states import OUTCOME, RESPONSE, RISK, SIGNAL, STAGES, VALUES, VERIFICATION
from hub.exports.api_services import ITEMS_A_PAGE
from hub.web.referral_words import STATE_WORDS as REFERRAL_WORDS
from sync.records import INDICATORS, JOBS, KINDS, URGENCIES

VERSION: Final = "1"
PREFIX: Final = f"/api/{VERSION}"
AREA: Final = r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$"
Schema = dict[str, Any]


def _one_of(*values: str) -> Schema:
    return {"type": "string", "enum": list(values)}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _item(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


_TEXT: Final[Schema] = {"type": "string"}
_DAY: Final[Schema] = {"type": "string", "format": "date"}
_NUMBER: Final[Schema] = {"type": "integer", "minimum": 0}
_YES_OR_NO: Final[Schema] = {"type": "boolean"}
_KIND: Final = _one_of(*KINDS)


@dataclass(frozen=True)
class Collection:
    """Something that programs read; its name is its scope. `asked` are parameters of the address."""

    name: str
    summary: str
    item: Schema
    asked: dict[str, Schema]


COLLECTIONS: Final = (
    Collection(
        "reports",
        "Reports in the order of their arrival, a minute after it, without people and texts",
        _item(
            id=_TEXT,
            case=_or_null(_TEXT),
            received_on=_DAY,
            observed_on=_or_null(_DAY),
            village=_TEXT,
            kind=_KIND,
            urgency=_or_null(_one_of(*URGENCIES)),
            stage=_one_of(*STAGES),
            **{name: _one_of(*VALUES[name]) for name in (SIGNAL, VERIFICATION, RISK, RESPONSE, OUTCOME)},
            withdrawn=_YES_OR_NO,
            from_shut_out=_YES_OR_NO,
            indicators={"type": "array", "items": _one_of(*(one.code for one in INDICATORS))},
            destination=_or_null(_TEXT),
            job=_or_null(_one_of(*JOBS)),
            departure_on=_or_null(_DAY),
            women=_or_null(_NUMBER),
            men=_or_null(_NUMBER),
            children=_or_null(_NUMBER),
        ),
        {"kind": _KIND, "area": {"type": "string", "pattern": AREA}},
    ),
    Collection(
        "cases",
        "Cases of one state, without titles and people; villages and kinds of the reports that may be seen",
        _item(
            number=_TEXT,
            state=_one_of("open", "closed", "merged"),
            outcome=_or_null(_TEXT),
            opened_on=_DAY,
            reports=_NUMBER,
            kinds={"type": "array", "items": _KIND},
            villages={"type": "array", "items": _TEXT},
            open_tasks=_NUMBER,
            late_tasks=_NUMBER,
        ),
        {"state": _one_of("open", "closed", "merged")},
    ),
    Collection(
        "counts",
        "Reports by regency, week from Monday, and kind; not for the public: small numbers point at people",
        _item(regency=_TEXT, name=_or_null(_TEXT), week=_DAY, kind=_KIND, count=_NUMBER),
        {"weeks": {"type": "integer", "minimum": 1, "maximum": 26}},
    ),
    Collection(
        "referrals",
        "Referrals to agencies: state and due day, nothing of the dossier",
        _item(
            name=_TEXT,
            about=_TEXT,
            agency=_TEXT,
            state=_one_of(*REFERRAL_WORDS),
            due_on=_DAY,
            made_at={"type": "string", "format": "date-time"},
            late=_YES_OR_NO,
        ),
        {},
    ),
)
CURSOR: Final[Schema] = {"type": "string", "maxLength": 200}


def fits(schema: Schema, text: str) -> bool:
    """Return whether a parameter of an address is one that its schema allows."""
    if schema["type"] == "integer":
        whole = re.fullmatch("[0-9]{1,6}", text, re.ASCII) is not None
        return whole and schema["minimum"] <= int(text) <= schema["maximum"]
    if "enum" in schema:
        return text in schema["enum"]
    if len(text) > schema.get("maxLength", 200):
        return False
    return "pattern" not in schema or re.fullmatch(schema["pattern"], text, re.ASCII) is not None


def page_schema(item: Schema) -> Schema:
    """Return the schema of a page of items."""
    return _item(items={"type": "array", "items": item, "maxItems": ITEMS_A_PAGE}, next=_or_null(_TEXT))


def open_api() -> dict[str, Any]:
    """Return the document."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"error": _item(error=_TEXT)}
    for one in COLLECTIONS:
        single = one.name.removesuffix("s")
        schemas[single] = one.item
        schemas[f"{one.name}-page"] = page_schema({"$ref": f"#/components/schemas/{single}"})
        asked = {**one.asked, "cursor": CURSOR}
        parameters = [{"name": name, "in": "query", "schema": schema} for name, schema in asked.items()]
        paths[f"{PREFIX}/{one.name}"] = _get(one.name, one.summary, f"{one.name}-page", parameters)
    named = [{"name": "report_id", "in": "path", "required": True, "schema": _TEXT}]
    paths[f"{PREFIX}/reports/{{report_id}}"] = _get("reports", "One report", "report", named)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kentongan hub",
            "version": VERSION,
            "description": "Read only. A token of an administrator opens chosen collections of chosen areas.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": schemas,
        },
    }


def _get(scope: str, summary: str, schema: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    def answer(text: str, name: str) -> dict[str, Any]:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
        return {"description": text, "content": content}

    refused = {
        "400": "A parameter or cursor that is none",
        "401": "No token, or one that does not count",
        "403": f"The token does not open {scope}",
        "404": "There is no such thing, or the token's areas do not show it",
        "429": "Too many requests a minute, or rows a day",
    }
    return {
        "get": {
            "summary": summary,
            "operationId": schema,
            "parameters": parameters,
            "responses": {
                "200": answer(summary, schema),
                **{code: answer(text, "error") for code, text in refused.items()},
            },
        }
    }
