"""Decisions as they stand in the database: those that touch some reports, and the groups that follow.

`rebuild` runs inside a job of the writer after a decision or a new report.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee

from hub.links.bulk import select_in
from hub.links.models import LinkDecision, LinkGroup, LinkMember, LinkSuggestion
from hub.links.states import Groups, Verdict, groups_of, state_of
from hub.links.weighing import Kind
from hub.models import Report

_DECIDED = (
    LinkDecision.id,
    LinkDecision.kind,
    LinkDecision.one,
    LinkDecision.other,
    LinkDecision.same,
    LinkDecision.undone_at,
)


def holding(database: Any, kind: Kind, reports: Iterable[str]) -> list[Verdict]:
    """Return every decision that holds and touches a group of one of the reports."""
    asked: set[str] = set()
    found: dict[int, Verdict] = {}
    fresh = set(reports)
    while fresh:
        asked |= fresh
        rows = [
            row
            for end in (LinkDecision.one, LinkDecision.other)
            for row in select_in(database, _DECIDED, end, fresh)
        ]
        fresh = set()
        for number, of, one, other, same, undone_at in rows:
            if of == kind and undone_at is None:
                found[number] = Verdict(number, one, other, bool(same))
                if same:
                    fresh |= {one, other} - asked
    return list(found.values())


def whole_groups(database: Any, kind: Kind, reports: Iterable[str]) -> tuple[Groups, list[Verdict]]:
    """Return the groups of the reports and of those that are kept apart from them, with the decisions."""
    reports = set(reports)
    verdicts = holding(database, kind, reports)
    ends = {report for v in verdicts if not v.same for report in (v.one, v.other)} - reports
    if ends:
        verdicts = list({v.number: v for v in (*verdicts, *holding(database, kind, ends))}.values())
    return groups_of(verdicts), verdicts


def rebuild(database: Any, kind: Kind, reports: Iterable[str]) -> None:
    """Write anew the groups that the reports are in or were in, and the states of their suggestions."""
    touched = set(reports)
    before = LinkMember.select(LinkMember.group).where(
        (LinkMember.kind == kind) & LinkMember.report.in_(sorted(touched))
    )
    old = sorted({row[0] for row in before.tuples().execute(database)})
    members = LinkMember.select(LinkMember.report).where(LinkMember.group.in_(old))
    touched |= {row[0] for row in members.tuples().execute(database)}
    groups, verdicts = whole_groups(database, kind, touched)
    touched |= {report for report, number in groups.number_of.items() if number in _of(groups, touched)}
    LinkMember.delete().where((LinkMember.kind == kind) & LinkMember.report.in_(sorted(touched))).execute(
        database
    )
    numbers = _of(groups, touched)
    LinkGroup.delete().where(LinkGroup.number.in_(sorted({*old, *numbers}))).execute(database)
    for number in sorted(numbers):
        _write_group(database, kind, number, groups.members[number])
    _restate(database, kind, touched)


def _of(groups: Groups, reports: set[str]) -> set[int]:
    return {groups.number_of[report] for report in reports if report in groups.number_of}


def _write_group(database: Any, kind: Kind, number: int, members: tuple[str, ...]) -> None:
    here = Report.select(
        peewee.fn.COUNT(Report.id), peewee.fn.MIN(Report.received_at), peewee.fn.MAX(Report.received_at)
    ).where(Report.id.in_(members))
    [(count, first_at, last_at)] = here.tuples().execute(database)
    if not count:
        return  # all were taken away
    rows = [{"kind": kind, "report": report, "group": number} for report in members]
    LinkMember.insert_many(rows).execute(database)
    LinkGroup.insert(number=number, kind=kind, reports=count, first_at=first_at, last_at=last_at).execute(
        database
    )


def _restate(database: Any, kind: Kind, reports: set[str]) -> None:
    names = sorted(reports)
    columns = (
        LinkSuggestion.id,
        LinkSuggestion.one,
        LinkSuggestion.other,
        LinkSuggestion.strong,
        LinkSuggestion.state,
    )
    rows = list(
        LinkSuggestion.select(*columns)
        .where(
            (LinkSuggestion.kind == kind) & (LinkSuggestion.one.in_(names) | LinkSuggestion.other.in_(names))
        )
        .execute(database)
    )
    if not rows:
        return
    ends = {report for row in rows for report in (row.one, row.other)}
    groups, verdicts = whole_groups(database, kind, ends)
    decided = {(v.one, v.other): v.same for v in verdicts}
    for row in rows:
        state = state_of(groups, decided.get((row.one, row.other)), row.one, row.other, strong=row.strong)
        if state != row.state:
            LinkSuggestion.update(state=state).where(LinkSuggestion.id == row.id).execute(database)
