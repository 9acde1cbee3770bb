"""What the reports behind a signal have in common, counted from what linking keeps and what they say."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from hub.cases.models import Triage
from hub.links.bulk import select_in
from hub.links.evidence_store import EvidenceStore
from hub.links.models import LinkMember
from hub.models import Epoch, Node, Report
from hub.retention.contents import ReportContents
from hub.taking_time import Between, best_guess, taken_between
from hub.warning.reasons import Facts

MOST_READ: Final = 300
"""Reports that are opened for it; of more, the newest are enough to tell."""


def facts_of(database: Any, contents: ReportContents, reports: Sequence[str], count: int) -> Facts:
    """Return the facts of reports, newest last; `count` is how many there are or were."""
    some = list(reports)[-MOST_READ:]
    evidence = EvidenceStore(database).of(some).values()
    phones = Counter(phone for one in evidence for phone in one.phones)
    companies = Counter(company for one in evidence for company in set(one.companies))
    members = select_in(database, [LinkMember.kind, LinkMember.group], LinkMember.report, some)
    recruiters = Counter(group for kind, group in members if kind == "recruiter")
    days = select_in(database, [Triage.departure_day], Triage.report, some)
    told = contents.reports(Report.select().where(Report.id.in_(some)).execute(database)) if some else []
    return Facts(
        reports=count,
        same_phone=_most(phones),
        same_company=_most(companies),
        same_recruiter=_most(recruiters),
        minors=sum(_tells_of_minors(json.loads(row.body)) for row in told),
        departures=tuple(sorted(int(day) for (day,) in days if day is not None)),
    )


def _most(counts: Counter[Any]) -> int:
    return max((count for count in counts.values() if count > 1), default=0)


def _tells_of_minors(body: dict[str, Any]) -> bool:
    people = body.get("people") or {}
    return "child" in (body.get("indicators") or ()) or (people.get("children") or 0) > 0


def to_text(facts: Facts) -> str:
    """Return facts as JSON to keep."""
    return json.dumps({name: getattr(facts, name) for name in Facts.__dataclass_fields__})


def from_text(text: str) -> Facts:
    """Return facts as they were kept."""
    told = json.loads(text)
    return Facts(**{**told, "departures": tuple(told["departures"])})


def without_those_forgotten(before: Facts, left: Facts) -> Facts:
    """Return facts after reports were forgotten: counts stay, what single reports said does not."""
    counts = {
        name: max(getattr(before, name), getattr(left, name))
        for name in ("reports", "same_phone", "same_company", "same_recruiter", "minors")
    }
    return Facts(**counts, departures=left.departures)


def first_taken_at(database: Any, reports: Sequence[str]) -> float | None:
    """Return when the first of some reports was taken; received, where that is not known within an hour."""
    fields = [Report.node, Report.epoch, Report.age_minutes, Report.received_at]
    rows = list(select_in(database, fields, Report.id, reports))
    spans = [Epoch.id, Epoch.start_earliest, Epoch.start_latest]
    starts = {
        bytes(epoch): Between(earliest, latest)
        for epoch, earliest, latest in select_in(database, spans, Epoch.id, {bytes(row[1]) for row in rows})
    }
    enrolled = dict(
        select_in(database, [Node.number, Node.enrolled_at], Node.number, {int(row[0]) for row in rows})
    )
    moments = [
        best_guess(taken_between(starts[bytes(epoch)], age_minutes, received_at, enrolled.get(node, 0.0)))
        or received_at
        for node, epoch, age_minutes, received_at in rows
        if bytes(epoch) in starts
    ]
    return min(moments, default=None)
