"""Which cases an account may see."""

from __future__ import annotations

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
