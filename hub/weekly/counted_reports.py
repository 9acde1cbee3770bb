"""Counts the reports of a week, by the counters alone, and how quickly urgent ones were read."""

from __future__ import annotations

import statistics
from collections import Counter
from typing import Any, Final

from hub.accounts.areas import may_see, sees
from hub.counting.entries import REGENCY_CHARACTERS
from hub.duty.escalation import STEP_S
from hub.duty.models import DutyRing
from hub.links.bulk import select_in
from hub.models import Report
from hub.services import SignedIn
from hub.week_counts import HUB, WeekCounts
from hub.weekly.facts import District, Reports, Urgent
from hub.weekly.usual import NOT_KNOWN, Range, UsualWeeks
from sync.records import KINDS

CHART_WEEKS: Final = 26


def count_reports(counts: WeekCounts, usual: UsualWeeks, week: int, who: SignedIn) -> Reports:
    """Return the reports of the week of a Monday, of what an account may see."""
    weeks = [week - 7 * back for back in reversed(range(CHART_WEEKS))]
    totals, kinds, old_kinds = Counter[int](), Counter[str](), Counter[str]()
    for one in counts.by_kind(weeks, who):
        totals[one.week] += one.reports
        if one.week == week:
            kinds[one.kind] += one.reports
        elif one.week == week - 7:
            old_kinds[one.kind] += one.reports
    now, before = Counter[str](), Counter[str]()
    for one in counts.by_kind([week - 7, week], who, by_regency=True):
        if one.unit != HUB:
            (now if one.week == week else before)[one.unit] += one.reports
    regencies = [code for code in sorted(now | before) if now[code] or before[code]]
    low, high = usual.of_all(None) if not who.areas else _of_areas(usual, who)
    return Reports(
        total=totals[week],
        before=totals[week - 7],
        low=low,
        high=high,
        kinds=tuple((kind, kinds[kind], old_kinds[kind]) for kind in KINDS),
        districts=tuple(
            District(code, now[code], before[code], *(usual.of(code) if may_see(who, code) else NOT_KNOWN))
            for code in regencies
        ),
        weeks=tuple((one, totals[one]) for one in weeks),
        provinces=(),
    )


def _of_areas(usual: UsualWeeks, who: SignedIn) -> Range:
    if not all(len(area) <= REGENCY_CHARACTERS for area in who.areas):
        return NOT_KNOWN  # the range of a regency is not that of a village in it
    return usual.of_all(usual.within(who))


def count_urgent(database: Any, begins_at: float, ends_at: float, who: SignedIn) -> Urgent:
    """Return the urgent reports that began to ring in [begins_at, ends_at), by the duty roster's rows.

    What was read before the roster's look of each minute has no row and is not counted.
    """
    query = DutyRing.select(DutyRing.report, DutyRing.begun_at, DutyRing.ended_at).where(
        (DutyRing.begun_at >= begins_at) & (DutyRing.begun_at < ends_at) & sees(who, DutyRing.village)
    )
    first: dict[str, tuple[float, float | None]] = {}
    for report, begun_at, ended_at in query.order_by(DutyRing.begun_at).tuples().execute(database):
        first.setdefault(report, (float(begun_at), ended_at))
    columns = [Report.id, Report.received_at, Report.read_at]
    times = {row[0]: row[1:] for row in select_in(database, columns, Report.id, list(first))}
    waits = []
    for report, (begun_at, ended_at) in first.items():
        # Of a report that was forgotten, or rang again for an addition, the ring alone tells.
        received_at, read_at = times.get(report, (begun_at, ended_at))
        if not begins_at <= received_at < ends_at or (read_at is not None and read_at < begun_at):
            received_at, read_at = begun_at, ended_at
        if read_at is not None:
            waits.append(max(0.0, float(read_at) - float(received_at)))
    return Urgent(
        rang=len(first),
        read=len(waits),
        in_time=sum(wait <= STEP_S for wait in waits),
        median_s=statistics.median(waits) if waits else None,
    )
