"""One event, found in several units and categories, is one finding. Pure.

A burst in a village is also one of its sub-district, of its kind, and of a destination. The finding that
is the least likely by chance against its threshold explains it; those that mostly rest on the same reports
are named in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hub.signals.finding import Finding, Sort

SAME_SHARE = 0.5
"""Of the reports of the smaller finding."""


def told_once(findings: Sequence[tuple[Finding, float]]) -> list[Finding]:
    """Return the findings, each with its threshold, that explain the others, with those named; the least
    likely first. Only findings of more than is usual are put together."""
    ordered = sorted(findings, key=lambda one: (one[0].chance / one[1], -len(one[0].unit), one[0].category))
    kept: list[Finding] = []
    for finding, _ in ordered:
        for at, best in enumerate(kept):
            if _is_same(best, finding):
                kept[at] = replace(best, others=(*best.others, (finding.unit, finding.category)))
                break
        else:
            kept.append(finding)
    return kept


def _is_same(one: Finding, other: Finding) -> bool:
    if one.sort is not Sort.EXCESS or other.sort is not Sort.EXCESS or one.week != other.week:
        return False
    if not (one.unit.startswith(other.unit) or other.unit.startswith(one.unit)):
        return False
    reports, others = set(one.reports), set(other.reports)
    smaller = min(len(reports), len(others))
    return smaller > 0 and len(reports & others) >= SAME_SHARE * smaller
