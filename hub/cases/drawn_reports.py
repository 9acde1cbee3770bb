"""Which reports wait for verification because they were drawn (`hub.risk.random_share`), and how many."""

from __future__ import annotations

from typing import Any, Final

from hub.accounts.areas import sees
from hub.cases.models import Triage
from hub.cases.states import States
from hub.cases.urgency import OPEN_BELOW
from hub.risk.services import Standing
from hub.services import SignedIn
from sync.storage.database import connect

TO_VERIFY: Final = ("not_begun", "under_way")
MOST_COUNTED: Final = 1_000


def waits(stands: Standing, states: States) -> bool:
    """Return whether a report waits: it was drawn, nobody took it out, and its verification is not over."""
    return stands.drawn and states.verification in TO_VERIFY


def count_waiting(database: Any, who: SignedIn) -> int:
    """Return how many open reports that an account may see wait; no further than MOST_COUNTED."""
    connect(database)
    open_ones = (Triage.drawn == True) & (Triage.sort_key < OPEN_BELOW)  # noqa: E712 - a condition of SQL
    query = Triage.select(Triage.report).where(open_ones & sees(who, Triage.village))
    return len(query.limit(MOST_COUNTED).tuples().execute(database))
