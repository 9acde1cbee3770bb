"""What the OData feed reads: the items of the programs' interface as rows of tables.

Which items a token sees, and what of them, is decided where the programs' interface reads; here they only
become rows. Implements `hub.exports.odata_services.ODataServices`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub.exports.api_reading import ANY_STATE, MOST_WEEKS, ApiReading
from hub.exports.odata_asking import Asked
from hub.exports.odata_model import EntitySet, Row
from hub.exports.odata_services import ROWS_A_PAGE, ODataPage
from hub.services import SignedIn


class ODataReading:
    """Reads through `ApiReading`. Threads may share it."""

    def __init__(self, reading: ApiReading) -> None:
        self._reading = reading

    def page(self, table: EntitySet, asked: Asked, *, who: SignedIn) -> ODataPage:
        """See `ODataServices.page`."""
        rows: list[Row] = []
        following, total = None, 0
        if _may_hold(table, asked):
            if asked.top != 0:
                most = ROWS_A_PAGE if table.repeats else min(ROWS_A_PAGE, asked.top or ROWS_A_PAGE)
                found = self._reading.read(table.collection, _asked_of(table, asked), most, who=who)
                rows, following = table.rows(found.items), found.next
            if asked.count:
                total = self._reading.total(table.collection, _asked_of(table, asked), who=who)
        left = None
        if asked.top is not None:
            rows = rows[: asked.top]
            left = asked.top - len(rows)
            following = following if left else None
        self._reading.note(who, _about(table, asked, rows), len(rows))
        return ODataPage(rows, following, left, total if asked.count else None)

    def total(self, table: EntitySet, asked: Asked, *, who: SignedIn) -> int:
        """See `ODataServices.total`."""
        counted = 0
        if _may_hold(table, asked):
            counted = self._reading.total(table.collection, _asked_of(table, asked), who=who)
        self._reading.note(who, f"{_about(table, asked)} count", 0)
        return counted

    def one(self, table: EntitySet, key: Mapping[str, str], *, who: SignedIn) -> dict[str, Any] | None:
        """See `ODataServices.one`."""
        if table.repeats is None:
            item = self._reading.one(table.collection, key, who=who)
            rows = [] if item is None else table.rows([item])
        else:
            parent = {table.of_item(table.key[0]): key[table.key[0]]}
            item = self._reading.one(table.collection, parent, who=who)
            rows = [] if item is None else [row for row in table.rows([item]) if row == dict(key)]
        if not rows:
            return None
        shown = ",".join(key.values())
        self._reading.note(who, f"odata {table.name} {shown}", 1)
        return rows[0]


def _may_hold(table: EntitySet, asked: Asked) -> bool:
    """Tell whether a row can be as it is asked for: what is no value of a column is nowhere."""
    return all(value in (table.values(name) or (value,)) for name, value in asked.equal)


def _asked_of(table: EntitySet, asked: Asked) -> dict[str, str]:
    """Return what is asked in the words of the programs' interface."""
    usual = {"cases": {"state": ANY_STATE}, "counts": {"weeks": str(MOST_WEEKS)}}.get(table.collection, {})
    place = {} if asked.after is None else {"cursor": asked.after}
    return {**usual, **{table.of_item(name): value for name, value in asked.equal}, **place}


def _about(table: EntitySet, asked: Asked, rows: Sequence[Row] = ()) -> str:
    # A program may ask for anything: the log gets only what the table holds.
    held = {name: {*(table.values(name) or ()), *(row[name] for row in rows)} for name, _ in asked.equal}
    told = [f"{name}={value}" for name, value in asked.equal if value in held[name]]
    return " ".join(["odata", table.name, *told])
