"""What the OData feed asks of the hub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hub.exports.odata_asking import Asked
from hub.exports.odata_model import EntitySet
from hub.services import SignedIn

ROWS_A_PAGE = 300
"""A spreadsheet asks for all of a table: few requests for many rows. A list in items may make more rows."""


@dataclass(frozen=True)
class ODataPage:
    """Rows of a table; `next` is the place for the page after it and `left` how many rows are wanted there,
    None for all; `total` counts all rows, where that was asked."""

    rows: list[dict[str, Any]]
    next: str | None
    left: int | None
    total: int | None


class ODataServices(Protocol):
    """The same as tables of OData. Every answer is noted and limited; raises ExportRefused when it is too
    much."""

    def page(self, table: EntitySet, asked: Asked, *, who: SignedIn) -> ODataPage:
        """Return a page of a table; raise BadCursor."""
        ...

    def total(self, table: EntitySet, asked: Asked, *, who: SignedIn) -> int:
        """Return how many rows a table has."""
        ...

    def one(self, table: EntitySet, key: Mapping[str, str], *, who: SignedIn) -> dict[str, Any] | None:
        """Return one row by its key, or None."""
        ...
