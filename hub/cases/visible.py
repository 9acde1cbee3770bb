"""Which cases an account may see, and where a case that was merged stands now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.cases.case_models import CaseFile, CaseReport
from hub.cases.models import Triage
from hub.services import SignedIn

UNDONE = "undone"
"""Of an import that was undone: the number is used up, and nothing else is left."""


def visible_case(who: SignedIn) -> Any:
    """Return the condition that a case has a report of the account's areas, or none at all."""
    held = CaseReport.select(peewee.Value(1)).where(CaseReport.case == CaseFile.id)
    there = held.join(Triage, on=(Triage.report == CaseReport.report))
    return peewee.fn.EXISTS(there.where(sees(who, Triage.village))) | ~peewee.fn.EXISTS(held)


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
