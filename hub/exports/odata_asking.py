"""What a request to the OData feed asks: its path, its options, its headers. Pure.

What OData 4.0 has and this feed does not is answered with 501, so that a program does it itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from hub.exports.odata_model import EntitySet

VERSION: Final = "4.0"
MINIMAL, NONE = "minimal", "none"
_STANDARD: Final = ("$apply", "$compute", "$expand", "$index", "$orderby", "$search", "$skip")
_COLLECTION_OPTIONS: Final = ("$count", "$filter", "$format", "$select", "$skiptoken", "$top")
_TOKEN_MAX_CHARACTERS: Final = 200
_TOP_MOST: Final = 2**31 - 1
_NAME: Final = "[A-Za-z_][A-Za-z0-9_]*"
_TEXT: Final = "'(?:[^']|'')*'"
_KEY: Final = re.compile(rf"(?:({_NAME})=)?({_TEXT}|[^',()=]+)")
_WORD: Final = re.compile(rf"({_TEXT}|{_NAME}|[()])\s*")


class ODataRefused(Exception):
    """A request that gets an error; the text says what is allowed, `status` is that of HTTP."""

    def __init__(self, status: int, code: str, text: str) -> None:
        self.status = status
        self.code = code
        super().__init__(text)


@dataclass(frozen=True)
class Asked:
    """Which rows of a table, and what of them. `equal` are columns with the value that they must have;
    `after` is the place that an earlier page gave; `select` None: all columns."""

    top: int | None = None
    count: bool = False
    select: tuple[str, ...] | None = None
    equal: tuple[tuple[str, str], ...] = ()
    after: str | None = None


def options(table: EntitySet, told: Sequence[tuple[str, str]], allowed: Sequence[str] = ()) -> Asked:
    """Read the options of an address; `allowed` are those that the resource takes, by default a table's.

    Raises ODataRefused.
    """
    seen: dict[str, str] = {}
    for name, text in told:
        if name in _STANDARD:
            raise ODataRefused(501, "NotImplemented", f"{name} is not there: let the program do it itself")
        if name not in (allowed or _COLLECTION_OPTIONS):
            takes = ", ".join(allowed or _COLLECTION_OPTIONS)
            raise ODataRefused(400, "BadRequest", f"only these options: {takes}")
        if name in seen:
            raise ODataRefused(400, "BadRequest", f"{name}: once at most")
        seen[name] = text
    after = seen.get("$skiptoken")
    if after is not None and len(after) > _TOKEN_MAX_CHARACTERS:
        raise ODataRefused(400, "BadRequest", "$skiptoken: one that a page of this table gave")
    return Asked(
        _top(seen.get("$top")),
        _count(table, seen.get("$count")),
        _select(table, seen.get("$select")),
        _equal(table, seen.get("$filter")),
        after,
    )


def _top(text: str | None) -> int | None:
    if text is None:
        return None
    if re.fullmatch("[0-9]{1,10}", text, re.ASCII) is None or int(text) > _TOP_MOST:
        raise ODataRefused(400, "BadRequest", "$top: a whole number, 0 or more")
    return int(text)


def _count(table: EntitySet, text: str | None) -> bool:
    if text not in (None, "true", "false"):
        raise ODataRefused(400, "BadRequest", "$count: true or false")
    if text == "true" and not table.countable:
        raise ODataRefused(501, "NotImplemented", f"{table.name} is not counted without reading it")
    return text == "true"


def _select(table: EntitySet, text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    names = [name.strip() for name in text.split(",")]
    if "*" in names:
        return None
    if any(table.property(name) is None for name in names):
        every = ", ".join(one.name for one in table.properties)
        raise ODataRefused(400, "BadRequest", f"$select: of {every}")
    return tuple(one.name for one in table.properties if one.name in names)


def _equal(table: EntitySet, text: str | None) -> tuple[tuple[str, str], ...]:
    if text is None:
        return ()
    found: dict[str, str] = {}
    for name, value in _equalities(text) or (("", ""),):
        if name not in table.filtered or name in found:
            can = " and ".join(f"{name} eq 'VALUE'" for name in table.filtered) or "nothing of this table"
            raise ODataRefused(501, "NotImplemented", f"$filter: only {can}")
        if not value.isprintable():
            raise ODataRefused(400, "BadRequest", f"$filter: {name} has no such value")
        found[name] = value
    return tuple(found.items())


def _equalities(text: str) -> list[tuple[str, str]] | None:
    """Return columns and values of "a eq 'x' and b eq 'y'", with any brackets; None for anything else."""
    words = _words(text)
    found: list[tuple[str, str]] = []
    depth, at = 0, 0
    while True:
        while words[at : at + 1] == ["("]:
            depth, at = depth + 1, at + 1
        name, equals, value = [*words[at : at + 3], "", "", ""][:3]
        if equals != "eq" or not value.startswith("'"):
            return None
        found.append((name, _unquoted(value)))
        at += 3
        while words[at : at + 1] == [")"]:
            depth, at = depth - 1, at + 1
            if depth < 0:
                return None
        if at == len(words):
            return None if depth else found
        if words[at] != "and":
            return None
        at += 1


def _words(text: str) -> list[str]:
    """Return names, texts in quotes and brackets; an empty word where there is something else."""
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _WORD.match(text, at)
        found.append("" if match is None else match[1])
        at = len(text) if match is None else match.end()
    return found


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'")


def key_of(table: EntitySet, text: str) -> dict[str, str]:
    """Read what stands between the brackets of an address of one row; raise ODataRefused."""
    parts, at = [], 0
    while at < len(text):
        match = _KEY.match(text, at)
        if match is None or text[match.end() : match.end() + 1] not in ("", ","):
            break
        parts.append(match.groups())
        at = match.end() + 1
    told = {name or table.key[0]: value.strip() for name, value in parts}
    named = len(table.key) == 1 or all(name for name, _ in parts)
    whole = at == len(text) + 1 and text.isprintable() and len(parts) == len(table.key)
    if not whole or not named or set(told) != set(table.key):
        raise _no_key(table)
    found = {}
    for name, value in told.items():
        column = table.property(name)
        quoted = value.startswith("'")
        if column is None or quoted != (column.edm == "Edm.String"):
            raise _no_key(table)
        found[name] = _unquoted(value) if quoted else value
    return found


def _no_key(table: EntitySet) -> ODataRefused:
    shown = {"Edm.Date": "YYYY-MM-DD"}
    edm = {one.name: one.edm for one in table.properties}
    parts = ",".join(f"{name}={shown.get(edm[name], chr(39) + 'TEXT' + chr(39))}" for name in table.key)
    return ODataRefused(400, "BadRequest", f"a row is {table.name}({parts})")


def metadata_level(accepted: Sequence[tuple[str, Mapping[str, str]]], wanted: str | None) -> str:
    """Return how much of metadata an answer in JSON holds: "minimal" or "none".

    `accepted` are media types of `Accept` with their parameters, the dearest first, empty for any; `wanted`
    is `$format`, which comes before them. Raises ODataRefused where only other forms are taken.
    """
    if wanted is not None:
        form, *parameters = (part.strip().lower() for part in wanted.split(";"))
        named = dict(part.partition("=")[::2] for part in parameters)
        accepted = [("application/json" if form == "json" else form, named)]
    if not accepted:
        return MINIMAL
    for taken, told in accepted:
        level = told.get("odata.metadata", MINIMAL)
        if taken in ("application/json", "application/*", "*/*") and level in (MINIMAL, NONE):
            return level
    raise ODataRefused(406, "NotAcceptable", "application/json with odata.metadata=minimal or none")


def check_version(most: str | None) -> None:
    """Refuse a program that understands only what is older than OData 4.0; `most` is its OData-MaxVersion."""
    if most is not None and not re.fullmatch(r"(4|[5-9]|[1-9]\d)\.\d{1,2}", most.strip(), re.ASCII):
        raise ODataRefused(400, "BadRequest", f"OData-MaxVersion: {VERSION} or later")
