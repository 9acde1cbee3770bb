"""The groups that would come of it if all suggestions around a report were confirmed: shown, never done.

They are what `kentongan hub cluster` prints, worked out from kept evidence for the reports around one.
"""

from __future__ import annotations

from typing import Any, Final

from hub.linking.clustering import Pair, pair_of
from hub.linking.linking import Decisions, cluster_reports, compare
from hub.links.evidence_store import EvidenceStore
from hub.links.states import Verdict
from hub.links.suggestions import Suggestions
from hub.links.verdicts import whole_groups
from hub.links.weighing import KINDS, Kind

MOST_REPORTS: Final = 40
"""Reports around one that are taken in, the strongest links first: each is compared with each."""


def would_be(
    database: Any, store: EvidenceStore, suggestions: Suggestions, report: str
) -> dict[Kind, tuple[str, ...]]:
    """Return the reports that would be of one person of interest, or one event, with this one.

    Decisions that hold are kept. A kind is left out where the report would stand alone.
    """
    around = _around(database, suggestions, report)
    evidence = store.of(around)
    if report not in evidence:
        return {}
    names = sorted(evidence)
    said = [evidence[name] for name in names]
    must: dict[Kind, frozenset[Pair]] = {}
    cannot: dict[Kind, frozenset[Pair]] = {}
    for kind in KINDS:
        must[kind], cannot[kind] = _decided(database, kind, names)
    clusters = cluster_reports(
        compare(names, said, store.background(said)),
        decisions=Decisions(must["recruiter"], cannot["recruiter"], must["event"], cannot["event"]),
        reports=store.reports(),
    )
    found: dict[Kind, tuple[str, ...]] = {}
    for kind, labels in (("recruiter", clusters.recruiters), ("event", clusters.events)):
        own = labels[names.index(report)]
        group = tuple(name for name, label in zip(names, labels, strict=True) if label == own)
        if own is not None and len(group) > 1:
            found[kind] = group
    return found


def _around(database: Any, suggestions: Suggestions, report: str) -> list[str]:
    """Return the report and those that suggestions or decisions lead to, nearest first."""
    found = {report: None}
    fresh = [report]
    while fresh and len(found) < MOST_REPORTS:
        beside = []
        for kind in KINDS:
            groups, _ = whole_groups(database, kind, fresh)
            beside += [(0.0, m) for n in groups.members for m in groups.members[n] if _of(groups, fresh, n)]
            for row in suggestions.beside(kind, fresh):
                beside += [(-row.bits, row.one), (-row.bits, row.other)]
        fresh = []
        for _, name in sorted(beside):
            if name not in found and len(found) < MOST_REPORTS:
                found[name] = None
                fresh.append(name)
    return list(found)


def _of(groups: Any, reports: list[str], number: int) -> bool:
    return any(groups.number_of.get(report) == number for report in reports)


def _decided(database: Any, kind: Kind, names: list[str]) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Return which positions must be together and which apart. A group whose middle was taken away, or lies
    further off, holds together all the same.
    """
    groups, verdicts = whole_groups(database, kind, names)
    at = {name: place for place, name in enumerate(names)}
    here = {number: [at[m] for m in members if m in at] for number, members in groups.members.items()}
    must = {pair_of(a, b) for places in here.values() for a, b in zip(places, places[1:], strict=False)}
    cannot = set()
    for verdict in verdicts:
        if not verdict.same:
            ends = [_position(groups, here, at, report) for report in _ends(verdict)]
            if ends[0] is not None and ends[1] is not None:
                cannot.add(pair_of(ends[0], ends[1]))
    return frozenset(must), frozenset(cannot)


def _ends(verdict: Verdict) -> tuple[str, str]:
    return verdict.one, verdict.other


def _position(groups: Any, here: dict[int, list[int]], at: dict[str, int], report: str) -> int | None:
    """Return a position that stands for a report: its own, or one of its group."""
    if report in at:
        return at[report]
    places = here.get(groups.number_of.get(report, -1), [])
    return places[0] if places else None
