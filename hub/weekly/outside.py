"""The figures of a week for readers outside the office: small numbers hidden, others rounded up. Pure.

Rounding keeps two tables that were made at different times from telling of one report by their difference;
for the same reason it is always made of the first version of a week.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Final

from hub.exports.suppression import SMALLEST_SHOWN, hidden_paths, with_totals
from hub.weekly.facts import (
    HIDDEN,
    District,
    Facts,
    Learned,
    Referrals,
    Reports,
    Rights,
    Signals,
    Urgent,
    Villages,
    Waiting,
)

STEP: Final = 5
"""Numbers that are shown are rounded up to a multiple of this."""


def rounded(count: int) -> int:
    """Return a number as it is shown outside, or HIDDEN."""
    return HIDDEN if count < SMALLEST_SHOWN else -(-count // STEP) * STEP


def for_outside(facts: Facts) -> Facts:
    """Return what readers outside may see of the whole hub's week; raise ValueError for that of areas: what
    differs between two of these would tell of few reports."""
    if facts.areas:
        raise ValueError("only the report of the whole hub goes outside")
    signals, urgent, learned = facts.signals, facts.urgent, facts.learned
    return replace(
        facts,
        outside=True,
        reports=_reports(facts.reports),
        urgent=Urgent(rounded(urgent.rang), *_share(urgent.in_time, urgent.rang), None),
        signals=Signals(
            rounded(signals.raised),
            (),
            rounded(signals.true),
            rounded(signals.false),
            rounded(signals.unknown),
            HIDDEN,
            HIDDEN,
            (),
        ),
        bulletins=replace(facts.bulletins, waiting=HIDDEN),
        villages=Villages(facts.villages.boxes, rounded(facts.villages.silent), (), ()),
        referrals=Referrals(
            rounded(facts.referrals.made), rounded(facts.referrals.answered), HIDDEN, HIDDEN, HIDDEN
        ),
        series=(),
        learned=Learned(learned.weeks, *_pair(learned.true, learned.decided), ()),
        waiting=Waiting(*[HIDDEN] * 8),
        rights=Rights(*[HIDDEN] * 5),
    )


def _pair(count: int, of: int) -> tuple[int, int]:
    """Return a count and what it is of, both HIDDEN unless the count and the rest are large enough."""
    if min(count, of - count) < SMALLEST_SHOWN:
        return HIDDEN, HIDDEN
    return rounded(count), rounded(of)


def _share(count: int, of: int) -> tuple[int, int]:
    """Return twice the same for what was read and read in time: the first is not told outside."""
    shown, _ = _pair(count, of)
    return HIDDEN, shown


def _reports(reports: Reports) -> Reports:
    by_area = with_totals({(one.code[:2], one.code): one.now for one in reports.districts})
    by_kind = with_totals({(kind,): now for kind, now, _ in reports.kinds})
    no_area, no_kind = hidden_paths(by_area), hidden_paths(by_kind)
    total = HIDDEN if reports.total < SMALLEST_SHOWN else rounded(reports.total)
    provinces: Counter[str] = Counter()
    for one in reports.districts:
        provinces[one.code[:2]] += one.now
    return Reports(
        total=total,
        before=HIDDEN,  # it stands in that week's own report
        low=None,
        high=None,
        kinds=tuple(
            (kind, HIDDEN if (kind,) in no_kind else rounded(now), HIDDEN) for kind, now, _ in reports.kinds
        ),
        # That an area stands among the hidden would say that it has some.
        districts=tuple(
            District(one.code, rounded(one.now), HIDDEN)
            for one in reports.districts
            if (one.code[:2], one.code) not in no_area
        ),
        weeks=tuple((week, rounded(count)) for week, count in reports.weeks),
        provinces=tuple(
            (code, rounded(count)) for code, count in sorted(provinces.items()) if (code,) not in no_area
        ),
    )
