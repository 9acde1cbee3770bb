"""A place picked from the list of areas, by typing a part of its name or by going down level by level."""

from __future__ import annotations

from dataclasses import dataclass

from sync.areas.table import AreaNames, area_names, area_table

VILLAGE_LEVEL = 4


@dataclass(frozen=True)
class Area:
    """One area as it is offered: its code, its name, and the names above it."""

    code: str
    name: str
    above: str

    @property
    def is_village(self) -> bool:
        """Whether nothing stands below it, so that a tap chooses it."""
        return self.code.count(".") == VILLAGE_LEVEL - 1


@dataclass(frozen=True)
class AreaChoice:
    """What the page of the place offers now."""

    chosen: Area | None
    """What the report holds so far."""
    here: Area | None
    """The area whose parts are offered; None at the top."""
    offered: tuple[Area, ...]
    searched: str | None
    """What was typed, where these are its results."""


def _area(names: AreaNames, code: str) -> Area | None:
    name = names.name_of(code) if code else None
    if name is None:
        return None
    parts = code.split(".")
    above = (names.name_of(".".join(parts[:n])) for n in range(len(parts) - 1, 0, -1))
    return Area(code, _spoken(name), ", ".join(_spoken(part) for part in above if part))


def _spoken(name: str) -> str:
    """The decree writes most names as they are spoken; those in capitals are brought to that form."""
    return name.title() if name.isupper() else name


def choose(chosen: str, *, here: str = "", words: str | None = None, near: str = "") -> AreaChoice:
    """Return what to offer: results for `words`, or the parts of the area `here`.

    An unknown `here` counts as the top.
    """
    names, table = area_names(), area_table()
    if words is not None:
        codes = [words.strip()] if words.strip() in table else names.search(words, near=near)
    else:
        codes = table.children_of(here if here in table else "")
    offered = tuple(area for code in codes if (area := _area(names, code)) is not None)
    return AreaChoice(_area(names, chosen), _area(names, here), offered, words)
