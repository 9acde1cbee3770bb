"""What people's decisions make of reports: groups, who must stay apart, and the state of a pair. Pure.

Nothing is remembered of a merge: groups are worked out anew from the decisions that hold, so that one taken
back gives exactly the groups that were, with their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

State = Literal["open", "faint", "confirmed", "rejected", "joined", "conflict"]

OPEN: Final[State] = "open"
FAINT: Final[State] = "faint"
"""Too weak to show."""
CONFIRMED: Final[State] = "confirmed"
REJECTED: Final[State] = "rejected"
JOINED: Final[State] = "joined"
"""Others' decisions joined them already."""
CONFLICT: Final[State] = "conflict"
"""Somebody decided that two of the reports that would be joined do not belong together."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision that holds: its number, two reports, and whether they belong together."""

    number: int
    one: str
    other: str
    same: bool


@dataclass(frozen=True)
class Groups:
    """Groups by the number of the oldest decision in each; a report in none stands for itself."""

    members: Mapping[int, tuple[str, ...]]
    number_of: Mapping[str, int]
    apart: Mapping[frozenset[int | str], Verdict]
    """By two groups (or lone reports): the oldest decision that keeps them apart."""

    def place(self, report: str) -> int | str:
        """Return the number of a report's group, or the report itself."""
        return self.number_of.get(report, report)

    def between(self, one: str, other: str) -> Verdict | None:
        """Return what keeps the groups of two reports apart, or None."""
        return self.apart.get(frozenset((self.place(one), self.place(other))))


def groups_of(verdicts: Iterable[Verdict]) -> Groups:
    """Work out groups."""
    ordered = sorted(verdicts, key=lambda v: v.number)
    of: dict[str, int] = {}
    members: dict[int, set[str]] = {}
    for verdict in ordered:
        if not verdict.same:
            continue
        ours, theirs = of.get(verdict.one), of.get(verdict.other)
        joined = [n for n in {ours, theirs} if n is not None]
        number = min([*joined, verdict.number])
        everyone = {verdict.one, verdict.other}.union(*(members.pop(n) for n in joined))
        members[number] = everyone
        of.update(dict.fromkeys(everyone, number))
    apart: dict[frozenset[int | str], Verdict] = {}
    for verdict in ordered:
        if not verdict.same:
            places = frozenset(of.get(report, report) for report in (verdict.one, verdict.other))
            apart.setdefault(places, verdict)
    return Groups({n: tuple(sorted(m)) for n, m in members.items()}, of, apart)


def state_of(groups: Groups, decided: bool | None, one: str, other: str, *, strong: bool) -> State:
    """Return the state of a pair; `decided` is what somebody decided about it, None for nothing."""
    if decided is not None:
        return CONFIRMED if decided else REJECTED
    if groups.place(one) == groups.place(other):
        return JOINED
    if groups.between(one, other) is not None:
        return CONFLICT
    return OPEN if strong else FAINT


def chain(verdicts: Iterable[Verdict], one: str, other: str) -> tuple[Verdict, ...]:
    """Return the fewest decisions that join two reports, from one to the other; empty if none do."""
    beside: dict[str, list[tuple[str, Verdict]]] = {}
    for verdict in sorted(verdicts, key=lambda v: v.number):
        if verdict.same:
            beside.setdefault(verdict.one, []).append((verdict.other, verdict))
            beside.setdefault(verdict.other, []).append((verdict.one, verdict))
    ways: dict[str, tuple[Verdict, ...]] = {one: ()}
    reached = [one]
    for report in reached:
        for neighbour, verdict in beside.get(report, ()):
            if neighbour not in ways:
                ways[neighbour] = (*ways[report], verdict)
                reached.append(neighbour)
    return ways.get(other, ())
