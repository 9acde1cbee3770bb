"""The programs' interface as OData tables: what `COLLECTIONS` lists, each list in an item as a table. Pure.

A list in an item ("repeats" in forms) becomes a table whose rows name the item that they belong to: programs
for tables join them by that column.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from hub.exports.api_document import COLLECTIONS, Schema

NAMESPACE: Final = "Kentongan"
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "reports": ("id",),
    "cases": ("number",),
    "counts": ("regency", "week", "kind"),
    "referrals": ("name",),
}
_FILTERED: Final[Mapping[str, tuple[str, ...]]] = {
    "reports": ("id", "kind"),
    "cases": ("number", "state"),
    "referrals": ("name",),
}
_TYPES: Final = {"boolean": "Edm.Boolean", "integer": "Edm.Int32", "string": "Edm.String"}
_FORMATS: Final = {"date": "Edm.Date", "date-time": "Edm.DateTimeOffset"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Property:
    """A column; `edm` is its type, `values` what it may hold where that is a short list."""

    name: str
    edm: str
    nullable: bool
    values: tuple[str, ...] | None


@dataclass(frozen=True)
class EntitySet:
    """A table. Its rows are items of a collection, or what stands in the list `repeats` of those."""

    name: str
    entity: str
    collection: str
    key: tuple[str, ...]
    properties: tuple[Property, ...]
    filtered: tuple[str, ...] = ()
    repeats: str | None = None

    @property
    def countable(self) -> bool:
        """Whether its rows are counted without reading them."""
        return self.repeats is None

    def property(self, name: str) -> Property | None:
        """Return a column, or None."""
        return next((one for one in self.properties if one.name == name), None)

    def values(self, name: str) -> tuple[str, ...] | None:
        """Return what a column may hold, None where that is no short list."""
        column = self.property(name)
        return None if column is None else column.values

    def of_item(self, name: str) -> str:
        """Return what a column of the key, or a filtered one, is called in items of the collection."""
        return name if self.repeats is None else _KEYS[self.collection][0]

    def rows(self, items: Iterable[Mapping[str, Any]]) -> list[Row]:
        """Return the rows that items of the collection make."""
        if self.repeats is None:
            return [{one.name: item[one.name] for one in self.properties} for item in items]
        parent, value = self.key
        [own] = _KEYS[self.collection]
        return [
            {parent: item[own], value: told} for item in items for told in dict.fromkeys(item[self.repeats])
        ]


def entity_sets(scopes: Iterable[str]) -> tuple[EntitySet, ...]:
    """Return the tables of chosen collections."""
    chosen = set(scopes)
    return tuple(one for one in _ALL if one.collection in chosen)


def _property(name: str, schema: Schema) -> Property:
    nullable = "anyOf" in schema
    told = schema["anyOf"][0] if nullable else schema
    edm = _FORMATS.get(told.get("format", ""), _TYPES[told["type"]])
    return Property(name, edm, nullable, tuple(told["enum"]) if "enum" in told else None)


def _sets_of(name: str, item: Schema) -> Sequence[EntitySet]:
    single = name.removesuffix("s")
    told: Mapping[str, Schema] = item["properties"]
    own = tuple(_property(one, schema) for one, schema in told.items() if schema.get("type") != "array")
    found = [EntitySet(name, single, name, _KEYS[name], own, _FILTERED.get(name, ()))]
    for one, schema in told.items():
        if schema.get("type") == "array":
            part = one.removesuffix("s")
            columns = Property(single, "Edm.String", False, None), _property(part, schema["items"])
            found.append(
                EntitySet(
                    f"{single}_{one}", f"{single}_{part}", name, (single, part), columns, (single,), one
                )
            )
    return found


_ALL: Final = tuple(made for one in COLLECTIONS for made in _sets_of(one.name, one.item))
