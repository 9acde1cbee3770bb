"""Which signal a finding belongs to: a new one, one that is open, one to open again, or none. Pure.

A finding joins what the same rule found of the same unit and category before, or what rests on mostly the
same reports in a nested unit: whoever raised it. What was closed is not raised again for the same reports.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from hub.signals.finding import CHARACTERS, Finding, Group, Sort
from hub.warning.states import FALSE

RAISE, JOIN, REOPEN, NOTHING_NEW = "raise", "join", "reopen", "nothing new"
MOSTLY: Final = 0.5
"""More than this share of the larger of two sets of reports must be in both."""
REMEMBERED_S: Final = 56 * 86_400.0
"""How long a closed signal keeps the same thing from being raised again."""

_LENGTHS: Final = sorted((length for length in CHARACTERS.values() if length), reverse=True)

Key = tuple[str, str, str, str, str]


def key_of(finding: Finding) -> Key:
    """Return what makes two findings of different weeks the same: rule, sort, unit, group and value."""
    return (finding.rule, finding.sort, finding.unit, finding.category.group, finding.category.value)


@dataclass(frozen=True)
class Candidate:
    """A signal that a finding may belong to.

    `sorts` and `units` are those of its sightings (no sort: a person raised it), `weeks` the last week in
    which each key was seen; `recent` are the reports behind it that lie in the weeks of the finding, `known`
    all that are or were behind it.
    """

    signal: int
    sorts: frozenset[str]
    units: frozenset[str]
    weeks: dict[Key, int] = field(default_factory=dict)
    recent: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    closed_at: float | None = None
    verdict: str | None = None


@dataclass(frozen=True)
class Fold:
    """What becomes of a finding: one of the four words, and the signal; None for `RAISE`."""

    what: str
    signal: int | None = None


def fold(finding: Finding, candidates: Sequence[Candidate], now: float) -> Fold:
    """Return what becomes of a finding; open signals go first, then those that were closed of late."""
    same = _belonging(finding, [one for one in candidates if one.closed_at is None])
    if same is not None:
        return Fold(JOIN, same.signal)
    closed = [one for one in candidates if one.closed_at is not None and now - one.closed_at <= REMEMBERED_S]
    before = _belonging(finding, closed)
    if before is None:
        return Fold(RAISE)
    if not _is_new(finding, before):
        return Fold(NOTHING_NEW, before.signal)
    return Fold(REOPEN, before.signal) if before.verdict == FALSE else Fold(RAISE)


def _is_new(finding: Finding, before: Candidate) -> bool:
    """Tell whether a finding says more than what a closed signal knew."""
    if finding.reports:
        return not before.known.issuperset(finding.reports)
    if finding.sort is not Sort.EXCESS:
        return False  # the same silence goes on
    # Of a series without reports: what lies in weeks that were looked at says nothing new.
    return finding.week - before.weeks.get(key_of(finding), finding.week) >= 7 * finding.window_weeks


def _belonging(finding: Finding, candidates: Iterable[Candidate]) -> Candidate | None:
    """Return the candidate that was seen under the same key last, else the one with most reports
    in common."""
    key = key_of(finding)
    ranked = [
        (key in one.weeks, one.weeks.get(key, 0), len(one.recent.intersection(finding.reports)), one.signal)
        for one in candidates
        if key in one.weeks or _is_about_the_same(finding, one)
    ]
    if not ranked:
        return None
    best = max(ranked)[-1]
    return next(one for one in candidates if one.signal == best)


def _is_about_the_same(finding: Finding, one: Candidate) -> bool:
    if finding.category.group is Group.OTHER or not finding.reports:
        return False
    if one.sorts and finding.sort not in one.sorts:
        return False
    if not any(nested(finding.unit, unit) for unit in one.units):
        return False
    return mostly_the_same(frozenset(finding.reports), one.recent)


def mostly_the_same(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether more than half of the larger set lies in both."""
    return bool(one and other) and len(one & other) > MOSTLY * max(len(one), len(other))


def nested(one: str, other: str) -> bool:
    """Tell whether one area lies in the other, or is it; the empty code holds all."""
    return _holds(one, other) or _holds(other, one)


def narrowest(units: Iterable[str]) -> str:
    """Return the smallest of areas that lie in each other: who sees the larger one sees it, too. Of areas
    beside each other, the one around them: who sees one of them alone may not see the other."""
    found = set(units)
    smallest = [one for one in found if not any(one != other and _holds(one, other) for other in found)]
    for length in _LENGTHS:
        parts = {unit[:length] for unit in smallest}
        if len(parts) == 1 and len(min(parts)) == length:
            return parts.pop()
    return ""


def _holds(one: str, other: str) -> bool:
    return not one or other == one or other.startswith(f"{one}.")
