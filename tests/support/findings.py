"""Findings as a weekly run hands them over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from village import NOW_S, VILLAGE

from hub.linking.evidence import Evidence
from hub.links.evidence_store import EvidenceStore
from hub.signals.finding import Category, Finding, Group, Sort, WeekPoint

WEEK = int(NOW_S // 86_400) - (int(NOW_S // 86_400) + 3) % 7
"""The Monday of the week in which tests live."""


def finding(reports: Iterable[str] = (), *, week: int = WEEK, **other: Any) -> Finding:
    """Return a finding of the village: five reports in two weeks where none to one are usual."""
    told = {
        "rule": "kentongan",
        "sort": Sort.EXCESS,
        "unit": VILLAGE,
        "category": Category(Group.ALL),
        "window_weeks": 2,
        "count": 5.0,
        "usual_low": 0.0,
        "usual_high": 1.0,
        "chance": 0.0004,
        "past": tuple(
            WeekPoint(week - 7 * ago, 3.0 if ago < 2 else 0.0, 1.0 if not ago else 0.0, 0.4, 1.6)
            for ago in range(11, -1, -1)
        ),
        "reporters": 3,
        **other,
    }
    return Finding(week=week, reports=tuple(reports), **told)


def say_of(store: Any, reports: Iterable[str], phones: frozenset[str], *companies: tuple[str, ...]) -> None:
    """Let linking have found numbers and companies in reports: to look for them takes seconds."""
    nothing: frozenset[Any] = frozenset()
    names = "tails handles plates places home countries jobs people counts sums words"
    sets = dict.fromkeys(names.split(), nothing)
    evidence = Evidence("recruiter", None, (), phones, companies=companies, place=None, **sets)
    for report in reports:
        store.writer.run(lambda name=report: EvidenceStore(store.database).put(name, evidence))
