"""Series of recruiters over the whole region: of each person of interest that is told of now, and of reports
that the hub suggests to be of one recruiter and nobody has decided on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hub.counting.entries import Entries, Placed
from hub.counting.spans import number_of
from hub.links.bulk import select_in
from hub.links.models import LinkGroup, LinkMember, LinkSuggestion
from hub.links.states import OPEN

Floats = NDArray[np.float64]
RECRUITER: Final = "recruiter"
SUGGESTED: Final = "suggested:"
"""Before the id of the first of reports that nobody has joined yet."""
MOST_REPORTS: Final = 200
"""Of a suggested cluster: a longer chain of suggestions is no recruiter."""
LEAST_REPORTS: Final = 3


@dataclass(frozen=True)
class Clusters:
    """Counts by week of each recruiter that is told of in the last weeks, which of these reports tell of
    whom, and how many recruiters there are in all."""

    counts: dict[str, Floats]
    recent: dict[str, tuple[str, ...]]
    number: int


def read_clusters(
    database: Any, entries: Entries, recent: Sequence[Placed], week: int, weeks: int
) -> Clusters:
    """Read the recruiters of whom the recent reports tell, over `weeks` weeks up to that of a Monday."""
    names = [one.id for one in recent]
    group_of = {
        str(report): int(group)
        for report, group, kind in select_in(
            database, [LinkMember.report, LinkMember.group, LinkMember.kind], LinkMember.report, names
        )
        if kind == RECRUITER
    }
    told = Counter(group_of.values())
    members: dict[str, set[str]] = defaultdict(set)
    wanted = [group for group, reports in told.items() if reports >= LEAST_REPORTS]
    for report, group in select_in(database, [LinkMember.report, LinkMember.group], LinkMember.group, wanted):
        members[str(group)].add(str(report))
    for suggested in _suggested(database, [name for name in names if name not in group_of]):
        if len(suggested & set(names)) >= LEAST_REPORTS:
            members[SUGGESTED + min(suggested)] = suggested
    placed = (
        {one.id: one for one in entries.placed(sorted(set().union(*members.values())))} if members else {}
    )
    counts = {}
    for name, reports in members.items():
        array = np.zeros(weeks)
        for report in reports:
            one = placed.get(report)
            at = -1 if one is None else number_of(one.entry.week) - number_of(week) + weeks - 1
            if 0 <= at < weeks:
                array[at] += 1
        counts[name] = array
    here = {name: tuple(one for one in names if one in reports) for name, reports in members.items()}
    number = int(LinkGroup.select().where(LinkGroup.kind == RECRUITER).count(database)) + sum(
        name.startswith(SUGGESTED) for name in members
    )
    return Clusters(counts, here, number)


def _suggested(database: Any, reports: Iterable[str]) -> list[set[str]]:
    """Return reports that open, strong suggestions join, beginning with these; two steps far."""
    near: dict[str, set[str]] = defaultdict(set)
    asked: set[str] = set()
    ask = set(reports)
    fields = [
        LinkSuggestion.one,
        LinkSuggestion.other,
        LinkSuggestion.kind,
        LinkSuggestion.strong,
        LinkSuggestion.state,
    ]
    for _ in range(2):
        for by in (LinkSuggestion.one, LinkSuggestion.other):
            for one, other, kind, strong, state in select_in(database, fields, by, ask):
                if kind == RECRUITER and strong and state == OPEN:
                    near[one].add(other)
                    near[other].add(one)
        asked |= ask
        ask = set(near) - asked
    found, seen = [], set()
    for begin in sorted(near):
        if begin in seen:
            continue
        group, edge = {begin}, [begin]
        while edge:
            new = near[edge.pop()] - group
            group |= new
            edge += new
        seen |= group
        if len(group) <= MOST_REPORTS:
            found.append(group)
    return found
