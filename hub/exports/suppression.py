"""Hides small numbers in a tree of totals so that none can be worked out from what is shown. Pure.

A number stands under a path; the total of all is under (), and every total is the sum of what stands right
below it. Three rules hold afterwards (decision in `docs/decisions.md`):

1. no number below the threshold is shown;
2. a shown total has no single hidden part, and a hidden total has a hidden part;
3. what the hidden parts of a shown total come to, through hidden totals in between, is not small either.

A single hidden part of a shown total needs no step of its own: it is hidden for being small, with all below
it, so the third rule takes the smallest shown part beside it. Whatever is hidden for another's sake has that
other beside it, or stands under a total that is hidden itself.

So for each hidden number there is another table with the same shown numbers in which it differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SMALLEST_SHOWN: Final = 11
Path = tuple[str, ...]


def with_totals(leaves: Mapping[Path, int]) -> dict[Path, int]:
    """Return leaves with every total above them; leaves all have the same depth."""
    sums: dict[Path, int] = {(): 0}
    for path, count in leaves.items():
        for depth in range(len(path) + 1):
            sums[path[:depth]] = sums.get(path[:depth], 0) + count
    return sums


def hidden_paths(sums: Mapping[Path, int], smallest: int = SMALLEST_SHOWN) -> frozenset[Path]:
    """Return which numbers of a tree with totals are not shown."""
    return _Hiding(sums, smallest).run()


class _Hiding:
    def __init__(self, sums: Mapping[Path, int], smallest: int) -> None:
        self._sums = sums
        self._smallest = smallest
        self._parts: dict[Path, list[Path]] = {}
        for path in sorted(sums):
            if path:
                self._parts.setdefault(path[:-1], []).append(path)
        self._hidden = {path for path, count in sums.items() if count < smallest}

    def run(self) -> frozenset[Path]:
        """Hide until all rules hold; what is hidden stays so, so there is an end."""
        waiting = dict.fromkeys(sorted(self._parts, key=len, reverse=True))
        while waiting:
            total = next(iter(waiting))
            more = self._broken(total)
            if more is None:
                del waiting[total]
                continue
            self._hidden.add(more)
            # What changed for a number may break a rule at itself and at every total above it.
            for depth in range(len(more) + 1):
                if more[:depth] in self._parts:
                    waiting[more[:depth]] = None
        return frozenset(self._hidden)

    def _broken(self, total: Path) -> Path | None:
        """Return what must be hidden besides for the sake of one total, or None."""
        hidden = [part for part in self._parts[total] if part in self._hidden]
        if total in self._hidden:
            return None if hidden else self._smallest_of(self._parts[total])
        if not hidden:
            return None
        frontier = self._shown_below(total)
        if self._sums[total] - sum(self._sums[path] for path in frontier) < self._smallest:
            return self._smallest_of(frontier)
        return None

    def _shown_below(self, total: Path) -> list[Path]:
        """Return the shown numbers right below a total or below hidden totals of it."""
        found: list[Path] = []
        for part in self._parts.get(total, ()):
            if part in self._hidden:
                found += self._shown_below(part)
            else:
                found.append(part)
        return found

    def _smallest_of(self, paths: list[Path]) -> Path:
        return min(paths, key=lambda path: (self._sums[path], path))
