"""Texts of another language laid over the Indonesian files, which alone hold structure, verdicts and sources.

A file under `languages/en/` has the form of its namesake under `languages/id/` but only holds texts. Tables
of an array are matched by their `key`, or by their order where they have none. What is not translated stays
Indonesian, and `check` counts it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from content.errors import ContentRefused

STRUCTURE = frozenset(
    ("key", "icon", "kind", "verdict", "answer", "facts", "lesson", "lessons", "number", "by", "whatsapp")
    + ("verified", "emergency", "dated", "checked", "question", "choice", "any_of", "minutes")
    + ("changes", "becomes", "when", "not_when", "address", "dialled", "source", "reached_from", "qr", "wifi")
)
"""Keys that a translation may not touch: they are not words, or they must be the same in every language."""


@dataclass(frozen=True)
class Translated:
    """A file in another language, and which of its texts still are Indonesian."""

    data: dict[str, Any]
    missing: tuple[str, ...]


@dataclass
class _Merge:
    where: str
    missing: list[str] = field(default_factory=list)

    def table(self, path: str, base: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
        for key in other:
            if key not in base or (key in STRUCTURE and key != "key"):
                raise ContentRefused(f"{self.where}: {path}{key} is not a text of the Indonesian file")
        return {key: self.value(f"{path}{key}", key, value, other.get(key)) for key, value in base.items()}

    def value(self, path: str, key: str, base: Any, other: Any) -> Any:
        if isinstance(base, dict):
            return self.table(f"{path}.", base, self._of_type(path, other, dict))
        if isinstance(base, list) and base and isinstance(base[0], dict):
            return self.tables(path, base, self._of_type(path, other, list))
        if key in STRUCTURE or not isinstance(base, (str, list)):
            return base
        if other is None:
            self.missing.append(path)
            return base
        other = self._of_type(path, other, type(base))
        if isinstance(base, list) and len(other) != len(base):
            raise ContentRefused(
                f"{self.where}: {path} must have {len(base)} texts, as in the Indonesian file"
            )
        return other

    def tables(self, path: str, base: list[dict[str, Any]], other: list[Any]) -> list[dict[str, Any]]:
        if any(not isinstance(table, dict) for table in other):
            raise ContentRefused(f"{self.where}: {path} must be tables")
        names = [str(table.get("key", number)) for number, table in enumerate(base, 1)]
        theirs = {str(table.get("key", number)): table for number, table in enumerate(other, 1)}
        if len(theirs) != len(other) or not set(theirs) <= set(names):
            raise ContentRefused(f"{self.where}: {path} has a table that the Indonesian file does not have")
        return [
            self.table(f"{path}.{name}.", table, theirs.get(name, {}))
            for name, table in zip(names, base, strict=True)
        ]

    def _of_type(self, path: str, value: Any, kind: type) -> Any:
        if value is None:
            return kind()
        if not isinstance(value, kind):
            raise ContentRefused(
                f"{self.where}: {path} must have the form that it has in the Indonesian file"
            )
        return value


def lay_over(where: str, base: Mapping[str, Any], other: Mapping[str, Any]) -> Translated:
    """Return `base` with the texts of `other`; raise `ContentRefused` where `other` does not fit."""
    merge = _Merge(where)
    data = merge.table("", base, other)
    return Translated(data, tuple(merge.missing))
