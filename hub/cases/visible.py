"""Which cases an account may see, and where a case that was merged stands now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.cases.case_models import CaseFile, CaseReport, CaseStep
from hub.cases.merging import MERGED
from hub.cases.models import Triage
from hub.services import SignedIn

UNDONE = "undone"
"""Of an import that was undone: the number is used up, and nothing else is left."""

_BROUGHT = ("report added", "took in")
"""Steps by which a case comes to reports."""


def visible_case(who: SignedIn) -> Any:
    """Return the condition that an account may see a case.

    It has a report of the account's areas; or it never had one, and so no area; or the account opened it, and
    it has none now. A merged case is seen where the case is seen that it went into.
    """
    if not who.areas:
        return peewee.Value(True) == peewee.Value(True)
    # From each merged case up to where it stands now: by the index of states, and then by ids.
    first, further, last = CaseFile.alias(), CaseFile.alias(), CaseFile.alias()
    went = first.select(first.id, first.merged_into).where(first.state == MERGED)
    way = went.cte("way", recursive=True, columns=("case_id", "went_into"))
    higher = further.select(way.c.case_id, further.merged_into).join(way, on=(further.id == way.c.went_into))
    way = way.union(higher.where(further.merged_into.is_null(False)))
    ends = way.select_from(way.c.case_id).join(last, on=(last.id == way.c.went_into))
    there = ends.where(last.merged_into.is_null() & _itself(last, who))
    return _itself(CaseFile, who) | (CaseFile.merged_into.is_null(False) & CaseFile.id.in_(there))


def _itself(case: Any, who: SignedIn) -> Any:
    held = CaseReport.select(peewee.Value(1)).where(CaseReport.case == case.id)
    here = held.join(Triage, on=(Triage.report == CaseReport.report)).where(sees(who, Triage.village))
    steps = CaseStep.select(peewee.Value(1)).where((CaseStep.case == case.id) & CaseStep.what.in_(_BROUGHT))
    nobodys = ~peewee.fn.EXISTS(steps) | (case.opened_by == who.name)
    empty = case.merged_into.is_null() & ~peewee.fn.EXISTS(held) & nobodys
    return peewee.fn.EXISTS(here) | empty


def merged_into(database: Any, case: int) -> list[Any]:
    """Return the rows of the cases that went into a case, themselves or with another."""
    found: list[Any] = []
    ids = [case]
    while ids:
        rows = list(CaseFile.select().where(CaseFile.merged_into.in_(ids)).execute(database))
        found += rows
        ids = [row.id for row in rows]
    return found


def standing_now(database: Any, numbers: Iterable[str]) -> set[int]:
    """Return the ids of where these cases are today: their own, or of what they were merged into."""
    rows = CaseFile.select(CaseFile.id, CaseFile.merged_into).where(CaseFile.number.in_(list(numbers)))
    found = set()
    while True:
        went = list(rows.tuples().execute(database))
        found |= {case for case, into in went if into is None}
        further = {into for _, into in went if into is not None}
        if not further:
            return found
        rows = CaseFile.select(CaseFile.id, CaseFile.merged_into).where(CaseFile.id.in_(further))
